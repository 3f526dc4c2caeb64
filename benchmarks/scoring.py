"""How fast many sentences are scored: the compiled kernel beside scikit-learn, HashingVectorizer and fastText.

    python benchmarks/scoring.py [--sentences 200000] [--rounds 5]

The same model answers in all but fastText, and answers are compared before any time is taken: a difference of more than
1e-9 in a probability ends the run. fastText is another model, so only its time is compared.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import fair
import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import FeatureUnion

from stance.corpus import Corpus
from stance.model import LinearModel
from stance.training import FastTfidfVectorizer, to_pipeline
from stance.training.fit import fit

N_TERMS = 200_000


def word() -> FastTfidfVectorizer:
    """Word 1-2-grams."""
    return FastTfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_features=N_TERMS)


def word_char() -> FeatureUnion:
    """Word 1-2-grams beside character 2-5-grams within words."""
    char = FastTfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, max_features=N_TERMS)
    return FeatureUnion([("word", word()), ("char", char)])


def trained(vectorizer: Any, texts: list[str], y: Any) -> LinearModel:
    """A model of the sentences."""
    corpus = Corpus("made up", tuple(texts), y, fair.LABELS, np.arange(len(texts)).astype(str))
    return fit(corpus, vectorizer, SGDClassifier(loss="log_loss", max_iter=3, tol=None, random_state=fair.SEED))


def check(model: LinearModel, pipeline: Any, texts: list[str]) -> fair.Row:
    """The largest difference between the probabilities of both; ends the run if it is no rounding."""
    difference = float(np.abs(model.compile().predict_proba(texts) - pipeline.predict_proba(texts)).max())
    if difference > 1e-9:
        sys.exit(f"The answers differ by {difference}: no time is worth taking.")
    return fair.Row("largest difference of a probability", "stance, scikit-learn", f"{difference:.1e}")


def measure(sentences: int = 200_000, rounds: int = 5) -> list[fair.Row]:
    """The rows of the table."""
    texts, y = fair.sentences(sentences)
    few = texts[: max(2000, sentences // 10)]  # the peers' share, so that a round takes seconds
    fasttext, rows = fair.fasttext(), []
    for name, vectorizer, aims in (
        ("word 1-2", word(), {"scikit-learn": 20.0, "fastText": 10.0}),
        ("word 1-2 + char_wb 2-5", word_char(), {"scikit-learn": 25.0}),
    ):
        model = trained(vectorizer, texts, y)
        pipeline = to_pipeline(model)
        rows.append(check(model, pipeline, few[:5000]))
        runs = {
            "stance": lambda m=model: m.predict_proba(texts),
            "scikit-learn": lambda p=pipeline: p.predict_proba(few),
        }
        if name == "word 1-2":
            hashing = HashingVectorizer(ngram_range=(1, 2), n_features=2**18)
            runs["HashingVectorizer (features only)"] = lambda h=hashing: h.transform(few)
            if fasttext:
                with tempfile.TemporaryDirectory() as folder:
                    path = fair.write_training_file(Path(folder) / "train.txt", texts, y)
                    fast = fasttext.train_supervised(str(path), epoch=1, wordNgrams=2, thread=2, verbose=0)
                runs["fastText"] = lambda f=fast: f.predict(few, k=3)
        seconds = fair.median_seconds(runs, rounds)
        rates = {who: (sentences if who == "stance" else len(few)) / taken for who, taken in seconds.items()}
        work = f"{name}, {sentences:,} sentences, {model.n_terms:,} terms"
        for who, rate in rates.items():
            ratio = None if who == "stance" else rates["stance"] / rate
            rows.append(fair.Row(work, who, f"{rate:,.0f} sentences/s", ratio, aims.get(who)))
    return rows


if __name__ == "__main__":
    sys.exit(fair.main(__doc__, measure, sentences=200_000, rounds=5))
