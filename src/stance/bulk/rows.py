"""Batches of rows, whatever kind of file they come from."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stance.errors import DataError

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Place:
    """How far a file has been read: rows, those of them without a text, lines, the offset of what comes next, and rows
    with an empty text.

    The offset is in bytes; in a Parquet file it is in rows.
    """

    rows: int = 0
    missing: int = 0
    lines: int = 0
    offset: int = 0
    empty: int = 0


@dataclass(frozen=True)
class Ask:
    """What a source is asked for."""

    text_column: str
    target_column: str | None
    new_columns: tuple[str, ...]
    batch_rows: int
    encoding: str


class Rows(Protocol):
    """The rows of a batch with all that the input says of them, in each form that an output may want."""

    def table(self) -> Any:
        """As an Arrow table."""

    def delimited(self, delimiter: str) -> Sequence[str]:
        """Each row as the text of its fields, without the line end."""

    def objects(self) -> Sequence[str]:
        """Each row as the text of a JSON object."""


@dataclass(frozen=True)
class Batch:
    """Rows that are scored at once: their texts as an Arrow array without nulls, and which rows have one."""

    rows: Rows
    texts: Any
    present: NDArray[np.bool_]
    targets: tuple[str, ...] | None
    end: Place
    where: Callable[[int], str]


class Source(Protocol):
    """A file of rows that is read in batches, from its start or from a place where a batch ended."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Their names, in order."""

    @property
    def schema(self) -> Any:
        """Their Arrow types."""

    @property
    def line_end(self) -> str:
        """What ends a line of it."""

    @property
    def total(self) -> int:
        """The offset at which it ends."""

    def batches(self, start: Place) -> Iterator[Batch]:
        """Its rows from ``start`` on."""


def chunked(records: Iterator[Record], size: int) -> Iterator[list[Record]]:
    """Records in lists of ``size``, the last of which may be shorter.

    Python's collector of cycles rests while one is read: it would look through all of the rows again and again, which
    takes a third of the time, and rows have no cycles.
    """
    while True:
        collects = gc.isenabled()
        gc.disable()
        try:
            chunk = list(islice(records, size))
        finally:
            if collects:
                gc.enable()
        if not chunk:
            return
        yield chunk


def text_array(texts: Sequence[str]) -> Any:
    """Texts as an Arrow array; half a surrogate pair, which UTF-8 cannot hold, is scored as U+FFFD."""
    try:
        return pa.array(texts, pa.large_string())
    except UnicodeEncodeError:
        return pa.array([_whole(text) for text in texts], pa.large_string())


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def present_targets(
    targets: Sequence[Any] | None, present: NDArray[np.bool_], where: Callable[[int], str]
) -> tuple[str, ...] | None:
    """The targets of the rows that have a text."""
    if targets is None:
        return None
    at = np.flatnonzero(present).tolist()
    for row in at:
        if not isinstance(targets[row], str):
            raise DataError(f"{where(row)}: a text without a target; say in each row what the stance is towards.")
    return tuple(targets[row] for row in at)
