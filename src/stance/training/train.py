"""Training: a corpus and three scikit-learn objects in, a calibrated model and its report out."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stance.corpus import Corpus, Split, TrainingRecord, hold_out
from stance.evaluation import EvaluationReport, evaluate, prior_model
from stance.model import LinearModel, name_pattern
from stance.model import hide_names as hide
from stance.training.calibration import fit_temperature
from stance.training.fit import fit, out_of_fold_scores
from stance.training.linearize import check_vectorizer
from stance.training.names import speaker_names

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

    names = speaker_names(train_set)
    hidden = _without(train_set, names)
    seen, other = (hidden, train_set) if hide_names else (train_set, hidden)

    log.info("cross-validating on %d sentences for calibration", len(train_set))
    rows, scores = out_of_fold_scores(seen, vectorizer, classifier, splitter, n_jobs)
    log.info("fitting on %d sentences", len(train_set))
    model = replace(fit(seen, vectorizer, classifier), hidden_names=names if hide_names else ())
    y = np.array([model.labels.index(label) for label in train_set.y[rows]])
    model = replace(model, temperature=fit_temperature(scores, y))

    log.info("evaluating on %d sentences held out", len(test_set))
    beside = {"majority": prior_model(train_set), **(baselines or {})}
    if names:
        twin = replace(fit(other, vectorizer, classifier), hidden_names=() if hide_names else names)
        beside["names kept" if hide_names else "names hidden"] = replace(twin, temperature=model.temperature)
    record = TrainingRecord.of(train_set)
    out_of_fold, leaks = (train_set.select(rows), scores), record.leaks(test_set)
    report = evaluate(model, test_set, beside, random_state, out_of_fold=out_of_fold, leaks=leaks)
    return TrainingResult(model, report, split, record)


def _without(corpus: Corpus, names: tuple[str, ...]) -> Corpus:
    """The corpus with these names hidden in its texts."""
    pattern = name_pattern(names)
    return replace(corpus, texts=tuple(hide(text, pattern) for text in corpus.texts))
