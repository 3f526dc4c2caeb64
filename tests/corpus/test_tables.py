import json

import datasets
import pytest

from stance.corpus import read_table
from stance.errors import ConfigError, DataError

ROWS = [
    {"text": "Build it.", "label": "for"},
    {"text": "Stop it.", "label": "against"},
    {"text": "Hm.", "label": "for"},
]


def write_csv(folder, text):
    path = folder / "t.csv"
    path.write_text(text)
    return path


def as_csv(folder):
    return write_csv(folder, "text,label\n" + "".join(f'"{r["text"]}",{r["label"]}\n' for r in ROWS))


def as_tsv(folder):
    path = folder / "t.tsv"
    path.write_text("text\tlabel\n" + "".join(f"{r['text']}\t{r['label']}\n" for r in ROWS))
    return path


def as_jsonl(folder):
    path = folder / "t.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)))
    return path


def as_parquet(folder):
    datasets.Dataset.from_list(ROWS).to_parquet(folder / "t.parquet")
    return folder / "t.parquet"


def as_folder(folder):
    datasets.Dataset.from_list(ROWS).save_to_disk(folder / "saved")
    return folder / "saved"


@pytest.mark.parametrize("write", [as_csv, as_tsv, as_jsonl, as_parquet, as_folder])
def test_every_format_gives_the_same_corpus(tmp_path, write):
    found = read_table(write(tmp_path))
    assert found.texts == ("Build it.", "Stop it.", "Hm.")
    assert found.y.tolist() == ["for", "against", "for"]
    assert found.labels == ("against", "for")


def test_class_label_names_give_the_labels_and_their_order(tmp_path):
    features = datasets.Features(
        {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["for", "against"])}
    )
    datasets.Dataset.from_list(ROWS, features=features).to_parquet(tmp_path / "t.parquet")
    found = read_table(tmp_path / "t.parquet")
    assert found.labels == ("for", "against")
    assert found.y.tolist() == ["for", "against", "for"]

    renamed = read_table(tmp_path / "t.parquet", label_names={"for": "yes", "against": "no"})
    assert (renamed.labels, renamed.y.tolist()) == (("yes", "no"), ["yes", "no", "yes"])


def test_the_parts_of_a_dataset_dict_become_the_split(tmp_path):
    part = datasets.Dataset.from_list(ROWS)
    datasets.DatasetDict(train=part, test=part).save_to_disk(tmp_path / "d")
    assert read_table(tmp_path / "d").split.tolist() == ["train"] * 3 + ["test"] * 3


def test_columns_and_label_names_are_mapped_and_null_leaves_rows_out(tmp_path):
    path = write_csv(tmp_path, "body,side,who\nA b.,F,x\nC d.,?,y\nE f.,A,z\n")
    found = read_table(
        path, "body", "side", "who", label_names={"F": "favor", "A": "against", "?": None}, neutral="favor"
    )
    assert (found.texts, found.y.tolist(), found.groups.tolist()) == (
        ("A b.", "E f."),
        ["favor", "against"],
        ["x", "z"],
    )


def test_a_document_column_groups_without_being_asked(tmp_path):
    path = write_csv(tmp_path, "document,text,label\nd1,A.,x\nd1,B.,y\nd2,C.,x\n")
    assert read_table(path).groups.tolist() == ["d1", "d1", "d2"]
    assert len(set(read_table(as_csv(tmp_path)).groups.tolist())) == 3


def test_a_cell_of_ten_megabytes_is_read(tmp_path):
    assert len(read_table(write_csv(tmp_path, "text,label\n" + "x" * 10_000_000 + ",a\nb,b\n")).texts[0]) == 10_000_000


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("text,label\nA.\n", r"t\.csv, line 2: 1 fields where the header has 2"),
        ("text,lbl\nA.,x\n", r"no column 'label'; it has text, lbl"),
        ("text,label\nA.,x\n ,y\n", r"row 2: there is no text"),
        ("text,label\nA.,x\nB.,\n", r"row 2: there is no label"),
        ("id,text,label\n1,A.,x\n1,B.,y\n", r"row 2: the id '1' stands in row 1 too"),
        ("text,text,label\nA.,B.,x\n", r"names a column twice"),
        ("text,label\n", r"has no rows"),
        ("", r"has no rows"),
        ("text;label\nA.;x\n", r"is separated by semicolons"),
    ],
)
def test_a_fault_is_named_with_its_row(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        read_table(write_csv(tmp_path, content))


def test_a_label_outside_the_set_is_named_with_its_row(tmp_path):
    with pytest.raises(DataError, match=r"row 2: unknown label 'against'; the labels are for"):
        read_table(as_csv(tmp_path), labels=["for", "neither"])
    with pytest.raises(DataError, match=r"row 2: unknown label 'against'"):
        read_table(as_csv(tmp_path), label_names={"for": "favor"})
    with pytest.raises(ConfigError, match=r"corpus.neutral is 'none'"):
        read_table(as_csv(tmp_path), neutral="none")


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("t.jsonl", b'{"text": 1}\n{oops\n', "line 2: not JSON"),
        ("t.jsonl", b"[1]\n", "line 1: a JSON object is expected"),
        ("t.parquet", b"PAR", "cannot be read as a Parquet file"),
        ("t.csv", b"text,label\n\xff,a\n", "byte 0xff at offset 11"),
        ("t.xlsx", b"", "of no kind that can be read"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, name, raw, message):
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(DataError, match=message):
        read_table(tmp_path / name)


def test_a_missing_labelled_corpus_says_how_to_make_it(tmp_path):
    with pytest.raises(DataError, match="run `stance label documents=seeds/"):
        read_table(tmp_path / "sentences.parquet")


def test_labels_may_be_numbers(tmp_path):
    path = write_csv(tmp_path, "text,label\nA.,1\nB.,0\n")
    found = read_table(path, labels=[0, 1], neutral=0)
    assert (found.labels, found.y.tolist(), found.neutral) == (("0", "1"), ["1", "0"], "0")
    assert read_table(path, label_names={0: "no", 1: "yes"}).y.tolist() == ["yes", "no"]


def test_odd_separators_inside_a_field_end_no_row(tmp_path):
    assert (
        read_table(write_csv(tmp_path, "text,label\nA\u2028B\x0bC\x85D.,x\nE.,y\n")).texts[0] == "A\u2028B\x0bC\x85D."
    )


@pytest.mark.parametrize("column", ["group", "target", "split"])
def test_a_gap_in_a_column_that_decides_the_split_is_named_with_its_row(tmp_path, column):
    path = write_csv(tmp_path, f"text,label,{column}\nA.,x,p\nB.,y,\n")
    with pytest.raises(DataError, match=f"row 2: there is no '{column}'"):
        read_table(path, **{column: column})


def test_parts_of_a_dataset_dict_must_have_the_same_columns(tmp_path):
    more = datasets.Dataset.from_list([row | {"document": "d"} for row in ROWS])
    datasets.DatasetDict(train=datasets.Dataset.from_list(ROWS), test=more).save_to_disk(tmp_path / "d")
    with pytest.raises(DataError, match="the column 'document' is not in every part of it"):
        read_table(tmp_path / "d")


WEAK = (
    "document,text,label,source,confidence\n"
    "a,We build.,for,gold,1\n"
    "a,We stop.,against,gold,1\n"
    "b,We build now.,for,weak,0.8\n"
    "b,We stop now.,against,weak,0.5\n"
)


def test_weak_labels_beside_gold_are_left_out_unless_they_are_given_a_weight(tmp_path):
    path = tmp_path / "labelled.csv"
    path.write_text(WEAK)
    assert read_table(path).texts == ("We build.", "We stop.")
    assert read_table(path).weak is None
    corpus = read_table(path, weak=0.5)
    assert len(corpus) == 4
    assert corpus.weights.tolist() == [1.0, 1.0, 0.4, 0.25]
    assert corpus.weak.tolist() == [False, False, True, True]
    with pytest.raises(ConfigError, match=r"corpus\.weak is 2"):
        read_table(path, weak=2)


def test_a_table_of_weak_labels_alone_is_read_whole(tmp_path, caplog):
    path = tmp_path / "labelled.csv"
    path.write_text(WEAK.replace("gold", "weak"))
    assert len(read_table(path)) == 4
    assert read_table(path).weights is None
    assert "all labels of" in caplog.text


@pytest.mark.parametrize("written", ["2002-09-20", "2002-09-20T10:00"])
def test_days_are_read_and_anything_else_is_no_day_unless_days_are_asked_for(tmp_path, written):
    path = tmp_path / "dated.csv"
    path.write_text(f"text,label,date\nWe build.,for,{written}\nWe stop.,against,2002-09\nWe wait.,for,20.09.2002\n")
    assert read_table(path).dates.tolist() == ["2002-09-20", "", ""]
    with pytest.raises(DataError, match=r"row 3: '20.09.2002' in 'date' is no date; write it as 2002-09-20"):
        read_table(path, date="date")


def test_dates_that_cannot_be_read_are_counted(tmp_path, caplog):
    path = tmp_path / "t.csv"
    path.write_text("text,label,date\na b,x,2002-09-20\nc d,y,12/13/24\ne f,y,2002-09\n")
    assert read_table(path).dates.tolist() == ["2002-09-20", "", ""]
    assert "1 rows have no date that can be read in 'date', such as '12/13/24'" in caplog.text
