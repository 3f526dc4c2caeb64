"""Fitting: texts and labels in, a linear model as data out."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from joblib import Memory, Parallel, delayed
from numpy.typing import NDArray
from sklearn.base import clone
from threadpoolctl import threadpool_limits

from stance.corpus import Corpus, Split, check_labels, folds
from stance.errors import ConfigError, DataError
from stance.model import LinearModel, TermSpace
from stance.training.linearize import coefficients, term_spaces
from stance.training.names import without_names

log = logging.getLogger(__name__)

NO_MEMORY = Memory(None, verbose=0)
"""Features are computed each time."""


def fit(
    corpus: Corpus, vectorizer: Any, classifier: Any, hidden_names: tuple[str, ...] = (), memory: Memory = NO_MEMORY
) -> LinearModel:
    """Fit clones of ``vectorizer`` and ``classifier`` on ``corpus``: one classifier a target, if it has targets.

    The model does not see the ``hidden_names``, here or later. Features that ``memory`` has are not computed again.
    """
    seen = without_names(corpus, hidden_names)
    check_labels(corpus, f"The part of {corpus.name} to fit on")
    spaces, X, _ = _features(seen, vectorizer, memory)
    coef, intercept = _fit_targets(seen, X, classifier)
    return LinearModel(
        corpus.present_labels, spaces, coef, intercept, targets=corpus.target_names, hidden_names=hidden_names
    )


def _features(
    corpus: Corpus, vectorizer: Any, memory: Memory, held_out: tuple[str, ...] = ()
) -> tuple[tuple[TermSpace, ...], Any, Any]:
    """What the vectorizer learns of the corpus, as term spaces, and the features of its texts and of those held out."""
    try:
        found: tuple[tuple[TermSpace, ...], Any, Any] = memory.cache(features)(corpus.texts, vectorizer, held_out)
    except ValueError as error:
        if "empty vocabulary" in str(error):
            raise DataError(f"{corpus.name} gives no features: {str(error).rstrip('.')}.") from error
        raise ConfigError(f"The vectorizer cannot be fitted: {' '.join(str(error).split()).rstrip('.')}.") from error
    return found


def features(
    texts: tuple[str, ...], vectorizer: Any, held_out: tuple[str, ...] = ()
) -> tuple[tuple[TermSpace, ...], Any, Any]:
    """Fit a clone of ``vectorizer``: its term spaces, and the features of the texts and of those held out.

    Where some are held out, which is for scores and no model, there are no term spaces.
    """
    fitted = clone(vectorizer)
    X = fitted.fit_transform(texts)
    return ((), X, fitted.transform(held_out)) if held_out else (term_spaces(fitted), X, None)


def _fit_targets(corpus: Corpus, X: Any, classifier: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coefficients, shape (n_targets, n_labels, n_terms), and intercepts, shape (n_targets, n_labels)."""
    # One thread, since the order of sums, and so the last digits, would depend on how many there are.
    with threadpool_limits(limits=1):
        targets = corpus.target_names or (None,)
        parts = [_fit_target(corpus, target, X, classifier, corpus.present_labels) for target in targets]
    return np.stack([c for c, _ in parts]), np.stack([i for _, i in parts])


def _fit_target(corpus: Corpus, target: str | None, X: Any, classifier: Any, labels: tuple[str, ...]) -> Any:
    rows = np.arange(len(corpus)) if target is None else np.flatnonzero(corpus.targets == target)
    check_labels(corpus.select(rows), f"{corpus.name}, target {target}" if target else corpus.name, labels)
    try:
        weights = {} if corpus.weights is None else {"sample_weight": corpus.weights[rows]}
        fitted = clone(classifier).fit(X[rows], corpus.y[rows], **weights)
    except (TypeError, ValueError) as error:  # a parameter out of its range, or no sparse data taken
        raise ConfigError(
            f"{type(classifier).__name__} cannot be fitted: {' '.join(str(error).split()).rstrip('.')}."
        ) from error
    return coefficients(fitted, labels, X.shape[1])


def out_of_fold_scores(
    corpus: Corpus, vectorizer: Any, classifier: Any, splitter: Any, n_jobs: int = 1, memory: Memory = NO_MEMORY
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Scores of each sentence by a model that was fitted without its group.

    Returns the rows that some fold held out, ascending, and their scores, shape (n_rows, n_labels).
    """
    if not isinstance(n_jobs, int) or not n_jobs:
        raise ConfigError(f"n_jobs is {n_jobs}; give the number of folds to fit at once, or -1 for one a processor.")
    planned = folds(corpus, splitter)
    jobs = (delayed(_fold_scores)(corpus, fold, vectorizer, classifier, memory) for fold in planned)
    parts = []
    for part in Parallel(n_jobs=n_jobs, return_as="generator")(jobs):
        parts.append(part)
        log.info("fold %d of %d", len(parts), len(planned))
    rows = np.concatenate([fold_rows for fold_rows, _ in parts])
    unique, first = np.unique(rows, return_index=True)
    return unique, np.concatenate([scores for _, scores in parts])[first]


def _fold_scores(
    corpus: Corpus, fold: Split, vectorizer: Any, classifier: Any, memory: Memory
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    seen, held_out = corpus.select(fold.train), corpus.select(fold.test)
    check_labels(seen, f"The part of {corpus.name} to fit on")
    lost = [*set(corpus.present_labels) - set(seen.present_labels), *set(corpus.target_names) - set(seen.target_names)]
    if lost:
        raise DataError(
            f"A fold of {corpus.name} has no {lost[0]!r} left to train on; use fewer folds or add sentences."
        )
    _, X, X_held_out = _features(seen, vectorizer, memory, held_out.texts)
    coef, intercept = _fit_targets(seen, X, classifier)
    scores = np.empty((len(held_out), coef.shape[1]))
    for row, target in enumerate(seen.target_names or (None,)):
        here = np.ones(len(held_out), dtype=bool) if target is None else held_out.targets == target
        scores[here] = X_held_out[here] @ coef[row].T + intercept[row]
    return fold.test, scores
