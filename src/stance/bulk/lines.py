"""Lines of a file with the offset of the next, so that a job can go on where it stopped."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from stance.bulk.rows import Place
from stance.errors import ConfigError, DataError

_BOM = "\ufeff"


class Lines:
    """The decoded lines of a file, line ends and all, from a place on; ``offset`` and ``number`` count those given."""

    def __init__(self, path: Path, encoding: str, start: Place) -> None:
        self.offset, self.number = start.offset, start.lines
        self._path, self._encoding = path, _ascii_like(encoding)
        self._taken: list[str] = []
        self._file = path.open("rb")
        self._file.seek(start.offset)

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[str]:
        for raw in self._file:
            try:
                line = raw.decode(self._encoding)
            except UnicodeDecodeError as error:
                raise self._undecodable(raw, error) from error
            if not self.offset:
                line = line.removeprefix(_BOM)
            self.offset += len(raw)
            self.number += 1
            self._taken.append(line)
            yield line

    def take(self) -> str:
        """What was given since this was called last, as one text."""
        taken = "".join(self._taken)
        self._taken.clear()
        return taken

    def _undecodable(self, raw: bytes, error: UnicodeDecodeError) -> DataError:
        if not self.offset and raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return DataError(f"{self._path} is UTF-16; save it as UTF-8.")
        return DataError(
            f"{self._path}, line {self.number + 1} is not {self._encoding.upper()}: byte 0x{raw[error.start]:02x} "
            f"at offset {self.offset + error.start}; name the encoding that it has (--encoding windows-1252?)."
        )


def _ascii_like(encoding: str) -> str:
    """The encoding's name; one whose line ends are not the byte 0x0a could not be divided into lines."""
    try:
        found = codecs.lookup(encoding).name
        divides = "\n".encode(found) == b"\n" or found == "utf-8-sig"
    except (LookupError, UnicodeError) as error:
        raise ConfigError(f"There is no encoding named {encoding!r}; windows-1252 is a common one.") from error
    if not divides:
        raise ConfigError(f"A table in {encoding} cannot be read line by line; save it as UTF-8.")
    return found.removesuffix("-sig")


def without_end(line: str) -> str:
    """A line without the one line end that it has, or has not."""
    return line.removesuffix("\n").removesuffix("\r")
