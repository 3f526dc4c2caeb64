"""Evaluation: a model and labelled sentences in, a report out."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from stance.corpus import Corpus, LeakReport
from stance.errors import DataError
from stance.evaluation.agreement import AgreementReport, agreement_of_readings
from stance.evaluation.behaviour import BehaviourResult, BehaviourTest, invariances, run_behaviour
from stance.evaluation.comparison import Comparison, compare
from stance.evaluation.confidence import CoveragePoint, ReliabilityBin, coverage_curve, reliability_curve
from stance.evaluation.curve import CurvePoint
from stance.evaluation.errors import ErrorCase, LabelSuspect, TermWeight, heaviest_terms, label_suspects, ranked_errors
from stance.evaluation.metrics import Metrics
from stance.evaluation.predictions import Predictions, check_known, predict_corpus
from stance.evaluation.shift import Profile, Shift, measure_profile
from stance.evaluation.slices import Slice, measure_slices
from stance.model import LinearModel

log = logging.getLogger(__name__)

SCHEMA_VERSION = 3
"""Of ``metrics.json``; 2 added ``leaks``; 3 gave ``mcc``, ``log_loss`` and the F1 of a label their intervals, and added
all that follows ``baselines``.
"""


@dataclass(frozen=True)
class EvaluationReport:
    """How a model fares on sentences that it has not seen, beside its baselines, for whom it fails, and why."""

    corpus: str
    corpus_digest: str
    n_sentences: int
    n_groups: int
    labels: tuple[str, ...]
    neutral: str | None
    temperature: float
    metrics: Metrics
    baselines: dict[str, Metrics]
    comparisons: tuple[Comparison, ...]
    """The model with each baseline, on the same sentences."""
    readers: AgreementReport | None
    """How far the two readers of these sentences agree, which is the ceiling; none where they were not read twice."""
    reliability: tuple[ReliabilityBin, ...]
    coverage: tuple[CoveragePoint, ...]
    slices: tuple[Slice, ...]
    behaviour: tuple[BehaviourResult, ...]
    errors: tuple[ErrorCase, ...]
    suspects: tuple[LabelSuspect, ...]
    """Sentences whose labels may be wrong: of the training side, out of fold; in a later evaluation, of those
    evaluated.
    """
    terms: dict[str, tuple[TermWeight, ...]]
    profile: Profile
    trained_profile: Profile | None = None
    """That of the sentences held out when the model was trained; none for an older model, and at training."""
    cross_validated: Metrics | None = None
    """Out-of-fold on the training side, before the test set is touched; none in a later evaluation."""
    learning_curve: tuple[CurvePoint, ...] = ()
    left_out: tuple[Slice, ...] = ()
    """Speakers or groups, each by a model that was trained on all others."""
    n_left_out: int = 0
    """Sentences of the corpus that the model was trained on, and that were therefore not evaluated."""
    leaks: LeakReport | None = None
    """What of the sentences evaluated the model knows from training; none for a model that kept no record."""
    includes_trained: bool = False
    """Whether sentences that the model was trained on were evaluated all the same, by request."""

    @cached_property
    def shift(self) -> Shift | None:
        """How these sentences differ from those held out at training."""
        return None if self.trained_profile is None else Shift(self.profile, self.trained_profile)

    @property
    def verdict(self) -> str:
        """The comparison with the best baseline, in a sentence."""
        fair = [c for c in self.comparisons if not c.second.startswith("names ")] or list(self.comparisons)
        return max(fair, key=lambda c: c.scores["macro_f1"][1].value).verdict if fair else ""

    def without_sentences(self) -> EvaluationReport:
        """The report without the text of any sentence of the corpus, which may not be anybody's to publish."""
        return replace(
            self,
            errors=tuple(replace(e, text="", terms=tuple(replace(t, spans=()) for t in e.terms)) for e in self.errors),
            suspects=tuple(replace(s, text="") for s in self.suspects),
            behaviour=tuple(replace(b, failures=()) if b.name.startswith("corpus:") else b for b in self.behaviour),
        )

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON-ready data."""
        return {"schema_version": SCHEMA_VERSION, "verdict": self.verdict, **asdict(self)}


def evaluate(
    model: LinearModel,
    corpus: Corpus,
    baselines: Mapping[str, LinearModel],
    random_state: int = 0,
    out_of_fold: Predictions | None = None,
    n_left_out: int = 0,
    includes_trained: bool = False,
    leaks: LeakReport | None = None,
    behaviour: Sequence[BehaviourTest] = (),
    trained_profile: Profile | None = None,
) -> EvaluationReport:
    """Evaluate ``model`` and ``baselines`` on all of ``corpus``.

    Parameters
    ----------
    out_of_fold : predictions on the sentences trained on, by models that had not seen them
    behaviour : tests that the model should pass; invariances on the corpus itself are added
    trained_profile : what the sentences held out at training looked like

    Raises
    ------
    DataError
        If the corpus is empty, or has a label that the model does not know.
    """
    if not len(corpus):
        raise DataError(f"{corpus.name} has no sentence left to evaluate on: the model was trained on all of them.")
    check_known(corpus, model.labels)
    log.info("scoring %d sentences by the model and %d others", len(corpus), len(baselines))
    predictions = predict_corpus(model, corpus)
    others = {name: predict_corpus(baseline, corpus, model.labels) for name, baseline in baselines.items()}
    log.info("resampling groups, slicing, testing behaviour, explaining errors")
    return EvaluationReport(
        corpus=corpus.name,
        corpus_digest=corpus.digest,
        n_sentences=len(corpus),
        n_groups=len(set(corpus.groups.tolist())),
        labels=model.labels,
        neutral=corpus.neutral,
        temperature=model.temperature,
        metrics=predictions.metrics(random_state),
        baselines={name: other.metrics(random_state) for name, other in others.items()},
        comparisons=tuple(
            compare(predictions, other, ("This model", name), random_state, sentences=False)
            for name, other in others.items()
        ),
        readers=readers_agreement(corpus, random_state),
        reliability=reliability_curve(predictions, random_state),
        coverage=coverage_curve(predictions.confidence, predictions.right),
        slices=measure_slices(predictions, random_state),
        behaviour=run_behaviour(model, [*behaviour, *invariances(corpus)]),
        errors=ranked_errors(model, predictions),
        suspects=label_suspects(predictions if out_of_fold is None else out_of_fold),
        terms=heaviest_terms(model),
        profile=measure_profile(model, predictions),
        trained_profile=trained_profile,
        cross_validated=None if out_of_fold is None else out_of_fold.metrics(random_state),
        n_left_out=n_left_out,
        leaks=leaks,
        includes_trained=includes_trained,
    )


def readers_agreement(corpus: Corpus, random_state: int = 0) -> AgreementReport | None:
    """How far two readers agree on those sentences of ``corpus`` that both of them labelled."""
    if corpus.readings is None:
        return None
    twice = corpus.readings.astype(bool).all(axis=1)
    if not twice.any():
        return None
    return agreement_of_readings(
        corpus.readings[twice], corpus.groups[twice], corpus.labels, corpus.neutral, random_state
    )


def prior_model(corpus: Corpus) -> LinearModel:
    """The baseline that gives every sentence the label frequencies of ``corpus``, target by target."""
    parts = [corpus] if corpus.targets is None else [corpus.of_target(name) for name in corpus.target_names]
    counts = [[part.counts[label] for label in corpus.present_labels] for part in parts]
    return prior_model_from_counts(corpus.present_labels, counts, corpus.target_names)


def prior_model_from_counts(labels: tuple[str, ...], counts: Any, targets: tuple[str, ...]) -> LinearModel:
    """As ``prior_model``, from label counts of shape (n_targets, n_labels)."""
    shares = np.asarray(counts, dtype=float) / np.sum(counts, axis=1, keepdims=True)
    intercept = np.log(np.maximum(shares, 1e-12))
    return LinearModel(labels, (), np.zeros((*intercept.shape, 0)), intercept, targets=targets)
