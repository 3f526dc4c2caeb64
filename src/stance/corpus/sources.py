"""Where the documents of a corpus come from: ``sources.yaml``, with addresses, digests, licence and citation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from stance.errors import DataError
from stance.text.documents import decode

_NAME = re.compile(r"[^\W_][\w .-]*\.txt")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Source:
    """One document: its file name, where it is published, and the sha256 and the size in bytes that it must have."""

    name: str
    url: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Sources:
    """The documents of a corpus, on what terms they may be used, and how they are cited."""

    title: str
    licence: str
    citation: str
    documents: tuple[Source, ...]


def read_sources(path: Path) -> Sources:
    """Read a ``sources.yaml``: title, licence, citation, base (an address) and documents (file: sha256 and bytes).

    Raises
    ------
    DataError
        If the file cannot be read, lacks one of these, or has a name, address or digest that is none.
    """
    import yaml

    try:
        found = yaml.safe_load(decode(path.read_bytes(), str(path)))
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    except yaml.YAMLError as error:
        raise DataError(f"{path} is no YAML: {' '.join(str(error).split())}.") from error
    if not isinstance(found, dict):
        raise DataError(f"{path} must have title, licence, citation, base and documents.")
    for key in ("title", "licence", "citation", "base", "documents"):
        if not found.get(key):
            raise DataError(f"{path} has no {key!r}; it must have title, licence, citation, base and documents.")
    if not isinstance(found["documents"], dict):
        raise DataError(f"{path}: documents must map each file to its sha256 and bytes.")
    documents = tuple(_source(path, str(found["base"]), str(k), v) for k, v in found["documents"].items())
    title, licence, citation = (" ".join(str(found[key]).split()) for key in ("title", "licence", "citation"))
    return Sources(title, licence, citation, documents)


def _source(path: Path, base: str, name: str, facts: Any) -> Source:
    if not _NAME.fullmatch(name):
        raise DataError(f"{path}: {name!r} is no name for a document; write it like speech.txt, without a folder.")
    if urlsplit(base).scheme not in ("https", "http") or not base.endswith("/"):
        raise DataError(f"{path}: base must be an address that begins with https:// and ends in /, and not {base!r}.")
    if not isinstance(facts, Mapping) or not _SHA256.fullmatch(str(facts.get("sha256"))):
        raise DataError(f"{path}: {name} needs a sha256 of 64 hexadecimal digits.")
    size = facts.get("bytes")
    if not isinstance(size, int) or size < 1:
        raise DataError(f"{path}: {name} needs its size in bytes.")
    return Source(name, base + quote(name), str(facts["sha256"]), size)
