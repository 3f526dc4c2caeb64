"""Metrics of one set of predictions, and their bootstrap intervals over groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import log_loss, matthews_corrcoef, precision_recall_fscore_support

Floats = NDArray[np.float64]
Columns = NDArray[np.intp]

N_RESAMPLES = 2000
_CHUNK = 250


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95 % interval; none where there is one group only, of which nothing can be said."""

    value: float
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        interval = "–" if self.low is None else f"{self.low:.3f}, {self.high:.3f}"
        return f"{self.value:.3f} [{interval}]"


@dataclass(frozen=True, slots=True)
class LabelMetrics:
    """How one label fares; ``support`` counts the sentences that have it."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Metrics:
    """One model on one set of sentences.

    ``macro_f1`` is the mean F1 of all labels that occur; ``stance_f1`` that of those that take a side (the convention
    of SemEval-2016 Task 6), equal to ``macro_f1`` where no label is neutral. Rows of ``confusion`` are true labels.
    """

    macro_f1: Estimate
    stance_f1: Estimate
    accuracy: Estimate
    mcc: float
    log_loss: float
    by_label: tuple[LabelMetrics, ...]
    confusion: tuple[tuple[int, ...], ...]


def compute_metrics(
    y: Columns,
    probabilities: Floats,
    labels: Sequence[str],
    neutral: str | None,
    groups: NDArray[np.str_],
    random_state: int = 0,
) -> Metrics:
    """All metrics of ``probabilities``, shape (n_sentences, n_labels), against the true columns ``y``.

    Intervals are percentiles of a bootstrap that draws whole groups, since the sentences of a document are not
    independent (Efron and Tibshirani 1993, chapter 8).
    """
    predicted = probabilities.argmax(axis=1)
    columns = np.arange(len(labels))
    sided = columns[[label != neutral for label in labels]]
    by_group = group_confusions(y, predicted, len(labels), groups)
    confusion = by_group.sum(axis=0)
    resampled = _resample(by_group, np.random.default_rng(random_state))
    precision, recall, f1, support = precision_recall_fscore_support(y, predicted, labels=columns, zero_division=0.0)
    return Metrics(
        macro_f1=_estimate(mean_f1(confusion, columns), mean_f1(resampled, columns)),
        stance_f1=_estimate(mean_f1(confusion, sided), mean_f1(resampled, sided)),
        accuracy=_estimate(accuracy(confusion), accuracy(resampled)),
        # Undefined, and 0 by convention, where only one label occurs.
        mcc=float(matthews_corrcoef(y, predicted)) if len({*y, *predicted}) > 1 else 0.0,
        log_loss=float(log_loss(y, probabilities, labels=columns)),
        by_label=tuple(
            LabelMetrics(label, float(precision[i]), float(recall[i]), float(f1[i]), int(support[i]))
            for i, label in enumerate(labels)
        ),
        confusion=tuple(tuple(int(n) for n in row) for row in confusion),
    )


def bootstrap_mean(values: Floats, groups: NDArray[np.str_], random_state: int = 0) -> Estimate:
    """The mean of ``values``, one a sentence, with the interval of the same bootstrap."""
    _, group = np.unique(groups, return_inverse=True)
    sums = np.stack([np.bincount(group, weights) for weights in (values, np.ones(len(values)))], axis=1).astype(float)
    resampled = _resample(sums, np.random.default_rng(random_state))
    return _estimate(np.asarray(values.mean()), resampled[:, 0] / np.maximum(resampled[:, 1], 1))


def bootstrap(by_group: Floats, statistic: Callable[[Floats], Floats], random_state: int = 0) -> Estimate:
    """A statistic of the sum of ``by_group``, shape (n_groups, ...), with the interval of the same bootstrap."""
    resampled = _resample(by_group, np.random.default_rng(random_state))
    return _estimate(statistic(by_group.sum(axis=0)), statistic(resampled) if len(resampled) else resampled)


def group_confusions(y: Columns, predicted: Columns, n_labels: int, groups: NDArray[np.str_]) -> Floats:
    """Confusion counts of each group, shape (n_groups, n_labels, n_labels)."""
    names, group = np.unique(groups, return_inverse=True)
    counts = np.zeros((len(names), n_labels, n_labels))
    np.add.at(counts, (group, y, predicted), 1)
    return counts


def mean_f1(confusion: Floats, columns: Columns) -> Floats:
    """Mean F1 of those labels in ``columns`` that occur, from counts of shape (..., n_labels, n_labels).

    As scikit-learn has it, a label counts if it occurs among the true labels or the predicted ones.
    """
    hits = np.diagonal(confusion, axis1=-2, axis2=-1)[..., columns]
    sizes = (confusion.sum(axis=-1) + confusion.sum(axis=-2))[..., columns]
    return np.asarray((2 * hits / np.maximum(sizes, 1)).sum(axis=-1) / np.maximum((sizes > 0).sum(axis=-1), 1))


def accuracy(confusion: Floats) -> Floats:
    """The share of sentences that get their true label, from counts of shape (..., n_labels, n_labels)."""
    return np.asarray(np.trace(confusion, axis1=-2, axis2=-1) / confusion.sum(axis=(-2, -1)))


def _resample(by_group: Floats, rng: np.random.Generator) -> Floats:
    """Confusion counts of ``N_RESAMPLES`` bootstrap samples of the groups."""
    n = len(by_group)
    if n < 2:
        return np.empty((0, *by_group.shape[1:]))
    flat = by_group.reshape(n, -1)
    chunks = [rng.multinomial(n, np.full(n, 1 / n), size=_CHUNK) @ flat for _ in range(N_RESAMPLES // _CHUNK)]
    return np.concatenate(chunks).reshape(N_RESAMPLES, *by_group.shape[1:])


def _estimate(value: Floats, resampled: Floats) -> Estimate:
    if not len(resampled):
        return Estimate(float(value))
    low, high = np.percentile(resampled, [2.5, 97.5])
    return Estimate(float(value), float(low), float(high))
