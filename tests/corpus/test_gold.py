import pytest

from stance.corpus.gold import GOLD_COLUMNS, read_gold, source_digest
from stance.errors import DataError
from stance.text import Document

LABELS = ("for", "against")
TEXT = "Build it.\nStop\nit."


def row(start=0, end=9, label="for", digest=None, mode="quotation"):
    digest = digest or source_digest(TEXT[start:end])
    return f"d,{start},{end},{digest},Hale,{label},{mode},Hale,{label},{mode},Hale,{label},{mode},\n"


def read(folder, *rows):
    path = folder / "gold.csv"
    path.write_text(",".join(GOLD_COLUMNS) + "\n" + "".join(rows))
    return read_gold(path, LABELS)


def test_a_gold_row_finds_its_text_again_whatever_the_line_breaks(tmp_path):
    (sentence,) = read(tmp_path, row(10, 18))["d"]
    assert sentence.text(Document("d", TEXT)) == "Stop it."
    assert sentence.text(Document("d", TEXT.replace("Stop\nit", "Stop it"))) == "Stop it."


def test_a_document_that_has_changed_is_found_out(tmp_path):
    (sentence,) = read(tmp_path, row())["d"]
    with pytest.raises(DataError, match=r"d, characters 0-9: the text is not what was labelled"):
        sentence.text(Document("d", TEXT.replace("Build", "Paint")))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row(label="maybe")], r"row 1: unknown label 'maybe'; there are for, against and dropped"),
        ([row().replace("quotation,Hale,for", "quotation,Hale,fro", 1)], r"row 1: unknown label 'fro'"),
        ([row(mode="quoted")], r"row 1: unknown mode 'quoted'; there are quotation, indirect"),
        ([row(), row(5, 12)], r"d is labelled twice at characters 5-9"),
        (["d,x,9,0,,for,,,for,,,for,,\n"], r"row 1: invalid literal"),
    ],
)
def test_a_faulty_row_is_named(tmp_path, rows, message):
    with pytest.raises(DataError, match=message):
        read(tmp_path, *rows)


def test_other_columns_are_refused(tmp_path):
    (tmp_path / "g.csv").write_text("document,start\n")
    with pytest.raises(DataError, match="must have the columns document, start, end"):
        read_gold(tmp_path / "g.csv", LABELS)
