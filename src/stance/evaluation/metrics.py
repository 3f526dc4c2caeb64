"""Metrics of one set of predictions, with their bootstrap intervals over groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_fscore_support

from stance.evaluation.bootstrap import Estimate, Floats, GroupBootstrap, Groups, mean

Columns = NDArray[np.intp]

N_BINS = 10
"""Of confidence, of equal width, in the calibration error and the reliability curve."""
_SMALLEST = float(np.finfo(np.float64).eps)  # as scikit-learn's log_loss has it


@dataclass(frozen=True, slots=True)
class LabelMetrics:
    """How one label fares; ``support`` counts the sentences that have it."""

    label: str
    precision: float
    recall: float
    f1: Estimate
    support: int


@dataclass(frozen=True, slots=True)
class Metrics:
    """One model on one set of sentences.

    ``macro_f1`` is the mean F1 of all labels that occur; ``stance_f1`` that of those that take a side (the convention
    of SemEval-2016 Task 6), equal to ``macro_f1`` where no label is neutral; ``mcc`` Matthews's correlation in
    Gorodkin's form for several labels (2004, doi:10.1016/j.compbiolchem.2004.09.006); ``log_loss`` in nats; ``brier``
    the mean squared distance between probabilities and truth over all labels (Brier 1950), from 0 to 2;
    ``calibration_error`` the expected calibration error over ``N_BINS`` bins of confidence (Naeini et al. 2015). Rows
    of ``confusion`` are true labels.
    """

    macro_f1: Estimate
    stance_f1: Estimate
    accuracy: Estimate
    mcc: Estimate
    log_loss: Estimate
    brier: Estimate
    calibration_error: Estimate
    by_label: tuple[LabelMetrics, ...]
    confusion: tuple[tuple[int, ...], ...]


def compute_metrics(
    y: Columns,
    probabilities: Floats,
    labels: Sequence[str],
    neutral: str | None,
    groups: Groups,
    random_state: int = 0,
) -> Metrics:
    """All metrics of ``probabilities``, shape (n_sentences, n_labels), against the true columns ``y``."""
    predicted = probabilities.argmax(axis=1)
    columns = np.arange(len(labels))
    sided = sided_columns(labels, neutral)
    draws = GroupBootstrap(groups, _summed(y, probabilities), random_state)
    precision, recall, _, support = precision_recall_fscore_support(y, predicted, labels=columns, zero_division=0.0)
    return Metrics(
        macro_f1=draws.estimate("confusion", partial(mean_f1, columns=columns)),
        stance_f1=draws.estimate("confusion", partial(mean_f1, columns=sided)),
        accuracy=draws.estimate("confusion", accuracy),
        mcc=draws.estimate("confusion", correlation),
        log_loss=draws.of(mean("log_loss")),
        brier=draws.of(mean("brier")),
        calibration_error=draws.estimate("bins", calibration_error),
        by_label=tuple(
            LabelMetrics(
                label,
                float(precision[i]),
                float(recall[i]),
                draws.estimate("confusion", partial(mean_f1, columns=columns[[i]])),
                int(support[i]),
            )
            for i, label in enumerate(labels)
        ),
        confusion=tuple(tuple(int(n) for n in row) for row in draws.total["confusion"]),
    )


def sided_columns(labels: Sequence[str], neutral: str | None) -> Columns:
    """The columns of the labels that take a side."""
    return np.array([i for i, label in enumerate(labels) if label != neutral], dtype=np.intp)


def _summed(y: Columns, probabilities: Floats) -> dict[str, Floats]:
    """What each sentence adds to the sums that the metrics are made of."""
    rows, n_labels = np.arange(len(y)), probabilities.shape[1]
    truth = np.eye(n_labels)[y]
    clipped = np.clip(probabilities, _SMALLEST, 1 - _SMALLEST)
    return {
        "confusion": confusions(y, probabilities.argmax(axis=1), n_labels),
        "log_loss": -np.log(clipped[rows, y]),
        "brier": ((probabilities - truth) ** 2).sum(axis=1),
        "bins": confidence_bins(y, probabilities),
        "n": np.ones(len(y)),
    }


def confusions(y: Columns, predicted: Columns, n_labels: int) -> Floats:
    """One count for each sentence, shape (n_sentences, n_labels, n_labels): row its true, column its predicted
    label.
    """
    counts = np.zeros((len(y), n_labels, n_labels))
    counts[np.arange(len(y)), y, predicted] = 1
    return counts


def confidence_bins(y: Columns, probabilities: Floats) -> Floats:
    """For each sentence and bin of confidence: count, confidence, and 1 if right; shape (n_sentences, N_BINS, 3)."""
    confidence = probabilities.max(axis=1)
    bins = np.minimum((confidence * N_BINS).astype(int), N_BINS - 1)
    right = probabilities.argmax(axis=1) == y
    found = np.zeros((len(y), N_BINS, 3))
    found[np.arange(len(y)), bins] = np.stack([np.ones(len(y)), confidence, right], axis=1)
    return found


def calibration_error(bins: Floats) -> Floats:
    """The mean distance between confidence and accuracy, weighted by the sentences of each bin."""
    n, confidence, right = np.moveaxis(bins, -1, 0)
    return np.asarray(np.abs(confidence - right).sum(axis=-1) / np.maximum(n.sum(axis=-1), 1))


def mean_f1(confusion: Floats, columns: Columns) -> Floats:
    """Mean F1 of those labels in ``columns`` that occur, from counts of shape (..., n_labels, n_labels).

    As scikit-learn has it, a label counts if it occurs among the true labels or the predicted ones. Where none does the
    mean is not defined (NaN).
    """
    hits = np.diagonal(confusion, axis1=-2, axis2=-1)[..., columns]
    sizes = (confusion.sum(axis=-1) + confusion.sum(axis=-2))[..., columns]
    n_labels = np.asarray((sizes > 0).sum(axis=-1), dtype=float)
    summed = (2 * hits / np.maximum(sizes, 1)).sum(axis=-1)
    return np.asarray(np.divide(summed, n_labels, out=np.full_like(n_labels, np.nan), where=n_labels > 0))


def accuracy(confusion: Floats) -> Floats:
    """The share of sentences that get their true label, from counts of shape (..., n_labels, n_labels)."""
    return np.asarray(np.trace(confusion, axis1=-2, axis2=-1) / np.maximum(confusion.sum(axis=(-2, -1)), 1))


def correlation(confusion: Floats) -> Floats:
    """Matthews's correlation from counts of shape (..., n_labels, n_labels); 0 by convention where it is undefined."""
    n = confusion.sum(axis=(-2, -1))
    true, found = confusion.sum(axis=-1), confusion.sum(axis=-2)
    covariance = np.trace(confusion, axis1=-2, axis2=-1) * n - (true * found).sum(axis=-1)
    scale = np.sqrt((n**2 - (true**2).sum(axis=-1)) * (n**2 - (found**2).sum(axis=-1)))
    return np.asarray(np.divide(covariance, scale, out=np.zeros_like(scale), where=scale > 0))
