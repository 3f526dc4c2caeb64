"""Every benchmark of speed, one after the other, into benchmarks/RESULTS.md.

    python benchmarks/speed.py [NAME ...]

With names, only their sections are measured again.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import fair

NAMES = ("scoring", "latency", "vectorizing", "training", "startup", "crossing", "bulk")
RESULTS = Path(__file__).with_name("RESULTS.md")


HEAD = """# How fast

`make bench` writes this file; [docs/speed.md](../docs/speed.md) says what it means.

"""


def main() -> int:
    """Run those named, or all; each section is written when it is done."""
    for name in sys.argv[1:] or NAMES:
        print(f"{name} ...", file=sys.stderr)
        module = importlib.import_module(name)
        title = (module.__doc__ or "").splitlines()[0].rstrip(".")
        found = fair.table(module.measure())
        print(found, file=sys.stderr)
        write(name, f"## {title}\n\n`python benchmarks/{name}.py`\n\n{found}\n{fair.machine()}\n\n")
    return 0


def write(name: str, section: str) -> None:
    """Put a section in its place among those that are there."""
    there = RESULTS.read_text("utf-8").split("## ")[1:] if RESULTS.exists() else []
    sections = {text.split("`python benchmarks/")[1].split(".py`")[0]: f"## {text}" for text in there}
    sections[name] = section
    RESULTS.write_text(HEAD + "".join(sections[n] for n in NAMES if n in sections).rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
