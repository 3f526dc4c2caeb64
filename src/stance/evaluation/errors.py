"""Errors: what a model gets wrong and why, which labels may be wrong, and which terms weigh most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stance.evaluation.bootstrap import Floats
from stance.evaluation.predictions import Predictions
from stance.model import INTERCEPT, LinearModel, TermContribution

N_ERRORS = 30
N_TERMS = 15
_DRIVERS = 5


@dataclass(frozen=True, slots=True)
class ErrorCase:
    """A sentence that a model labels wrongly, and the terms that speak most for its answer."""

    id: str
    text: str
    speaker: str
    label: str
    """The true one."""
    predicted: str
    score: float
    terms: tuple[TermContribution, ...]
    """With the characters of the sentence where each stands."""


@dataclass(frozen=True, slots=True)
class LabelSuspect:
    """A sentence whose label may be wrong, by models that had not seen it."""

    id: str
    text: str
    label: str
    suggested: str
    label_score: float
    suggested_score: float


@dataclass(frozen=True, slots=True)
class TermWeight:
    """What a term weighs for a label, beyond what it weighs for the others on average."""

    term: str
    weight: float


def ranked_errors(model: LinearModel, predictions: Predictions, n: int = N_ERRORS) -> tuple[ErrorCase, ...]:
    """The ``n`` errors of which the model is surest."""
    wrong = np.flatnonzero(~predictions.right)
    surest = wrong[np.argsort(-predictions.confidence[wrong], kind="stable")][:n]
    corpus, ids = predictions.corpus, predictions.corpus.sentence_ids
    return tuple(
        ErrorCase(
            ids[i],
            corpus.texts[i],
            "" if corpus.speakers is None else str(corpus.speakers[i]),
            predictions.labels[predictions.y[i]],
            predictions.labels[predictions.predicted[i]],
            float(predictions.confidence[i]),
            driving_terms(
                model,
                corpus.texts[i],
                predictions.labels[predictions.predicted[i]],
                str(corpus.targets[i]) if corpus.targets is not None and model.targets else None,
            ),
        )
        for i in surest.tolist()
    )


def driving_terms(
    model: LinearModel, text: str, label: str, target: str | None = None, n: int = _DRIVERS
) -> tuple[TermContribution, ...]:
    """The terms that speak most for ``label`` rather than for the other labels on average, strongest first."""
    found: dict[tuple[str, tuple[tuple[int, int], ...]], float] = {}
    for other in model.labels:
        weight = 1.0 if other == label else -1 / (len(model.labels) - 1)
        if len(model.labels) == 2 and other != label:
            continue  # with two labels an explanation counts for one and against the other already
        for t in model.explain(text, other, target).terms:
            found[t.term, t.spans] = found.get((t.term, t.spans), 0.0) + weight * t.contribution
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        TermContribution(term, contribution, spans)
        for (term, spans), contribution in ranked
        if term != INTERCEPT and contribution > 0
    )[:n]


def label_suspects(predictions: Predictions, n: int = N_ERRORS) -> tuple[LabelSuspect, ...]:
    """The ``n`` sentences whose label is most suspect, by confident learning.

    A sentence is suspect if the probability of another label reaches the average which that label has on its own
    sentences, and is higher than that of its own label and of any other that does so (Northcutt, Jiang and Chuang 2021,
    https://arxiv.org/abs/1911.00068).
    The probabilities must come from models that have not seen the sentence. The widest margin comes first.
    """
    p, y = predictions.probabilities, predictions.y
    rows = np.arange(len(y))
    reached = np.where(p >= _own_average(p, y), p, -1.0)
    suggested = reached.argmax(axis=1)
    margin = p[rows, suggested] - p[rows, y]
    suspect = np.flatnonzero((suggested != y) & (reached.max(axis=1) >= 0) & (margin > 0))
    ids = predictions.corpus.sentence_ids
    return tuple(
        LabelSuspect(
            ids[i],
            predictions.corpus.texts[i],
            predictions.labels[y[i]],
            predictions.labels[suggested[i]],
            float(p[i, y[i]]),
            float(p[i, suggested[i]]),
        )
        for i in suspect[np.argsort(-margin[suspect], kind="stable")][:n].tolist()
    )


def _own_average(probabilities: Floats, y: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Floats:
    """The average probability of each label on the sentences that have it; out of reach where none has."""
    columns = range(probabilities.shape[1])
    return np.array([probabilities[y == k, k].mean() if (y == k).any() else 2.0 for k in columns])


def heaviest_terms(model: LinearModel, n: int = N_TERMS) -> dict[str, tuple[TermWeight, ...]]:
    """For each label the ``n`` terms that weigh most for it, over all targets.

    What a term weighs for a label is its coefficient less the mean of its coefficients for the other labels.
    """
    coef = model.coef.mean(axis=0)
    n_others = max(len(model.labels) - 1, 1)
    found = {}
    for k, label in enumerate(model.labels):
        weights = coef[k] - (coef.sum(axis=0) - coef[k]) / n_others
        best = np.argsort(-weights, kind="stable")[:n]
        found[label] = tuple(TermWeight(model.term(int(i)), float(weights[i])) for i in best if weights[i] > 0)
    return found
