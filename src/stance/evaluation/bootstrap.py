"""The bootstrap over groups: how far a figure would move if other documents had been drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Groups = NDArray[np.str_]
Statistic = Callable[[Floats], Floats]

N_RESAMPLES = 2000
_CHUNK = 250
_MOST_GROUPS = 5_000
"""More groups than these are pooled at random into as many, which leaves the interval what it is."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95 % interval; none where there is one group only, of which nothing can be said."""

    value: float
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        interval = "–" if self.low is None else f"{self.low:.3f}, {self.high:.3f}"
        return f"{self.value:.3f} [{interval}]"

    @property
    def signed(self) -> str:
        """As a difference: with its sign."""
        interval = "–" if self.low is None else f"{self.low:+.3f}, {self.high:+.3f}"
        return f"{self.value:+.3f} [{interval}]"


class GroupBootstrap:
    """Sums over whole groups, drawn again with replacement: the sentences of a document are not independent.

    Figures that are functions of sums over sentences (counts, losses) share one set of draws, so that differences
    between them are paired (Efron and Tibshirani 1993, *An Introduction to the Bootstrap*, chapter 8; intervals are
    percentiles).

    Parameters
    ----------
    groups : the group of each sentence
    columns : named arrays of shape (n_sentences, ...), whose sums the figures are made of
    """

    def __init__(self, groups: Groups, columns: dict[str, Floats], random_state: int = 0) -> None:
        self.shapes = {name: column.shape[1:] for name, column in columns.items()}
        flat = np.concatenate([np.reshape(c, (len(groups), -1)) for c in columns.values()], axis=1).astype(float)
        names, group = np.unique(groups, return_inverse=True)
        self.n_groups = len(names)
        rng = np.random.default_rng(random_state)
        if self.n_groups > _MOST_GROUPS:
            group = (rng.permutation(self.n_groups) % _MOST_GROUPS)[group]
        by_group = np.zeros((int(group.max()) + 1, flat.shape[1]))
        np.add.at(by_group, group, flat)
        self.total = self._named(by_group.sum(axis=0))
        self.drawn = self._named(_resample(by_group, rng))

    def estimate(self, column: str, statistic: Statistic) -> Estimate:
        """The ``statistic`` of the sums of a column, which are of its shape with one more axis in front for draws."""
        return self.of(lambda sums: statistic(sums[column]))

    def of(self, statistic: Callable[[dict[str, Floats]], Floats]) -> Estimate:
        """The ``statistic`` of the sums of all columns, by name.

        Draws for which it is not defined (NaN) are left out, and so is the interval if none is left; a value that is
        not defined is 0. Where all draws lie to one side of the value, the interval is drawn out to it.
        """
        value = float(np.nan_to_num(statistic(self.total)))
        found = statistic(self.drawn) if self.n_groups > 1 else np.empty(0)
        found = found[~np.isnan(found)]
        if not len(found):
            return Estimate(value)
        low, high = np.percentile(found, [2.5, 97.5])
        return Estimate(value, min(float(low), value), max(float(high), value))

    def _named(self, flat: Floats) -> dict[str, Floats]:
        sizes = [int(np.prod(shape)) for shape in self.shapes.values()]
        parts = np.split(flat, np.cumsum(sizes)[:-1], axis=-1)
        return {
            name: part.reshape((*part.shape[:-1], *shape))
            for (name, shape), part in zip(self.shapes.items(), parts, strict=True)
        }


def bootstrap_mean(values: Floats, groups: Groups, random_state: int = 0) -> Estimate:
    """The mean of ``values``, one a sentence, with the interval of the bootstrap over groups."""
    drawn = GroupBootstrap(groups, {"sum": values, "n": np.ones(len(values))}, random_state)
    return drawn.of(mean("sum"))


def mean(column: str) -> Callable[[dict[str, Floats]], Floats]:
    """The mean of a column over sentences, from its sum and that of the column ``n`` of ones."""
    return lambda sums: np.asarray(sums[column] / np.maximum(sums["n"], 1))


def _resample(by_group: Floats, rng: np.random.Generator) -> Floats:
    """The sums of ``N_RESAMPLES`` draws of as many groups as there are, shape (N_RESAMPLES, n_columns)."""
    n = len(by_group)
    if n < 2:
        return np.empty((0, by_group.shape[1]))
    chunks = [rng.multinomial(n, np.full(n, 1 / n), size=_CHUNK) @ by_group for _ in range(N_RESAMPLES // _CHUNK)]
    return np.concatenate(chunks)
