"""Fitting: texts and labels in, a linear model as data out."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.base import clone
from threadpoolctl import threadpool_limits

from stance.corpus import Corpus, Split, check_labels, folds
from stance.errors import ConfigError, DataError
from stance.model import LinearModel
from stance.training.linearize import coefficients, term_spaces
from stance.training.names import without_names

log = logging.getLogger(__name__)


def fit(corpus: Corpus, vectorizer: Any, classifier: Any, hidden_names: tuple[str, ...] = ()) -> LinearModel:
    """Fit clones of ``vectorizer`` and ``classifier`` on ``corpus``: one classifier a target, if it has targets.

    The model does not see the ``hidden_names``, here or later.
    """
    model, _ = _fit(without_names(corpus, hidden_names), vectorizer, classifier)
    return replace(model, hidden_names=hidden_names)


def _fit(corpus: Corpus, vectorizer: Any, classifier: Any) -> tuple[LinearModel, Any]:
    """The fitted model, and the fitted vectorizer that it was made from."""
    check_labels(corpus, f"The part of {corpus.name} to fit on")
    # One thread, since the order of sums, and so the last digits, would depend on how many there are.
    with threadpool_limits(limits=1):
        fitted, X = _fit_vectorizer(corpus, vectorizer)
        targets = corpus.target_names or (None,)
        parts = [_fit_target(corpus, target, X, classifier, corpus.present_labels) for target in targets]
    coef, intercept = np.stack([c for c, _ in parts]), np.stack([i for _, i in parts])
    spaces = term_spaces(fitted)
    return LinearModel(corpus.present_labels, spaces, coef, intercept, targets=corpus.target_names), fitted


def _fit_vectorizer(corpus: Corpus, vectorizer: Any) -> tuple[Any, Any]:
    fitted = clone(vectorizer)
    try:
        return fitted, fitted.fit_transform(corpus.texts)
    except ValueError as error:
        if "empty vocabulary" in str(error):
            raise DataError(f"{corpus.name} gives no features: {str(error).rstrip('.')}.") from error
        raise ConfigError(f"The vectorizer cannot be fitted: {' '.join(str(error).split()).rstrip('.')}.") from error


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
    corpus: Corpus, vectorizer: Any, classifier: Any, splitter: Any, n_jobs: int = 1
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Scores of each sentence by a model that was fitted without its group.

    Returns the rows that some fold held out, ascending, and their scores, shape (n_rows, n_labels).
    """
    if not n_jobs:
        raise ConfigError("n_jobs is 0; give the number of folds to fit at once, or -1 for one a processor.")
    planned = folds(corpus, splitter)
    jobs = (delayed(_fold_scores)(corpus, fold, vectorizer, classifier) for fold in planned)
    parts = []
    for part in Parallel(n_jobs=n_jobs, return_as="generator")(jobs):
        parts.append(part)
        log.info("fold %d of %d", len(parts), len(planned))
    rows = np.concatenate([fold_rows for fold_rows, _ in parts])
    unique, first = np.unique(rows, return_index=True)
    return unique, np.concatenate([scores for _, scores in parts])[first]


def _fold_scores(
    corpus: Corpus, fold: Split, vectorizer: Any, classifier: Any
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    model, fitted = _fit(corpus.select(fold.train), vectorizer, classifier)
    lost = [*set(corpus.present_labels) - set(model.labels), *set(corpus.target_names) - set(model.targets)]
    if lost:
        raise DataError(
            f"A fold of {corpus.name} has no {lost[0]!r} left to train on; use fewer folds or add sentences."
        )
    held_out = corpus.select(fold.test)
    X = fitted.transform(held_out.texts)
    scores = np.empty((len(held_out), len(model.labels)))
    for row, target in enumerate(model.targets or (None,)):
        here = np.ones(len(held_out), dtype=bool) if target is None else held_out.targets == target
        scores[here] = X[here] @ model.coef[row].T + model.intercept[row]
    return fold.test, scores
