"""How long `stance predict` of an article takes in a new process: beside the import of scikit-learn.

    python benchmarks/startup.py [--rounds 9]

The article is the demo's, the model the reference; what is printed is compared with what the library answers.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import fair

import stance

ARTICLE = Path(__file__).parents[1] / "seeds/demo/article.txt"
PREDICT = [sys.executable, "-m", "stance.cli.main", "predict", str(ARTICLE), "--format", "jsonl"]


def measure(rounds: int = 9) -> list[fair.Row]:
    """The rows of the table."""
    ran = subprocess.run(PREDICT, capture_output=True, text=True, check=True)
    printed = [json.loads(line)["label"] for line in ran.stdout.splitlines()]
    if printed != [s.label for s in stance.load().annotate(ARTICLE.read_text("utf-8"))]:
        sys.exit("The command answers otherwise than the library: no time is worth taking.")
    commands = {
        "stance predict ARTICLE": PREDICT,
        'python -c "import sklearn"': [sys.executable, "-c", "import sklearn"],
        'python -c "import sklearn.linear_model"': [sys.executable, "-c", "import sklearn.linear_model"],
        'python -c ""': [sys.executable, "-c", ""],
    }

    def run(command: list[str]) -> Callable[[], object]:
        return lambda: subprocess.run(command, capture_output=True, check=True)

    seconds = fair.median_seconds({who: run(command) for who, command in commands.items()}, rounds)
    ours = seconds["stance predict ARTICLE"]
    return [
        fair.Row(
            f"a new process ({len(printed)} sentences)",
            who,
            f"{taken * 1000:,.0f} ms",
            taken / ours if "sklearn" in who else None,
            1.0 if who == 'python -c "import sklearn"' else None,
        )
        for who, taken in seconds.items()
    ]


if __name__ == "__main__":
    sys.exit(fair.main(__doc__, measure, rounds=9))
