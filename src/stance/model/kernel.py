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
from itertools import pairwise
from typing import Any, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

from stance.model.terms import DEFAULT_TOKEN, TermSettings, TermSpace, strip_character

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]
F = TypeVar("F", bound=Callable[..., Any])

_BLOCK = 1 << 16  # texts prepared at once
_WORD, _SPACE = 1, 2  # classes of characters
_ANALYZERS = {"word": 0, "char": 1, "char_wb": 2}
_NORMS = {None: 0, "l1": 1, "l2": 2}
_OFFSET, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)  # FNV-1a, 64 bits
_BLANK = np.uint8(32)


def compiled(function: F) -> F:
    """``function`` compiled without the interpreter's lock; kept on disk where a folder for that can be written."""
    try:
        made = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # a read-only installation without a cache folder
        made = numba.njit(nogil=True)(function)
    return made  # type: ignore[no-any-return]


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
    _fill(terms, ends, hashes, columns)
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


_classes: list[Bytes] = []


def character_classes() -> Bytes:
    """For each code point whether ``re`` takes it for a letter of a word, or for white space; made once."""
    if not _classes:
        everything = "".join(map(chr, range(sys.maxunicode + 1)))
        found = np.zeros(sys.maxunicode + 1, dtype=np.uint8)
        for pattern, value in ((r"\w+", _WORD), (r"\s+", _SPACE)):
            for match in re.finditer(pattern, everything):
                found[slice(*match.span())] |= value
        _classes.append(found)
    return _classes[0]


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
        _score_rows(raw, edges, 0, len(rows), rows, *fixed, *options, out)
        return
    with ThreadPoolExecutor(n_threads) as pool:
        done = [pool.submit(_score_rows, raw, edges, a, b, rows, *fixed, *options, out) for a, b in pairwise(bounds)]
        for part in done:
            part.result()


@compiled
def _hash_on(value, raw, start, end):
    for i in range(start, end):
        value = (value ^ np.uint64(raw[i])) * _PRIME
    return value


@compiled
def _slot(value, size):
    mixed = value ^ (value >> np.uint64(29))
    return np.int64(mixed & np.uint64(size - 1))


@compiled
def _fill(terms, ends, hashes, columns):
    for column in range(len(ends) - 1):
        value = _hash_on(_OFFSET, terms, ends[column], ends[column + 1])
        at = _slot(value, len(hashes))
        while columns[at] >= 0:
            at = (at + 1) & (len(hashes) - 1)
        hashes[at], columns[at] = value, column


@compiled
def _same(raw, starts, stops, first, last, terms, start, end):
    """Whether the pieces of ``raw`` from the first to the last, joined by blanks, are the term's bytes."""
    at = start
    for k in range(first, last + 1):
        if k > first:
            if at >= end or terms[at] != _BLANK:
                return False
            at += 1
        length = stops[k] - starts[k]
        if at + length > end:
            return False
        for i in range(length):
            if raw[starts[k] + i] != terms[at + i]:
                return False
        at += length
    return at == end


@compiled
def _find(value, raw, starts, stops, first, last, hashes, columns, terms, ends):
    """The column of the term with this hash and these bytes, or -1."""
    at = _slot(value, len(hashes))
    while columns[at] >= 0:
        if hashes[at] == value:
            column = columns[at]
            if _same(raw, starts, stops, first, last, terms, ends[column], ends[column + 1]):
                return column
        at = (at + 1) & (len(hashes) - 1)
    return -1


@compiled
def _decode(raw, i):
    """The code point that begins at byte ``i``, and the number of its bytes."""
    b = np.int64(raw[i])
    if b < 0x80:
        return b, 1
    if b < 0xE0:
        return ((b & 0x1F) << 6) | (np.int64(raw[i + 1]) & 0x3F), 2
    if b < 0xF0:
        return ((b & 0x0F) << 12) | ((np.int64(raw[i + 1]) & 0x3F) << 6) | (np.int64(raw[i + 2]) & 0x3F), 3
    high = ((b & 0x07) << 18) | ((np.int64(raw[i + 1]) & 0x3F) << 12)
    return high | ((np.int64(raw[i + 2]) & 0x3F) << 6) | (np.int64(raw[i + 3]) & 0x3F), 4


@compiled
def _count(column, counts, touched, n):
    if column < 0:
        return n
    if counts[column] == 0:
        touched[n] = column
        n += 1
    counts[column] += 1
    return n


@compiled
def _words(raw, start, end, classes, wanted, starts, stops):
    """The runs of two or more word characters; of one or more other than white space, if that is ``wanted``."""
    n, i = 0, start
    while i < end:
        code, width = _decode(raw, i)
        inside = (classes[code] & 1) != 0 if wanted == 0 else (classes[code] & 2) == 0
        if not inside:
            i += width
            continue
        begin, length = i, 0
        while i < end:
            code, width = _decode(raw, i)
            inside = (classes[code] & 1) != 0 if wanted == 0 else (classes[code] & 2) == 0
            if not inside:
                break
            i += width
            length += 1
        if length > 1 or wanted == 1:
            starts[n], stops[n] = begin, i
            n += 1
    return n


@compiled
def _score_rows(
    raw, edges, first, last, rows,
    classes, hashes, columns, terms, ends, idf, coef,
    analyzer, shortest, longest, binary, sublinear, norm, weight,
    out,
):  # fmt: skip
    most = 4
    for i in range(first, last):
        most = max(most, edges[i + 1] - edges[i])
    starts, stops = np.empty(most + 4, dtype=np.int64), np.empty(most + 4, dtype=np.int64)
    touched = np.empty(len(idf) + 1, dtype=np.int64)
    counts = np.zeros(max(len(idf), 1), dtype=np.int64)
    padded = np.empty(2 * most + 8, dtype=np.uint8)
    at = np.empty(2 * most + 8, dtype=np.int64)
    for i in range(first, last):
        start, end, n = edges[i] + 1, edges[i + 1], 0
        if analyzer == 0:
            n_words = _words(raw, start, end, classes, 0, starts, stops)
            for j in range(n_words):
                value = _OFFSET
                for k in range(j, min(j + longest, n_words)):
                    if k > j:
                        value = (value ^ np.uint64(_BLANK)) * _PRIME
                    value = _hash_on(value, raw, starts[k], stops[k])
                    if k - j + 1 >= shortest:
                        column = _find(value, raw, starts, stops, j, k, hashes, columns, terms, ends)
                        n = _count(column, counts, touched, n)
        elif analyzer == 2:
            n_words = _words(raw, start, end, classes, 1, starts, stops)
            for j in range(n_words):
                size = stops[j] - starts[j]
                padded[0] = _BLANK
                padded[1 : size + 1] = raw[starts[j] : stops[j]]
                padded[size + 1] = _BLANK
                n = _char_ngrams(
                    padded, size + 2, shortest, longest, True, at, hashes, columns, terms, ends, counts, touched, n
                )
        else:
            size, pos = 0, start
            while pos < end:  # runs of two or more white-space characters become one blank
                code, width = _decode(raw, pos)
                run, after = 0, pos
                while after < end and (classes[code] & 2) != 0:
                    run += 1
                    after += width
                    if after < end:
                        code, width = _decode(raw, after)
                if run > 1:
                    padded[size] = _BLANK
                    size += 1
                    pos = after
                else:
                    code, width = _decode(raw, pos)
                    padded[size : size + width] = raw[pos : pos + width]
                    size += width
                    pos += width
            n = _char_ngrams(
                padded, size, shortest, longest, False, at, hashes, columns, terms, ends, counts, touched, n
            )
        _add_row(touched, n, counts, idf, coef[rows[i]], binary, sublinear, norm, weight, out[i])


@compiled
def _char_ngrams(
    text, size, shortest, longest, whole, at, hashes, columns, terms, ends, counts, touched, n
):  # fmt: skip
    """Count the character n-grams of ``text``; ``whole``: one that is shorter than ``n`` counts once, as it is."""
    n_chars, i = 0, 0
    while i < size:
        at[n_chars] = i
        n_chars += 1
        _, width = _decode(text, i)
        i += width
    at[n_chars] = size
    begin, stop = np.empty(1, dtype=np.int64), np.empty(1, dtype=np.int64)
    for j in range(n_chars):
        value = _OFFSET
        for k in range(j, min(j + longest, n_chars)):
            value = _hash_on(value, text, at[k], at[k + 1])
            if k - j + 1 >= shortest:
                begin[0], stop[0] = at[j], at[k + 1]
                column = _find(value, text, begin, stop, 0, 0, hashes, columns, terms, ends)
                n = _count(column, counts, touched, n)
    if whole and n_chars < shortest:
        begin[0], stop[0] = 0, size
        value = _hash_on(_OFFSET, text, 0, size)
        column = _find(value, text, begin, stop, 0, 0, hashes, columns, terms, ends)
        n = _count(column, counts, touched, n)
    return n


@compiled
def _add_row(touched, n, counts, idf, coef, binary, sublinear, norm, weight, out):
    total = 0.0
    sums = np.zeros(len(out))
    for t in range(n):
        column = touched[t]
        value = 1.0 if binary else float(counts[column])
        counts[column] = 0
        if sublinear:
            value = np.log(value) + 1.0
        value *= idf[column]
        total += abs(value) if norm == 1 else value * value
        for label in range(len(out)):
            sums[label] += value * coef[column, label]
    scale = weight
    if norm == 2 and total > 0:
        scale = weight / np.sqrt(total)
    elif norm == 1 and total > 0:
        scale = weight / total
    for label in range(len(out)):
        out[label] += sums[label] * scale
