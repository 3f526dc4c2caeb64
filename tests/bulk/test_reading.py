import json
import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.bulk.conftest import KINDS, TEXTS, read_table, write_table

from stance import load
from stance.errors import ConfigError, DataError

NEW = ["label", "score", "score_for", "score_against", "score_neither"]


def test_the_small_texts_have_different_answers(model):
    assert len(set(load(model).predict(TEXTS))) == 3


@pytest.mark.parametrize("to", KINDS)
@pytest.mark.parametrize("kind", KINDS)
def test_rows_come_out_in_their_order_with_label_and_scores_after_their_own_columns(label, model, kind, to):
    numbers = list(range(100, 107))
    write_table(Path(f"in{kind}"), {"id": numbers, "text": TEXTS, "note, it": ["é"] * 7})
    assert label(f"in{kind}", f"out{to}", batch_rows=3).rows == 7
    rows = read_table(Path(f"out{to}"))
    assert [list(row) for row in rows] == [["id", "text", "note, it", *NEW]] * 7
    assert [int(row["id"]) for row in rows] == numbers
    assert [row["text"] for row in rows] == list(TEXTS)
    assert {row["note, it"] for row in rows} == {"é"}
    loaded = load(model)
    assert [row["label"] for row in rows] == list(loaded.predict(TEXTS))
    found = np.array([[float(row[f"score_{name}"]) for name in loaded.labels] for row in rows])
    assert found == pytest.approx(loaded.predict_proba(TEXTS), abs=1e-12)
    assert [float(row["score"]) for row in rows] == found.max(axis=1).tolist()


@pytest.mark.parametrize("n_rows", [0, 1, 3, 6])
@pytest.mark.parametrize("to", KINDS)
@pytest.mark.parametrize("kind", KINDS)
def test_any_number_of_rows_will_do(label, kind, to, n_rows):
    columns = {"id": list(range(n_rows)), "text": [str(text) for text in TEXTS[:n_rows]]}
    write_table(Path(f"in{kind}"), columns)
    if not n_rows and kind == ".parquet":
        pq.write_table(pa.table({"id": pa.array([], pa.int64()), "text": pa.array([], pa.string())}), "in.parquet")
    assert label(f"in{kind}", f"out{to}", batch_rows=3).rows == n_rows
    assert [row["text"] for row in read_table(Path(f"out{to}"))] == list(TEXTS[:n_rows])
    assert not Path(f"out{to}.parts").exists()


@pytest.mark.parametrize("kind", [".csv", ".parquet"])
def test_a_table_without_rows_keeps_its_columns(label, kind):
    write_table(Path(f"in{kind}"), {"id": [], "text": []})
    if kind == ".parquet":
        pq.write_table(pa.table({"id": pa.array([], pa.int64()), "text": pa.array([], pa.string())}), "in.parquet")
    label(f"in{kind}", "out.csv")
    label(f"in{kind}", "out.parquet")
    assert Path("out.csv").read_text() == ",".join(["id", "text", *NEW]) + "\n"
    assert pq.read_schema("out.parquet").names == ["id", "text", *NEW]


@pytest.mark.parametrize("kind", KINDS)
def test_how_many_rows_are_read_at_once_changes_nothing(label, kind):
    write_table(Path(f"in{kind}"), {"text": TEXTS * 3})
    for name, batch_rows in (("one", 1), ("four", 4), ("all", 1000)):
        label(f"in{kind}", f"{name}{kind}", batch_rows=batch_rows)
    one, four, everything = (read_table(Path(f"{name}{kind}")) for name in ("one", "four", "all"))
    assert one == four == everything
    assert kind == ".parquet" or Path(f"one{kind}").read_bytes() == Path(f"all{kind}").read_bytes()


ODD = [
    b'id,"text",x\r\n',
    b'007,"a, ""b""",1.50\r\n',
    b' 1 ,plain "inner" quote,\r\n',
    b'NA,"two\r\nlines, or\n\nfour",=1+1\r\n',
    b'"",,"\t"\r\n',
]


def test_the_spelling_of_a_csv_stays_as_it_is(label):
    Path("in.csv").write_bytes(b"".join(ODD))
    label("in.csv", "out.csv", batch_rows=2)
    rest = Path("out.csv").read_bytes()
    for row in ODD[1:]:
        assert row.removesuffix(b"\r\n") in rest
    assert (
        re.sub(rb",(for|against|neither)(,[0-9.e-]+){4}\r\n", b"\r\n", rest).splitlines()[1:]
        == b"".join(ODD[1:]).splitlines()
    )
    rows = read_table(Path("out.csv"))
    assert [(row["id"], row["text"], row["x"]) for row in rows] == [
        ("007", 'a, "b"', "1.50"),
        (" 1 ", 'plain "inner" quote', ""),
        ("NA", "two\r\nlines, or\n\nfour", "=1+1"),
        ("", "", "\t"),
    ]


def test_a_byte_order_mark_is_no_part_of_a_name(label):
    for kind, raw in ((".csv", b"text,id\nbuild,1\n"), (".jsonl", b'{"text": "build", "id": "1"}\n')):
        Path(f"in{kind}").write_bytes(b"\xef\xbb\xbf" + raw)
        label(f"in{kind}", f"out{kind}")
        assert list(read_table(Path(f"out{kind}"))[0])[:2] == ["text", "id"]


def test_another_encoding_is_read_when_it_is_named(label):
    Path("in.csv").write_bytes("text\nStraße\n".encode("windows-1252"))
    with pytest.raises(DataError, match=r"in.csv, line 2 is not UTF-8: byte 0xdf at offset 9; name the encoding"):
        label("in.csv", "out.csv")
    label("in.csv", "out.csv", encoding="windows-1252")
    assert read_table(Path("out.csv"))[0]["text"] == "Straße"
    with pytest.raises(ConfigError, match="no encoding named 'klingon'"):
        label("in.csv", "out.csv", encoding="klingon")
    Path("in.csv").write_bytes("text\nStraße\n".encode("utf-16"))
    with pytest.raises(DataError, match="is UTF-16; save it as UTF-8"):
        label("in.csv", "out.csv")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty; its first line has to name the columns"),
        ("text,id\na,1\nb\n", "line 3: 1 fields where the header has 2"),
        ('text,id\n"a\nb",1\nb,2,3\n', "line 4: 3 fields where the header has 2"),
        ('text,id\na,1\n"b,2\nc,3\n', "line 3: unexpected end of data; a quotation mark may be unclosed"),
        ("text;id\na;1\n", "separated by semicolons"),
        ("text,text\na,b\n", "has the column 'text' twice"),
    ],
)
def test_a_csv_that_is_none_is_told_with_its_line(label, content, message):
    Path("in.csv").write_text(content)
    with pytest.raises(DataError, match=message):
        label("in.csv", "out.csv")
    assert [path.name for path in Path().iterdir()] == ["in.csv"]


def test_blank_lines_are_no_rows(label):
    Path("in.csv").write_text("text,id\n\na,1\n\n\nb,2\n\n")
    Path("in.jsonl").write_text('\n{"text": "a", "id": 1}\n  \n{"text": "b", "id": 2}')
    for kind in (".csv", ".jsonl"):
        assert label(f"in{kind}", f"out{kind}", batch_rows=1).rows == 2
        assert [row["text"] for row in read_table(Path(f"out{kind}"))] == ["a", "b"]


def test_the_spelling_of_json_stays_as_it_is(label):
    lines = [
        '{"text": "build it", "n": 1.50, "e": 1E3, "big": 123456789012345678901234567890}',
        '{ "text" :"\\u00e9\\ud800" , "nested": {"a": [1, {"b": null}]} }',
        "{}",
        '{"text":null}',
    ]
    Path("in.jsonl").write_text("\r\n".join(lines))
    assert label("in.jsonl", "out.jsonl").missing == 2
    written = Path("out.jsonl").read_text().splitlines()
    for line, new in zip(lines, written, strict=True):
        assert new.startswith(line[:-1].rstrip())
        assert list(json.loads(new)) == [*json.loads(line), *NEW]
    assert json.loads(written[2]) == dict.fromkeys(NEW)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": 5}', "in.jsonl, line 3: 'text' is no text but 5; make it a string"),
        ('{"text": ["a"]}', "line 3: 'text' is no text but"),
        ("[1]", "line 3: a JSON object is expected"),
        ('{"text": ', "line 3: not JSON"),
    ],
)
def test_a_json_row_that_is_none_is_told_with_its_line(label, line, message):
    Path("in.jsonl").write_text(f'{{"text": "a"}}\n\n{line}\n')
    with pytest.raises(DataError, match=re.escape(message)):
        label("in.jsonl", "out.jsonl")


@pytest.mark.parametrize(
    ("first", "later", "message"),
    [
        ('"x": 1', '"x": "one"', "line 3: 'x' is no int64"),
        ('"x": 1', '"x": 1.5', "line 3: 'x' is no int64"),
        ('"x": {"a": 1}', '"x": {"a": 1, "b": 2}', "line 3: 'x' is no struct"),
        ('"x": [{"a": 1}]', '"x": [{"b": 2}]', "line 3: 'x' is no list"),
        ('"x": null', '"x": 1', "line 3: 'x' is no null"),
        ('"x": 1', '"x": 2, "y": 3', "line 3 has 'y', which the first 2 rows have not"),
    ],
)
def test_a_json_row_that_does_not_fit_the_first_ones_is_told(label, first, later, message):
    rows = [f'{{"text": "a", {first}}}', '{"text": "b"}', f'{{"text": "c", {later}}}', f'{{"text": "d", {first}}}']
    Path("in.jsonl").write_text("\n".join(rows))
    with pytest.raises(DataError, match=re.escape(message)) as told:
        label("in.jsonl", "out.parquet", batch_rows=2)
    assert "write .jsonl instead" in str(told.value)
    assert label("in.jsonl", "out.jsonl", batch_rows=2).rows == 4


def test_json_rows_of_two_types_in_one_batch_are_told(label):
    Path("in.jsonl").write_text('{"text": "a", "x": 1}\n{"text": "b", "x": 2}\n{"text": "c", "x": "3"}\n')
    with pytest.raises(DataError, match=r"line 3: 'x' is of another type than in the rows before; write .jsonl"):
        label("in.jsonl", "out.parquet")
    label("in.jsonl", "out.csv")
    assert [row["x"] for row in read_table(Path("out.csv"))] == ["1", "2", "3"]


def rich_table():
    return pa.table(
        {
            "text": pa.array([*TEXTS[:5], None]),
            "when": pa.array([1, 2, 3, None, 5, 6], pa.timestamp("ns", "UTC")),
            "day": pa.array([1, 2, 3, None, 5, 6], pa.date32()),
            "money": pa.array([Decimal("1.50"), *[None] * 5], pa.decimal128(10, 2)),
            "kind": pa.array(["a", "b", None, "a", "c", "a"]).dictionary_encode(),
            "nested": pa.array([{"a": [1, None], "b": {"c": "é"}}, None] * 3),
            "pairs": pa.array([[("k", 1)], [], None] * 2, pa.map_(pa.string(), pa.int64())),
            "kinds": pa.array([["x"], None, ["y", "x"]] * 2, pa.list_(pa.dictionary(pa.int32(), pa.string()))),
            "raw": pa.array([b"\xff\x00", None, b"a"] * 2),
            "small": pa.array([1.1, float("nan"), None] * 2, pa.float32()),
            "yes": pa.array([True, None, False] * 2),
            "nothing": pa.nulls(6),
        },
    ).replace_schema_metadata({"own": "remark"})


def test_parquet_keeps_its_types_whatever_they_are(label):
    table = rich_table()
    pq.write_table(table, "in.parquet", row_group_size=4)
    assert label("in.parquet", "out.parquet", batch_rows=3).missing == 1
    found = pq.ParquetFile("out.parquet")
    groups = [found.read_row_group(number) for number in range(found.num_row_groups)]  # Arrow joins no such lists
    kept = pa.concat_tables(groups).select(table.column_names)
    assert kept.schema == table.schema
    assert kept.schema.metadata[b"own"] == b"remark"
    assert [str(row) for row in kept.to_pylist()] == [str(row) for row in table.to_pylist()]
    assert [group.num_rows for group in groups] == [3, 3]


def test_parquet_is_spelled_as_text_where_it_has_to_be(label):
    pq.write_table(rich_table(), "in.parquet")
    label("in.parquet", "out.csv")
    label("in.parquet", "out.jsonl")
    first, *_, last = read_table(Path("out.csv"))
    assert (first["when"], first["day"], first["money"]) == ("1970-01-01 00:00:00.000000001Z", "1970-01-02", "1.50")
    assert (first["nested"], first["raw"], first["small"], first["yes"]) == (
        *('{"a": [1, null], "b": {"c": "é"}}', "/wA=", "1.1", "true"),
    )
    assert (last["text"], last["label"], last["score"]) == ("", "", "")
    second = read_table(Path("out.jsonl"))[1]
    assert (second["nested"], second["small"], second["yes"], second["day"]) == (None, None, None, "1970-01-03")


@pytest.mark.parametrize("kind", [pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())], ids=str)
def test_text_may_be_stored_in_any_way(label, model, kind):
    column = pa.array([*TEXTS, None], pa.string()).cast(kind) if "dict" not in str(kind) else None
    column = pa.array([*TEXTS, None]).dictionary_encode() if column is None else column
    pq.write_table(pa.table({"text": column}), "in.parquet")
    assert label("in.parquet", "out.parquet", batch_rows=2).missing == 1
    table = pq.ParquetFile("out.parquet").read()
    assert table.schema.field("text").type == kind
    assert table["label"].to_pylist() == [*load(model).predict(TEXTS), None]


def test_a_column_of_numbers_is_no_text(label):
    pq.write_table(pa.table({"text": [1, 2]}), "in.parquet")
    with pytest.raises(DataError, match=r"in.parquet, row 1: the column 'text' is int64 and no text"):
        label("in.parquet", "out.csv")
    Path("in.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match=r"in.parquet cannot be read as a Parquet file"):
        label("in.parquet", "out.csv")


@pytest.mark.parametrize("to", KINDS)
@pytest.mark.parametrize("kind", [".jsonl", ".parquet"])
def test_a_missing_text_has_no_answer_and_an_empty_one_has(label, kind, to):
    write_table(Path(f"in{kind}"), {"text": [None, "build", "", None, None]})
    assert label(f"in{kind}", f"out{to}", batch_rows=2).missing == 3
    nothing = "" if to in (".csv", ".tsv") else None
    rows = read_table(Path(f"out{to}"))
    assert [[row[name] == nothing for name in NEW] for row in rows] == [[there] * 5 for there in (1, 0, 0, 1, 1)]


@pytest.mark.parametrize("kind", KINDS)
def test_columns_that_are_there_already_ask_for_a_prefix(label, kind):
    write_table(Path(f"in{kind}"), {"text": TEXTS, "score": [1] * 7, "p_label": [2] * 7})
    for prefix, name in (("", "score"), ("p_", "p_label")):
        with pytest.raises(ConfigError, match=f"has (a column )?'{name}' already; .*--prefix"):
            label(f"in{kind}", f"out{kind}", prefix=prefix)
    assert not list(Path().glob("out*"))
    label(f"in{kind}", f"out{kind}", prefix="new_")
    assert list(read_table(Path(f"out{kind}"))[0]) == ["text", "score", "p_label", *(f"new_{name}" for name in NEW)]


def test_a_name_that_is_taken_in_a_later_row_only_is_told_with_its_line(label):
    Path("in.jsonl").write_text('{"text": "a"}\n{"text": "b"}\n{"text": "c", "label": 1}\n')
    with pytest.raises(ConfigError, match=r"in.jsonl, line 3 has 'label' already; .*--prefix"):
        label("in.jsonl", "out.jsonl", batch_rows=2)


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_that_is_not_there_is_told_with_those_that_are(label, kind):
    write_table(Path(f"in{kind}"), {"body": TEXTS, "id": TEXTS})
    with pytest.raises(ConfigError, match=f"in{kind} has no column 'text'; its columns are body, id"):
        label(f"in{kind}", "out.csv")


@pytest.mark.parametrize("to", [".parquet", ".jsonl"])
def test_a_column_that_is_there_twice_is_not_lost(label, to):
    Path("in.csv").write_text("id,id,text\n1,2,build\n")
    with pytest.raises(DataError, match=r"has the column 'id' twice; rename one, or write \.csv"):
        label("in.csv", f"out{to}")
    label("in.csv", "out.csv")
    assert Path("out.csv").read_text().splitlines()[1].startswith("1,2,build,")


def test_line_ends_of_another_age_are_told(label):
    Path("in.csv").write_bytes(b"id,text\r1,build\r")
    with pytest.raises(DataError, match="line ends of CR alone"):
        label("in.csv", "out.csv")
