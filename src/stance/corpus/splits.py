"""Leak-safe splits: which sentences are trained on, which are tested on."""

from __future__ import annotations

import hashlib
import logging
import warnings
from collections.abc import Mapping
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
    """The rows of a corpus on either side of a split."""

    train: Rows
    test: Rows
    n_repeats: int = 0
    """Sentences on neither side: they would be trained on, and repeat a sentence that is tested on."""


def hold_out(corpus: Corpus, splitter: Any) -> Split:
    """The corpus's own test set if it has one, else the first fold of ``splitter``.

    An official test set is kept as it is, and all that goes with it is trained on, so that its figures stay comparable.

    Raises
    ------
    DataError
        If the training side lacks a label that the corpus has.
    """
    check_labels(corpus, corpus.name)
    if corpus.split is not None:
        is_test = corpus.split == TEST
        split = Split(np.flatnonzero(~is_test), np.flatnonzero(is_test))
        if not len(split.test):
            raise DataError(f"{corpus.name}: no row of the split column says {TEST!r}.")
    else:
        split = folds(corpus, splitter)[0]
        if split.n_repeats:
            log.info("%d sentences that repeat one held out are not trained on", split.n_repeats)
    _check_sides(corpus, split)
    return split


def folds(corpus: Corpus, splitter: Any) -> list[Split]:
    """The folds of a scikit-learn splitter; one that stratifies does so by label and target.

    A splitter divides by the corpus's ``groups``, or by the column that it names as ``divides_by``. A sentence that
    repeats one of the test side, word for word or nearly, is not trained on.
    """
    column = getattr(splitter, "divides_by", "groups")
    by = getattr(corpus, column)
    if by is None:
        raise ConfigError(
            f"{corpus.name} has no {column}, which {type(splitter).__name__} divides by; name the column."
        )
    n_folds, n_groups = getattr(splitter, "n_splits", 1), len(set(by.tolist()))
    if isinstance(n_folds, int) and n_groups < n_folds:
        raise DataError(
            f"{corpus.name} has {n_groups} documents (or rows that stand for themselves) left to divide, too few for "
            f"{n_folds} folds; add some, or set splitter.n_splits lower (repeats of sentences held out do not count)."
        )
    strata = corpus.y if corpus.targets is None else np.char.add(np.char.add(corpus.y, " "), corpus.targets)
    try:
        with warnings.catch_warnings():
            # Whether groups count is the splitter's choice, and the configuration's to make.
            warnings.filterwarnings("ignore", message="The groups parameter is ignored")
            found = list(splitter.split(np.zeros(len(corpus)), strata, by))
    except ValueError as error:
        raise ConfigError(f"{corpus.name} cannot be split as asked: {str(error).rstrip('.')}.") from error
    return [_without_repeats(corpus, train, test) for train, test in found]


def replay(corpus: Corpus, saved: Mapping[str, NDArray[Any]]) -> Split:
    """The split that a saved model was trained with, found again in ``corpus`` by the digests of its sentences.

    Raises
    ------
    DataError
        If a sentence of the split is not in the corpus.
    """
    digests = corpus.row_digests()
    for side in ("train", "test"):
        missing = int((~np.isin(saved[side], digests)).sum())
        if missing:
            raise DataError(
                f"{missing} sentences of the saved split are not in {corpus.name}; replay it on the corpus that it was "
                "made of."
            )
    test = np.isin(digests, saved["test"])
    split = Split(np.flatnonzero(np.isin(digests, saved["train"]) & ~test), np.flatnonzero(test))
    _check_sides(corpus, split)
    return split


def split_digest(corpus: Corpus, split: Split) -> str:
    """sha256 of the sentences on both sides, in whatever order the corpus has them."""
    digests = corpus.row_digests()
    sides = (np.sort(digests[side]).astype("<u8").tobytes() for side in (split.train, split.test))
    return hashlib.sha256(b"|".join(sides)).hexdigest()


def _without_repeats(corpus: Corpus, train: Rows, test: Rows) -> Split:
    if corpus.weak is not None:
        test = test[~corpus.weak[test]]
    repeats = np.isin(corpus.clusters[train], corpus.clusters[test])
    return Split(train[~repeats], test, int(repeats.sum()))


def _check_sides(corpus: Corpus, split: Split) -> None:
    present = [label for label, count in corpus.counts.items() if count]
    check_labels(corpus.select(split.train), f"The training side of the split of {corpus.name}", present)
    lost = set(present) - set(corpus.y[split.test].tolist())
    if lost:
        log.warning("no sentence held out is labelled %s: nothing is measured of it", ", ".join(sorted(lost)))
