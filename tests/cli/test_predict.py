import csv
import io
import json
from pathlib import Path

import pytest

TEXT = "Home\r\n\r\nMinister Ana Ruiz said: “We will build the bridge. It is better.” Nobody smiled.\r\n"


@pytest.fixture
def article(stance, table):
    assert stance("train", "corpus=table", f"corpus.path={table}", "corpus.labels=[for,against,neither]").code == 0
    Path("article.txt").write_bytes(TEXT.encode())
    return "article.txt"


def test_jsonl_has_the_promised_keys_and_true_offsets(stance, article):
    ran = stance("predict", article, "--format", "jsonl")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert [list(row) for row in rows] == [
        [
            *("document", "index", "start", "end", "text", "speaker", "country", "mode", "rule", "confidence"),
            *("speaker_span", "cue_span", "label", "score", "scores"),
        ]
    ] * len(rows)
    assert [(r["index"], r["speaker"], TEXT[r["start"] : r["end"]] == r["text"]) for r in rows] == [
        (0, "Ruiz", True),
        (1, "Ruiz", True),
        (2, "", True),
    ]
    for row in rows:
        assert sum(row["scores"].values()) == pytest.approx(1)
        assert row["score"] == row["scores"][row["label"]] == max(row["scores"].values())


def test_csv_has_a_column_for_each_labels_score(stance, article):
    rows = list(csv.DictReader(io.StringIO(stance("predict", article, "--format", "csv").out)))
    assert list(rows[0])[-4:] == ["score", "score_for", "score_against", "score_neither"]
    assert len(rows) == 3


def test_the_table_fits_80_columns_and_rolls_up_by_speaker(stance, article):
    out = stance("predict", article).out
    assert max(map(len, out.splitlines())) <= 80
    assert "By speaker" in out
    assert "– (narrator)" in out


def test_lines_are_sentences_on_request_and_standard_input_is_read(stance, article, monkeypatch):
    class Stdin:
        buffer = io.BytesIO(b"build it. stop it.\n\nno\n")

    monkeypatch.setattr("sys.stdin", Stdin)
    rows = [json.loads(line) for line in stance("predict", "-", "--lines", "--format", "jsonl").out.splitlines()]
    assert [(r["document"], r["text"], r["start"]) for r in rows] == [
        ("stdin", "build it. stop it.", 0),
        ("stdin", "no", 20),
    ]


def test_an_output_file_appears_whole_or_not_at_all(stance, article):
    assert stance("predict", article, "--format", "jsonl", "--output", "out.jsonl").out == ""
    assert Path("out.jsonl").read_text().count("\n") == 3
    Path("out.jsonl").write_text("before")
    Path("empty.txt").write_text("")
    assert stance("predict", "empty.txt", "--format", "jsonl", "--output", "out.jsonl").code == 3
    assert Path("out.jsonl").read_text() == "before"
    assert stance("predict", article, "--output", "absent/out.txt").code == 2


def test_the_others_are_read_when_one_document_cannot_be(stance, article):
    Path("bad.txt").write_bytes(b"\xff")
    ran = stance("predict", "bad.txt", "absent.txt", article, "--model", "table", "--format", "jsonl")
    assert (ran.code, ran.out.count("\n")) == (3, 3)
    assert sorted(ran.err.splitlines(keepends=True))[0].startswith("stance: absent.txt does not exist")
    assert sorted(ran.err.splitlines(keepends=True))[1] == (
        "stance: bad.txt is not UTF-8: byte 0xff at offset 0 (line 1); convert the file, or name the encoding "
        "that it has (windows-1252?).\n"
    )


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "has no sentence in it"),
        (b"a\0b", "is a binary file"),
        (b"Home\nShare\n", "has no sentence in it"),
        (b"caf\xe9", "byte 0xe9 at offset 3"),
    ],
)
def test_a_document_without_a_sentence_is_an_error_of_data(stance, article, raw, message):
    Path("odd.txt").write_bytes(raw)
    ran = stance("predict", "odd.txt")
    assert (ran.code, ran.out, message in ran.err) == (3, "", True)


def test_documents_of_one_name_are_told_apart_by_their_paths(stance, article):
    Path("sub").mkdir()
    Path("sub/article.txt").write_text("We will wait.")
    rows = [json.loads(line) for line in stance("predict", article, "sub", "--format", "jsonl").out.splitlines()]
    assert [row["document"] for row in rows] == ["article.txt"] * 3 + ["sub/article.txt"]


def test_an_output_that_is_no_file_is_written_to_and_not_replaced(stance, article):
    assert stance("predict", article, "--output", "/dev/null").code == 0
    assert Path("/dev/null").is_char_device()
    Path("link").symlink_to("real.txt")
    stance("predict", article, "--output", "link")
    assert Path("link").is_symlink()
    assert Path("real.txt").read_text().startswith("article")


def test_a_target_for_a_model_without_targets_is_refused(stance, article):
    assert stance("predict", article, "--target", "bridge").code == 2


def test_a_model_that_is_not_there_is_an_error_of_artifacts(stance, article):
    ran = stance("predict", article, "--model", "absent")
    assert (ran.code, ran.err) == (4, "stance: There is no model 'absent': models has table.\n")
    assert stance("predict", article, "--models", "elsewhere").code == 4


def test_the_model_that_was_chosen_for_want_of_a_name_is_named(stance, article):
    assert stance("predict", article).err == "reading with table/1, saved last\n"


def test_it_leaves_no_output_folder_behind(stance, article):
    before = set(Path("outputs").rglob("*"))
    stance("predict", article)
    assert set(Path("outputs").rglob("*")) == before
