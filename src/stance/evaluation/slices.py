"""Slices: how a model fares on parts of a corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.corpus import Corpus
from stance.evaluation.bootstrap import Estimate, GroupBootstrap
from stance.evaluation.metrics import accuracy, confusions, mean_f1
from stance.evaluation.predictions import Predictions

Values = NDArray[np.str_]

SMALL = 30
"""A slice of fewer sentences than this is marked as small."""
_MOST = 12
_LENGTHS = ((10, "up to 10 words"), (20, "11–20 words"), (30, "21–30 words"), (10**9, "more than 30 words"))
_MONTH = len("2002-09")
NOBODY = "(nobody)"
UNKNOWN = "(not known)"


@dataclass(frozen=True, slots=True)
class Slice:
    """The sentences for which a fact has one value, and how the model fares on them."""

    fact: str
    value: str
    n: int
    n_groups: int
    macro_f1: Estimate
    accuracy: Estimate

    @property
    def small(self) -> bool:
        """Whether there are too few sentences to say much."""
        return self.n < SMALL


def slice_facts(corpus: Corpus) -> dict[str, Values]:
    """Every fact by which ``corpus`` can be sliced, with the value of each sentence."""
    facts: dict[str, Values] = {}
    if corpus.speakers is not None:
        facts["speaker"] = _named(corpus.speakers, NOBODY)
    facts["length"] = np.array([_length(text) for text in corpus.texts])
    if corpus.dates is not None:
        facts["month"] = _named(np.array([day[:_MONTH] for day in corpus.dates.tolist()]), UNKNOWN)
    if corpus.targets is not None:
        facts["target"] = corpus.targets
    # A column that was asked for by one of these names is meant.
    return facts | {name: _named(values, UNKNOWN) for name, values in corpus.facts.items()}


def measure_slices(predictions: Predictions, random_state: int = 0) -> tuple[Slice, ...]:
    """The slices of every fact that has several values, the largest ``_MOST`` of each, by size (lengths in order)."""
    return tuple(
        measure_slice(predictions.select(rows), fact, value, random_state)
        for fact, values in slice_facts(predictions.corpus).items()
        for value, rows in _largest(values, fact)
    )


def measure_slice(predictions: Predictions, fact: str, value: str, random_state: int = 0) -> Slice:
    """Figures of ``predictions``, which are those of one slice."""
    n_labels = len(predictions.labels)
    counts = confusions(predictions.y, predictions.predicted, n_labels)
    draws = GroupBootstrap(predictions.corpus.groups, {"confusion": counts}, random_state)
    return Slice(
        fact,
        value,
        len(predictions),
        draws.n_groups,
        draws.estimate("confusion", lambda sums: mean_f1(sums, np.arange(n_labels))),
        draws.estimate("confusion", accuracy),
    )


def _largest(values: Values, fact: str) -> Iterator[tuple[str, NDArray[np.intp]]]:
    counts = Counter(values.tolist())
    if len(counts) < 2:
        return
    kept = [value for value, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MOST]]
    if set(counts) <= {name for _, name in _LENGTHS}:
        kept = [name for _, name in _LENGTHS if name in counts]
    if fact == "month":
        kept.sort()
    for value in kept:
        yield value, np.flatnonzero(values == value)


def _named(values: Values, empty: str) -> Values:
    return np.array([value or empty for value in values.tolist()], dtype=np.str_)


def _length(text: str) -> str:
    n = len(text.split())
    return next(name for most, name in _LENGTHS if n <= most)
