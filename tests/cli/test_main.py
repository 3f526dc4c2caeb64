import os
import signal
import subprocess
import sys

import pytest


def test_without_a_command_the_usage_lists_them(stance):
    ran = stance()
    assert ran.code == 2
    assert ran.out == ""
    assert all(command in ran.err for command in ("label", "train", "evaluate", "predict", "models"))
    assert stance("--help").code == 0
    assert max(map(len, stance("--help").out.splitlines())) <= 80
    assert stance("--version").out.startswith("stance 0.")


def test_an_unknown_command_is_one_sentence(stance):
    ran = stance("trian")
    assert (ran.code, ran.out) == (2, "")
    commands = "fetch, label, weak, train, evaluate, compare, predict, agreement, attribution, models"
    assert ran.err == f"stance: There is no command 'trian'; the commands are {commands}.\n"


def test_an_unforeseen_fault_is_one_sentence_too_and_says_how_to_see_more(stance, monkeypatch):
    def explode(_):
        raise RuntimeError("boom")

    monkeypatch.setattr("stance.cli.models.run", explode)
    ran = stance("models", "list")
    assert (ran.code, ran.err) == (1, "stance: Unexpected RuntimeError: boom (STANCE_TRACEBACK=1 shows where).\n")
    monkeypatch.setenv("STANCE_TRACEBACK", "1")
    with pytest.raises(RuntimeError, match="boom"):
        stance("models", "list")


def test_ctrl_c_ends_with_130_and_one_sentence(tmp_path, table):
    """A long sweep is interrupted for real, in the middle of a job."""
    sweep = ["-m", "corpus=table", f"corpus.path={table}", "random_state=range(30)"]
    command = [sys.executable, "-m", "stance.cli.main", "train", *sweep]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert any("fitting" in line for line in process.stderr)
        os.kill(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert err.endswith("stance: Interrupted; nothing half-written was left behind.\n")
        assert process.returncode == 130
    assert not list(tmp_path.glob("models/*/.*"))


def test_a_reader_that_stops_early_is_no_error(tmp_path, table):
    (tmp_path / "long.txt").write_text("We will build the bridge. " * 5000)
    run = f"{sys.executable} -m stance.cli.main"
    subprocess.run(
        f"{run} train corpus=table corpus.path={table}", shell=True, cwd=tmp_path, check=True, capture_output=True
    )
    command = f"set -o pipefail; {run} predict --model table --format jsonl long.txt | head -n 1"
    ran = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (ran.returncode, ran.stderr, ran.stdout.count("\n")) == (0, "", 1)
