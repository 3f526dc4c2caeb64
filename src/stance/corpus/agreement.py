"""Agreement of two readers who labelled the same sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def krippendorff_alpha(first: Sequence[str], second: Sequence[str]) -> float:
    """Krippendorff's alpha for nominal labels and two readers without gaps.

    1 is perfect agreement, 0 what chance gives; nan where both use one label throughout. Krippendorff, "Computing
    Krippendorff's Alpha-Reliability", 2011, section B.
    """
    labels = sorted({*first, *second})
    pairs = np.array([[labels.index(a), labels.index(b)] for a, b in zip(first, second, strict=True)])
    counts = np.zeros((len(labels), len(labels)))
    np.add.at(counts, (pairs[:, 0], pairs[:, 1]), 1)
    coincidences = counts + counts.T
    totals = coincidences.sum(axis=1)
    n = totals.sum()
    observed = n - np.trace(coincidences)
    expected = (n**2 - (totals**2).sum()) / (n - 1)
    return float(1 - observed / expected) if expected else float("nan")
