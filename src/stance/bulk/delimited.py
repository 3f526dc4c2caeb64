"""CSV and TSV: every field is text, and a row's own spelling is kept wherever the output is of the same kind."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from stance.bulk.lines import Lines, without_end
from stance.bulk.rows import Ask, Batch, Place, chunked, present_targets, text_array
from stance.errors import DataError

DELIMITERS = {".csv": ",", ".tsv": "\t"}
_LONGEST_FIELD = 1 << 26
"""Characters; a quotation mark that is never closed would otherwise take the whole file into memory."""

Record = tuple[int, str, list[str]]
"""Line, spelling and fields."""


class _Echo:
    """Gives a csv writer's text back."""

    def write(self, text: str) -> str:
        return text


def joined(rows: Iterable[Sequence[object]], delimiter: str) -> list[str]:
    """Rows of fields as CSV, each without a line end."""
    writer = csv.writer(_Echo(), delimiter=delimiter, lineterminator="")
    return [str(writer.writerow(row)) for row in rows]


@dataclass(frozen=True)
class DelimitedRows:
    """Rows of a CSV or TSV."""

    columns: tuple[str, ...]
    delimiter: str
    records: list[Record]

    def table(self) -> Any:
        """As an Arrow table of strings."""
        fields = list(zip(*(fields for _, _, fields in self.records), strict=True))
        return pa.table([pa.array(column, pa.string()) for column in fields], names=list(self.columns))

    def delimited(self, delimiter: str) -> list[str]:
        """As they stand in the input, or with another delimiter."""
        if delimiter == self.delimiter:
            return [without_end(spelling) for _, spelling, _ in self.records]
        return joined((fields for _, _, fields in self.records), delimiter)

    def objects(self) -> list[str]:
        """As JSON objects of strings."""
        return [
            json.dumps(dict(zip(self.columns, fields, strict=True)), ensure_ascii=False)
            for _, _, fields in self.records
        ]


@dataclass(frozen=True)
class DelimitedSource:
    """A CSV or TSV file with a header."""

    path: Path
    ask: Ask
    columns: tuple[str, ...]
    line_end: str
    head: Place

    @property
    def total(self) -> int:
        """Its bytes."""
        return self.path.stat().st_size

    @property
    def schema(self) -> Any:
        """Strings, all of them."""
        return pa.schema([(name, pa.string()) for name in self.columns])

    @cached_property
    def _delimiter(self) -> str:
        return DELIMITERS[self.path.suffix]

    def batches(self, start: Place) -> Iterator[Batch]:
        """Its rows from ``start`` on."""
        place = start if start.rows else self.head
        with Lines(self.path, self.ask.encoding, place) as lines:
            records = self._checked(_records(self.path, lines, self._delimiter))
            for chunk in chunked(records, self.ask.batch_rows):
                place = Place(place.rows + len(chunk), 0, lines.number, lines.offset)
                yield self._batch(chunk, place)

    def _checked(self, records: Iterator[Record]) -> Iterator[Record]:
        for line, spelling, fields in records:
            if len(fields) != len(self.columns):
                raise DataError(
                    f"{self.path}, line {line}: {len(fields)} fields where the header has {len(self.columns)}."
                )
            yield line, spelling, fields

    def _batch(self, records: list[Record], end: Place) -> Batch:
        def where(row: int) -> str:
            return f"{self.path}, line {records[row][0]}"

        present = np.ones(len(records), dtype=np.bool_)
        texts = text_array(self._column(records, self.ask.text_column))
        targets = self.ask.target_column and self._column(records, self.ask.target_column)
        rows = DelimitedRows(self.columns, self._delimiter, records)
        return Batch(rows, texts, present, present_targets(targets or None, present, where), end, where)

    def _column(self, records: list[Record], name: str) -> list[str]:
        at = self.columns.index(name)
        return [fields[at] for _, _, fields in records]


def open_delimited(path: Path, ask: Ask) -> DelimitedSource:
    """A CSV or TSV file, of which the header is read."""
    with Lines(path, ask.encoding, Place()) as lines:
        first = next(_records(path, lines, DELIMITERS[path.suffix]), None)
        head = Place(0, 0, lines.number, lines.offset)
    if first is None:
        raise DataError(f"{path} is empty; its first line has to name the columns.")
    _, spelling, columns = first
    if len(columns) == 1 and ";" in columns[0]:
        raise DataError(f"{path} is separated by semicolons; save it with commas, or with tabs as .tsv.")
    return DelimitedSource(path, ask, tuple(columns), "\r\n" if spelling.endswith("\r\n") else "\n", head)


def _records(path: Path, lines: Lines, delimiter: str) -> Iterator[Record]:
    """Every row that is not blank."""
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = lines.number + 1
    try:
        for fields in reader:
            spelling = lines.take()
            if fields:
                yield line, spelling, fields
            line = lines.number + 1
    except csv.Error as error:
        if "new-line character" in str(error):
            raise DataError(f"{path} has line ends of CR alone; save it with line feeds.") from error
        raise DataError(
            f"{path}, line {line}: {error}; a quotation mark may be unclosed, or should stand twice."
        ) from error
