"""The trained model as data: term spaces, coefficients and one temperature, and the arithmetic between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from stance.errors import ConfigError, DataError
from stance.model.names import hide_names, name_pattern
from stance.model.terms import TermSpace
from stance.model.texts import as_texts, n_characters, strings

if TYPE_CHECKING:
    from stance.model.kernel import Kernel

Floats = NDArray[np.float64]

BATCH_CHARACTERS = 200_000
"""Characters from which on the compiled kernel is worth importing; for fewer the reference in Python answers sooner.

Measured with the reference model in new processes (benchmarks/crossing.py, docs/speed.md).
"""
INTERCEPT = "(intercept)"


@dataclass(frozen=True, slots=True)
class TermContribution:
    """What one term adds to a score, and where in the sentence it stands (the intercept stands nowhere)."""

    term: str
    contribution: float
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a sentence scores as it does for ``label``: contributions that sum to ``score``, largest first."""

    label: str
    score: float
    terms: tuple[TermContribution, ...]


@dataclass(frozen=True, eq=False, repr=False)
class LinearModel:
    """A linear text classifier that needs nothing but NumPy to answer.

    Parameters
    ----------
    labels : the classes, in the order of the columns of every score
    spaces : one fitted vectorizer or several whose columns stand side by side
    coef : array of shape (n_targets, n_labels, n_terms)
    intercept : array of shape (n_targets, n_labels)
    temperature : what scores are divided by before the softmax (Guo et al. 2017, https://arxiv.org/abs/1706.04599)
    targets : what the stances are towards, where the training data had several targets, each with coefficients of its
        own; empty otherwise
    hidden_names : names of speakers that are hidden from the term spaces
    """

    labels: tuple[str, ...]
    spaces: tuple[TermSpace, ...]
    coef: Floats
    intercept: Floats
    temperature: float = 1.0
    targets: tuple[str, ...] = ()
    hidden_names: tuple[str, ...] = ()

    def __repr__(self) -> str:
        towards = f", targets={self.targets}" if self.targets else ""
        return f"{type(self).__name__}(labels={self.labels}{towards}, {self.n_terms:,} terms)"

    @cached_property
    def classes_(self) -> NDArray[np.str_]:
        """The labels as an array."""
        return np.array(self.labels)

    @property
    def n_terms(self) -> int:
        """Length of the vocabulary, over all term spaces."""
        return int(self.coef.shape[2])

    def predict(self, texts: Iterable[str], targets: str | Sequence[str] | None = None) -> NDArray[np.str_]:
        """The most probable label of each text, shape (n_texts,)."""
        return np.asarray(self.classes_[self.scores(texts, targets).argmax(axis=1)])

    def predict_proba(self, texts: Iterable[str], targets: str | Sequence[str] | None = None) -> Floats:
        """Calibrated probabilities, shape (n_texts, n_labels), columns as in ``classes_``."""
        return self._scores(texts, targets, lambda scores: softmax(scores / self.temperature))

    def decision_function(self, texts: Iterable[str], targets: str | Sequence[str] | None = None) -> Floats:
        """Scores before calibration, as scikit-learn shapes them: (n_texts, n_labels), or (n_texts,) for two labels."""
        scores = self.scores(texts, targets)
        return scores[:, 1] - scores[:, 0] if len(self.labels) == 2 else scores

    def scores(self, texts: Iterable[str], targets: str | Sequence[str] | None = None) -> Floats:
        """Scores before calibration, always of shape (n_texts, n_labels).

        Raises
        ------
        DataError
            If a text is not a string (the message names its row), or a target is none of the model's.
        """
        return self._scores(texts, targets)

    def _scores(
        self,
        texts: Iterable[str],
        targets: str | Sequence[str] | None,
        finish: Callable[[Floats], Floats] | None = None,
    ) -> Floats:
        """The scores, or what ``finish`` makes of those of some texts."""
        read = as_texts(texts)
        rows = self.target_rows(targets, len(read))
        # Once the kernel is there, it answers a single text sooner, too.
        kernel = self._kernel if "_kernel" in self.__dict__ or n_characters(read) >= BATCH_CHARACTERS else None
        if kernel is not None:
            return kernel.scores(read, rows, finish)
        scores = np.empty((len(read), len(self.labels)))
        for i, (text, row) in enumerate(zip(strings(read), rows.tolist(), strict=True)):
            columns, values = self._values(text)
            scores[i] = values @ self._term_major[row, columns] + self.intercept[row]
        return finish(scores) if finish else scores

    def compile(self) -> Self:
        """Prepare the compiled scorer now, which takes half a second; later texts are then all scored by it.

        By itself the model prepares it for the first batch of 200,000 characters. Where a term space asks for what the
        scorer does not do, nothing changes.
        """
        _ = self._kernel
        return self

    def explain(self, text: str, label: str | None = None, target: str | None = None) -> Explanation:
        """Every term's part in the score of ``label`` (the predicted one if none is named), exactly.

        The contributions, the intercept's among them, sum to the label's value of ``decision_function``; with two
        labels, to that value counted in favour of ``label``.
        """
        (row,) = self.target_rows(target, 1)
        chosen = str(self.predict([text], target)[0]) if label is None else label
        if chosen not in self.labels:
            raise ConfigError(f"The model has no label {chosen!r}; its labels are {', '.join(self.labels)}.")
        at = self.labels.index(chosen)
        weights, intercept = self.coef[row, at], self.intercept[row, at]
        if len(self.labels) == 2:
            weights, intercept = weights - self.coef[row, 1 - at], intercept - self.intercept[row, 1 - at]
        columns, values = self._values(text)
        spans = self._spans(text)
        terms = [
            TermContribution(self.term(column), float(value * weights[column]), tuple(spans[column]))
            for column, value in zip(columns.tolist(), values.tolist(), strict=True)
        ]
        terms.append(TermContribution(INTERCEPT, float(intercept), ()))
        terms.sort(key=lambda t: (-abs(t.contribution), t.term))
        return Explanation(chosen, float(sum(t.contribution for t in terms)), tuple(terms))

    def term(self, column: int) -> str:
        """The term that ``column`` counts."""
        for start, space in self._offsets():
            if column < start + len(space.vocabulary):
                return space.vocabulary[column - start]
        raise IndexError(column)

    @cached_property
    def _kernel(self) -> Kernel | None:
        """The compiled scorer; none where a term space asks for what it does not do."""
        from stance.model.kernel import Kernel, supports  # numba is imported for a batch only

        too_short = any(len(name) < 2 for name in self.hidden_names)  # for what stands in its place
        if not self.spaces or too_short or not all(supports(space.settings) for space in self.spaces):
            return None
        ends = np.cumsum([len(space.vocabulary) for space in self.spaces])[:-1]
        parts = np.split(self._term_major, ends, axis=1)
        return Kernel(self.spaces, parts, self.intercept, self.hidden_names)

    @cached_property
    def _term_major(self) -> Floats:
        return np.ascontiguousarray(self.coef.transpose(0, 2, 1))

    def _offsets(self) -> Iterator[tuple[int, TermSpace]]:
        start = 0
        for space in self.spaces:
            yield start, space
            start += len(space.vocabulary)

    @cached_property
    def _hidden(self) -> re.Pattern[str] | None:
        return name_pattern(self.hidden_names)

    def _values(self, text: str) -> tuple[NDArray[np.intp], Floats]:
        text = hide_names(text, self._hidden)
        parts = [(start, *space.values(text)) for start, space in self._offsets()]
        if not parts:  # a baseline that looks at no word
            return np.empty(0, dtype=np.intp), np.empty(0)
        return np.concatenate([c + start for start, c, _ in parts]), np.concatenate([v for _, _, v in parts])

    def _spans(self, text: str) -> dict[int, list[tuple[int, int]]]:
        text = hide_names(text, self._hidden)
        return {start + c: found for start, space in self._offsets() for c, found in space.spans(text).items()}

    def target_rows(self, targets: str | Sequence[str] | None, n: int) -> NDArray[np.int64]:
        """The row of weights for each of ``n`` texts, whose target may be one for all."""
        if not self.targets:
            if targets is not None:
                raise ConfigError("The model has one target only, without a name; leave the target out.")
            return np.zeros(n, dtype=np.int64)
        if targets is None:
            raise ConfigError(
                f"The model has several targets; say which of {', '.join(self.targets)} is meant (--target)."
            )
        named = [targets] * n if isinstance(targets, str) else list(targets)
        unknown = set(named) - set(self.targets)
        if unknown:
            raise DataError(f"The model knows no target {min(unknown)!r}; its targets are {', '.join(self.targets)}.")
        if len(named) != n:
            raise DataError(f"There are {len(named)} targets for {n} texts; give one for each, or one for all.")
        return np.array([self.targets.index(target) for target in named], dtype=np.int64)


def softmax(scores: Floats) -> Floats:
    """Probabilities from scores, along the last axis."""
    powers = np.exp(scores - np.maximum.reduce(scores, axis=-1, keepdims=True))
    powers /= np.add.reduce(powers, axis=-1, keepdims=True)
    return powers
