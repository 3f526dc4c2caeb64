"""What `stance predict TABLE --text-column` takes for millions of rows: time, and memory at its peak.

    python benchmarks/bulk.py [--rows 10000000]

A Parquet file of so many rows, and one of a tenth of them, are labelled by the reference model. Before times and peaks
are printed, every id is found once and in order, and the labels of a thousand rows are compared with the library's.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import fair
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import stance

_POOL = 500_000  # sentences that are made up; more rows repeat them
WATCH = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""In a process of its own, since what is started takes over the peak of whoever starts it."""


def write_rows(path: Path, n: int, pool: list[str]) -> None:
    """A Parquet file of ids and sentences."""
    texts = pa.array(pool)
    with pq.ParquetWriter(path, pa.schema([("id", pa.int64()), ("text", pa.string())])) as writer:
        for start in range(0, n, len(pool)):
            size = min(len(pool), n - start)
            writer.write_table(pa.table({"id": np.arange(start, start + size), "text": texts[:size]}))


def label(source: Path, output: Path) -> tuple[float, float]:
    """Seconds and megabytes that the command takes."""
    command = [sys.executable, "-m", "stance.cli.main", "predict", str(source), "--text-column", "text"]
    start = time.perf_counter()
    ran = subprocess.run(
        [sys.executable, "-c", WATCH, *command, "--output", str(output)], stdout=subprocess.PIPE, check=True
    )
    return time.perf_counter() - start, int(ran.stdout) / 1000


def check(output: Path, n: int, pool: list[str]) -> None:
    """End the run unless every row is there once, in order, with the library's label."""
    ids, labels = (pq.read_table(output, columns=[name])[name] for name in ("id", "label"))
    if not np.array_equal(ids.to_numpy(), np.arange(n)):
        sys.exit("Rows are missing, doubled or out of order.")
    rows = np.random.default_rng(fair.SEED).choice(n, 1000)
    expected = stance.load().compile().predict([pool[row % len(pool)] for row in rows])
    if labels.take(pa.array(rows)).to_pylist() != expected.tolist():
        sys.exit("The labels are not the library's: no time is worth taking.")


def measure(rows: int = 10_000_000) -> list[fair.Row]:
    """The rows of the table."""
    pool, _ = fair.sentences(min(_POOL, rows))
    found, peaks = [], []
    with tempfile.TemporaryDirectory() as folder:
        for n in (rows // 10, rows):
            source, output = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
            write_rows(source, n, pool)
            seconds, megabytes = label(source, output)
            check(output, n, pool)
            peaks.append(megabytes)
            found.append(fair.Row(f"{n:,} rows, Parquet to Parquet", "stance predict", f"{n / seconds:,.0f} rows/s"))
            work = f"{n:,} rows: memory at its peak (aim: 1,000 MB)"
            found.append(fair.Row(work, "stance predict", f"{megabytes:,.0f} MB", 1000 / megabytes, 1.0))
    work = "memory for a tenth of the rows, by that for all (aim: flat within a tenth)"
    return [*found, fair.Row(work, "stance predict", "", peaks[0] / peaks[1], 0.9)]


if __name__ == "__main__":
    sys.exit(fair.main(__doc__, measure, rows=10_000_000))
