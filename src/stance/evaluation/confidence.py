"""Whether confidence can be trusted: the reliability curve, and accuracy against coverage when a model abstains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.bootstrap import Estimate, Floats, bootstrap_mean
from stance.evaluation.metrics import N_BINS, confidence_bins
from stance.evaluation.predictions import Predictions

_POINTS = 20


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The sentences whose confidence lies between ``low`` and ``high``: how confident, and how often right."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: Estimate


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """What abstaining below ``threshold`` does: the share of sentences answered, and how often rightly."""

    threshold: float
    coverage: float
    accuracy: float


def reliability_curve(predictions: Predictions, random_state: int = 0) -> tuple[ReliabilityBin, ...]:
    """The bins that have sentences in them, from the least confident to the most."""
    bins = confidence_bins(predictions.y, predictions.probabilities)
    found = []
    for i in range(N_BINS):
        rows = np.flatnonzero(bins[:, i, 0])
        if len(rows):
            accuracy = bootstrap_mean(bins[rows, i, 2], predictions.corpus.groups[rows], random_state)
            confidence = float(bins[rows, i, 1].mean())
            found.append(ReliabilityBin(i / N_BINS, (i + 1) / N_BINS, len(rows), confidence, accuracy))
    return tuple(found)


def coverage_curve(confidence: Floats, right: NDArray[np.bool_]) -> tuple[CoveragePoint, ...]:
    """Accuracy at ``_POINTS`` steps of coverage, from all sentences to the most confident ones."""
    order = np.argsort(-confidence, kind="stable")
    correct = np.cumsum(right[order])
    wanted = np.ceil(np.arange(1, _POINTS + 1) * len(order) / _POINTS).astype(int)
    # Equal confidences are answered together.
    kept = np.unique(np.searchsorted(-confidence[order], -confidence[order[wanted - 1]], side="right"))[::-1]
    return tuple(
        CoveragePoint(float(confidence[order[k - 1]]), k / len(order), float(correct[k - 1] / k)) for k in kept.tolist()
    )
