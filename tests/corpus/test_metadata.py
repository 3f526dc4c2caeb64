from datetime import date
from pathlib import Path

import pytest

from stance.corpus import COLUMNS, read_metadata
from stance.errors import DataError


def test_what_is_known_of_a_section_goes_before_what_is_known_of_its_document(tmp_path: Path) -> None:
    (tmp_path / "documents.csv").write_text("document,register,date\nreport,inquiry,2016-07-06\nother,wire,2002-10\n")
    (tmp_path / "sections.csv").write_text(
        "document,start,section,date\nreport,900,b,2002-11-07\nreport,100,a,2002-09-12\n"
    )
    metadata = read_metadata(tmp_path)
    assert metadata.columns == ("register", "date", "section")
    assert metadata.of("report") == {"register": "inquiry", "date": "2016-07-06"}
    assert metadata.of("report", 99) == {"section": "report", "register": "inquiry", "date": "2016-07-06"}
    assert metadata.of("other", 0)["section"] == "other"
    assert metadata.of("report", 100) == {"register": "inquiry", "section": "a", "date": "2002-09-12"}
    assert metadata.of("report", 5000)["section"] == "b"
    assert metadata.day("report") == date(2016, 7, 6)
    assert metadata.day("other") is None
    assert metadata.of("unheard of") == {}


def test_neither_file_need_be_there(tmp_path: Path) -> None:
    assert read_metadata(tmp_path).columns == ()


@pytest.mark.parametrize("column", ["source", "label", "id", "text"])
def test_a_fact_may_not_stand_in_for_a_column_of_the_table(tmp_path: Path, column: str) -> None:
    (tmp_path / "documents.csv").write_bytes(f"\ufeffdocument,{column}\nd,x\n".encode())
    with pytest.raises(DataError, match=f"may not have a column named '{column}'"):
        read_metadata(tmp_path, COLUMNS)


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("documents.csv", "name,date\nd,x\n", "a column named document"),
        ("sections.csv", "document,section\nd,x\n", "a column named start"),
        ("sections.csv", "document,start,section\nd,early,x\n", "row 1"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, file: str, text: str, message: str) -> None:
    (tmp_path / file).write_text(text)
    with pytest.raises(DataError, match=message):
        read_metadata(tmp_path)


def test_a_date_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "documents.csv").write_text("document,date\nd,20.09.2002\n")
    with pytest.raises(DataError, match=r"'20.09.2002' as the date of d; write it as 2002-09-20"):
        read_metadata(tmp_path).day("d")
