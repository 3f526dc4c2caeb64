"""A table opened for a job: the columns that it has to have, and those that it must not."""

from __future__ import annotations

from pathlib import Path

from stance.bulk.delimited import DELIMITERS, open_delimited
from stance.bulk.job import BATCH_ROWS, Job
from stance.bulk.jsonlines import JsonSource
from stance.bulk.parquet import open_parquet
from stance.bulk.rows import Ask, Source
from stance.errors import ConfigError, DataError


def open_source(job: Job, labels: tuple[str, ...]) -> Source:
    """The input of a job.

    Raises
    ------
    ConfigError
        If it lacks a column that the job names, or has one that the job would add.
    DataError
        If it cannot be read.
    """
    ask = Ask(job.text_column, job.target_column, job.new_columns(labels), job.batch_rows, job.encoding)
    source = _opened(job.input, ask)
    columns = source.columns
    if not columns and job.input.suffix == ".jsonl":  # no rows, and nothing that names columns
        return source
    for name in filter(None, (job.text_column, job.target_column)):
        if name not in columns:
            raise ConfigError(f"{job.input} has no column {name!r}; its columns are {', '.join(columns)}.")
        if columns.count(name) > 1:
            raise DataError(f"{job.input} has the column {name!r} twice; rename one.")
    if job.output.suffix in (".parquet", ".jsonl") and job.input.suffix != job.output.suffix:
        for name in columns:
            if columns.count(name) > 1:
                raise DataError(f"{job.input} has the column {name!r} twice; rename one, or write .csv.")
    for name in ask.new_columns:
        if name in columns:
            raise ConfigError(f"{job.input} has a column {name!r} already; name the new ones otherwise (--prefix).")
    return source


def _opened(path: Path, ask: Ask) -> Source:
    if path.suffix == ".parquet":
        return open_parquet(path, ask)
    return open_delimited(path, ask) if path.suffix in DELIMITERS else JsonSource(path, ask)


def columns_of(path: Path, encoding: str = "utf-8") -> tuple[str, ...]:
    """The columns of a table, or of the first rows of a JSONL file; none where it cannot be read."""
    try:
        return _opened(path, Ask("", None, (), 1 if path.suffix == ".jsonl" else BATCH_ROWS, encoding)).columns
    except (OSError, DataError, ConfigError):
        return ()
