"""Scores of many texts in one compiled pass over their bytes: tokens, terms, look-up, weights and sums.

It gives what ``TermSpace.values`` and a product with the coefficients give, which is the reference: a term is looked up
by a hash and then compared byte by byte, so that a collision changes nothing, and letters are those of Python's own
lower-casing and Unicode tables. Only the order of sums differs, so that scores agree to rounding.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from stance.model.counting import WHITE_SPACE, WORD, fill_table, score_rows
from stance.model.terms import DEFAULT_TOKEN, TermSettings, TermSpace, strip_character

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]

_BLOCK = 1 << 16  # texts prepared at once
_ANALYZERS = {"word": 0, "char": 1, "char_wb": 2}
_NORMS = {None: 0, "l1": 1, "l2": 2}


def supports(settings: TermSettings) -> bool:
    """Whether the kernel counts as these settings ask; other tokens and stop words are left to the reference."""
    return settings.analyzer != "word" or (settings.token_pattern == DEFAULT_TOKEN and not settings.stop_words)


@dataclass(frozen=True)
class Table:
    """A vocabulary as an open-addressing table, with the bytes of its terms to compare with."""

    hashes: NDArray[np.uint64]
    columns: NDArray[np.int32]
    terms: Bytes
    ends: NDArray[np.int64]


@dataclass(frozen=True)
class Kernel:
    """The term spaces of a model and their coefficients, ready to be scored with.

    ``coef`` has one array for each space, of shape (n_targets, n_terms, n_labels).
    """

    spaces: tuple[TermSpace, ...]
    tables: tuple[Table, ...]
    coef: tuple[Floats, ...]
    intercept: Floats
    hidden: re.Pattern[str] | None
    hide: Callable[[re.Match[str]], str]

    def scores(self, texts: Sequence[str], rows: NDArray[np.int64], separator: str) -> Floats:
        """Scores of ``texts``, none with ``separator`` in it, by the targets' ``rows`` of coefficients.

        The shape is (n_texts, n_labels).
        """
        found = self.intercept[rows]
        for start in range(0, len(texts), _BLOCK):
            block = slice(start, start + _BLOCK)
            prepared: dict[tuple[bool, str | None], tuple[Bytes, NDArray[np.int64]]] = {}
            joined = separator.join(texts[block])
            if self.hidden is not None:
                joined = self.hidden.sub(self.hide, joined)
            for space, table, coef in zip(self.spaces, self.tables, self.coef, strict=True):
                key = (space.settings.lowercase, space.settings.strip_accents)
                if key not in prepared:
                    prepared[key] = _encoded(joined, separator, *key)
                _add_scores(*prepared[key], space, table, coef, rows[block], found[block])
        return found


def build_table(vocabulary: Sequence[str]) -> Table:
    """The table of a vocabulary, at most half full."""
    encoded = [term.encode("utf-8", "surrogatepass") for term in vocabulary]
    terms = np.frombuffer(b"".join(encoded) or b"\x00", dtype=np.uint8)
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
    size = 1 << max(3, (2 * len(encoded)).bit_length())
    hashes, columns = np.zeros(size, dtype=np.uint64), np.full(size, -1, dtype=np.int32)
    fill_table(terms, ends, hashes, columns)
    return Table(hashes, columns, terms, ends)


def _encoded(
    joined: str, separator: str, lowercase: bool, strip_accents: str | None
) -> tuple[Bytes, NDArray[np.int64]]:
    """The joined texts folded as one, as UTF-8, and the edges of each; the separator joins neither words nor cases."""
    folded = joined.lower() if lowercase else joined
    if strip_accents and not folded.isascii():
        kept = {ord(c): strip_character(c, strip_accents) for c in set(folded) if ord(c) > 127}
        folded = folded.translate(kept)
    raw = np.frombuffer((folded + separator).encode("utf-8", "surrogatepass"), dtype=np.uint8)
    return raw, np.concatenate([[-1], np.flatnonzero(raw == ord(separator))])


@cache
def character_classes() -> Bytes:
    """For each code point whether ``re`` takes it for a letter of a word, or for white space; made once."""
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    found = np.zeros(sys.maxunicode + 1, dtype=np.uint8)
    for pattern, value in ((r"\w+", WORD), (r"\s+", WHITE_SPACE)):
        for match in re.finditer(pattern, everything):
            found[slice(*match.span())] |= value
    return found


def _add_scores(
    raw: Bytes,
    edges: NDArray[np.int64],
    space: TermSpace,
    table: Table,
    coef: Floats,
    rows: NDArray[np.int64],
    out: Floats,
) -> None:
    """Add what one space gives to ``out``, the texts divided among threads."""
    s = space.settings
    idf = np.ones(len(space.vocabulary)) if space.idf is None else space.idf
    options = (_ANALYZERS[s.analyzer], *s.ngram_range, s.binary, s.sublinear_tf, _NORMS[s.norm], s.weight)
    fixed = (character_classes(), table.hashes, table.columns, table.terms, table.ends, idf, coef)
    n_threads = max(1, min(os.cpu_count() or 1, len(rows) // 256))
    bounds = np.linspace(0, len(rows), n_threads + 1).astype(int).tolist()
    if n_threads == 1:
        score_rows(raw, edges, 0, len(rows), rows, *fixed, *options, out)
        return
    with ThreadPoolExecutor(n_threads) as pool:
        done = [pool.submit(score_rows, raw, edges, a, b, rows, *fixed, *options, out) for a, b in pairwise(bounds)]
        for part in done:
            part.result()
