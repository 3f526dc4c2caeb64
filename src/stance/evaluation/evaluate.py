"""Evaluation: a model and labelled sentences in, a report out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.corpus import Corpus, LeakReport
from stance.errors import DataError
from stance.evaluation.metrics import Metrics, compute_metrics
from stance.model import LinearModel, softmax

SCHEMA_VERSION = 2
"""Of ``metrics.json``; 2 added ``leaks``."""


@dataclass(frozen=True)
class EvaluationReport:
    """How a model fares on sentences that it has not seen, beside its baselines."""

    corpus: str
    corpus_digest: str
    n_sentences: int
    n_groups: int
    labels: tuple[str, ...]
    neutral: str | None
    temperature: float
    metrics: Metrics
    baselines: dict[str, Metrics]
    cross_validated: Metrics | None = None
    """Out-of-fold on the training side, before the test set is touched; none in a later evaluation."""
    n_left_out: int = 0
    """Sentences of the corpus that the model was trained on, and that were therefore not evaluated."""
    leaks: LeakReport | None = None
    """What of the sentences evaluated the model knows from training; none for a model that kept no record."""
    includes_trained: bool = False
    """Whether sentences that the model was trained on were evaluated all the same, by request."""

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON-ready data."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self)}


def evaluate(
    model: LinearModel,
    corpus: Corpus,
    baselines: Mapping[str, LinearModel],
    random_state: int = 0,
    out_of_fold: tuple[Corpus, NDArray[np.float64]] | None = None,
    n_left_out: int = 0,
    includes_trained: bool = False,
    leaks: LeakReport | None = None,
) -> EvaluationReport:
    """Evaluate ``model`` and ``baselines`` on all of ``corpus``.

    Raises
    ------
    DataError
        If the corpus is empty, or has a label that the model does not know.
    """
    if not len(corpus):
        raise DataError(f"{corpus.name} has no sentence left to evaluate on: the model was trained on all of them.")
    return EvaluationReport(
        corpus=corpus.name,
        corpus_digest=corpus.digest,
        n_sentences=len(corpus),
        n_groups=len(set(corpus.groups.tolist())),
        labels=model.labels,
        neutral=corpus.neutral,
        temperature=model.temperature,
        metrics=_metrics(model, corpus, random_state),
        baselines={
            name: _metrics(baseline, corpus, random_state, model.labels) for name, baseline in baselines.items()
        },
        cross_validated=out_of_fold and _cross_validated(model, *out_of_fold, random_state),
        n_left_out=n_left_out,
        leaks=leaks,
        includes_trained=includes_trained,
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


def _metrics(model: LinearModel, corpus: Corpus, random_state: int, labels: tuple[str, ...] | None = None) -> Metrics:
    """Metrics of ``model``, its columns put in the order of ``labels``."""
    order = [model.labels.index(label) for label in labels or model.labels]
    targets = corpus.targets.tolist() if corpus.targets is not None and model.targets else None
    probabilities = model.predict_proba(corpus.texts, targets)[:, order]
    return _from_probabilities(probabilities, corpus, labels or model.labels, random_state)


def _cross_validated(model: LinearModel, corpus: Corpus, scores: NDArray[np.float64], random_state: int) -> Metrics:
    return _from_probabilities(softmax(scores / model.temperature), corpus, model.labels, random_state)


def _from_probabilities(
    probabilities: NDArray[np.float64], corpus: Corpus, labels: tuple[str, ...], random_state: int
) -> Metrics:
    unknown = sorted(set(corpus.y.tolist()) - set(labels))
    if unknown:
        raise DataError(
            f"{corpus.name} has the label {unknown[0]!r}, and the model knows {', '.join(labels)} only; "
            "map it in corpus.label_names."
        )
    y = np.array([labels.index(label) for label in corpus.y.tolist()])
    return compute_metrics(y, probabilities, labels, corpus.neutral, corpus.groups, random_state)
