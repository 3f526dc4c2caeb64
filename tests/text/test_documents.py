from pathlib import Path

import pytest

from stance.errors import ConfigError, DataError
from stance.text import find_documents, read_document


def write(folder: Path, raw: bytes) -> Path:
    path = folder / "a.txt"
    path.write_bytes(raw)
    return path


def test_line_ends_stay_and_a_byte_order_mark_goes(tmp_path):
    assert read_document(write(tmp_path, b"\xef\xbb\xbfOne.\r\nTwo.\r\n")).text == "One.\r\nTwo.\r\n"


def test_a_utf_16_file_is_known_by_its_mark(tmp_path):
    assert read_document(write(tmp_path, "Größe".encode("utf-16"))).text == "Größe"


def test_a_byte_that_is_not_utf_8_is_named(tmp_path):
    path = write(tmp_path, b"fine\nHe said \x93no\x94")
    with pytest.raises(DataError, match=r"a\.txt is not UTF-8: byte 0x93 at offset 13 \(line 2\)"):
        read_document(path)
    assert read_document(path, "windows-1252").text == "fine\nHe said “no”"


def test_a_binary_file_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"binary file \(a NUL byte at offset 2\)"):
        read_document(write(tmp_path, b"ab\0c"))


def test_an_unknown_encoding_is_an_error_of_ours(tmp_path):
    with pytest.raises(ConfigError, match="no encoding named"):
        read_document(write(tmp_path, b"ab"), "utf-9")


def test_a_folder_gives_its_text_files_sorted_and_nothing_else(tmp_path):
    for name in ("b.txt", "a.txt", "c.csv", "sub/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [p.name for p in find_documents([tmp_path])] == ["a.txt", "b.txt", "d.txt"]


@pytest.mark.parametrize("name", ["empty", "absent.txt"])
def test_a_path_without_documents_is_an_error(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=name):
        find_documents([tmp_path / name])
