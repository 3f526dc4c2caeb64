"""Parquet: every column passes through with its type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from stance.bulk.arrow_text import as_json, json_values, spelled
from stance.bulk.delimited import joined
from stance.bulk.rows import Ask, Batch, Place, present_targets
from stance.errors import DataError


@dataclass(frozen=True)
class ParquetRows:
    """Rows of a Parquet file."""

    found: Any

    def table(self) -> Any:
        """As they are."""
        return self.found

    def delimited(self, delimiter: str) -> list[str]:
        """As fields: numbers and dates as Arrow spells them, lists and structs as JSON, null as nothing."""
        columns = [spelled(column) for column in self.found.columns]
        return joined(zip(*columns, strict=True), delimiter) if columns else [""] * self.found.num_rows

    def objects(self) -> list[str]:
        """As JSON objects; what is no number in a float column is null."""
        names = self.found.column_names
        columns = [json_values(column) for column in self.found.columns]
        return [as_json(dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]


@dataclass(frozen=True)
class ParquetSource:
    """A Parquet file."""

    path: Path
    ask: Ask
    file: Any
    line_end: str = "\n"

    @cached_property
    def schema(self) -> Any:
        """Its columns and their types."""
        return self.file.schema_arrow

    @property
    def columns(self) -> tuple[str, ...]:
        """Their names, in order."""
        return tuple(self.schema.names)

    @property
    def total(self) -> int:
        """Its rows."""
        return int(self.file.metadata.num_rows)

    def batches(self, start: Place) -> Iterator[Batch]:
        """Its rows from ``start`` on."""
        place = start
        for table in self._tables(start.offset):
            place = Place(place.rows + table.num_rows, 0, 0, place.offset + table.num_rows)
            yield self._batch(table, place)

    def _tables(self, skipped: int) -> Iterator[Any]:
        """Tables of ``batch_rows`` rows, over the edges of row groups; the last may be shorter."""
        size, held, n_held = self.ask.batch_rows, [], 0
        for piece in self._pieces(skipped):
            held.append(piece)
            n_held += piece.num_rows
            while n_held >= size:
                whole = pa.Table.from_batches(held, self.schema)
                yield whole.slice(0, size)
                held = whole.slice(size).to_batches()
                n_held -= size
        if n_held:
            yield pa.Table.from_batches(held, self.schema)

    def _pieces(self, skipped: int) -> Iterator[Any]:
        """What is in each row group, which is read by itself: Arrow cannot join dictionaries in lists over two."""
        for group in range(self.file.num_row_groups):
            n_rows = self.file.metadata.row_group(group).num_rows
            if skipped >= n_rows:
                skipped -= n_rows
                continue
            for piece in self.file.iter_batches(self.ask.batch_rows, row_groups=[group]):
                if skipped < piece.num_rows:
                    yield piece.slice(skipped)
                skipped = max(0, skipped - piece.num_rows)

    def _batch(self, table: Any, end: Place) -> Batch:
        def where(row: int) -> str:
            return f"{self.path}, row {end.rows - table.num_rows + row + 1}"

        column = self._texts(table[self.ask.text_column])
        present = column.is_valid().to_numpy(zero_copy_only=False)
        name = self.ask.target_column
        targets = present_targets(table[name].to_pylist() if name else None, present, where)
        return Batch(ParquetRows(table), column.drop_null(), present, targets, end, where)

    def _texts(self, column: Any) -> Any:
        """One array of its own, and not a view of a longer one, which would be sent to a worker whole."""
        empty = pa.array([], pa.large_string())
        texts = pa.concat_arrays([*column.cast(pa.large_string()).chunks, empty, empty])
        try:
            texts.validate(full=True)
        except pa.ArrowInvalid as error:
            raise DataError(f"{self.path}: the column {self.ask.text_column!r} is not UTF-8 ({error}).") from error
        return texts


def open_parquet(path: Path, ask: Ask) -> ParquetSource:
    """A Parquet file, of which the schema is read."""
    try:
        source = ParquetSource(path, ask, pq.ParquetFile(path))
    except (OSError, pa.ArrowException) as error:
        raise DataError(
            f"{path} cannot be read as a Parquet file: {str(error).splitlines()[0].rstrip('.')}."
        ) from error
    names = list(source.columns)
    for name in filter(None, (ask.text_column, ask.target_column)):
        if names.count(name) == 1 and not _is_text(source.schema.field(name).type):
            kind = source.schema.field(name).type
            raise DataError(f"{path}, row 1: the column {name!r} is {kind} and no text; name one of texts.")
    return source


def _is_text(kind: Any) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return any(
        is_kind(kind)
        for is_kind in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_null)
    )
