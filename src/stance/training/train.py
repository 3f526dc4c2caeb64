"""Training: a corpus and three scikit-learn objects in, a calibrated model and its report out."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stance.corpus import Corpus, Split, hold_out
from stance.evaluation import EvaluationReport, evaluate, prior_model
from stance.model import LinearModel
from stance.training.calibration import fit_temperature
from stance.training.fit import fit, out_of_fold_scores
from stance.training.linearize import check_vectorizer

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class TrainingResult:
    """What a training gives: the model, its report on the sentences held out, and the split between them."""

    model: LinearModel
    report: EvaluationReport
    split: Split


def train(
    corpus: Corpus,
    vectorizer: Any,
    classifier: Any,
    splitter: Any,
    baselines: Mapping[str, LinearModel] | None = None,
    random_state: int = 0,
    n_jobs: int = 1,
) -> TrainingResult:
    """Hold out a test set, fit on the rest, calibrate on out-of-fold scores, evaluate once.

    Parameters
    ----------
    corpus : labelled sentences; its own test set is used if it has one
    vectorizer : unfitted CountVectorizer, TfidfVectorizer or FeatureUnion of them
    classifier : unfitted linear classifier
    splitter : cross-validation splitter; its first fold is the test set, and it divides the rest for calibration
    baselines : models to report beside this one; the prior of the training labels always is
    random_state : seed of the bootstrap intervals
    n_jobs : folds fitted at once

    Raises
    ------
    DataError, ConfigError
        If the corpus has one label only, a split loses a label, or something cannot be saved as data.
    """
    check_vectorizer(vectorizer)
    absent = set(corpus.labels) - set(corpus.present_labels)
    if absent:
        log.warning(
            "no sentence of %s is labelled %s: the model will not know it", corpus.name, ", ".join(sorted(absent))
        )
    split = hold_out(corpus, splitter)
    train_set, test_set = corpus.select(split.train), corpus.select(split.test)

    log.info("cross-validating on %d sentences for calibration", len(train_set))
    rows, scores = out_of_fold_scores(train_set, vectorizer, classifier, splitter, n_jobs)
    log.info("fitting on %d sentences", len(train_set))
    model = fit(train_set, vectorizer, classifier)
    y = np.array([model.labels.index(label) for label in train_set.y[rows]])
    model = replace(model, temperature=fit_temperature(scores, y))

    log.info("evaluating on %d sentences held out", len(test_set))
    beside = {"majority": prior_model(train_set), **(baselines or {})}
    report = evaluate(model, test_set, beside, random_state, out_of_fold=(train_set.select(rows), scores))
    return TrainingResult(model, report, split)
