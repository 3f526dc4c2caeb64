import csv
import io
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from stance.model import read_artifact

TEXT = "Home\r\n\r\nMinister Ana Ruiz said: “We will build the bridge. It is better.” Nobody smiled.\r\n"


@pytest.fixture
def stance(stance):
    """`stance`, which predicts with the model of the test's own table unless another is named."""

    def run(command, *arguments):
        named = {"--model", "--models", "--help"} & set(map(str, arguments))
        return stance(command, *arguments, *([] if command != "predict" or named else ["--model", "table"]))

    return run


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Where the model stays from one test to the next."""
    return tmp_path_factory.mktemp("kept") / "models"


@pytest.fixture
def article(stance, table, kept):
    if not kept.exists():
        settings = ["corpus=table", f"corpus.path={table}", "corpus.labels=[for,against,neither]", "learning_curve=[]"]
        assert stance("train", *settings).code == 0
        shutil.copytree("models", kept)
    else:
        shutil.copytree(kept, "models")
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
    counted = ["n_sentences", "n_documents", "n_abstained", "label", "count", "share", "low", "high"]
    assert columns == [*head, *counted, "adjusted", "adjusted_low", "adjusted_high"]
    assert list(dict.fromkeys(tuple(row[: len(head)]) for row in rows)) == names
    assert [row[columns.index("label")] for row in rows] == ["for", "against", "neither"] * len(names)


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
    assert header.split(",")[-8:-3] == ["label", "count", "share", "low", "high"]
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


OUT_OF_FOLD = "out_of_fold.npz"


def records(ran):
    assert ran.code == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


def saved_before(model):
    """The model as it would be, had it been saved before models kept out-of-fold scores."""
    manifest = json.loads((model / "manifest.json").read_text())
    del manifest["files"][OUT_OF_FOLD]
    (model / "manifest.json").write_text(json.dumps(manifest))
    (model / OUT_OF_FOLD).unlink()


def test_below_the_probability_asked_for_the_model_abstains_and_says_what_it_would_have_said(stance, article):
    sure = records(stance("predict", article, "--format", "jsonl"))
    asked = sorted(row["score"] for row in sure)[1]
    rows = records(stance("predict", article, "--format", "jsonl", "--abstain-below", repr(asked)))
    assert [row["label"] for row in rows] == [s["label"] if s["score"] >= asked else "abstained" for s in sure]
    assert sorted(row["label"] == "abstained" for row in rows) == [False, False, True]
    assert [(row["score"], row["scores"]) for row in rows] == [(s["score"], s["scores"]) for s in sure]


def test_a_model_that_is_to_be_certain_answers_nothing(stance, talks):
    rows = records(stance("predict", talks, "--abstain-below", "1", "--format", "jsonl"))
    assert {row["label"] for row in rows} == {"abstained"}
    rolled = records(stance("predict", talks, "--abstain-below", "1", "--by", "speaker", "--format", "jsonl"))
    assert [(one["n_abstained"], one["shares"], one["adjusted"]) for one in rolled] == [
        (one["n_sentences"], {}, {}) for one in rolled
    ]
    lines = stance("predict", talks, "--abstain-below", "1", "--by", "speaker").out.splitlines()
    assert [line.split()[-3:] for line in lines[2:5]] == [["0", "of", str(one["n_sentences"])] for one in rolled]
    assert stance("predict", talks, "--abstain-below", "1").out.count("abstained ") == len(rows)


def test_what_is_answered_alone_is_shared_out_and_not_corrected(stance, talks):
    sure = records(stance("predict", talks, "--format", "jsonl"))
    asked = sorted(row["score"] for row in sure)[2]
    call = ("predict", talks, "--abstain-below", repr(asked), "--by", "country")
    for one in records(stance(*call, "--format", "jsonl")):
        answered = one["n_sentences"] - one["n_abstained"]
        assert sum(share["count"] for share in one["shares"].values()) == answered
        assert one["n_abstained"] == sum(s["label"] == "abstained" for s in one["sentences"])
        assert one["adjusted"] == {}
    out = stance(*call).out
    assert "corrected" not in out
    assert "answered" in out.splitlines()[1]


def test_a_speaker_of_whom_nothing_is_answered_is_in_the_csv_all_the_same(stance, talks):
    rows = csv.DictReader(
        io.StringIO(stance("predict", talks, "--abstain-below", "1", "--by", "speaker", "--format", "csv").out)
    )
    assert [row["speaker"] for row in rows if row["n_sentences"] == row["n_abstained"]]


@pytest.mark.parametrize("accuracy", [0.0, 0.9, 0.96])
def test_the_model_abstains_as_much_as_it_takes_on_sentences_like_those_trained_on(stance, article, accuracy):
    scores = read_artifact(Path("models/table/1")).arrays(OUT_OF_FOLD)
    confidence, right = scores["confidence"].astype(float), scores["right"]
    enough = [
        c for c in np.unique(confidence) if (confidence >= c).sum() >= 30 and right[confidence >= c].mean() >= accuracy
    ]
    least = min(enough)
    assert right[confidence >= least].mean() >= accuracy
    ran = stance("predict", article, "--target-accuracy", accuracy, "--format", "jsonl")
    assert all((row["label"] == "abstained") == (row["score"] < least) for row in records(ran))
    share, hits = (confidence >= least).mean(), right[confidence >= least].mean()
    assert (
        f"abstaining below {least:.3f}: of sentences like those trained on, {share:.0%} are answered, "
        f"{hits:.0%} of them rightly\n" in ran.err
    )


def test_an_accuracy_out_of_reach_is_told(stance, table, article):
    settings = ["corpus=table", f"corpus.path={table}", "classifier=majority", "name=constant", "learning_curve=[]"]
    assert stance("train", *settings).code == 0
    ran = stance("predict", article, "--model", "constant", "--target-accuracy", "0.95")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "No confidence makes 95% of the answers right on sentences like those trained on; ask for less" in ran.err


def test_a_model_saved_before_out_of_fold_scores_were_kept_says_what_to_do(stance, article):
    saved_before(Path("models/table/1"))
    ran = stance("predict", article, "--target-accuracy", "0.5")
    assert (ran.code, ran.out, ran.err.count("\n")) == (4, "", 1)
    assert "was saved before models kept out-of-fold scores; give --abstain-below, or train it again" in ran.err
    assert stance("predict", article, "--abstain-below", "0.5").code == 0


def test_its_shares_are_not_corrected(stance, talks):
    saved_before(Path("models/table/1"))
    assert all(
        one["adjusted"] == {} for one in records(stance("predict", talks, "--by", "speaker", "--format", "jsonl"))
    )
    assert "corrected" not in stance("predict", talks, "--by", "speaker").out
    for row in csv.DictReader(io.StringIO(stance("predict", talks, "--by", "speaker", "--format", "csv").out)):
        assert (row["adjusted"], row["adjusted_low"], row["adjusted_high"]) == ("", "", "")


@pytest.mark.parametrize("option", ["--abstain-below", "--target-accuracy"])
@pytest.mark.parametrize("value", ["1.5", "-0.1", "nan", "half", "90%"])
def test_what_is_no_share_is_an_error_of_usage(stance, article, option, value):
    ran = stance("predict", article, f"{option}={value}")
    assert (ran.code, ran.out) == (2, "")
    assert f"'{value}' is no number from 0 to 1" in ran.err


def test_shares_stand_beside_those_corrected_for_the_models_errors(stance, talks):
    for one in records(stance("predict", talks, "--by", "speaker", "--format", "jsonl")):
        assert one["adjusted"].keys() == one["shares"].keys()
        assert sum(a["share"] for a in one["adjusted"].values()) == pytest.approx(1)
        assert all(0 <= a["low"] <= a["share"] <= a["high"] <= 1 for a in one["adjusted"].values())
    lines = stance("predict", talks, "--by", "speaker").out.splitlines()
    names = lines[3 : lines.index("")]
    assert "corrected: with the classifier's errors taken out" in lines[1]
    assert [line.startswith("  corrected ") for line in names] == [False, True] * (len(names) // 2)


DATES = "document,date\nb,2002-10-05\na,2002-09-20\nelsewhere,2002-01-01\n"


@pytest.fixture
def dated(talks):
    """The two documents, a third without a date, and the folder that has their dates."""
    Path("talks/c.txt").write_text("The clerk left the hall.\n")
    Path("facts").mkdir()
    Path("facts/documents.csv").write_text(DATES)
    return "facts"


def test_a_roll_up_by_month_is_in_order_and_what_has_no_date_comes_last(stance, talks, dated):
    rolled = records(stance("predict", talks, "--by", "month", "--data", dated, "--format", "jsonl"))
    assert [(one["month"], {s["document"] for s in one["sentences"]}) for one in rolled] == [
        ("2002-09", {"a"}),
        ("2002-10", {"b"}),
        ("(no known month)", {"c"}),
    ]
    assert [one["n_sentences"] for one in rolled] == [4, 1, 1]
    lines = stance("predict", talks, "--by", "month", "--data", dated).out.splitlines()
    assert lines[0].startswith("By month: ")
    assert [line for line in lines if line in ("2002-09", "2002-10", "(no known month)")] == [
        *("2002-09", "2002-10", "(no known month)")
    ]
    table = csv.DictReader(
        io.StringIO(stance("predict", talks, "--by", "month", "--data", dated, "--format", "csv").out)
    )
    assert [(row["month"], row["label"]) for row in table] == [
        (month, label)
        for month in ("2002-09", "2002-10", "(no known month)")
        for label in ("for", "against", "neither")
    ]


def test_one_date_for_all_is_a_month_too(stance, talks):
    rolled = records(stance("predict", talks, "--by", "month", "--date", "2002-09-20", "--format", "jsonl"))
    assert [(one["month"], one["n_documents"]) for one in rolled] == [("2002-09", 2)]


def test_months_without_dates_are_an_error_of_usage(stance, talks):
    ran = stance("predict", talks, "--by", "month")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "--by month needs the documents' dates: --data FOLDER with a documents.csv, or --date" in ran.err


def test_a_folder_without_facts_is_an_error_of_data(stance, talks):
    ran = stance("predict", talks, "--data", talks)
    assert (ran.code, ran.out) == (3, "")
    assert "talks has no documents.csv; give the columns document and date, giver or both" in ran.err
    Path("talks/documents.csv").write_text("file,date\na,2002-09-20\n")
    ran = stance("predict", talks, "--data", talks)
    assert (ran.code, "documents.csv must have a column named document" in ran.err) == (3, True)


def test_a_day_that_is_none_is_told_and_the_other_documents_are_read(stance, talks, dated):
    Path("facts/documents.csv").write_text(DATES.replace("2002-09-20", "2002-13-45"))
    ran = stance("predict", talks, "--by", "month", "--data", dated, "--format", "jsonl")
    assert ran.code == 3
    assert "documents.csv has '2002-13-45' as the date of a; write it as 2002-09-20." in ran.err
    assert [json.loads(line)["month"] for line in ran.out.splitlines()] == ["2002-10", "(no known month)"]


def test_a_date_that_is_no_month_is_not_shown_as_one(stance, talks, dated):
    Path("facts/documents.csv").write_text(DATES.replace("2002-09-20", "autumn"))
    ran = stance("predict", talks, "--by", "month", "--data", dated, "--format", "jsonl")
    assert "autumn" not in [json.loads(line)["month"] for line in ran.out.splitlines()]


def test_each_document_has_the_date_and_the_giver_that_its_folder_names(stance, article):
    Path("own.yaml").write_text(
        "- {name: Jan Moss, country: Norway, role: harbour minister, from: 2001-01-01, until: 2002-06-30}\n"
        "- {name: Carol Moss, country: Norway, role: harbour minister, from: 2002-07-01}\n"
    )
    for name in ("june", "august"):
        Path(f"{name}.txt").write_text("The Norwegian harbour minister told reporters to vote yes.\n\nWe will wait.")
    Path("facts").mkdir()
    Path("facts/documents.csv").write_text("document,date,giver\njune,2002-06-01,Chile\naugust,2002-08-01,\n")
    call = ("predict", "june.txt", "august.txt", "--register", "own.yaml", "--data", "facts", "--format", "jsonl")
    assert speakers(stance(*call))[::2] == [("Jan Moss", "Norway"), ("Carol Moss", "Norway")]
    assert speakers(stance(*call))[1::2] == [("Chile", "Chile"), ("", "")]
    assert speakers(stance(*call, "--giver", "Fiji", "--date", "2002-08-02"))[::2] == [("Carol Moss", "Norway")] * 2
    assert speakers(stance(*call, "--giver", "Fiji"))[1::2] == [("Fiji", "Fiji")] * 2


def test_a_page_goes_to_a_file_or_to_standard_output(stance, article):
    ran = stance("predict", article, "--output", "page.html")
    assert (ran.code, ran.out) == (0, "")
    page = Path("page.html").read_text()
    assert stance("predict", article, "--format", "html").out == page
    assert page.startswith("<!doctype html>")
    assert page.endswith("</html>")
    rows = records(stance("predict", article, "--format", "jsonl"))
    assert re.findall(r'data-label="([^"]*)" data-speaker="([^"]*)"', page) == [
        (r["label"], r["speaker"]) for r in rows
    ]


@pytest.mark.parametrize(("name", "start"), [("a.jsonl", "{"), ("a.csv", "document,index"), ("a.txt", "article")])
def test_the_ending_of_the_output_names_the_format_unless_one_is_given(stance, article, name, start):
    stance("predict", article, "--output", name)
    assert Path(name).read_text().startswith(start)
    stance("predict", article, "--output", name, "--format", "html")
    assert Path(name).read_text().startswith("<!doctype html>")


def test_a_page_of_several_documents_has_all_of_them(stance, talks):
    page = stance("predict", talks, "--format", "html").out
    assert re.findall(r"<h2>(.*?)</h2>", page) == ["a", "b"]
    assert page.count("data-label=") == 5


def test_a_page_shows_what_the_model_abstains_on(stance, article):
    page = stance("predict", article, "--format", "html", "--abstain-below", "1").out
    assert re.findall(r'data-label="([^"]*)"', page) == ["abstained"] * 3


def test_a_page_and_a_roll_up_are_not_to_be_had_at_once(stance, article):
    for call in (("--format", "html"), ("--output", "page.html")):
        ran = stance("predict", article, *call, "--by", "speaker")
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert "leave --by out, or give another --format" in ran.err
    assert not Path("page.html").exists()


def test_a_document_of_which_its_facts_say_nothing_is_named(stance, talks, dated):
    Path("facts/documents.csv").write_text("document,date\na.txt,2002-09-20\n")
    ran = stance("predict", talks, "--by", "month", "--data", dated, "--format", "jsonl")
    assert ran.err.count("documents.csv says nothing of b") == 1
    assert "says nothing of a" not in ran.err  # its name may have its ending
    assert [json.loads(line)["month"] for line in ran.out.splitlines()] == ["2002-09", "(no known month)"]


def test_one_way_to_abstain_at_a_time(stance, talks):
    ran = stance("predict", talks, "--abstain-below", "0.9", "--target-accuracy", "0.5")
    assert (ran.code, "not allowed with argument" in ran.err) == (2, True)
