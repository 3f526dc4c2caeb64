"""From how many characters on the compiled kernel is worth its import: beside the reference, in new processes.

    python benchmarks/crossing.py [--rounds 5]

The texts are the sentences written for training (`stance label documents=seeds/iraq2002-plain`), the model the
reference; time runs from a loaded model to its answers. What this prints sets
`stance.model.linear.BATCH_CHARACTERS`.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

import fair

PROGRAM = """
import sys, time, stance
from stance.model import linear
n, linear.BATCH_CHARACTERS = int(sys.argv[1]), int(sys.argv[2])
texts, model = open(sys.argv[3], encoding="utf-8").read().split(chr(10)), stance.load()
chosen, size = [], 0
while size < n:
    chosen.append(texts[len(chosen) % len(texts)])
    size += len(chosen[-1])
start = time.perf_counter()
model.predict_proba(chosen)
print(time.perf_counter() - start)
"""
SIZES = (25_000, 50_000, 100_000, 200_000, 400_000)
SENTENCES = Path(__file__).parents[1] / "data/iraq2002-plain/sentences.parquet"


def measure(rounds: int = 5) -> list[fair.Row]:
    """The rows of the table."""
    import tempfile

    import pyarrow.parquet as pq

    if not SENTENCES.exists():
        sys.exit("There are no sentences yet; run `stance label documents=seeds/iraq2002-plain` first.")
    rows = []
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        file.write("\n".join(text.replace("\n", " ") for text in pq.read_table(SENTENCES)["text"].to_pylist()))
        file.flush()
        for n in SIZES:
            taken = {
                who: statistics.median(
                    float(subprocess.check_output([sys.executable, "-c", PROGRAM, str(n), str(batch), file.name]))
                    for _ in range(rounds)
                )
                for who, batch in (("kernel", 0), ("reference", 10**12))
            }
            for who, seconds in taken.items():
                ratio = taken["reference"] / seconds if who == "kernel" else None
                rows.append(fair.Row(f"{n:,} characters in a new process", who, f"{seconds * 1000:,.0f} ms", ratio))
    return rows


if __name__ == "__main__":
    sys.exit(fair.main(__doc__, measure, rounds=5))
