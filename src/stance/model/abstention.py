"""Abstention: no answer where the model is not sure enough."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ABSTAINED = "abstained"
"""What stands in the place of a label where the model abstains."""
_FEWEST = 30
"""Sentences that a threshold must keep, so that the accuracy above it means something."""


def abstention_threshold(confidence: Floats, right: NDArray[np.bool_], accuracy: float) -> float | None:
    """The lowest confidence from which on answers are right at least that often; none if there is no such.

    Parameters
    ----------
    confidence, right : of sentences that the model had not seen, shape (n_sentences,)
    accuracy : the share of answers that are to be right, from 0 to 1
    """
    order = np.argsort(-confidence, kind="stable")
    descending, answered = confidence[order], np.arange(1, len(order) + 1)
    shares = np.cumsum(right[order]) / answered
    whole = np.append(descending[1:] < descending[:-1], True)  # equal confidences are answered together
    good = np.flatnonzero((shares >= accuracy) & whole & (answered >= min(_FEWEST, len(order))))
    return float(descending[good[-1]]) if len(good) else None
