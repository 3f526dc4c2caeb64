"""Labelled tables: a file of rows with a text and a label column, read into a corpus."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.corpus.corpus import TEST, Corpus
from stance.corpus.formats import PART, Columns, read_columns
from stance.errors import ConfigError, DataError

log = logging.getLogger(__name__)

_DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_LESS_THAN_A_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2})?")
_LENGTH_OF_DAY = len("2002-09-20")

DEFAULT_GROUP = "document"
DEFAULT_SPEAKER = "speaker"
DEFAULT_DATE = "date"
ID = "id"
READINGS = ("label_1", "label_2")
FACTS = ("mode", "country", "register", "source")
"""The columns that slice a report unless others are named."""


def read_table(
    path: str | Path,
    text: str = "text",
    label: str = "label",
    group: str | None = None,
    target: str | None = None,
    split: str | None = None,
    speaker: str | None = None,
    date: str | None = None,
    labels: Sequence[str] | None = None,
    label_names: Mapping[Any, str | None] | None = None,
    neutral: str | None = None,
    weak: float = 0.0,
    facts: Sequence[str] | None = None,
    name: str | None = None,
    encoding: str = "utf-8",
) -> Corpus:
    """Read a labelled table.

    Parameters
    ----------
    path : a .csv, .tsv, .jsonl or .parquet file, or a folder saved by ``datasets``
    text, label : the columns that hold the sentence and its label
    group : the column that a split keeps together; by default ``document`` if there is one, else each row by itself
    target : the column that holds the stance's target, if there are several
    split : the column whose rows saying "test" are the test set; by default the parts of a ``DatasetDict`` with one
    speaker : the column that holds who speaks, whose names can be hidden from training; by default ``speaker`` if there
        is one
    date : the column that holds the day of each sentence as 2002-09-20, by which splits in time divide; by default
        ``date`` if there is one
    labels : the label set in its order; by default the column's ``ClassLabel`` names, else the labels found, sorted
    label_names : the names of the labels as the column has them; a row whose label is mapped to none is left out
    neutral : the label that takes no side
    weak : what a sentence with a weak label counts in training beside one with gold, times the label's confidence; of a
        table with both, weak ones are left out if this is 0, and never tested on
    facts : the columns by which a report slices its figures; by default those of mode, country, register
        and source that there are
    name : what reports call the corpus; by default the file's name

    Raises
    ------
    DataError
        If the file cannot be read, a column is missing, or a row has no text or an unknown label.
    """
    path = Path(path)
    columns, class_names = read_columns(path, label, encoding)
    _check_columns(
        path, columns, [name for name in (text, label, group, target, split, speaker, date, *(facts or ())) if name]
    )
    if not 0 <= weak <= 1:
        raise ConfigError(f"corpus.weak is {weak}; give a number from 0, which leaves weak labels out, to 1.")
    names = None if label_names is None else {str(key): value for key, value in label_names.items()}
    y = _labels(path, columns[label], names)
    is_weak = _weak_rows(path, columns)
    kept = [i for i, value in enumerate(y) if value is not None and (weak or not is_weak[i])]
    if labels is None:
        labels = _class_labels(class_names, names) or sorted({y[i] for i in kept})
    known = tuple(map(str, labels))
    neutral = None if neutral is None else str(neutral)
    _check_labels(path, y, known, neutral)
    if group is None and DEFAULT_GROUP in columns:
        group = DEFAULT_GROUP
    if speaker is None and DEFAULT_SPEAKER in columns:
        speaker = DEFAULT_SPEAKER
    strict = date is not None
    if date is None and DEFAULT_DATE in columns:
        date = DEFAULT_DATE
    if split is None and path.is_dir() and TEST in columns.get(PART, ()):
        split = PART
    return Corpus(
        name=name or path.stem,
        texts=tuple(_text(path, i + 1, columns[text][i]) for i in kept),
        y=_strings(y, kept),
        labels=known,
        groups=_filled(path, columns, group, kept) if group else _strings(range(len(y)), kept),
        targets=_filled(path, columns, target, kept) if target else None,
        split=_filled(path, columns, split, kept) if split else None,
        neutral=neutral,
        speakers=_strings([value or "" for value in columns[speaker]], kept) if speaker else None,
        dates=_dates(path, columns, date, kept, strict) if date else None,
        weights=_weights(columns, kept, is_weak, weak) if any(is_weak) and weak else None,
        weak=np.array([is_weak[i] for i in kept]) if any(is_weak) and weak else None,
        ids=_strings(columns[ID], kept) if ID in columns else None,
        readings=_readings(columns, kept, names, known),
        facts=_facts(columns, kept, FACTS if facts is None else facts),
    )


def _facts(columns: Columns, rows: Sequence[int], wanted: Sequence[str]) -> dict[str, NDArray[np.str_]]:
    return {
        name: _strings(["" if value is None else value for value in columns[name]], rows)
        for name in wanted
        if name in columns
    }


def _readings(
    columns: Columns, rows: Sequence[int], names: Mapping[str, str | None] | None, known: Sequence[str]
) -> NDArray[np.str_] | None:
    """What two readers said, by the names of the labels in the model; empty where it is none of them."""
    if not set(READINGS) <= columns.keys():
        return None
    both = [[str(columns[name][i] or "") for name in READINGS] for i in rows]
    mapped = [[str(value if names is None else names.get(value)) for value in pair] for pair in both]
    found = np.array([[value if value in known else "" for value in pair] for pair in mapped], dtype=np.str_)
    return found if found.size and found.all(axis=1).any() else None


def _weak_rows(path: Path, columns: Columns) -> list[bool]:
    """Which labels are weak beside gold ones, as `stance label` writes them; none in a table of one kind."""
    source = list(columns.get("source", ()))
    if set(source) == {"weak"}:
        log.warning("all labels of %s are weak: rules gave them, and nobody has checked them", path)
    return [set(source) == {"gold", "weak"} and value == "weak" for value in source or columns[next(iter(columns))]]


def _weights(columns: Columns, rows: Sequence[int], is_weak: Sequence[bool], weak: float) -> NDArray[np.float64]:
    confidence = columns.get("confidence") or [1.0] * len(is_weak)
    return np.array([weak * float(confidence[i]) if is_weak[i] else 1.0 for i in rows])


def _check_columns(path: Path, columns: Columns, needed: Sequence[str]) -> None:
    for name in needed:
        if name not in columns:
            there = ", ".join(columns)
            raise DataError(
                f"{path} has no column {name!r}; it has {there}: name the right one in corpus.text and so on."
            )
    seen: dict[Any, int] = {}
    for row, identity in enumerate(map(str, columns.get(ID, ())), 1):
        if seen.setdefault(identity, row) != row:
            raise DataError(
                f"{path}, row {row}: the id {identity!r} stands in row {seen[identity]} too; make ids unique."
            )


def _labels(path: Path, column: Sequence[Any], names: Mapping[str, str | None] | None) -> list[Any]:
    """The label of each row by its name in the model; none for a row to leave out."""
    found: list[str | None] = []
    for row, value in enumerate(column, 1):
        if value is None or value == "":
            raise DataError(f"{path}, row {row}: there is no label; fill it or drop the row.")
        if names is not None and str(value) not in names:
            there = ", ".join(names)
            raise DataError(f"{path}, row {row}: unknown label {str(value)!r}; corpus.label_names has {there}.")
        name = value if names is None else names[str(value)]
        found.append(None if name is None else str(name))
    return found


def _check_labels(path: Path, y: Sequence[str | None], known: Sequence[str], neutral: str | None) -> None:
    for row, value in enumerate(y, 1):
        if value is not None and value not in known:
            raise DataError(f"{path}, row {row}: unknown label {value!r}; the labels are {', '.join(known)}.")
    if neutral is not None and neutral not in known:
        raise ConfigError(f"corpus.neutral is {neutral!r}, which is none of the labels {', '.join(known)}.")


def _class_labels(class_names: Sequence[str] | None, names: Mapping[str, str | None] | None) -> list[str]:
    """The names of a ``ClassLabel`` column as the model has them, in their order."""
    mapped = [name if names is None else names.get(name) for name in class_names or ()]
    return list(dict.fromkeys(str(name) for name in mapped if name is not None))


def _filled(path: Path, columns: Columns, name: str, rows: Sequence[int]) -> NDArray[np.str_]:
    for i in rows:
        if columns[name][i] is None or columns[name][i] == "":
            raise DataError(f"{path}, row {i + 1}: there is no {name!r}; fill it or drop the row.")
    return _strings(columns[name], rows)


def _dates(path: Path, columns: Columns, name: str, rows: Sequence[int], strict: bool) -> NDArray[np.str_]:
    """Days as they are written; what tells no day (a year, say) counts as unknown, or is an error if it must."""
    found = [str(columns[name][i] or "") for i in rows]
    for row, value in zip(rows, found, strict=True):
        if strict and value and not _DAY.match(value) and not _LESS_THAN_A_DAY.fullmatch(value):
            raise DataError(f"{path}, row {row + 1}: {value!r} in {name!r} is no date; write it as 2002-09-20.")
    odd = [v for v in found if v and not _DAY.match(v) and not _LESS_THAN_A_DAY.fullmatch(v)]
    if odd:
        log.warning("%s: %d rows have no date that can be read in %r, such as %r", path, len(odd), name, odd[0])
    return np.array([value[:_LENGTH_OF_DAY] if _DAY.match(value) else "" for value in found], dtype=np.str_)


def _strings(column: Sequence[Any], rows: Sequence[int]) -> NDArray[np.str_]:
    return np.array([str(column[i]) for i in rows], dtype=np.str_)


def _text(path: Path, row: int, value: Any) -> str:
    if value is not None and not isinstance(value, str):
        raise DataError(
            f"{path}, row {row}: the text is a {type(value).__name__} and no string; choose another column."
        )
    if not value or not value.strip():
        raise DataError(f"{path}, row {row}: there is no text; fill it or drop the row.")
    return value
