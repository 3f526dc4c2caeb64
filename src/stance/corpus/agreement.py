"""Agreement of two readers who labelled the same sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def krippendorff_alpha(first: Sequence[str], second: Sequence[str]) -> float:
    """Krippendorff's alpha for nominal labels and two readers without gaps.

    1 is perfect agreement, 0 what chance gives; nan where both use one label throughout. Krippendorff, "Computing
    Krippendorff's Alpha-Reliability", 2011, section B.
    """
    labels = sorted({*first, *second})
    pairs = np.array([[labels.index(a), labels.index(b)] for a, b in zip(first, second, strict=True)])
    counts = np.zeros((len(labels), len(labels)))
    np.add.at(counts, (pairs[:, 0], pairs[:, 1]), 1)
    return float(alpha_of_counts(counts))


def alpha_of_counts(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Krippendorff's alpha from how often the readers chose each pair of labels, shape (..., n_labels, n_labels)."""
    coincidences = counts + np.swapaxes(counts, -1, -2)
    totals = coincidences.sum(axis=-1)
    n = totals.sum(axis=-1)
    observed = n - np.trace(coincidences, axis1=-2, axis2=-1)
    expected = (n**2 - (totals**2).sum(axis=-1)) / (n - 1)
    with np.errstate(invalid="ignore"):
        return np.asarray(1 - np.where(expected, observed, np.nan) / expected)
