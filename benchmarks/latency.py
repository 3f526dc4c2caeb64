"""How long one sentence takes, once a model is warm: beside scikit-learn and fastText.

    python benchmarks/latency.py [--sentences 50000] [--rounds 15]

Models are trained on so many sentences; a round asks a hundred times for the same one, so that caches are warm. The
answers of ours and scikit-learn's are compared before any time is taken.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import fair
from scoring import check, trained, word, word_char

from stance.training import to_pipeline


def measure(sentences: int = 50_000, rounds: int = 15) -> list[fair.Row]:
    """The rows of the table."""
    texts, y = fair.sentences(sentences)
    fasttext, rows = fair.fasttext(), []
    for name, vectorizer in (("word 1-2", word()), ("word 1-2 + char_wb 2-5", word_char())):
        model = trained(vectorizer, texts, y)
        pipeline = to_pipeline(model)
        rows.append(check(model, pipeline, texts[:2000]))
        one = texts[:1]
        runs = {
            "stance": lambda m=model, t=one: m.predict_proba(t),
            "scikit-learn": lambda p=pipeline, t=one: p.predict_proba(t),
        }
        if fasttext and name == "word 1-2":
            with tempfile.TemporaryDirectory() as folder:
                path = fair.write_training_file(Path(folder) / "train.txt", texts, y)
                fast = fasttext.train_supervised(str(path), epoch=1, wordNgrams=2, thread=2, verbose=0)
            runs["fastText"] = lambda f=fast, t=one[0]: f.predict(t, k=3)
        hundred = {who: lambda r=run: [r() for _ in range(100)] for who, run in runs.items()}
        seconds = {who: taken / 100 for who, taken in fair.median_seconds(hundred, rounds).items()}
        for who, taken in seconds.items():
            ratio = None if who == "stance" else taken / seconds["stance"]
            aim = 1.0 if who == "fastText" else None
            rows.append(fair.Row(f"{name}, one warm sentence", who, f"{taken * 1e6:,.1f} µs", ratio, aim))
    return rows


if __name__ == "__main__":
    sys.exit(fair.main(__doc__, measure, sentences=50_000, rounds=15))
