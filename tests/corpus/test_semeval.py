import pytest
from tests.conftest import shared

from stance.corpus import read_semeval
from stance.errors import DataError


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mapping.txt").write_text("0\tnone\n1\tagainst\n2\tfavor")
    for target in ("bridge", "tunnel"):
        (tmp_path / target).mkdir()
        for part in ("train", "val", "test"):
            (tmp_path / target / f"{part}_text.txt").write_text(f"{part} one \n{part} two \n")
            (tmp_path / target / f"{part}_labels.txt").write_text("1\n2\n")
    return tmp_path


def test_targets_labels_and_the_official_split_are_read(folder):
    found = read_semeval(folder)
    assert len(found) == 12
    assert found.labels == ("against", "favor", "none")
    assert found.target_names == ("bridge", "tunnel")
    assert found.split.tolist() == (["train"] * 4 + ["test"] * 2) * 2
    assert (found.texts[0], found.y[1], found.neutral) == ("train one", "favor", "none")


def test_windows_line_ends_are_read(folder):
    for path in folder.rglob("*.txt"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(read_semeval(folder)) == 12


def test_a_label_that_the_mapping_lacks_is_named_with_its_line(folder):
    (folder / "tunnel" / "val_labels.txt").write_text("1\n7\n")
    with pytest.raises(DataError, match=r"tunnel/val_labels.txt, line 2: '7' is none of 0, 1, 2"):
        read_semeval(folder)


def test_texts_and_labels_of_different_length_are_refused(folder):
    (folder / "tunnel" / "val_labels.txt").write_text("1\n")
    with pytest.raises(DataError, match=r"has 2 lines and val_labels\.txt 1"):
        read_semeval(folder)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"absent is no folder"):
        read_semeval(tmp_path / "absent")
    with pytest.raises(DataError, match=r"mapping.txt cannot be read"):
        read_semeval(tmp_path)


def test_the_published_data_has_its_published_size():
    found = read_semeval(shared("data/semeval2016"))
    assert (int((found.split == "train").sum()), int((found.split == "test").sum())) == (2914, 1249)
