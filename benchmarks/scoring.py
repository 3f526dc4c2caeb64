"""How fast sentences are scored: the compiled kernel beside scikit-learn, HashingVectorizer and fastText, in one run.

    python benchmarks/scoring.py [--sentences 200000] [--output FILE]

The same model answers in all but fastText, and answers are compared before any time is taken: a difference of more than
1e-9 in a probability ends the run. Times are medians of several rounds, in turn. fastText is timed where a wheel is
installed (`pip install --group bench`); it is another model, so only its time is compared.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import FeatureUnion, make_pipeline

from stance.corpus import Corpus
from stance.model import LinearModel
from stance.training import to_pipeline
from stance.training.fit import fit

LABELS = ("for", "against", "neither")
ROUNDS = 5
SEED = 42


def sentences(n: int, n_words: int = 60_000) -> tuple[list[str], np.ndarray[Any, Any]]:
    """``n`` made-up sentences of about twelve words with the frequencies of natural text, and labels to be learnt."""
    rng = np.random.default_rng(SEED)
    letters = np.array(list("etaoinshrdlucmfwypvbgkjqxz"))
    words = np.array(["".join(rng.choice(letters, rng.integers(2, 11))) for _ in range(n_words)])
    y = rng.integers(0, len(LABELS), n)
    ranks = np.minimum(rng.zipf(1.3, (n, 12)), n_words) - 1
    ranks[:, 0] = 500 + 40 * y + rng.integers(0, 40, n)  # what tells the label
    lengths = rng.integers(6, 13, n)
    return [" ".join(words[row[:k]]).capitalize() + "." for row, k in zip(ranks, lengths, strict=True)], y


def vectorizers() -> dict[str, Any]:
    """What is counted."""
    word = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_features=200_000)
    char = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, max_features=200_000)
    return {"word 1-2": word, "word 1-2 + char_wb 2-5": FeatureUnion([("word", word), ("char", char)])}


def median_seconds(runs: dict[str, Callable[[], Any]], rounds: int = ROUNDS) -> dict[str, float]:
    """The median time of each, run in turn."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in taken.items()}


def check(ours: LinearModel, pipeline: Any, texts: Sequence[str]) -> float:
    """The largest difference between the probabilities of both; ends the run if it is no rounding."""
    difference = float(np.abs(ours.predict_proba(texts) - pipeline.predict_proba(texts)).max())
    if difference > 1e-9:
        sys.exit(f"The answers differ by {difference}: no time is worth taking.")
    return difference


def fasttext_model(texts: Sequence[str], y: Sequence[int]) -> Any:
    """A fastText classifier of the same sentences; none where it is not installed."""
    if importlib.util.find_spec("fasttext") is None:
        return None
    import fasttext

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        path.write_text("".join(f"__label__{k} {t}\n" for t, k in zip(texts, y, strict=True)), "utf-8")
        return fasttext.train_supervised(str(path), epoch=5, wordNgrams=2, thread=2, verbose=0)


def measure(n: int) -> list[list[str]]:
    """The rows of the table."""
    texts, y = sentences(n)
    labels = np.array(LABELS)[y]
    train = min(n, 20_000)
    corpus = Corpus("made up", tuple(texts[:train]), labels[:train], LABELS, np.arange(train).astype(str))
    fast = fasttext_model(texts[:train], y[:train].tolist())
    rows = []
    for name, vectorizer in vectorizers().items():
        model = fit(corpus, vectorizer, SGDClassifier(loss="log_loss", max_iter=5, tol=None, random_state=SEED))
        pipeline = to_pipeline(model)
        difference = check(model, pipeline, texts[:5000])
        hashing = make_pipeline(HashingVectorizer(ngram_range=(1, 2), n_features=2**18))
        sample = texts[: max(2000, n // 10)]  # scikit-learn's share, so that a run takes minutes
        seconds = median_seconds(
            {
                "stance": lambda m=model: m.predict_proba(texts),
                "scikit-learn": lambda p=pipeline, s=sample: p.predict_proba(s),
                **({"HashingVectorizer": lambda h=hashing, s=sample: h.transform(s)} if name == "word 1-2" else {}),
                **({"fastText": lambda s=sample: fast.predict(s, k=3)} if fast and name == "word 1-2" else {}),
            }
        )
        rates = {who: (n if who == "stance" else len(sample)) / s for who, s in seconds.items()}
        for who, rate in rates.items():
            rows.append([f"{name}, {n:,} sentences", who, f"{rate:,.0f} /s", f"{rates['stance'] / rate:.1f}"])
        rows.append([f"{name}, largest difference of a probability", "", f"{difference:.1e}", ""])
        one = texts[:1]
        runs = {
            "stance": lambda m=model, t=one: m.predict_proba(t),
            "scikit-learn": lambda p=pipeline, t=one: p.predict_proba(t),
        }
        if fast and name == "word 1-2":
            runs["fastText"] = lambda t=one[0]: fast.predict(t, k=3)
        times = median_seconds(runs, 200)
        for who, value in times.items():
            rows.append([f"{name}, one sentence", who, f"{value * 1e6:,.0f} µs", f"{value / times['stance']:.1f}"])
    return rows


def main() -> int:
    """Measure, and print or write a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=int, default=200_000)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    lines = ["| work | by | speed | stance is times as fast |", "|---|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in measure(options.sentences)]
    lines.append(
        f"\nPython {platform.python_version()}, NumPy {np.__version__}, scikit-learn {sklearn.__version__}, "
        f"{os.cpu_count()} processors ({platform.machine()})."
    )
    text = "\n".join(lines) + "\n"
    if options.output:
        options.output.write_text(text, "utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
