"""Scores of many texts in one compiled pass over their bytes: fold, divide, look up, weigh and add.

It gives what ``TermSpace.values`` and a product with the coefficients give, which is the reference; only the order of
sums differs, so that scores agree to rounding.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.model.alphabet import Alphabet, alphabet
from stance.model.counting import CHARACTERS, WITHIN_WORDS, WORDS, Counting, Weighting, score_rows
from stance.model.terms import DEFAULT_TOKEN, TermSettings, TermSpace
from stance.model.texts import Texts, Utf8, utf8_blocks
from stance.model.trie import Trie, build_trie

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

_BLOCK = 1 << 12  # texts that one thread scores at a time
_FEWEST = 256
_ANALYZERS = {"word": WORDS, "char": CHARACTERS, "char_wb": WITHIN_WORDS}
_NORMS = {None: 0, "l1": 1, "l2": 2}


def supports(settings: TermSettings) -> bool:
    """Whether the kernel counts as these settings ask; other tokens and stop words are left to the reference."""
    return settings.analyzer != "word" or (settings.token_pattern == DEFAULT_TOKEN and not settings.stop_words)


def counting(analyzer: str, ngram_range: tuple[int, int]) -> Counting:
    """What a vectorizer with these settings counts."""
    return Counting(_ANALYZERS[analyzer], int(ngram_range[0]), int(ngram_range[1]))


@dataclass(frozen=True)
class _Part:
    """A term space, ready to be scored with."""

    alphabet: Alphabet
    trie: Trie
    counting: Counting
    weighting: Weighting
    weights: Floats


class Kernel:
    """The term spaces of a model with their coefficients, ready to be scored with.

    Parameters
    ----------
    spaces : the term spaces; ``supports`` says which can be
    coef : for each space its coefficients, shape (n_targets, n_terms, n_labels)
    intercept : array of shape (n_targets, n_labels)
    hidden_names : names that the term spaces do not see
    """

    def __init__(
        self, spaces: Sequence[TermSpace], coef: Sequence[Floats], intercept: Floats, hidden_names: Sequence[str] = ()
    ) -> None:
        self._parts = [_part(space, weights) for space, weights in zip(spaces, coef, strict=True)]
        self._intercept = intercept
        names = {form for name in hidden_names for form in (name, name.upper())}
        self._hidden = build_trie(sorted(names), False).edges

    def scores(self, texts: Texts, rows: Rows, finish: Callable[[Floats], Floats] | None = None) -> Floats:
        """Scores of ``texts``, each by the row of coefficients that ``rows`` has for it; shape (n_texts, n_labels).

        ``finish`` is what becomes of the scores of some of them.
        """
        found = self._intercept[rows]
        if len(texts) <= _FEWEST:
            for part, block in _placed(utf8_blocks(texts, _FEWEST)):
                self._add(block, rows[part], found[part], finish)
            return found
        n_threads = os.cpu_count() or 1
        size = min(_BLOCK, max(_FEWEST, -(-len(texts) // n_threads)))
        waiting: list[Future[None]] = []
        with ThreadPoolExecutor(n_threads) as pool:
            for part, block in _placed(utf8_blocks(texts, size)):
                waiting.append(pool.submit(self._add, block, rows[part], found[part], finish))
                if len(waiting) > 2 * n_threads:  # so that not all texts are held as bytes at once
                    waiting.pop(0).result()
            for future in waiting:
                future.result()
        return found

    def _add(self, block: Utf8, rows: Rows, out: Floats, finish: Callable[[Floats], Floats] | None) -> None:
        for p in self._parts:
            score_rows(
                *block, rows, self._hidden, p.alphabet, p.trie, p.counting, p.weighting,
                p.weights, out,
            )  # fmt: skip
        if finish:
            out[:] = finish(out)


def _placed(blocks: Iterator[Utf8]) -> Iterator[tuple[slice, Utf8]]:
    """Each block with the rows that it has."""
    start = 0
    for block in blocks:
        n = len(block.ends) - 1
        yield slice(start, start + n), block
        start += n


def _part(space: TermSpace, coef: Floats) -> _Part:
    s = space.settings
    n_targets, n_terms, n_labels = coef.shape
    weights = np.empty((n_targets, n_terms, n_labels + 1))
    weights[:, :, 0] = 1.0 if space.idf is None else space.idf
    weights[:, :, 1:] = coef
    return _Part(
        alphabet(s.lowercase, s.strip_accents),
        build_trie(space.vocabulary, s.analyzer == "word"),
        counting(s.analyzer, s.ngram_range),
        Weighting(s.binary, s.sublinear_tf, _NORMS[s.norm], s.weight),
        weights,
    )
