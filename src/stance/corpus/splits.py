"""Leak-safe splits: which sentences are trained on, which are tested on."""

from __future__ import annotations

import hashlib
import logging
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.corpus.corpus import TEST, Corpus, check_labels
from stance.errors import ConfigError, DataError

log = logging.getLogger(__name__)

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

    Sentences of that fold which stand in the training side word for word are on neither side. An official test set is
    kept as it is, so that its figures stay comparable.

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
        split = _without_repeats(corpus, folds(corpus, splitter)[0])
    present = [label for label, count in corpus.counts.items() if count]
    for side, rows in (("training", split.train), ("test", split.test)):
        check_labels(corpus.select(rows), f"The {side} side of the split of {corpus.name}", present)
    return split


def _without_repeats(corpus: Corpus, split: Split) -> Split:
    """``split`` without the test sentences that stand, word for word, on the training side too."""
    digests = corpus.row_digests()
    repeated = np.isin(digests[split.test], digests[split.train])
    if repeated.any():
        log.warning("%d sentences held out stand on the training side too, and are not tested on", repeated.sum())
    return Split(split.train, split.test[~repeated])


def folds(corpus: Corpus, splitter: Any) -> list[Split]:
    """The folds of a scikit-learn splitter; one that stratifies does so by label and target."""
    n_folds, n_groups = getattr(splitter, "n_splits", 1), len(set(corpus.groups.tolist()))
    if isinstance(n_folds, int) and n_groups < n_folds:
        raise DataError(
            f"{corpus.name} has {n_groups} documents (or rows that stand for themselves), too few for {n_folds} folds; "
            "add some, or set splitter.n_splits lower."
        )
    strata = corpus.y if corpus.targets is None else np.char.add(np.char.add(corpus.y, " "), corpus.targets)
    try:
        with warnings.catch_warnings():
            # Whether groups count is the splitter's choice, and the configuration's to make.
            warnings.filterwarnings("ignore", message="The groups parameter is ignored")
            found = list(splitter.split(np.zeros(len(corpus)), strata, corpus.groups))
    except ValueError as error:
        raise ConfigError(f"{corpus.name} cannot be split as asked: {str(error).rstrip('.')}.") from error
    return [Split(train, test) for train, test in found]
