"""Labelled tables: CSV, TSV, JSONL, Parquet and `datasets` folders read into a corpus."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from stance.corpus.corpus import Corpus
from stance.errors import ConfigError, DataError
from stance.text.documents import decode

Columns = dict[str, list[Any]]

DEFAULT_GROUP = "document"


def read_table(
    path: str | Path,
    text: str = "text",
    label: str = "label",
    group: str | None = None,
    target: str | None = None,
    split: str | None = None,
    labels: Sequence[str] | None = None,
    label_names: Mapping[Any, str | None] | None = None,
    neutral: str | None = None,
    name: str | None = None,
    encoding: str = "utf-8",
) -> Corpus:
    """Read a labelled table.

    Parameters
    ----------
    path : a .csv, .tsv, .jsonl or .parquet file, or a folder saved by ``datasets``
    text, label : the columns that hold the sentence and its label
    group : the column that a split keeps together; by default ``document`` if there is one, else each row by itself
    target, split : the columns that hold the stance's target and the official part of the data, if any
    labels : the label set in its order; by default the column's ``ClassLabel`` names, else the labels found, sorted
    label_names : the names of the labels as the column has them; a row whose label is mapped to none is left out
    neutral : the label that takes no side
    name : what reports call the corpus; by default the file's name

    Raises
    ------
    DataError
        If the file cannot be read, a column is missing, or a row has no text or an unknown label.
    """
    path = Path(path)
    columns, class_names = _read_columns(path, label, encoding)
    for column in filter(None, (text, label, group, target, split)):
        if column not in columns:
            there = ", ".join(columns)
            raise DataError(
                f"{path} has no column {column!r}; it has {there}: say which one in corpus.text, corpus.label, …."
            )
    names = _label_names(label_names)
    y = [_label(path, row, value, names) for row, value in enumerate(columns[label], 1)]
    kept = [i for i, value in enumerate(y) if value is not None]
    known = tuple(labels or class_names or sorted({y[i] for i in kept if y[i] is not None}))  # type: ignore[type-var]
    for i in kept:
        if y[i] not in known:
            raise DataError(
                f"{path}, row {i + 1}: unknown label {y[i]!r}; the labels are {', '.join(map(str, known))}."
            )
    if neutral is not None and neutral not in known:
        raise ConfigError(f"corpus.neutral is {neutral!r}, which is none of the labels {', '.join(map(str, known))}.")
    if group is None and DEFAULT_GROUP in columns:
        group = DEFAULT_GROUP
    texts = [_text(path, i + 1, columns[text][i]) for i in kept]
    corpus = Corpus(
        name=name or path.stem,
        texts=tuple(texts),
        y=np.array([y[i] for i in kept], dtype=np.str_),
        labels=tuple(map(str, known)),
        groups=np.array([str(columns[group][i]) if group else str(i) for i in kept], dtype=np.str_),
        targets=_strings(columns[target], kept) if target else None,
        split=_strings(columns[split], kept) if split else None,
        neutral=neutral,
    )
    _check_ids(path, columns)
    return corpus


def _strings(column: list[Any], rows: list[int]) -> Any:
    return np.array([str(column[i]) for i in rows], dtype=np.str_)


def _text(path: Path, row: int, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise DataError(f"{path}, row {row}: there is no text; fill it or drop the row.")
    return value


def _label_names(names: Mapping[Any, str | None] | None) -> dict[str, str | None] | None:
    return None if names is None else {str(key): value for key, value in names.items()}


def _label(path: Path, row: int, value: Any, names: dict[str, str | None] | None) -> str | None:
    if value is None or value == "":
        raise DataError(f"{path}, row {row}: there is no label; fill it or drop the row.")
    if names is None:
        return str(value)
    if str(value) not in names:
        raise DataError(f"{path}, row {row}: unknown label {str(value)!r}; corpus.label_names has {', '.join(names)}.")
    return names[str(value)]


def _check_ids(path: Path, columns: Columns) -> None:
    seen: dict[Any, int] = {}
    for row, identity in enumerate(columns.get("id", ()), 1):
        if seen.setdefault(identity, row) != row:
            raise DataError(
                f"{path}, row {row}: the id {identity!r} stands in row {seen[identity]} already; ids must be unique."
            )


def _read_columns(path: Path, label: str, encoding: str) -> tuple[Columns, Sequence[str] | None]:
    """The table's columns, and the names of the label column if it is a ``ClassLabel``."""
    if not path.exists():
        hint = "; run stance label first" if path.name == "sentences.parquet" else ""
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
    reader = csv.reader(text.splitlines(keepends=True), delimiter="\t" if path.suffix == ".tsv" else ",", strict=True)
    columns: Columns = {}
    try:
        header = next(reader, [])
        columns = {name: [] for name in header}
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
        raise DataError(f"{path} cannot be read as {kind}: {str(error).splitlines()[0]}.") from error
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
            found.setdefault("split", [part] * dataset.num_rows)
        for name, values in found.items():
            columns.setdefault(name, []).extend(values)
    return columns, names
