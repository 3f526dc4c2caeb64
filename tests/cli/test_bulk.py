import csv
import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.bulk.conftest import KINDS, TEXTS, read_table, save, write_table


@pytest.fixture(scope="module")
def model(trained, tmp_path_factory):
    return save(trained.model, tmp_path_factory.mktemp("bulk") / "small" / "1")


@pytest.fixture
def predict(stance, model):
    def run(*arguments):
        return stance("predict", *arguments, "--model", model)

    return run


TABLE = ("--text-column", "text", "--output")


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_is_labelled_and_its_rows_are_counted(predict, kind):
    write_table(Path(f"in{kind}"), {"id": list(range(7)), "text": TEXTS})
    ran = predict(f"in{kind}", *TABLE, f"out{kind}")
    empty = "rows with an empty text, labelled like any other: 1\n"
    assert (ran.code, ran.out, ran.err) == (0, "", f"{empty}7 rows → out{kind}\n")
    assert len(read_table(Path(f"out{kind}"))) == 7


def test_a_row_has_the_answer_that_a_line_has(predict):
    write_table(Path("in.csv"), {"text": ["We will build the bridge.", "Stop the noise."]})
    Path("in.txt").write_text("We will build the bridge.\nStop the noise.\n")
    predict("in.csv", *TABLE, "out.csv", "--abstain-below", "0.6")
    lines = predict("in.txt", "--lines", "--format", "csv", "--abstain-below", "0.6").out
    keys = ("text", "label", "score_for", "score_against", "score_neither")
    for row, line in zip(read_table(Path("out.csv")), csv.DictReader(io.StringIO(lines)), strict=True):
        assert [row[key] for key in keys[:2]] == [line[key] for key in keys[:2]]
        assert [float(row[key]) for key in keys[2:]] == pytest.approx([float(line[key]) for key in keys[2:]])


def test_rows_without_a_text_are_told(predict):
    write_table(Path("in.jsonl"), {"text": [None] * 1200 + ["a"]})
    ran = predict("in.jsonl", *TABLE, "out.jsonl")
    assert ran.err == "rows without a text, and without a label: 1,200\n1,201 rows → out.jsonl\n"


def test_without_a_model_the_reference_reads_and_says_so(stance):
    write_table(Path("in.csv"), {"text": ["The inspectors must be given more time."]})
    ran = stance("predict", "in.csv", *TABLE, "out.csv")
    assert (ran.code, ran.err) == (0, "reading with the reference model, version 1\n1 row → out.csv\n")
    assert read_table(Path("out.csv"))[0]["label"] == "pro-inspections"


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_without_a_column_of_texts_is_no_document(predict, kind):
    write_table(Path(f"in{kind}"), {"id": [1], "body": ["a"]})
    ran = predict(f"in{kind}")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"stance: in{kind} is a table: name the column of its texts with --text-column (it has id, body).\n"
    )
    Path(f"in{kind}").write_bytes(b"\xff\xfe\x00")
    assert predict(f"in{kind}").err.endswith("with --text-column.\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--by", "speaker"), "--by is for documents, and in.csv is read as a table; leave it out"),
        (("--lines",), "--lines is for documents"),
        (("--register", "own.yaml"), "--register is for documents"),
        (("--data", "."), "--data is for documents"),
        (("--date", "2002-09-20"), "--date is for documents"),
        (("--giver", "Chile"), "--giver is for documents"),
        (("--format", "html"), "--format html is not what out.csv ends in"),
        (("--format", "table"), "--format table is not what out.csv ends in"),
        (("more.csv",), "One table at a time, and not 2"),
        (("--batch-rows", "0"), "'0' is no number of rows"),
        (("--batch-rows", "many"), "'many' is no number of rows"),
        (("--target", "a", "--target-column", "b"), "not allowed with argument"),
        (("--target", "bridge"), "The model has one target only"),
        (("--scheduler", "local:x"), "'local:x' is no scheduler; write local:4 for four processes"),
        (("--scheduler", "local:0"), "'local:0' is no scheduler"),
        (("--encoding", "klingon"), "There is no encoding named 'klingon'"),
    ],
)
def test_what_cannot_be_done_with_a_table_is_an_error_of_usage(predict, options, message):
    write_table(Path("in.csv"), {"text": TEXTS})
    ran = predict("in.csv", *options, *TABLE, "out.csv")
    assert (ran.code, ran.out, message in ran.err) == (2, "", True), ran.err
    assert not list(Path().glob("out*"))


def test_a_table_needs_an_output(predict):
    write_table(Path("in.csv"), {"text": TEXTS})
    ran = predict("in.csv", "--text-column", "text")
    assert (ran.code, "A table needs --output" in ran.err) == (2, True)
    ran = predict("in.csv", *TABLE, "out.txt")
    assert (ran.code, "out.txt is no kind of table that is known; name one that ends in .parquet" in ran.err) == (
        2,
        True,
    )


@pytest.mark.parametrize(
    "option", [("--prefix", "p_"), ("--batch-rows", "5"), ("--scheduler", "local:2"), ("--target-column", "to")]
)
def test_what_is_for_tables_is_refused_for_documents(predict, option):
    Path("in.txt").write_text("We will build the bridge.")
    ran = predict("in.txt", *option)
    assert (ran.code, f"{option[0]} is for tables; name the column of the texts" in ran.err) == (2, True)


def test_a_row_that_cannot_be_read_is_an_error_of_data(predict):
    Path("in.jsonl").write_text('{"text": "a"}\n{"text": 1}\n')
    ran = predict("in.jsonl", *TABLE, "out.jsonl")
    assert (ran.code, ran.err) == (3, "stance: in.jsonl, line 2: 'text' is no text but 1; make it a string.\n")
    assert not list(Path().glob("out*"))


def test_without_dask_a_scheduler_says_what_to_install(predict, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    write_table(Path("in.csv"), {"text": TEXTS})
    ran = predict("in.csv", *TABLE, "out.csv", "--scheduler", "local:2")
    assert (ran.code, ran.err) == (2, "stance: A scheduler needs the dask extra: pip install 'stancekit[dask]'.\n")
    assert predict("in.csv", *TABLE, "out.csv").code == 0


def test_an_enough_accurate_answer_may_be_asked_for(stance, table, tmp_path):
    settings = ["corpus=table", f"corpus.path={table}", "corpus.labels=[for,against,neither]", "learning_curve=[]"]
    assert stance("train", *settings).code == 0
    ran = stance(
        "predict", table, *TABLE, "out.jsonl", "--model", "table", "--target-accuracy", "0.96", "--prefix", "p_"
    )
    assert ran.code == 0
    assert ran.err.startswith("abstaining below 0.")
    least = float(ran.err.split()[2].rstrip(":"))
    rows = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    assert list(rows[0]) == ["document", "text", "label", "p_label", "p_score", *(f"p_score_{k}" for k in LABELS)]
    assert all((row["p_label"] == "abstained") == (row["p_score"] < least) for row in rows if row["p_score"] != least)


LABELS = ("for", "against", "neither")


def test_ctrl_c_on_a_terminal_with_a_bar_says_how_to_go_on(model, tmp_path):
    """The whole of it for real: a terminal, an interrupt from its keyboard, and the same command again."""
    write_table(tmp_path / "in.csv", {"text": [f"{TEXTS[i % 7]} {i} " + "build the bridge " * 20 for i in range(4000)]})
    arguments = ["predict", "in.csv", *TABLE, "out.csv", "--batch-rows", "4", "--model", str(model)]
    command = [sys.executable, "-m", "stance.cli.main", *arguments]
    terminal, theirs = pty.openpty()
    with subprocess.Popen(command, cwd=tmp_path, stderr=theirs, start_new_session=True) as process:
        os.close(theirs)
        while not (tmp_path / "out.csv.parts/000009.csv").exists() and process.poll() is None:
            time.sleep(0.002)
        time.sleep(0.2)
        os.killpg(process.pid, signal.SIGINT)
        shown = _all(terminal)
        assert process.wait(timeout=30) == 130
    assert "a second" in shown
    assert "rows; the same command goes on from there." in shown
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stderr.startswith("going on after ")
    assert ran.stderr.endswith("4,000 rows → out.csv\n")
    assert len(read_table(tmp_path / "out.csv")) == 4000


def _all(terminal):
    """What was written to a terminal until its other end closed."""
    found = b""
    try:
        while chunk := os.read(terminal, 1 << 16):
            found += chunk
    except OSError:
        pass
    finally:
        os.close(terminal)
    return found.decode("utf-8", "replace")
