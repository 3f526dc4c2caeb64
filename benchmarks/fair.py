"""What the benchmarks share: made-up sentences, timing in turn, and tables."""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SEED = 42
LABELS = ("against", "for", "neither")
_LIBRARIES = ("stancekit", "numpy", "numba", "scikit-learn", "pyarrow", "fasttext-numpy2-wheel")


@dataclass(frozen=True)
class Row:
    """One line of a table: what was measured of whom, and how many times as good ours is (``ratio``, where it aims at
    ``aim`` or more).
    """

    work: str
    by: str
    value: str
    ratio: float | None = None
    aim: float | None = None

    def cells(self) -> list[str]:
        """As a table has it."""
        ratio = "" if self.ratio is None else f"{self.ratio:.3g}"
        return [self.work, self.by, self.value, ratio, "" if self.aim is None else f"{self.aim:g}", self.verdict()]

    def verdict(self) -> str:
        """Whether the aim is met."""
        if self.aim is None or self.ratio is None:
            return ""
        return "met" if self.ratio >= self.aim else "**missed**"


def sentences(n: int, n_words: int = 60_000, seed: int = SEED) -> tuple[list[str], NDArray[Any]]:
    """``n`` made-up sentences of 6 to 25 words with the frequencies of natural text, and their labels.

    Each label has its own frequencies of all words, so that many words tell a little. One word in thirty has a letter
    beyond ASCII, one sentence in ten a typographic quotation mark.
    """
    rng = np.random.default_rng(seed)
    letters = np.array(list("etaoinshrdlucmfwypvbgkjqxz"))
    spelling = np.random.default_rng(SEED)
    words = ["".join(spelling.choice(letters, spelling.integers(2, 11))) for _ in range(n_words)]
    words = np.array([word.replace("e", "é") if i % 30 == 7 else word for i, word in enumerate(words)])
    y = rng.integers(0, len(LABELS), n)
    lengths = rng.integers(6, 26, n)
    quoted = rng.random(n) < 0.1
    texts = [""] * n
    for label in range(len(LABELS)):
        weights = np.exp(0.5 * spelling.normal(size=n_words)) / np.arange(3, n_words + 3) ** 1.05
        sums = np.cumsum(weights / weights.sum())
        rows = np.flatnonzero(y == label)
        drawn = words[np.searchsorted(sums, rng.random(lengths[rows].sum())).clip(0, n_words - 1)].tolist()
        at = 0
        for row in rows.tolist():
            text = " ".join(drawn[at : at + lengths[row]]).capitalize() + "."
            texts[row] = f"“{text}”" if quoted[row] else text
            at += lengths[row]
    return texts, np.array(LABELS)[y]


def median_seconds(runs: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """The median time of each, run in turn after one round that does not count."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for i in range(rounds + 1):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            if i:
                taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in taken.items()}


def fasttext() -> Any:
    """The module; none where it is not installed, and a line that says so."""
    if importlib.util.find_spec("fasttext") is None:
        print("fastText is not installed and left out: pip install --group bench", file=sys.stderr)
        return None
    import fasttext as module

    return module


def write_training_file(path: Path, texts: Sequence[str], y: Sequence[str]) -> Path:
    """Sentences as fastText reads them."""
    path.write_text("".join(f"__label__{label} {text}\n" for text, label in zip(texts, y, strict=True)), "utf-8")
    return path


def table(rows: Sequence[Row]) -> str:
    """A Markdown table."""
    lines = ["| work | by | figure | times as good | aim | |", "|---|---|---|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row.cells())} |" for row in rows)]) + "\n"


def machine() -> str:
    """Versions and machine, in a line."""
    found = []
    for name in _LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"no {name}")
    model = next(
        (line.split(":")[1].strip() for line in _read("/proc/cpuinfo").splitlines() if line.startswith("model name")),
        platform.machine(),
    )
    return f"Python {platform.python_version()}, {', '.join(found)}; {os.cpu_count()} processors ({model})."


def _read(path: str) -> str:
    return Path(path).read_text("utf-8") if Path(path).exists() else ""


def main(doc: str | None, measure: Callable[..., list[Row]], **sizes: int) -> int:
    """The command line of a benchmark: one option for each of its sizes; prints the table."""
    parser = argparse.ArgumentParser(description=(doc or "").splitlines()[0])
    for name, default in sizes.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    print(table(measure(**vars(parser.parse_args()))), machine(), sep="\n")
    return 0
