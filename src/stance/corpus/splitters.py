"""Splitters that scikit-learn does not have: in time, and by speaker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.errors import ConfigError

Fold = tuple[NDArray[np.intp], NDArray[np.intp]]


@dataclass(frozen=True)
class TemporalSplit:
    """Trains on what was said before, and tests on what was said after.

    The days are divided into ``n_splits + 1`` periods of about as many sentences each. Every period but the first is
    tested on once, by what was fitted on all before it, the latest first. One day is never divided, and sentences
    without a day are on neither side.
    """

    n_splits: int = 5
    divides_by = "dates"

    def split(self, X: Any, y: Any, groups: NDArray[np.str_]) -> Iterator[Fold]:
        """The folds, from the days of the sentences."""
        days, counts = np.unique(groups[groups != ""], return_counts=True)
        if len(days) <= self.n_splits:
            raise ConfigError(
                f"There are {len(days)} days, too few for {self.n_splits} splits in time; set splitter.n_splits lower."
            )
        middle = np.cumsum(counts) - counts / 2
        period_of_day = np.minimum((middle * (self.n_splits + 1) / counts.sum()).astype(int), self.n_splits)
        period = dict(zip(days.tolist(), period_of_day.tolist(), strict=True))
        periods = np.array([period.get(day, -1) for day in groups.tolist()])
        used = sorted(set(period.values()))
        for test in used[:0:-1]:
            yield np.flatnonzero((periods >= 0) & (periods < test)), np.flatnonzero(periods == test)


@dataclass(frozen=True)
class LeaveOneSpeakerOut:
    """Tests on all that one speaker says, and trains on all that the others say and on narration.

    Speakers with fewer than ``min_sentences`` are never tested on; the one with most comes first.
    """

    min_sentences: int = 20
    divides_by = "speakers"

    def split(self, X: Any, y: Any, groups: NDArray[np.str_]) -> Iterator[Fold]:
        """The folds, from the speakers of the sentences."""
        counts = Counter(speaker for speaker in groups.tolist() if speaker)
        chosen = [speaker for speaker, n in counts.most_common() if n >= self.min_sentences]
        if not chosen:
            raise ConfigError(
                f"No speaker has {self.min_sentences} sentences to be tested on; set splitter.min_sentences lower."
            )
        for speaker in sorted(chosen, key=lambda name: (-counts[name], name)):
            yield np.flatnonzero(groups != speaker), np.flatnonzero(groups == speaker)
