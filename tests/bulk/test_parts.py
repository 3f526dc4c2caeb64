import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.bulk.conftest import KINDS, TEXTS, read_table, write_table

from stance.bulk import scheduling
from stance.errors import ConfigError, DataError

N = 60


@pytest.fixture
def scored(monkeypatch):
    """How many texts were scored, batch by batch."""
    sizes = []
    real = scheduling.probabilities

    def counted(model, texts, targets):
        sizes.append(len(texts))
        return real(model, texts, targets)

    monkeypatch.setattr(scheduling, "probabilities", counted)
    return sizes


def stop_after(rows, error=KeyboardInterrupt):
    def watch(place, total):
        if place.rows >= rows:
            raise error

    return watch


def interrupted(label, kind, to, rows=20, **given):
    """A table of 60 rows, of which some were labelled."""
    write_table(Path(f"in{kind}"), {"id": list(range(N)), "text": [TEXTS[i % 7] + f" {i}" for i in range(N)]})
    with pytest.raises(KeyboardInterrupt) as stopped:
        label(f"in{kind}", f"out{to}", batch_rows=10, watch=stop_after(rows), **given)
    return str(stopped.value)


@pytest.mark.parametrize("to", KINDS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_next_run_goes_on_and_gives_the_bytes_of_one_that_nothing_stopped(label, scored, kind, to):
    told = interrupted(label, kind, to)
    assert told == "Interrupted after 20 rows; the same command goes on from there."
    assert not Path(f"out{to}").exists()
    assert scored == [10, 10]
    places = []
    label(f"in{kind}", f"out{to}", batch_rows=10, watch=lambda place, total: places.append(place.rows))
    assert places == [20, 30, 40, 50, 60]
    assert scored == [10] * 6
    label(f"in{kind}", f"whole{to}", batch_rows=10)
    assert Path(f"out{to}").read_bytes() == Path(f"whole{to}").read_bytes()
    assert [int(row["id"]) for row in read_table(Path(f"out{to}"))] == list(range(N))
    assert not Path(f"out{to}.parts").exists()


def test_rows_without_a_text_are_counted_over_all_runs(label):
    write_table(Path("in.jsonl"), {"text": [None, "a", None, "b", None]})
    with pytest.raises(KeyboardInterrupt):
        label("in.jsonl", "out.csv", batch_rows=2, watch=stop_after(2))
    assert label("in.jsonl", "out.csv", batch_rows=2).missing == 3


def test_a_line_is_told_by_its_number_after_a_stop_too(label):
    Path("in.csv").write_text("text,id\n" + '"a\nb",1\n' * 10 + "c\n")
    with pytest.raises(KeyboardInterrupt):
        label("in.csv", "out.csv", batch_rows=4, watch=stop_after(8))
    with pytest.raises(DataError, match="line 22: 1 fields where the header has 2"):
        label("in.csv", "out.csv", batch_rows=4)


def test_a_process_that_is_killed_leaves_its_parts_to_the_next(label, scored, model, tmp_path):
    write_table(Path("in.csv"), {"text": [f"{TEXTS[i % 7]} {i} " + "build the bridge " * 2000 for i in range(200)]})
    arguments = ["predict", "in.csv", "--text-column", "text", "--output", "out.csv", "--batch-rows", "2"]
    command = [sys.executable, "-m", "stance.cli.main", *arguments, "--model", str(model)]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL) as process:
        while not Path("out.csv.parts/000000.csv").exists() and process.poll() is None:
            time.sleep(0.005)
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    done = len(Path("out.csv.parts/done.jsonl").read_text().splitlines()) * 2
    assert 0 <= done < 200
    assert not Path("out.csv").exists()
    label("in.csv", "out.csv", batch_rows=2)
    assert sum(scored) == 200 - done
    label("in.csv", "whole.csv", batch_rows=2)
    assert Path("out.csv").read_bytes() == Path("whole.csv").read_bytes()


@pytest.mark.parametrize(
    ("name", "content"),
    [("unfinished.csv", "half a"), ("000005.csv", "written, not counted"), ("done.jsonl", '{"bytes": 12, "ro')],
)
def test_what_a_kill_left_half_done_is_done_again(label, scored, name, content):
    interrupted(label, ".csv", ".csv")
    with Path("out.csv.parts", name).open("a") as file:
        file.write(content)
    with pytest.raises(KeyboardInterrupt):  # a second time, so that what was found is told from what was left
        label("in.csv", "out.csv", batch_rows=10, watch=stop_after(40))
    there = sorted(path.name for path in Path("out.csv.parts").iterdir())
    assert there == [*(f"00000{i}.csv" for i in range(4)), "done.jsonl", "job.json"]
    label("in.csv", "out.csv", batch_rows=10)
    assert sum(scored) == N
    label("in.csv", "whole.csv", batch_rows=10)
    assert Path("out.csv").read_bytes() == Path("whole.csv").read_bytes()


def test_a_part_that_is_gone_or_shorter_is_made_again(label, scored):
    for harm in (lambda part: part.unlink(), lambda part: part.write_text("short")):
        interrupted(label, ".csv", ".csv", rows=30)
        scored.clear()
        harm(Path("out.csv.parts/000001.csv"))
        label("in.csv", "out.csv", batch_rows=10)
        assert sum(scored) == 50
        label("in.csv", "whole.csv", batch_rows=10)
        assert Path("out.csv").read_bytes() == Path("whole.csv").read_bytes()


def test_a_run_that_was_stopped_while_it_put_the_parts_together_only_does_that(label, scored):
    interrupted(label, ".csv", ".parquet", rows=60)
    assert label("in.csv", "out.parquet", batch_rows=10, scheduler="local:none of it is needed").rows == 60
    assert sum(scored) == N


def test_another_job_does_not_take_up_the_parts(label, model, two_targets, tmp_path):
    interrupted(label, ".csv", ".csv")
    shutil.copytree(model, "other")
    manifest = Path("other/manifest.json")
    manifest.write_text(manifest.read_text() + "\n")
    for given, what in (
        ({"model": Path("other")}, "model"),
        ({"prefix": "p_"}, "prefix"),
        ({"abstain_below": 0.5}, "abstention"),
        ({"batch_rows": 11}, "batch rows"),
        ({"text_column": "id"}, "text column"),
    ):
        with pytest.raises(
            ConfigError, match=f"out.csv.parts has the parts of another job \\({what} was .+, is .+\\)"
        ) as told:
            label("in.csv", "out.csv", **{"batch_rows": 10} | given)
        assert "delete that folder, or choose another --output" in str(told.value)
    with pytest.raises(ConfigError, match=r"\(batch rows was 10, is 11\); run the command as it was begun"):
        label("in.csv", "out.csv", batch_rows=11)
    with Path("in.csv").open("a") as file:
        file.write("61,more\n")
    with pytest.raises(ConfigError, match=r"size of the input was \d+, is \d+, time of the input was"):
        label("in.csv", "out.csv", batch_rows=10)
    shutil.rmtree("out.csv.parts")
    assert label("in.csv", "out.csv", batch_rows=10).rows == N + 1


def test_two_runs_do_not_write_one_output(label):
    interrupted(label, ".csv", ".csv")
    with Path("out.csv.parts/job.json").open() as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(ConfigError, match=r"Another run is writing out.csv; wait until it ends, or choose another"):
            label("in.csv", "out.csv", batch_rows=10)
    assert label("in.csv", "out.csv", batch_rows=10).rows == N


def test_a_run_that_finished_no_part_leaves_nothing(label):
    assert interrupted(label, ".csv", ".csv", rows=0) == ""
    assert [path.name for path in Path().iterdir()] == ["in.csv"]


def test_an_output_that_is_there_stays_until_the_new_one_is_whole(label):
    Path("out.csv").write_text("before")
    interrupted(label, ".csv", ".csv")
    assert Path("out.csv").read_text() == "before"
    label("in.csv", "out.csv", batch_rows=10)
    assert len(read_table(Path("out.csv"))) == N


def test_an_input_that_changes_while_it_is_read_is_told(label):
    write_table(Path("in.csv"), {"text": TEXTS})

    def watch(place, total):
        os.utime("in.csv", ns=(0, place.rows))

    with pytest.raises(DataError, match=r"in.csv was changed while it was read; run the command again"):
        label("in.csv", "out.csv", batch_rows=2, watch=watch)
    assert [path.name for path in Path().iterdir()] == ["in.csv"]


def test_an_output_that_cannot_stand_is_refused_before_anything_is_read(label):
    write_table(Path("in.csv"), {"text": TEXTS})
    Path("folder.csv").mkdir()
    Path("link.csv").symlink_to("in.csv")
    for output, message in (
        ("in.csv", "cannot be the output"),
        ("link.csv", "cannot be the output"),
        ("folder.csv", "cannot be the output"),
        ("absent/out.csv", "absent is no folder"),
        ("out.txt", "no kind of table that is known"),
    ):
        with pytest.raises(ConfigError, match=message):
            label("in.csv", output)
    with pytest.raises(DataError, match=r"absent.csv is no file"):
        label("absent.csv", "out.csv")
    assert Path("in.csv").read_text().startswith("text")
