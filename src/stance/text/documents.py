"""Plain-text documents: found in folders, decoded strictly."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from stance.errors import ConfigError, DataError

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Document:
    """A named text; every offset in this package counts characters of ``text``."""

    name: str
    text: str


def find_documents(paths: Iterable[str | Path]) -> list[Path]:
    """The files that ``paths`` name: files as they are, folders as the ``.txt`` files below them, sorted."""
    found: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            below = sorted(p for p in path.rglob("*.txt") if p.is_file())
            if not below:
                raise DataError(f"{path} holds no .txt file; name a folder of plain-text documents.")
            found += below
        elif path.exists() or str(path) == STDIN:
            found.append(path)
        else:
            raise DataError(f"{path} does not exist; name a .txt file, a folder of them, or - for standard input.")
    return found


def read_document(path: Path, encoding: str = "utf-8") -> Document:
    """Read one document; ``-`` is standard input.

    A byte order mark is taken off and decides the encoding; line ends stay as they are, so that offsets are true to
    the file.

    Raises
    ------
    DataError
        If the file cannot be read, is binary, or is not text in ``encoding`` (the message names the byte).
    ConfigError
        If there is no such encoding.
    """
    if str(path) == STDIN:
        return Document("stdin", decode(sys.stdin.buffer.read(), "standard input", encoding))
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    return Document(path.stem, decode(raw, str(path), encoding))


def decode(raw: bytes, source: str, encoding: str = "utf-8") -> str:
    """Decode strictly, or say which byte of ``source`` is at fault."""
    for mark, marked in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if raw.startswith(mark):
            raw, encoding = raw[len(mark) :], marked
            break
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{source} is not {encoding.upper()}: byte 0x{raw[error.start]:02x} at offset {error.start} (line {line}); "
            "convert the file, or name the encoding that it has (windows-1252?)."
        ) from error
    except LookupError as error:
        raise ConfigError(f"There is no encoding named {encoding!r}; windows-1252 is a common one.") from error
    if "\0" in text:
        raise DataError(f"{source} is a binary file (a NUL byte at offset {text.index(chr(0))}); give plain text.")
    return text
