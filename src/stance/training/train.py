"""Training: a corpus and three scikit-learn objects in, a calibrated model and its report out."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.corpus import Corpus, Split, TrainingRecord, hold_out
from stance.evaluation import EvaluationReport, evaluate, prior_model
from stance.model import LinearModel
from stance.training.calibration import fit_temperature
from stance.training.fit import fit, out_of_fold_scores
from stance.training.linearize import check_vectorizer
from stance.training.names import speaker_names, without_names

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class TrainingResult:
    """What a training gives: the model, its report on the sentences held out, the split between them, and a record of
    the sentences trained on.
    """

    model: LinearModel
    report: EvaluationReport
    split: Split
    record: TrainingRecord


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
    split = split or hold_out(corpus, splitter)
    train_set, test_set = corpus.select(split.train), corpus.select(split.test)

    learn = partial(_learn, vectorizer, classifier, splitter, n_jobs, hide_names)
    model, rows, scores = learn(train_set)

    log.info("evaluating on %d sentences held out", len(test_set))
    beside = {
        "majority": prior_model(train_set),
        **(baselines or {}),
        **_twin(train_set, vectorizer, classifier, model),
    }
    record = TrainingRecord.of(train_set)
    out_of_fold, leaks = (train_set.select(rows), scores), record.leaks(test_set)
    report = evaluate(model, test_set, beside, random_state, out_of_fold=out_of_fold, leaks=leaks)
    if refit:
        model, _, _ = learn(corpus)
        record = TrainingRecord.of(corpus)
    return TrainingResult(model, report, split, record)


def _learn(
    vectorizer: Any, classifier: Any, splitter: Any, n_jobs: int, hide_names: bool, corpus: Corpus
) -> tuple[LinearModel, NDArray[np.intp], NDArray[np.float64]]:
    """A model fitted and calibrated on ``corpus``, and the out-of-fold scores of the rows that it was calibrated on."""
    names = speaker_names(corpus) if hide_names else ()
    seen = without_names(corpus, names)
    log.info("cross-validating on %d sentences for calibration", len(corpus))
    rows, scores = out_of_fold_scores(seen, vectorizer, classifier, splitter, n_jobs)
    log.info("fitting on %d sentences", len(corpus))
    model = replace(fit(seen, vectorizer, classifier), hidden_names=names)
    y = np.array([model.labels.index(label) for label in corpus.y[rows]])
    return replace(model, temperature=fit_temperature(scores, y)), rows, scores


def _twin(corpus: Corpus, vectorizer: Any, classifier: Any, model: LinearModel) -> dict[str, LinearModel]:
    """The model of the other choice, to see or not to see the names of speakers, where the corpus has some."""
    names = speaker_names(corpus)
    if not names:
        return {}
    hide = not model.hidden_names
    twin = fit(without_names(corpus, names if hide else ()), vectorizer, classifier)
    twin = replace(twin, hidden_names=names if hide else (), temperature=model.temperature)
    return {"names hidden" if hide else "names kept": twin}
