"""Leak-safe splits: which sentences are trained on, which are tested on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.corpus.corpus import TEST, Corpus, check_labels
from stance.errors import ConfigError, DataError

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Split:
    """The rows of a corpus on either side of a hold-out."""

    train: Rows
    test: Rows

    @property
    def digest(self) -> str:
        """sha256 of the row numbers on both sides."""
        sides = (side.astype("<i8").tobytes() for side in (self.train, self.test))
        return hashlib.sha256(b"|".join(sides)).hexdigest()


def hold_out(corpus: Corpus, splitter: Any) -> Split:
    """The corpus's own test set if it has one, else the first fold of ``splitter``.

    Raises
    ------
    DataError
        If a label is missing on one side.
    """
    check_labels(corpus, corpus.name)
    if corpus.split is not None:
        is_test = corpus.split == TEST
        split = Split(np.flatnonzero(~is_test), np.flatnonzero(is_test))
        if not len(split.test):
            raise DataError(f"{corpus.name}: no row of the split column says {TEST!r}.")
    else:
        split = next(folds(corpus, splitter))
    present = [label for label, count in corpus.counts.items() if count]
    for side, rows in (("training", split.train), ("test", split.test)):
        check_labels(corpus.select(rows), f"The {side} side of the split of {corpus.name}", present)
    return split


def folds(corpus: Corpus, splitter: Any) -> Iterator[Split]:
    """The folds of a scikit-learn splitter; one that stratifies does so by label and target."""
    strata = corpus.y if corpus.targets is None else np.char.add(np.char.add(corpus.y, " "), corpus.targets)
    try:
        for train, test in splitter.split(np.zeros(len(corpus)), strata, corpus.groups):
            yield Split(train, test)
    except ValueError as error:
        raise ConfigError(f"{corpus.name} cannot be split as asked: {str(error).rstrip('.')}.") from error
