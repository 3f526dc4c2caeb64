"""Calibration: one temperature, learnt from out-of-fold scores, that makes probabilities honest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

_BOUNDS = (np.log(1e-3), np.log(1e3))


def fit_temperature(scores: NDArray[np.float64], y: NDArray[np.intp]) -> float:
    """The temperature under which ``softmax(scores / temperature)`` has the least log loss on ``y``.

    Parameters
    ----------
    scores : array of shape (n_sentences, n_labels), from models that have not seen the sentence
    y : column of the true label of each sentence

    References
    ----------
    Guo, Pleiss, Sun and Weinberger 2017, "On Calibration of Modern Neural Networks", https://arxiv.org/abs/1706.04599.
    """
    rows = np.arange(len(y))

    def log_loss(log_temperature: float) -> float:
        return float(-log_softmax(scores / np.exp(log_temperature), axis=1)[rows, y].mean())

    found = minimize_scalar(log_loss, bounds=_BOUNDS, method="bounded", options={"xatol": 1e-10})
    return float(np.exp(found.x))
