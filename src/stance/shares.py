"""Shares of labels: their intervals, and what they would be without the classifier's errors."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_Z = NormalDist().inv_cdf(0.975)
_N_DRAWS = 1000
_ITERATIONS = 500
_CONVERGED = 1e-6
_JEFFREYS = 0.5


@dataclass(frozen=True, slots=True)
class Share:
    """How many sentences have a label, what share of all that is, and its 95 % interval."""

    count: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class AdjustedShare:
    """A share corrected for the classifier's errors, and its 95 % interval."""

    share: float
    low: float
    high: float


def clustered_share(hits: Mapping[str, int], sizes: Mapping[str, int]) -> Share:
    """The share of the sentences with a label, of which each document has ``hits`` of ``sizes``.

    Sentences of one document are alike, so the number of sentences is divided by the design effect of the documents as
    clusters (at least 1; 1 for a single document), as in Korn and Graubard, "Confidence intervals for proportions with
    small expected number of positive counts estimated from survey data", Survey Methodology 24 (1998); the interval is
    that of Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
    """
    n, count = sum(sizes.values()), sum(hits.values())
    share = count / n
    low, high = wilson(share, n / _design_effect(share, sizes, hits))
    return Share(count, share, low, high)


def wilson(share: float, n: float) -> tuple[float, float]:
    """Wilson's 95 % score interval of a share among ``n`` independent draws."""
    centre = share + _Z**2 / (2 * n)
    reach = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    scale = 1 + _Z**2 / n
    # At the ends the formula gives exactly 0 and 1, but for rounding.
    return min(share, max(0.0, (centre - reach) / scale)), max(share, min(1.0, (centre + reach) / scale))


def _design_effect(share: float, sizes: Mapping[str, int], hits: Mapping[str, int]) -> float:
    """The variance of a share with documents as clusters, over that of independent sentences."""
    k, n = len(sizes), sum(sizes.values())
    independent = share * (1 - share) / n
    if k < 2 or independent == 0:
        return 1.0
    clustered = k / (k - 1) * sum((hits.get(d, 0) - share * size) ** 2 for d, size in sizes.items()) / n**2
    return min(max(1.0, clustered / independent), n / k if n > k else 1.0)


def adjusted_shares(
    predicted: Sequence[tuple[str, int]], confusions: Floats, random_state: int = 0
) -> tuple[AdjustedShare, ...]:
    """The shares of the true labels, from predicted ones and how the classifier errs.

    A classifier's counts are off by its errors: of a label that few sentences have, it finds too many. If a true label
    is predicted as another one as often here as on the sentences of ``confusions``, the shares of true labels that make
    the predicted ones most likely are better counts (*adjusted count*: Forman 2008, "Quantifying counts and costs via
    classification", Data Mining and Knowledge Discovery 17; found by expectation maximisation, so that they are
    shares).

    The intervals are percentiles of ``_N_DRAWS`` draws: of the errors by a bootstrap over groups, of the predicted
    shares from a Dirichlet distribution with Jeffreys's prior, on as many sentences as there would be were those of a
    document independent.

    Parameters
    ----------
    predicted : for each sentence its document, and the column of the predicted label
    confusions : counts by group, shape (n_groups, n_labels, n_labels), row the true and column the predicted
        label, from models that had not seen the group

    Returns
    -------
    One for each label, in the order of columns.
    """
    rng, n_labels = np.random.default_rng(random_state), confusions.shape[1]
    counts = np.bincount([column for _, column in predicted], minlength=n_labels).astype(float)
    drawn = rng.dirichlet(counts * _effective_share(predicted, n_labels) + _JEFFREYS, size=_N_DRAWS)
    observed = np.concatenate([[counts / counts.sum()], drawn])
    errors = np.concatenate([[confusions.sum(axis=0)], _draw(confusions, rng)])
    rates = _rates(errors)
    found = np.concatenate([_most_likely(observed[:1], rates[:1], 20_000, 1e-9), _most_likely(observed[1:], rates[1:])])
    low, high = np.percentile(found[1:], [2.5, 97.5], axis=0)
    return tuple(
        AdjustedShare(float(value), float(min(a, value)), float(max(b, value)))
        for value, a, b in zip(found[0], low, high, strict=True)
    )


def _effective_share(predicted: Sequence[tuple[str, int]], n_labels: int) -> float:
    """What the sentences count for, since those of a document are alike: 1 over the largest design effect."""
    sizes = Counter(document for document, _ in predicted)
    hits = [Counter(document for document, column in predicted if column == k) for k in range(n_labels)]
    return 1 / max(_design_effect(sum(h.values()) / len(predicted), sizes, h) for h in hits)


def _draw(by_group: Floats, rng: np.random.Generator) -> Floats:
    """Sums of as many groups as there are, drawn with replacement, shape (_N_DRAWS, ...)."""
    n = len(by_group)
    weights = rng.multinomial(n, np.full(n, 1 / n), size=_N_DRAWS)
    return np.asarray(np.tensordot(weights, by_group, axes=1), dtype=float)


def _rates(confusion: Floats) -> Floats:
    """How often each true label (row) is predicted as each label, shape (..., n_labels, n_labels).

    A label that no sentence has is taken to be predicted rightly.
    """
    sizes = confusion.sum(axis=-1, keepdims=True)
    return np.where(sizes > 0, confusion / np.maximum(sizes, 1), np.eye(confusion.shape[-1]))


def _most_likely(
    observed: Floats, rates: Floats, iterations: int = _ITERATIONS, converged: float = _CONVERGED
) -> Floats:
    """The shares of true labels under which ``observed`` shares of predicted ones are likeliest, draw by draw."""
    shares = np.full_like(observed, 1 / observed.shape[1])
    for _ in range(iterations):
        expected = np.einsum("di,dij->dj", shares, rates)
        ratio = np.divide(observed, expected, out=np.zeros_like(observed), where=expected > 0)
        updated = shares * np.einsum("dij,dj->di", rates, ratio)
        total = updated.sum(axis=1, keepdims=True)
        updated = np.where(total > 0, updated / np.maximum(total, 1e-300), observed)
        if np.abs(updated - shares).max() < converged:
            return np.asarray(updated)
        shares = updated
    return shares
