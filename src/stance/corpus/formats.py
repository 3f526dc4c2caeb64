"""Files of rows: CSV, TSV, JSONL, Parquet and `datasets` folders, read into columns."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stance.errors import DataError
from stance.text.documents import decode

Columns = dict[str, list[Any]]

PART = "split"
"""The column that says which part of a ``DatasetDict`` a row comes from."""


def read_columns(path: Path, label: str, encoding: str) -> tuple[Columns, Sequence[str] | None]:
    """The table's columns, and the names of the label column if it is a ``ClassLabel``."""
    if not path.exists():
        labelled = path.name == "sentences.parquet"
        hint = f"; run `stance label documents=seeds/{path.parent.name}` first" if labelled else ""
        raise DataError(f"{path} does not exist{hint}.")
    if path.is_dir() or path.suffix == ".parquet":
        return _read_dataset(path, label)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    readers = {".csv": _read_csv, ".tsv": _read_csv, ".jsonl": _read_jsonl}
    if path.suffix not in readers:
        raise DataError(
            f"{path} is of no kind that can be read; give .csv, .tsv, .jsonl, .parquet or a datasets folder."
        )
    columns = readers[path.suffix](path, decode(raw, str(path), encoding))
    if not columns or not next(iter(columns.values())):
        raise DataError(f"{path} has no rows.")
    return columns, None


def _read_csv(path: Path, text: str) -> Columns:
    csv.field_size_limit(sys.maxsize)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if path.suffix == ".tsv" else ",", strict=True)
    columns: Columns = {}
    try:
        header = next(reader, [])
        columns = {name: [] for name in header}
        if len(header) == 1 and ";" in header[0]:
            raise DataError(f"{path} is separated by semicolons; save it with commas, or with tabs as .tsv.")
        if len(columns) < len(header):
            raise DataError(f"{path} names a column twice: {', '.join(header)}.")
        for row in filter(None, reader):
            if len(row) != len(header):
                raise DataError(
                    f"{path}, line {reader.line_num}: {len(row)} fields where the header has {len(header)}."
                )
            for name, value in zip(header, row, strict=True):
                columns[name].append(value)
    except csv.Error as error:
        raise DataError(f"{path}, line {reader.line_num}: {error}.") from error
    return columns


def _read_jsonl(path: Path, text: str) -> Columns:
    rows = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                rows.append(json.loads(line))
            except ValueError as error:
                raise DataError(f"{path}, line {number}: not JSON ({error}).") from error
            if not isinstance(rows[-1], dict):
                raise DataError(f"{path}, line {number}: a JSON object is expected, one a line.")
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def _read_dataset(path: Path, label: str) -> tuple[Columns, Sequence[str] | None]:
    import datasets
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        if path.is_dir():
            loaded = datasets.load_from_disk(str(path))
            parts = loaded if isinstance(loaded, datasets.DatasetDict) else {"": loaded}
        else:
            parts = {"": datasets.Dataset(pq.read_table(path))}
    except (OSError, pa.ArrowException, ValueError) as error:
        kind = "a folder saved by datasets" if path.is_dir() else "a Parquet file"
        raise DataError(f"{path} cannot be read as {kind}: {str(error).splitlines()[0].rstrip('.')}.") from error
    columns: Columns = {}
    names: Sequence[str] | None = None
    for part, dataset in parts.items():
        if not dataset.num_rows:
            raise DataError(f"{path} has no rows.")
        feature = dataset.features.get(label)
        found = dict(dataset.to_dict())
        if isinstance(feature, datasets.ClassLabel):
            names = feature.names
            found[label] = [feature.int2str(i) if i is not None and i >= 0 else None for i in found[label]]
        if len(parts) > 1:
            found.setdefault(PART, [part] * dataset.num_rows)
        if columns and found.keys() != columns.keys():
            odd = min(found.keys() ^ columns.keys())
            raise DataError(f"{path}: the column {odd!r} is not in every part of it; give all parts the same columns.")
        for name, values in found.items():
            columns.setdefault(name, []).extend(values)
    return columns, names
