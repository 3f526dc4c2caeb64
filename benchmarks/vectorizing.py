"""How fast a vectorizer is fitted: FastTfidfVectorizer beside TfidfVectorizer.

    python benchmarks/vectorizing.py [--sentences 200000] [--rounds 3]

Vocabulary and matrix are compared before any time is taken.
"""

from __future__ import annotations

import sys

import fair
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from stance.training import FastTfidfVectorizer

SETTINGS = {
    "word 1-2": {"ngram_range": (1, 2), "sublinear_tf": True},
    "word 1-2, 200,000 terms kept": {"ngram_range": (1, 2), "sublinear_tf": True, "max_features": 200_000},
    "char_wb 2-5, 200,000 terms kept": {
        "analyzer": "char_wb",
        "ngram_range": (2, 5),
        "sublinear_tf": True,
        "max_features": 200_000,
    },
}


def check(texts: list[str], settings: dict[str, object]) -> None:
    """End the run unless both give the same."""
    fast, plain = FastTfidfVectorizer(**settings), TfidfVectorizer(**settings)
    ours, theirs = fast.fit_transform(texts), plain.fit_transform(texts)
    theirs.sort_indices()
    same = fast.vocabulary_ == plain.vocabulary_ and np.array_equal(ours.indices, theirs.indices)
    if not (same and np.allclose(ours.data, theirs.data, rtol=0, atol=1e-14)):
        sys.exit("The vectorizers differ: no time is worth taking.")


def measure(sentences: int = 200_000, rounds: int = 3) -> list[fair.Row]:
    """The rows of the table."""
    texts, _ = fair.sentences(sentences)
    rows = []
    for name, settings in SETTINGS.items():
        check(texts[: sentences // 5], settings)
        seconds = fair.median_seconds(
            {
                "FastTfidfVectorizer": lambda s=settings: FastTfidfVectorizer(**s).fit_transform(texts),
                "TfidfVectorizer": lambda s=settings: TfidfVectorizer(**s).fit_transform(texts),
            },
            rounds,
        )
        for who, taken in seconds.items():
            ratio = None if who.startswith("Fast") else taken / seconds["FastTfidfVectorizer"]
            aim = 8.0 if ratio and "kept" in name else None
            rows.append(
                fair.Row(f"{name}: fit_transform of {sentences:,} sentences", who, f"{taken:.2f} s", ratio, aim)
            )
    return rows


if __name__ == "__main__":
    sys.exit(fair.main(__doc__, measure, sentences=200_000, rounds=3))
