"""``stance predict TABLE --text-column C``: a table of any length, labelled row by row."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from stance.cli.progress import metered
from stance.errors import ConfigError

_TABLES = (".parquet", ".csv", ".tsv", ".jsonl")  # stance.bulk has them, too, and would load Arrow
_FOR_TABLES = ("--prefix", "--batch-rows", "--scheduler", "--target-column")
_FOR_DOCUMENTS = ("--by", "--lines", "--register", "--data", "--date", "--giver")


def add_options(parser: argparse.ArgumentParser, towards: argparse._MutuallyExclusiveGroup) -> None:
    """The options that are for tables."""
    table = parser.add_argument_group("a table (.parquet, .csv, .tsv or .jsonl), each row of which is one sentence")
    table.add_argument("--text-column", metavar="C", help="the column of its texts; --output names the new table")
    towards.add_argument("--target-column", metavar="C", help="the column that has each row's target")
    table.add_argument("--prefix", metavar="P", help="put before the names of the new columns")
    table.add_argument(
        "--batch-rows", metavar="N", type=_count, help="rows in memory at once, and lost by a kill at most (65536)"
    )
    table.add_argument(
        "--scheduler", metavar="ADDRESS", help="score on Dask workers: local:4, or tcp://HOST:PORT of a scheduler"
    )


def check(options: argparse.Namespace) -> None:
    """Refuse options of tables for documents, those of documents for tables, and a table that is read as a document."""
    if not options.text_column:
        if given := [name for name in _FOR_TABLES if _value(options, name) is not None]:
            raise ConfigError(f"{given[0]} is for tables; name the column of the texts, too (--text-column).")
        for path in map(Path, options.paths):
            if path.suffix in _TABLES:
                raise ConfigError(f"{path} is a table: name the column of its texts with --text-column{_has(path)}.")
        return
    if given := [name for name in _FOR_DOCUMENTS if _value(options, name)]:
        raise ConfigError(f"{given[0]} is for documents, and {options.paths[0]} is read as a table; leave it out.")
    if len(options.paths) > 1:
        raise ConfigError(f"One table at a time, and not {len(options.paths)}; run the command for each.")
    if options.output is None:
        raise ConfigError("A table needs --output, a file that ends in .parquet, .csv, .tsv or .jsonl.")
    if options.format not in (None, Path(options.output).suffix.removeprefix(".")):
        raise ConfigError(f"--format {options.format} is not what {options.output} ends in; leave --format out.")


def run(options: argparse.Namespace, model: Path) -> int:
    """Run the job that the options describe, with a model's folder."""
    from stance.bulk import BATCH_ROWS, Job, run_job

    job = Job(
        input=Path(options.paths[0]),
        output=Path(options.output),
        text_column=options.text_column,
        model=model,
        target=options.target,
        target_column=options.target_column,
        abstain_below=options.threshold,
        prefix=options.prefix or "",
        batch_rows=options.batch_rows or BATCH_ROWS,
        encoding=options.encoding,
    )
    with metered() as meter:
        end = run_job(job, options.scheduler, lambda place, total: meter(place.rows, place.offset, total))
    if end.missing:
        print(f"rows without a text, and without a label: {end.missing:,}", file=sys.stderr)
    if end.empty:
        print(f"rows with an empty text, labelled like any other: {end.empty:,}", file=sys.stderr)
    print(f"{end.rows:,} {'row' if end.rows == 1 else 'rows'} → {options.output}", file=sys.stderr)
    return 0


def _has(path: Path) -> str:
    """The columns of a table, where they can be read."""
    from stance.bulk import columns_of

    columns = columns_of(path)
    return f" (it has {', '.join(columns)})" if columns else ""


def _value(options: argparse.Namespace, name: str) -> object:
    return getattr(options, name.removeprefix("--").replace("-", "_"))


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of rows; give 1 or more")
    return int(text)
