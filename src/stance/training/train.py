"""Training: a corpus and three scikit-learn objects in, a calibrated model and its report out."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from joblib import Memory
from numpy.typing import NDArray

from stance.corpus import Corpus, Split, TrainingRecord, hold_out
from stance.evaluation import BehaviourTest, EvaluationReport, Predictions, evaluate, predict_corpus, prior_model
from stance.model import LinearModel, softmax
from stance.training.calibration import fit_temperature
from stance.training.diagnostics import check_diagnostics, learning_curve, leave_one_out
from stance.training.fit import NO_MEMORY, fit, out_of_fold_scores
from stance.training.linearize import check_vectorizer
from stance.training.logistic import SizedLogisticRegression
from stance.training.names import speaker_names, without_names

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class TrainingResult:
    """What a training gives: the model, its report on the sentences held out, the split between them, a record of the
    sentences trained on, and predictions on these by models that had not seen them.
    """

    model: LinearModel
    report: EvaluationReport
    split: Split
    record: TrainingRecord
    out_of_fold: Predictions


def train(
    corpus: Corpus,
    vectorizer: Any,
    classifier: Any,
    splitter: Any,
    baselines: Mapping[str, LinearModel] | None = None,
    random_state: int = 0,
    n_jobs: int = 1,
    hide_names: bool = True,
    split: Split | None = None,
    refit: bool = False,
    behaviour: Sequence[BehaviourTest] = (),
    curve: Sequence[float] = (),
    left_out: Sequence[str] = (),
    memory: Memory = NO_MEMORY,
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
    hide_names : whether speakers' names are hidden from the features, where the corpus says who speaks; the report has
        the other choice beside it
    split : the sentences to train and to test on, instead of those that the splitter holds out
    refit : whether the model is fitted and calibrated once more in the end, on all of ``corpus``; the report is then of
        one that saw less
    behaviour : tests for the report that the model should pass
    curve : shares of the groups trained on, for a learning curve in the report
    left_out : what to leave out of the training one by one, for tables in the report: ``groups``, ``speakers``, or a
        fact
    memory : where features are kept, so that a search over classifiers computes them once

    Raises
    ------
    DataError, ConfigError
        If the corpus has one label only, a split loses a label, or something cannot be saved as data.
    """
    check_vectorizer(vectorizer)
    check_diagnostics(corpus, curve, left_out)
    absent = set(corpus.labels) - set(corpus.present_labels)
    if absent:
        log.warning(
            "no sentence of %s is labelled %s: the model will not know it", corpus.name, ", ".join(sorted(absent))
        )
    split = split or hold_out(corpus, splitter)
    train_set, test_set = corpus.select(split.train), corpus.select(split.test)

    solver = ""
    if isinstance(classifier, SizedLogisticRegression):  # the same for folds, which are smaller, and for the model
        n = max([len(train_set.of_target(name)) for name in train_set.target_names] or [len(train_set)])
        solver, classifier = classifier.reason(n), classifier.settled(n)
    learn = partial(_learn, vectorizer, classifier, splitter, n_jobs, hide_names, memory)
    model, rows, scores = learn(train_set)
    if solver:
        log.info(solver)

    log.info("evaluating on %d sentences held out", len(test_set))
    beside = {
        "majority": prior_model(train_set),
        **(baselines or {}),
        **_twin(train_set, vectorizer, classifier, model, memory),
    }
    record = TrainingRecord.of(train_set)
    unseen = Predictions(train_set.select(rows), model.labels, softmax(scores / model.temperature))
    report = evaluate(model, test_set, beside, random_state, unseen, leaks=record.leaks(test_set), behaviour=behaviour)
    parts = (vectorizer, classifier, hide_names)
    report = replace(
        report,
        learning_curve=learning_curve(
            train_set, predict_corpus(model, test_set), *parts, shares=curve, random_state=random_state
        )
        if curve
        else (),
        left_out=tuple(found for by in left_out for found in leave_one_out(corpus, *parts, by, n_jobs, random_state)),
    )
    if refit:
        model, _, _ = learn(corpus)
        record = TrainingRecord.of(corpus)
    return TrainingResult(model, report, split, record, unseen)


def _learn(
    vectorizer: Any, classifier: Any, splitter: Any, n_jobs: int, hide_names: bool, memory: Memory, corpus: Corpus
) -> tuple[LinearModel, NDArray[np.intp], NDArray[np.float64]]:
    """A model fitted and calibrated on ``corpus``, and the out-of-fold scores of the rows that it was calibrated on."""
    names = speaker_names(corpus) if hide_names else ()
    seen = without_names(corpus, names)
    log.info("cross-validating on %d sentences for calibration", len(corpus))
    rows, scores = out_of_fold_scores(seen, vectorizer, classifier, splitter, n_jobs, memory)
    log.info("fitting on %d sentences", len(corpus))
    model = fit(corpus, vectorizer, classifier, names, memory)
    y = np.array([model.labels.index(label) for label in corpus.y[rows]])
    return replace(model, temperature=fit_temperature(scores, y)), rows, scores


def _twin(
    corpus: Corpus, vectorizer: Any, classifier: Any, model: LinearModel, memory: Memory
) -> dict[str, LinearModel]:
    """The model of the other choice, to see or not to see the names of speakers, where the corpus has some."""
    names = speaker_names(corpus)
    if not names:
        return {}
    hide = not model.hidden_names
    twin = fit(corpus, vectorizer, classifier, names if hide else (), memory)
    return {"names hidden" if hide else "names kept": replace(twin, temperature=model.temperature)}
