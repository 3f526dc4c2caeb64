"""Terms: what a fitted TF-IDF vectorizer counts in a text, as data and with spans.

This is the reference implementation, in plain Python, of scikit-learn's ``CountVectorizer`` and ``TfidfVectorizer`` at
prediction time; https://scikit-learn.org/stable/modules/feature_extraction.html describes the method.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Analyzer = Literal["word", "char", "char_wb"]
Norm = Literal["l1", "l2"]
Term = tuple[str, int, int]

DEFAULT_TOKEN = r"(?u)\b\w\w+\b"

_SPACES = re.compile(r"\s\s+")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class TermSettings:
    """The settings of a vectorizer that matter once it is fitted; names and meanings are scikit-learn's."""

    analyzer: Analyzer = "word"
    ngram_range: tuple[int, int] = (1, 1)
    lowercase: bool = True
    strip_accents: Literal["unicode", "ascii"] | None = None
    token_pattern: str = DEFAULT_TOKEN
    stop_words: tuple[str, ...] = ()
    binary: bool = False
    sublinear_tf: bool = False
    norm: Norm | None = "l2"
    weight: float = 1.0
    """What the normalised values are multiplied with (``transformer_weights`` of a ``FeatureUnion``)."""


@dataclass(frozen=True, eq=False)
class TermSpace:
    """A fitted vectorizer: its settings, its vocabulary (column ``i`` counts ``vocabulary[i]``) and idf weights."""

    settings: TermSettings
    vocabulary: Sequence[str]
    idf: NDArray[np.float64] | None

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """The column of each term."""
        return {term: column for column, term in enumerate(self.vocabulary)}

    @cached_property
    def _token_pattern(self) -> re.Pattern[str]:
        return re.compile(self.settings.token_pattern)

    @cached_property
    def _stop_words(self) -> frozenset[str]:
        return frozenset(self.settings.stop_words)

    def values(self, text: str) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """The columns that ``text`` fills, ascending, and their weighted, normalised values."""
        counts: dict[int, int] = {}
        for term, _, _ in self.terms(text):
            column = self.columns.get(term)
            if column is not None:
                counts[column] = counts.get(column, 0) + 1
        columns = np.array(sorted(counts), dtype=np.intp)
        values = np.array([counts[column] for column in columns], dtype=np.float64)
        if self.settings.binary:
            values[:] = 1.0
        if self.settings.sublinear_tf:
            values = np.log(values) + 1.0
        if self.idf is not None:
            values *= self.idf[columns]
        length = {None: 0.0, "l1": np.abs(values).sum(), "l2": np.sqrt(values @ values)}[self.settings.norm]
        if length:
            values /= length
        return columns, values * self.settings.weight

    def spans(self, text: str) -> dict[int, list[tuple[int, int]]]:
        """Where in ``text`` each column's term stands."""
        found: dict[int, list[tuple[int, int]]] = {}
        for term, start, end in self.terms(text):
            column = self.columns.get(term)
            if column is not None:
                found.setdefault(column, []).append((start, end))
        return found

    def terms(self, text: str) -> Iterator[Term]:
        """Every term of ``text`` with its span, whether or not the vocabulary has it."""
        folded, at = _fold(text, self.settings.lowercase, self.settings.strip_accents)
        shortest, longest = self.settings.ngram_range
        if self.settings.analyzer == "word":
            yield from _word_ngrams(self._tokens(folded, at), shortest, longest)
            return
        squeezed, at = _squeeze(folded, at)
        if self.settings.analyzer == "char":
            yield from _char_ngrams(squeezed, at, shortest, longest)
        else:
            for word in _WORD.finditer(squeezed):
                start, end = word.span()
                around = [at[start], *at[start:end], at[end], at[end]]
                yield from _padded_ngrams(f" {word.group()} ", around, shortest, longest)

    def _tokens(self, folded: str, at: Sequence[int]) -> list[Term]:
        group = min(self._token_pattern.groups, 1)
        found = []
        for match in self._token_pattern.finditer(folded):
            token = match.group(group) or ""  # a group that took no part
            start, end = match.span(group if token else 0)
            if token not in self._stop_words:
                found.append((token, at[start], at[end]))
        return found


def _fold(text: str, lowercase: bool, strip_accents: str | None) -> tuple[str, Sequence[int]]:
    """Lower-case and strip accents; ``at[i]`` is the source offset of character ``i`` of the result."""
    at: Sequence[int] = range(len(text) + 1)
    if lowercase:
        # As a whole, since a final sigma depends on its neighbours; only lengths are taken character by character.
        lowered = text.lower()
        if len(lowered) != len(text):
            at = _offsets([len(c.lower()) for c in text], at)
        text = lowered
    if strip_accents and not text.isascii():
        pieces = [strip_character(c, strip_accents) for c in text]
        text, at = "".join(pieces), _offsets([len(piece) for piece in pieces], at)
    return text, at


def strip_character(character: str, how: str) -> str:
    """A character without its accents, as scikit-learn's ``strip_accents`` has it; it may be none or several."""
    decomposed = unicodedata.normalize("NFKD", character)
    if how == "ascii":
        return decomposed.encode("ascii", "ignore").decode("ascii")
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _squeeze(text: str, at: Sequence[int]) -> tuple[str, Sequence[int]]:
    """Replace each run of two or more white-space characters by one space."""
    runs = [m.span() for m in _SPACES.finditer(text)]
    if not runs:
        return text, at
    dropped = set(chain.from_iterable(range(start + 1, end) for start, end in runs))
    return _SPACES.sub(" ", text), [at[i] for i in range(len(text) + 1) if i not in dropped]


def _offsets(lengths: Sequence[int], at: Sequence[int]) -> list[int]:
    """Offsets of a text whose character ``i`` became ``lengths[i]`` characters."""
    return [at[i] for i, length in enumerate(lengths) for _ in range(length)] + [at[len(lengths)]]


def _word_ngrams(tokens: list[Term], shortest: int, longest: int) -> Iterator[Term]:
    for n in range(shortest, min(longest, len(tokens)) + 1):
        for i in range(len(tokens) - n + 1):
            run = tokens[i : i + n]
            yield " ".join([token for token, _, _ in run]), run[0][1], run[-1][2]


def _char_ngrams(text: str, at: Sequence[int], shortest: int, longest: int) -> Iterator[Term]:
    for n in range(shortest, min(longest, len(text)) + 1):
        for i in range(len(text) - n + 1):
            yield text[i : i + n], at[i], at[i + n]


def _padded_ngrams(word: str, at: Sequence[int], shortest: int, longest: int) -> Iterator[Term]:
    """As ``_char_ngrams``, but a word shorter than ``n`` counts once, whole, as scikit-learn has it."""
    for n in range(shortest, longest + 1):
        for i in range(max(len(word) - n, 0) + 1):
            yield word[i : i + n], at[i], at[min(i + n, len(word))]
        if len(word) <= n:
            return
