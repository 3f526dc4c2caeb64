"""Every benchmark of speed, one after the other, into benchmarks/RESULTS.md.

python benchmarks/speed.py [NAME ...]
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import fair

NAMES = ("scoring", "latency", "vectorizing", "training", "startup", "crossing", "bulk")
RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> int:
    """Run those named, or all, and write the tables when the last is done."""
    said = "`make bench` writes this file; [docs/speed.md](../docs/speed.md) says what it means."
    parts = ["# How fast", "", said, ""]
    for name in sys.argv[1:] or NAMES:
        print(f"{name} ...", file=sys.stderr)
        module = importlib.import_module(name)
        title = (module.__doc__ or "").splitlines()[0].rstrip(".:")
        found = fair.table(module.measure())
        print(found, file=sys.stderr)
        parts += [f"## {title}", "", f"`python benchmarks/{name}.py`", "", found]
    RESULTS.write_text("\n".join([*parts, fair.machine(), ""]), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
