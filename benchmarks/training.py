"""How long training takes from sentences to a model, and how good it is: beside fastText supervised.

    python benchmarks/training.py [--sentences 200000] [--rounds 3] [--exact 0]

Ours is word 1-2-grams and logistic regression as the configuration has them (`vectorizer=word`), from a list of texts
to a model in memory. fastText reads a file of the same sentences, 5 epochs, word 2-grams, two threads. Both are scored
on a tenth more sentences. `--exact 1` fits the exact optimum once, too, which takes minutes.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import fair
import numpy as np
from sklearn.metrics import f1_score

from stance.corpus import Corpus
from stance.training import FastTfidfVectorizer, SizedLogisticRegression
from stance.training.fit import fit


def measure(sentences: int = 200_000, rounds: int = 3, exact: int = 0) -> list[fair.Row]:
    """The rows of the table."""
    texts, y = fair.sentences(sentences + sentences // 10)
    train, test = slice(sentences), slice(sentences, None)
    corpus = Corpus("made up", tuple(texts[train]), y[train], fair.LABELS, np.arange(sentences).astype(str))
    fasttext, models = fair.fasttext(), {}

    def ours(solver: str = "auto") -> None:
        classifier = SizedLogisticRegression(C=10, class_weight="balanced", random_state=fair.SEED, solver=solver)
        models[solver] = fit(corpus, FastTfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), classifier)

    with tempfile.TemporaryDirectory() as folder:
        path = fair.write_training_file(Path(folder) / "train.txt", texts[train], y[train])

        def theirs() -> None:
            models["fastText"] = fasttext.train_supervised(str(path), epoch=5, wordNgrams=2, thread=2, verbose=0)

        seconds = fair.median_seconds({"stance": ours} | ({"fastText": theirs} if fasttext else {}), rounds)
        if exact:
            seconds |= fair.median_seconds({"stance, solver=lbfgs": lambda: ours("lbfgs")}, 1)
    answers = {"stance": models["auto"].predict(texts[test])}
    if fasttext:
        answers["fastText"] = [
            labels[0].removeprefix("__label__") for labels in models["fastText"].predict(texts[test])[0]
        ]
    if exact:
        answers["stance, solver=lbfgs"] = models["lbfgs"].predict(texts[test])
    f1 = {who: f1_score(y[test], found, average="macro") for who, found in answers.items()}
    work = f"training on {sentences:,} sentences"
    rows = []
    for who, taken in seconds.items():
        ratio, aim = (taken / seconds["stance"], 1.0) if who == "fastText" else (None, None)
        rows.append(fair.Row(work, who, f"{taken:.2f} s", ratio, aim))
    for who, value in f1.items():
        ratio, aim = (f1["stance"] / value, 1.0) if who == "fastText" else (None, None)
        rows.append(fair.Row(f"{work}: macro-F1 on {sentences // 10:,} others", who, f"{value:.4f}", ratio, aim))
    return rows


if __name__ == "__main__":
    sys.exit(fair.main(__doc__, measure, sentences=200_000, rounds=3, exact=0))
