"""Weak supervision: cues as labelling functions, what each is worth against gold, and two ways to put them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.corpus.cues import CueLexicon, spell_out
from stance.model import TermSpace, softmax

Votes = NDArray[np.bool_]
Floats = NDArray[np.float64]

_ITERATIONS = 200
_CONVERGED = 1e-6  # mean change of a probability
_SMOOTHING = 0.01


@dataclass(frozen=True, slots=True)
class LabellingFunction:
    """A cue that votes for a label wherever one of its phrases stands, and abstains elsewhere."""

    cue: str
    label: str


@dataclass(frozen=True, slots=True)
class FunctionSummary:
    """What a labelling function does on some sentences.

    ``coverage`` is the share that it votes on; ``overlap`` the share of its votes where another votes, too;
    ``conflict`` that where another votes for another label; ``accuracy`` the share of its votes on gold that are right,
    none where it does not vote on gold; ``n_gold`` its votes there.
    """

    function: LabellingFunction
    coverage: float
    overlap: float
    conflict: float
    accuracy: float | None
    n_gold: int


def labelling_functions(lexicon: CueLexicon) -> tuple[LabellingFunction, ...]:
    """One function for each cue of the lexicon, in its order."""
    return tuple(LabellingFunction(cue, label) for label, cues in lexicon.cues.items() for cue in cues)


def cast_votes(texts: Sequence[str], lexicon: CueLexicon) -> Votes:
    """Which function votes on which sentence, shape (n_sentences, n_functions)."""
    functions = labelling_functions(lexicon)
    (space,) = lexicon.model().spaces
    voters: dict[int, list[int]] = {}
    for j, function in enumerate(functions):
        for phrase in spell_out(function.cue):
            voters.setdefault(space.columns[phrase], []).append(j)
    votes = np.zeros((len(texts), len(functions)), dtype=bool)
    for i, text in enumerate(texts):
        votes[i, [j for column in _present(space, text) for j in voters[column]]] = True
    return votes


def _present(space: TermSpace, text: str) -> list[int]:
    columns: list[int] = space.values(text)[0].tolist()
    return columns


def summarise_functions(votes: Votes, lexicon: CueLexicon, y: Sequence[str | None]) -> list[FunctionSummary]:
    """What each function is worth; ``y`` has the gold label of each sentence, or none."""
    functions = labelling_functions(lexicon)
    by_label = {f.label for f in functions}
    voted_for = {label: votes[:, [f.label == label for f in functions]].any(axis=1) for label in by_label}
    known = np.array([label is not None for label in y])
    found = []
    for j, function in enumerate(functions):
        mine = votes[:, j]
        n, others = max(int(mine.sum()), 1), votes.sum(axis=1) > 1
        against = np.any([voted_for[label] for label in by_label - {function.label}], axis=0)
        right = np.array([label == function.label for label in y])
        on_gold = int((mine & known).sum())
        found.append(
            FunctionSummary(
                function,
                float(mine.mean()),
                float((mine & others).sum() / n),
                float((mine & against).sum() / n),
                float((mine & right).sum() / on_gold) if on_gold else None,
                on_gold,
            )
        )
    return found


def majority(texts: Sequence[str], lexicon: CueLexicon, labels: Sequence[str]) -> Floats:
    """Probabilities by the weighted majority of the cues, shape (n_sentences, n_labels).

    Without a vote the lexicon's default label has most evidence.
    """
    return lexicon.model(tuple(labels)).predict_proba(texts)


def dawid_skene(
    votes: Votes, functions: Sequence[LabellingFunction], labels: Sequence[str], default: str
) -> tuple[Floats, Floats]:
    """Probabilities of the labels, and how often each function votes given the true label.

    The model of Dawid and Skene 1979, "Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm",
    https://doi.org/10.2307/2346806, with two answers for each observer, to vote or to abstain: a function that knows
    one label only tells the truth by when it speaks. EM begins at the majority of the votes, and a sentence on which
    nobody votes begins at ``default``.

    Returns
    -------
    probabilities : array of shape (n_sentences, n_labels)
    rates : array of shape (n_functions, n_labels), P(the function votes | label)
    """
    ballots = np.stack([votes[:, [f.label == label for f in functions]].sum(axis=1) for label in labels], axis=1)
    ballots = ballots.astype(float)
    ballots[ballots.sum(axis=1) == 0, list(labels).index(default)] = 1.0
    probabilities = ballots / ballots.sum(axis=1, keepdims=True)
    spoken = votes.astype(float)
    for _ in range(_ITERATIONS):
        weight = probabilities.sum(axis=0)
        rates = (spoken.T @ probabilities + _SMOOTHING) / (weight + 2 * _SMOOTHING)
        prior = np.log((weight + _SMOOTHING) / (weight + _SMOOTHING).sum())
        scores = spoken @ np.log(rates) + (1 - spoken) @ np.log1p(-rates) + prior
        updated = softmax(scores)
        change = np.abs(updated - probabilities).mean()
        probabilities = updated
        if change < _CONVERGED:
            break
    return probabilities, rates
