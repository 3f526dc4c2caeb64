import datasets
import pytest

from stance.corpus.gold import GOLD_COLUMNS


@pytest.fixture
def documents(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "one.txt").write_text("Home\n\nMinister Ana Ruiz said the inspectors should return. The clerk smiled.\n")
    (folder / "two.txt").write_text("There must be a new resolution with a deadline, London insists.\n")
    return folder


def test_a_folder_of_text_becomes_a_table_that_datasets_loads(stance, documents, tmp_path):
    ran = stance("label", "documents=articles")
    assert ran.code == 0, ran.err
    assert "sentences    3 in 2 documents: 3 weak" in ran.out
    table = datasets.Dataset.from_parquet("data/articles/sentences.parquet", cache_dir=str(tmp_path / "cache"))
    assert table.features["label"].names == ["pro-resolution", "pro-inspections", "neutral"]
    assert [(r["document"], r["speaker"], table.features["label"].int2str(r["label"])) for r in table] == [
        ("one", "Ruiz", "pro-inspections"),
        ("one", "", "neutral"),
        ("two", "United Kingdom", "pro-resolution"),
    ]


def test_a_file_that_is_no_text_stops_it_or_is_left_out_on_request(stance, documents):
    (documents / "bad.txt").write_bytes(b"caf\xe9")
    ran = stance("label", "documents=articles")
    assert ran.code == 3
    assert "articles/bad.txt is not UTF-8: byte 0xe9 at offset 3" in ran.err
    ran = stance("label", "documents=articles", "skip_unreadable=true")
    assert (ran.code, "left out: articles/bad.txt" in ran.err) == (0, True)
    assert stance("label", "documents=articles", "encoding=latin-1").code == 0


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("documents=absent", "absent is no folder"),
        ("documents=one.txt", "one.txt is no folder"),
        ("documents=empty", "holds no .txt"),
    ],
)
def test_a_folder_without_documents_is_an_error_of_data(stance, tmp_path, setting, message):
    (tmp_path / "empty").mkdir()
    ran = stance("label", setting)
    assert (ran.code, message in ran.err) == (3, True)


def test_documents_of_one_name_are_refused(stance, documents):
    (documents / "more").mkdir()
    (documents / "more" / "one.txt").write_text("Again.")
    assert "two documents named 'one'" in stance("label", "documents=articles").err


def test_gold_for_a_document_that_is_not_there_is_an_error(stance, documents, tmp_path):
    (tmp_path / "gold.csv").write_text(",".join(GOLD_COLUMNS) + "\nthree,0,4,0,,neutral,,,,,,,,\n")
    ran = stance("label", "documents=articles", "gold=gold.csv")
    assert (ran.code, "labels the document 'three'" in ran.err) == (3, True)
