import csv
import io
import json
from pathlib import Path

import pytest

TEXT = "Home\r\n\r\nMinister Ana Ruiz said: “We will build the bridge. It is better.” Nobody smiled.\r\n"


@pytest.fixture
def stance(stance):
    """`stance`, which predicts with the model of the test's own table unless another is named."""

    def run(command, *arguments):
        named = {"--model", "--models", "--help"} & set(map(str, arguments))
        return stance(command, *arguments, *([] if command != "predict" or named else ["--model", "table"]))

    return run


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
    assert stance("predict", article, "--model", "table", "--models", "elsewhere").code == 4


def test_it_leaves_no_output_folder_behind(stance, article):
    before = set(Path("outputs").rglob("*"))
    stance("predict", article)
    assert set(Path("outputs").rglob("*")) == before


TALKS = (
    "Foreign Minister Ana Ruiz said the bridge is better. Ruiz told reporters to vote yes.\n\n"
    "Oslo insists that we stop. The clerk left the room.\n"
)


@pytest.fixture
def talks(article):
    """Two documents of two speakers and a narrator."""
    Path("talks").mkdir()
    Path("talks/a.txt").write_text(TALKS)
    Path("talks/b.txt").write_text("“Build it now,” said Foreign Minister Ana Ruiz.\n")
    return "talks"


@pytest.mark.parametrize(
    ("by", "names"),
    [("speaker", ["Ruiz", "Norway", ""]), ("country", ["Norway", "(no known country)", ""])],
    ids=["speaker", "country"],
)
def test_a_roll_up_has_one_record_for_each_with_the_sentences_behind(stance, talks, by, names):
    records = [json.loads(line) for line in stance("predict", talks, "--by", by, "--format", "jsonl").out.splitlines()]
    assert [record[by] for record in records] == names
    assert sum(record["n_sentences"] for record in records) == 5
    texts = {path.stem: path.read_text() for path in Path("talks").glob("*.txt")}
    for record in records:
        assert len(record["sentences"]) == record["n_sentences"]
        assert len({s["document"] for s in record["sentences"]}) == record["n_documents"]
        assert sum(share["share"] for share in record["shares"].values()) == pytest.approx(1)
        for label, share in record["shares"].items():
            assert sum(s["label"] == label for s in record["sentences"]) == share["count"]
        assert all(texts[s["document"]][s["start"] : s["end"]] == s["text"] for s in record["sentences"])


@pytest.mark.parametrize(
    ("by", "head", "names"),
    [
        ("speaker", ["speaker", "country"], [("Ruiz", ""), ("Norway", "Norway"), ("", "")]),
        ("country", ["country"], [("Norway",), ("(no known country)",), ("",)]),
    ],
)
def test_a_roll_up_as_csv_has_a_row_for_each_and_label(stance, talks, by, head, names):
    (columns, *rows) = csv.reader(io.StringIO(stance("predict", talks, "--by", by, "--format", "csv").out))
    assert columns == [*head, "n_sentences", "n_documents", "label", "count", "share", "low", "high"]
    assert list(dict.fromkeys(tuple(row[: len(head)]) for row in rows)) == names
    assert [row[-5] for row in rows] == ["for", "against", "neither"] * len(names)


@pytest.mark.parametrize(
    ("by", "nobody", "names"),
    [
        ("speaker", "– (narrator)", ["Ruiz", "Norway", "– (narrator)"]),
        ("country", "(no known country)", ["Norway", "(no known country)", "– (narrator)"]),
    ],
)
def test_a_roll_up_as_a_table_fits_80_columns_and_shows_the_sentences_behind(stance, talks, by, nobody, names):
    lines = stance("predict", talks, "--by", by).out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith(f"By {by}: sentences, and per cent of each stance")
    assert [line for line in lines if line in names] == names  # the titles of the tables behind
    assert any(line.startswith(nobody) for line in lines[: lines.index("")])
    assert sum(line.startswith(("a  ", "b  ")) for line in lines) == 5


def speakers(ran):
    return [(row["speaker"], row["country"]) for row in map(json.loads, ran.out.splitlines())]


def test_a_register_adds_speakers_and_overrules_the_one_that_ships(stance, talks):
    Path("own.yaml").write_text("- {name: Vera Ruiz, aliases: [Ana Ruiz, Ruiz], country: Northland}\n")
    Path("more.yaml").write_text("- {name: Northland, kind: country, aliases: [Oslo]}\n")
    ran = stance("predict", "talks/a.txt", "--register", "own.yaml", "--register", "more.yaml", "--format", "jsonl")
    assert speakers(ran) == [("Vera Ruiz", "Northland")] * 2 + [("Northland", "Northland"), ("", "")]


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "The register own.yaml cannot be read"), ("- {kind: person}\n", "Entry 1 of the register own.yaml has no")],
)
def test_a_faulty_register_is_an_error_of_usage(stance, article, content, message):
    if content:
        Path("own.yaml").write_text(content)
    ran = stance("predict", article, "--register", "own.yaml")
    assert (ran.code, ran.out, message in ran.err) == (2, "", True)


def test_the_date_tells_who_was_in_office(stance, article):
    Path("own.yaml").write_text(
        "- {name: Jan Moss, country: Norway, role: harbour minister, from: 2001-01-01, until: 2002-06-30}\n"
        "- {name: Carol Moss, country: Norway, role: harbour minister, from: 2002-07-01}\n"
    )
    Path("note.txt").write_text("The Norwegian harbour minister told reporters to vote yes.")
    found = [
        speakers(stance("predict", "note.txt", "--register", "own.yaml", "--date", day, "--format", "jsonl"))
        for day in ("2002-06-01", "2002-08-01")
    ]
    assert found == [[("Jan Moss", "Norway")], [("Carol Moss", "Norway")]]


@pytest.mark.parametrize("day", ["20 September", "2002-13-01", "2002-02-30"])
def test_a_date_that_is_none_is_an_error_of_usage(stance, article, day):
    ran = stance("predict", article, "--date", day)
    assert (ran.code, ran.out) == (2, "")
    assert f"'{day}' is no date; write it as 2002-09-20" in ran.err


def test_the_giver_speaks_wherever_nobody_else_does(stance, talks):
    ran = stance("predict", "talks/a.txt", "--giver", "Chile", "--format", "jsonl")
    assert speakers(ran)[2:] == [("Norway", "Norway"), ("Chile", "Chile")]


def test_lines_have_no_speaker_even_if_a_giver_is_named(stance, talks):
    ran = stance("predict", "talks/a.txt", "--lines", "--giver", "Chile", "--format", "jsonl")
    assert set(speakers(ran)) == {("", "")}


def test_a_roll_up_gives_shares_with_intervals_and_the_sentences_behind(stance, article):
    ran = stance("predict", article, article, "--by", "speaker", "--format", "jsonl")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert [row["speaker"] for row in rows] == ["Ruiz", ""]
    for row in rows:
        assert len(row["sentences"]) == row["n_sentences"] == sum(s["count"] for s in row["shares"].values())
        assert all(s["low"] <= s["share"] <= s["high"] for s in row["shares"].values())
        assert all(TEXT[s["start"] : s["end"]] == s["text"] for s in row["sentences"])


@pytest.mark.parametrize("by", ["speaker", "country"])
def test_a_roll_up_is_a_table_or_csv_too(stance, article, by):
    table = stance("predict", article, "--by", by).out
    assert f"By {by}: sentences, and per cent of each stance [95 % interval]" in table
    assert "– (narrator)" in table
    assert ("(no known country)" in table) == (by == "country")
    header, *rows = stance("predict", article, "--by", by, "--format", "csv").out.splitlines()
    assert header.split(",")[-5:] == ["label", "count", "share", "low", "high"]
    assert len(rows) % 3 == 0


def test_a_register_a_date_and_a_giver_tell_what_the_text_does_not(stance, article):
    Path("own.yaml").write_text("- {name: Ana Ruiz, aliases: [Ruiz], country: Spain}\n")
    ran = stance("predict", article, "--register", "own.yaml", "--date", "2002-09-20", "--format", "jsonl")
    assert json.loads(ran.out.splitlines()[0])["country"] == "Spain"
    ran = stance("predict", article, "--giver", "Fiji", "--format", "jsonl")
    assert json.loads(ran.out.splitlines()[-1])["speaker"] == "Fiji"


def test_a_wrong_register_or_date_is_a_usage_error(stance, article):
    ran = stance("predict", article, "--register", "absent.yaml")
    assert (ran.code, "absent.yaml cannot be read" in ran.err) == (2, True)
    ran = stance("predict", article, "--date", "soon")
    assert (ran.code, "'soon' is no date; write it as 2002-09-20" in ran.err) == (2, True)
