"""Parts of an output, and the output put together from them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from stance.bulk.delimited import DELIMITERS, joined
from stance.bulk.job import Job
from stance.bulk.rows import Batch, Source
from stance.bulk.scoring import Answers
from stance.errors import DataError


class Writer(Protocol):
    """Writes one kind of file."""

    def write(self, path: Path, batch: Batch, answers: Answers) -> None:
        """Write the rows of a batch, with their answers, as a part."""

    def join(self, path: Path, parts: Iterable[Path]) -> None:
        """Write the parts as one file; one of them is in memory at a time."""


@dataclass(frozen=True)
class DelimitedWriter:
    """CSV or TSV; parts have no header."""

    delimiter: str
    line_end: str
    header: str

    def write(self, path: Path, batch: Batch, answers: Answers) -> None:
        """The row's own fields, and the answers after them."""
        blank = self.delimiter * (len(answers.columns) - 1)
        spelled = {label: joined([[label]], self.delimiter)[0] for label in answers.names}
        own = batch.rows.delimited(self.delimiter)
        with path.open("w", encoding="utf-8", newline="") as file:
            for number, (fields, row) in enumerate(zip(own, answers.rows(), strict=True)):
                new = self.delimiter.join([spelled[row[0]], *map(repr, row[1:])]) if row else blank
                try:
                    file.write(f"{fields}{self.delimiter}{new}{self.line_end}")
                except UnicodeEncodeError as error:
                    raise DataError(
                        f"{batch.where(number)}: half of a surrogate pair; write .jsonl instead."
                    ) from error

    def join(self, path: Path, parts: Iterable[Path]) -> None:
        """A header, and what the parts have."""
        with path.open("wb") as file:
            file.write(f"{self.header}{self.line_end}".encode())
            _append(file, parts)


@dataclass(frozen=True)
class JsonWriter:
    """JSONL."""

    def write(self, path: Path, batch: Batch, answers: Answers) -> None:
        """The row's own object, with the answers spliced in before its closing brace."""
        names = (json.dumps(name, ensure_ascii=False).replace("%", "%%") for name in answers.columns)
        members = ", ".join(f"{name}: %s" for name in names)
        nothing = members % (("null",) * len(answers.columns))
        spelled = {label: json.dumps(label, ensure_ascii=False) for label in answers.names}
        with path.open("w", encoding="utf-8", newline="") as file:
            for own, row in zip(batch.rows.objects(), answers.rows(), strict=True):
                new = members % (spelled[row[0]], *map(repr, row[1:])) if row else nothing
                start = own[:-1].rstrip()
                file.write(f"{start}{'' if start == '{' else ', '}{new}}}\n")

    def join(self, path: Path, parts: Iterable[Path]) -> None:
        """What the parts have."""
        with path.open("wb") as file:
            _append(file, parts)


@dataclass(frozen=True)
class ParquetWriter:
    """Parquet, one row group a part; the schema is asked for when it is needed."""

    schema: Callable[[], Any]

    def write(self, path: Path, batch: Batch, answers: Answers) -> None:
        """The row's own columns, and the answers after them."""
        table, schema = batch.rows.table(), self.schema()
        arrays = [*table.columns, *answers.table().columns]
        whole = pa.Table.from_arrays(arrays, schema=schema)
        pq.write_table(whole, path, row_group_size=max(1, whole.num_rows))

    def join(self, path: Path, parts: Iterable[Path]) -> None:
        """A row group for each."""
        schema = self.schema()
        with pq.ParquetWriter(path, schema) as writer:
            for part in parts:
                table = pq.ParquetFile(part).read()
                writer.write_table(table, row_group_size=max(1, table.num_rows))


def writer_for(job: Job, source: Source, new_columns: tuple[str, ...]) -> Writer:
    """The writer of a job's output."""
    ending = job.output.suffix
    if ending in DELIMITERS:
        (header,) = joined([[*source.columns, *new_columns]], DELIMITERS[ending])
        return DelimitedWriter(DELIMITERS[ending], source.line_end, header)
    if ending == ".jsonl":
        return JsonWriter()
    return ParquetWriter(lambda: _with_answers(source.schema, new_columns))


def _with_answers(schema: Any, new_columns: tuple[str, ...]) -> Any:
    label, *numbers = new_columns
    new = [pa.field(label, pa.string()), *(pa.field(name, pa.float64()) for name in numbers)]
    return pa.schema([*schema, *new], schema.metadata)


def _append(file: Any, parts: Iterable[Path]) -> None:
    for part in parts:
        with part.open("rb") as read:
            shutil.copyfileobj(read, file, 1 << 20)
