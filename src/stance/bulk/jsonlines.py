"""JSONL: an object a line, whose own spelling is kept where the output is JSONL, too."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from stance.bulk.delimited import joined
from stance.bulk.json_types import MISFITS, converted, first_misfit
from stance.bulk.lines import Lines
from stance.bulk.rows import Ask, Batch, Place, chunked, present_targets, text_array
from stance.errors import ConfigError, DataError

Record = tuple[int, str, dict[str, Any]]
"""Line, spelling and what it says."""


@dataclass(frozen=True)
class JsonRows:
    """Rows of a JSONL file; as a table they have the columns of the file's first batch."""

    source: JsonSource
    records: list[Record]
    where: Callable[[int], str]

    def table(self) -> Any:
        """As an Arrow table with the types of the first batch."""
        schema = self.source.schema
        rows = self._checked()
        return pa.table([self._column(rows, field) for field in schema], schema=schema)

    def delimited(self, delimiter: str) -> list[str]:
        """As fields: what is no text is spelled as JSON, null as nothing."""
        names = self.source.columns
        return joined(([_plain(row.get(name)) for name in names] for row in self._checked()), delimiter)

    def objects(self) -> list[str]:
        """As they stand in the input."""
        return [spelling for _, spelling, _ in self.records]

    def _checked(self) -> list[dict[str, Any]]:
        known = set(self.source.columns)
        for row, (_, _, found) in enumerate(self.records):
            if not known >= found.keys():
                new = next(name for name in found if name not in known)
                raise DataError(
                    f"{self.where(row)} has {new!r}, which the first {self.source.ask.batch_rows:,} rows have not; "
                    "write .jsonl instead, or read more rows at once (--batch-rows)."
                )
        return [found for _, _, found in self.records]

    def _column(self, rows: list[dict[str, Any]], field: Any) -> Any:
        values = [row.get(field.name) for row in rows]

        def convert(some: Sequence[Any]) -> Any:
            return converted(some, field.type)

        try:
            return convert(values)
        except MISFITS as error:
            row = first_misfit(values, convert)
            raise DataError(
                f"{self.where(row)}: {field.name!r} is no {field.type}, as the rows before it are; "
                "write .jsonl instead."
            ) from error


@dataclass(frozen=True)
class JsonSource:
    """A JSONL file."""

    path: Path
    ask: Ask
    line_end: str = "\n"

    @property
    def total(self) -> int:
        """Its bytes."""
        return self.path.stat().st_size

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names that occur in its first batch, in their order."""
        return tuple(dict.fromkeys(name for _, _, found in self._first for name in found))

    @cached_property
    def schema(self) -> Any:
        """The types of its first batch."""
        return pa.schema([(name, self._type(name)) for name in self.columns])

    def batches(self, start: Place) -> Iterator[Batch]:
        """Its rows from ``start`` on."""
        place = start
        with Lines(self.path, self.ask.encoding, start) as lines:
            records = self._records(lines)
            for chunk in chunked(records, self.ask.batch_rows):
                place = Place(place.rows + len(chunk), 0, lines.number, lines.offset)
                yield self._batch(chunk, place)

    @cached_property
    def _first(self) -> list[Record]:
        with Lines(self.path, self.ask.encoding, Place()) as lines:
            return list(islice(self._records(lines), self.ask.batch_rows))

    def _type(self, name: str) -> Any:
        values = [found.get(name) for _, _, found in self._first]
        try:
            return pa.array(values).type
        except MISFITS as error:
            line = self._first[first_misfit(values, pa.array)][0]
            raise DataError(
                f"{self.path}, line {line}: {name!r} is of another type than in the rows before; write .jsonl instead."
            ) from error

    def _records(self, lines: Lines) -> Iterator[Record]:
        new = frozenset(self.ask.new_columns)
        for line in lines:
            lines.take()
            spelling = line.strip(" \t\r\n")
            if not spelling:
                continue
            found = self._parsed(spelling, lines.number)
            if not new.isdisjoint(found):
                name = min(new & found.keys())
                raise ConfigError(
                    f"{self.path}, line {lines.number} has {name!r} already; name the new columns otherwise (--prefix)."
                )
            yield lines.number, spelling, found

    def _parsed(self, spelling: str, line: int) -> dict[str, Any]:
        try:
            found = json.loads(spelling)
        except (ValueError, RecursionError) as error:
            raise DataError(f"{self.path}, line {line}: not JSON ({error}).") from error
        if not isinstance(found, dict):
            raise DataError(f"{self.path}, line {line}: a JSON object is expected, one a line.")
        return found

    def _batch(self, records: list[Record], end: Place) -> Batch:
        def where(row: int) -> str:
            return f"{self.path}, line {records[row][0]}"

        texts = [found.get(self.ask.text_column) for _, _, found in records]
        for row, text in enumerate(texts):
            if text is not None and not isinstance(text, str):
                raise DataError(
                    f"{where(row)}: {self.ask.text_column!r} is no text but {json.dumps(text)[:40]}; make it a string."
                )
        present = np.array([text is not None for text in texts], dtype=np.bool_)
        name = self.ask.target_column
        targets = present_targets((name and [found.get(name) for _, _, found in records]) or None, present, where)
        kept = text_array([text for text in texts if text is not None])
        return Batch(JsonRows(self, records, where), kept, present, targets, end, where)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
