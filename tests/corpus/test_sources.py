from pathlib import Path

import pytest
import yaml
from tests.conftest import CHECKOUT

from stance.corpus.sources import read_sources
from stance.errors import DataError

GOOD = {
    "title": "Talks",
    "licence": "CC0",
    "citation": "Hale, Talks.",
    "base": "https://example.org/talks/",
    "documents": {"day 1.txt": {"bytes": 12, "sha256": "ab" * 32}},
}


def write(folder: Path, **changes: object) -> Path:
    path = folder / "sources.yaml"
    path.write_text(yaml.safe_dump(GOOD | changes))
    return path


def test_each_document_has_its_address_and_digest(tmp_path: Path) -> None:
    (document,) = read_sources(write(tmp_path)).documents
    assert document.url == "https://example.org/talks/day%201.txt"
    assert (document.name, document.size, document.sha256) == ("day 1.txt", 12, "ab" * 32)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"licence": ""}, "no 'licence'"),
        ({"documents": {}}, "no 'documents'"),
        ({"documents": ["a.txt"]}, "must map each file"),
        ({"documents": {"../a.txt": {"bytes": 1, "sha256": "ab" * 32}}}, "is no name"),
        ({"documents": {".a.txt": {"bytes": 1, "sha256": "ab" * 32}}}, "is no name"),
        ({"documents": {"a.txt": {"bytes": 1, "sha256": "ab"}}}, "64 hexadecimal"),
        ({"documents": {"a.txt": {"sha256": "ab" * 32}}}, "size in bytes"),
        ({"documents": {"a.txt": 7}}, "64 hexadecimal"),
        ({"base": "file:///etc/"}, "begins with https"),
        ({"base": "https://example.org/talks"}, "ends in /"),
    ],
)
def test_a_mistake_is_one_sentence_that_names_it(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_sources(write(tmp_path, **changes))


@pytest.mark.parametrize("text", ["[1, 2]", "a: [", "7"])
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(text)
    with pytest.raises(DataError, match=r"sources.yaml"):
        read_sources(path)


@pytest.mark.parametrize("path", sorted(CHECKOUT.glob("data/*/sources.yaml")), ids=lambda path: path.parent.name)
def test_the_addresses_that_ship_are_pinned_to_a_commit(path: Path) -> None:
    for source in read_sources(path).documents:
        commit = source.url.split("/")[5]
        assert len(commit) == 40
        assert set(commit) <= set("0123456789abcdef")
