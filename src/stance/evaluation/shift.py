"""Shift: whether new sentences look like those that a model was trained for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stance.evaluation.metrics import N_BINS
from stance.evaluation.predictions import Predictions
from stance.model import LinearModel, hide_names, name_pattern


@dataclass(frozen=True)
class Profile:
    """What sentences look like to a model.

    ``unknown_words`` is the share of terms of length one (words, or the shortest character n-grams of a model without
    words) that are not in its vocabulary; ``words`` the mean length of a sentence; ``labels`` and ``predicted`` the
    shares of true and predicted labels; ``confidence`` the mean probability of the predicted label and
    ``confidence_bins`` the share of sentences in each of ``N_BINS`` bins of it.
    """

    n_sentences: int
    unknown_words: float
    words: float
    labels: dict[str, float]
    predicted: dict[str, float]
    confidence: float
    confidence_bins: tuple[float, ...]

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Profile:
        """The profile that a saved report has."""
        return cls(**{**saved, "confidence_bins": tuple(saved["confidence_bins"])})


@dataclass(frozen=True)
class Shift:
    """A profile beside that of the sentences held out when the model was trained.

    The distances are total variation, half the sum of the differences of shares: 0 for the same, 1 for nothing in
    common.
    """

    now: Profile
    trained: Profile

    @property
    def unknown_words(self) -> float:
        """How much larger the share of unknown words is."""
        return self.now.unknown_words - self.trained.unknown_words

    @property
    def labels(self) -> float:
        """The distance of the true labels' shares."""
        return _distance(self.now.labels, self.trained.labels)

    @property
    def predicted(self) -> float:
        """The distance of the predicted labels' shares."""
        return _distance(self.now.predicted, self.trained.predicted)

    @property
    def confidence(self) -> float:
        """The distance of the distributions of confidence."""
        pairs = zip(self.now.confidence_bins, self.trained.confidence_bins, strict=True)
        return sum(abs(a - b) for a, b in pairs) / 2


def measure_profile(model: LinearModel, predictions: Predictions) -> Profile:
    """The profile of the sentences that ``predictions`` are of."""
    bins = np.minimum((predictions.confidence * N_BINS).astype(int), N_BINS - 1)
    shares = np.bincount(bins, minlength=N_BINS) / len(predictions)
    labels, n = predictions.labels, len(predictions.labels)
    return Profile(
        n_sentences=len(predictions),
        unknown_words=unknown_share(model, predictions.corpus.texts),
        words=float(np.mean([len(text.split()) for text in predictions.corpus.texts])),
        labels=_shares(labels, np.bincount(predictions.y, minlength=n)),
        predicted=_shares(labels, np.bincount(predictions.predicted, minlength=n)),
        confidence=float(predictions.confidence.mean()),
        confidence_bins=tuple(shares.tolist()),
    )


def unknown_share(model: LinearModel, texts: Sequence[str]) -> float:
    """The share of shortest terms of ``texts`` that the model's vocabulary lacks; 0 for a model without terms."""
    if not model.spaces:
        return 0.0
    space = next((s for s in model.spaces if s.settings.analyzer == "word"), model.spaces[0])
    shortest, pattern = space.settings.ngram_range[0], name_pattern(model.hidden_names)
    known = total = 0
    for text in texts:
        for term, _, _ in space.terms(hide_names(text, pattern)):
            length = len(term.split(" ")) if space.settings.analyzer == "word" else len(term)
            if length == shortest:
                total += 1
                known += term in space.columns
    return 1 - known / total if total else 0.0


def _shares(labels: Sequence[str], counts: Any) -> dict[str, float]:
    return dict(zip(labels, (counts / max(counts.sum(), 1)).tolist(), strict=True))


def _distance(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    return sum(abs(a.get(name, 0.0) - b.get(name, 0.0)) for name in a.keys() | b.keys()) / 2
