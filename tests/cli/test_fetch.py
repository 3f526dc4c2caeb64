import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Outcome

TEXT = b"The inspectors met the committee.\n"


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    (tmp_path / "data" / "talks").mkdir(parents=True)
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "day.txt").write_bytes(TEXT)
    (tmp_path / "data" / "talks" / "sources.yaml").write_text(
        "title: The talks\nlicence: CC0\ncitation: Hale, Talks.\nbase: http://127.0.0.1:9/\ndocuments:\n"
        f"  day.txt: {{bytes: {len(TEXT)}, sha256: {hashlib.sha256(TEXT).hexdigest()}}}\n"
    )
    return tmp_path


def test_documents_are_brought_with_their_terms(folders: Path, stance: Callable[..., Outcome]) -> None:
    ran = stance("fetch", "talks", "--from", "copy")
    assert ran.code == 0
    assert "1 brought, 0 there already" in ran.out
    assert "CC0" in ran.out
    assert "Hale, Talks." in ran.out
    assert (folders / "seeds/talks/day.txt").read_bytes() == TEXT
    assert "0 brought, 1 there already" in stance("fetch", "talks").out


def test_without_a_name_the_corpora_are_listed(folders: Path, stance: Callable[..., Outcome]) -> None:
    assert stance("fetch").out.split() == ["talks", "The", "talks", "(0", "of", "1", "documents", "in", "seeds/talks)"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("walks",), "data/walks/sources.yaml does not exist; data says where to get talks."),
        (("talks", "--from", "nowhere"), "nowhere is no folder"),
        (("talks", "--from", "."), "day.txt does not exist"),
        (("--data", "copy"), "copy has no folder with a sources.yaml"),
    ],
)
def test_a_wrong_name_is_one_sentence(
    folders: Path, stance: Callable[..., Outcome], arguments: tuple[str, ...], message: str
) -> None:
    ran = stance("fetch", *arguments)
    assert ran.code == 3
    assert message in ran.err
    assert ran.err.count("\n") == 1
