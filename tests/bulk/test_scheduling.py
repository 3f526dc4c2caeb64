"""With a real Dask cluster; skipped where the dask extra is not installed."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.bulk.conftest import TEXTS, read_table, write_table

from stance.bulk import scheduling
from stance.errors import ConfigError

pytest.importorskip("distributed", reason="needs the dask extra: pip install 'stancekit[dask]'")

CLUSTER = """
import logging, sys
import dask
from distributed import LocalCluster

dask.config.set({"distributed.comm.timeouts.connect": "5s"})  # how long a dead worker may be asked for what it had
if __name__ == "__main__":
    with LocalCluster(
        n_workers=int(sys.argv[1]), threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL,
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
    ) as cluster:
        print(cluster.scheduler_address, *(worker.pid for worker in cluster.workers.values()), flush=True)
        sys.stdin.read()
"""
N = 1200


@contextmanager
def a_cluster(folder, n_workers):
    """The address of a cluster in processes of its own, and their ids."""
    (folder / "cluster.py").write_text(CLUSTER)
    command = [sys.executable, str(folder / "cluster.py"), str(n_workers)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, **pipes) as process:
        address, *workers = process.stdout.readline().split()
        yield address, [int(worker) for worker in workers]
        process.stdin.close()
        process.wait(timeout=30)


def stance(*arguments):
    command = [sys.executable, "-m", "stance.cli.main", "predict", *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, text=True, start_new_session=True, **pipes)


def job(model, output, *more):
    named = ("--text-column", "text", "--batch-rows", 4, "--model", model, "--output", output)
    return stance("in.jsonl", *named, *more)


@pytest.fixture
def numbered(label, tmp_path):
    """1,200 rows, some without a text, and what one process makes of them."""
    texts = [None if i % 240 == 0 else f"{TEXTS[i % 7]} {i} " + "build the bridge, " * 20 for i in range(N)]
    write_table(Path("in.jsonl"), {"id": list(range(N)), "text": texts})
    label("in.jsonl", "whole.jsonl", batch_rows=4)
    return Path("whole.jsonl").read_bytes()


@pytest.mark.parametrize("n_workers", [2, 1])
def test_a_worker_that_is_killed_costs_no_row_and_doubles_none(numbered, model, tmp_path, n_workers):
    """With one worker, the only copy of the model in the cluster dies with it."""
    with a_cluster(tmp_path, n_workers) as (address, workers):
        process = job(model, "out.jsonl", "--scheduler", address)
        while not Path("out.jsonl.parts/000003.jsonl").exists() and process.poll() is None:
            time.sleep(0.002)
        os.kill(workers[0], signal.SIGKILL)
        assert process.poll() is None
        done = len(list(Path("out.jsonl.parts").glob("0*.jsonl")))
        _, err = process.communicate(timeout=60)
    assert done < N / 4
    assert (process.returncode, err) == (0, "rows without a text, and without a label: 5\n1,200 rows → out.jsonl\n")
    assert [row["id"] for row in read_table(Path("out.jsonl"))] == list(range(N))
    assert Path("out.jsonl").read_bytes() == numbered


def test_processes_of_this_machine_give_what_one_gives_and_go_on_after_a_stop(numbered, label, model):
    stopped = job(model, "out.jsonl", "--scheduler", "local:2")
    while not Path("out.jsonl.parts/000003.jsonl").exists() and stopped.poll() is None:
        time.sleep(0.002)
    os.killpg(stopped.pid, signal.SIGINT)  # the workers, too, as a terminal does
    _, err = stopped.communicate(timeout=60)
    assert stopped.returncode == 130
    rows = int(err.removeprefix("stance: Interrupted after ").split()[0].replace(",", ""))
    assert err == f"stance: Interrupted after {rows:,} rows; the same command goes on from there.\n"
    places = []
    watch = lambda place, total: places.append(place.rows)  # noqa: E731
    assert label("in.jsonl", "out.jsonl", batch_rows=4, scheduler="local:1", watch=watch).missing == 5
    assert places[0] == rows
    assert Path("out.jsonl").read_bytes() == numbered


def test_no_more_is_read_ahead_than_the_workers_have_in_hand(label, model, monkeypatch):
    """A batch is read only when one of the few before it is done, however many there are."""
    write_table(Path("in.jsonl"), {"text": [f"{text} {i}" for i in range(20) for text in TEXTS]})
    read, most = [], []
    real = scheduling.Cluster._submit

    def submit(self, batch):
        read.append(batch.end.rows)
        return real(self, batch)

    monkeypatch.setattr(scheduling.Cluster, "_submit", submit)

    def watch(place, total):
        most.append(max([0, *read]) - place.rows)

    label("in.jsonl", "out.jsonl", batch_rows=7, scheduler="local:1", watch=watch)
    assert max(most) <= 2 * 7
    assert threading.active_count() < 20


def test_where_no_scheduler_answers_that_is_told(label, monkeypatch):
    write_table(Path("in.jsonl"), {"text": TEXTS})
    monkeypatch.setattr(scheduling, "CONNECT_SECONDS", 0.3)
    for address in ("tcp://127.0.0.1:1", "127.0.0.1:1", "localhost:1"):
        with pytest.raises(ConfigError, match=f"No Dask scheduler answers at {address}; start one"):
            label("in.jsonl", "out.jsonl", scheduler=address)
    for address in ("nonsense", "tcp://", "tcp://host", "local:0", "local:x", "local"):
        with pytest.raises(ConfigError, match=f"'{address}' is no scheduler; write local:4"):
            label("in.jsonl", "out.jsonl", scheduler=address)
    assert not list(Path().glob("out*"))
