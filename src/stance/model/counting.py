"""The compiled loops of the kernel: tokens, hashes, look-up, counts and sums over the UTF-8 bytes of texts.

Terms are looked up in an open-addressing table by a 64-bit FNV-1a hash and compared byte by byte. Types are inferred by
numba, which compiles each function when it is first called.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np

F = TypeVar("F", bound=Callable[..., Any])

WORD, WHITE_SPACE = 1, 2
"""Classes of characters, as bits."""
_OFFSET, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_BLANK = np.uint8(32)


def compiled(function: F) -> F:
    """``function`` compiled without the interpreter's lock; kept on disk where a folder for that can be written."""
    try:
        made = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # a read-only installation without a cache folder
        made = numba.njit(nogil=True)(function)
    return made  # type: ignore[no-any-return]


@compiled
def _hash_on(value, raw, start, end):
    """The hash of what was hashed before and these bytes."""
    for i in range(start, end):
        value = (value ^ np.uint64(raw[i])) * _PRIME
    return value


@compiled
def _slot(value, size):
    """Where in a table of this size, a power of two, the search for a hash begins."""
    mixed = value ^ (value >> np.uint64(29))
    return np.int64(mixed & np.uint64(size - 1))


@compiled
def fill_table(terms, ends, hashes, columns):
    """Put every term's hash and column into an empty table."""
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
    """Count a term; a new one's column is noted as the ``n``-th."""
    if column < 0:
        return n
    if counts[column] == 0:
        touched[n] = column
        n += 1
    counts[column] += 1
    return n


@compiled
def _inside(code, classes, kind):
    """Whether a character is part of a word: of word characters, or of all that is no white space."""
    return (classes[code] & WORD) != 0 if kind == WORD else (classes[code] & WHITE_SPACE) == 0


@compiled
def _words(raw, start, end, classes, kind, starts, stops):
    """The runs of two or more word characters (``WORD``), or of any between white space (``WHITE_SPACE``)."""
    n, i = 0, start
    while i < end:
        code, width = _decode(raw, i)
        begin, length = i, 0
        while _inside(code, classes, kind):
            i += width
            length += 1
            if i >= end:
                break
            code, width = _decode(raw, i)
        if length == 0:
            i += width
        elif length > 1 or kind == WHITE_SPACE:
            starts[n], stops[n] = begin, i
            n += 1
    return n


@compiled
def score_rows(
    raw, edges, first, last, rows,
    classes, hashes, columns, terms, ends, idf, coef,
    analyzer, shortest, longest, binary, sublinear, norm, weight,
    out,
):  # fmt: skip
    """Add the scores of the texts from the first to before the last, whose bytes stand between ``edges``, to
    ``out``.
    """
    most = 4
    for i in range(first, last):
        most = max(most, edges[i + 1] - edges[i])
    starts, stops = np.empty(most + 4, dtype=np.int64), np.empty(most + 4, dtype=np.int64)
    touched, counts = np.empty(len(idf) + 1, dtype=np.int64), np.zeros(len(idf) + 1, dtype=np.int64)
    text, at = np.empty(most + 4, dtype=np.uint8), np.empty(most + 4, dtype=np.int64)
    for i in range(first, last):
        start, end, n = edges[i] + 1, edges[i + 1], 0
        if analyzer == 0:
            n_words = _words(raw, start, end, classes, WORD, starts, stops)
            n = _word_ngrams(
                raw, starts, stops, n_words, shortest, longest, hashes, columns, terms, ends, counts, touched
            )
        elif analyzer == 1:
            size = _squeeze(raw, start, end, classes, text)
            n = _char_ngrams(text, size, shortest, longest, False, at, hashes, columns, terms, ends, counts, touched, n)
        else:
            n_words = _words(raw, start, end, classes, WHITE_SPACE, starts, stops)
            for j in range(n_words):
                size = stops[j] - starts[j] + 2
                text[0], text[size - 1] = _BLANK, _BLANK
                text[1 : size - 1] = raw[starts[j] : stops[j]]
                n = _char_ngrams(
                    text, size, shortest, longest, True, at, hashes, columns, terms, ends, counts, touched, n
                )
        _add_row(touched, n, counts, idf, coef[rows[i]], binary, sublinear, norm, weight, out[i])


@compiled
def _word_ngrams(raw, starts, stops, n_words, shortest, longest, hashes, columns, terms, ends, counts, touched):
    """Count the runs of words, joined by blanks."""
    n = 0
    for j in range(n_words):
        value = _OFFSET
        for k in range(j, min(j + longest, n_words)):
            if k > j:
                value = (value ^ np.uint64(_BLANK)) * _PRIME
            value = _hash_on(value, raw, starts[k], stops[k])
            if k - j + 1 >= shortest:
                column = _find(value, raw, starts, stops, j, k, hashes, columns, terms, ends)
                n = _count(column, counts, touched, n)
    return n


@compiled
def _squeeze(raw, start, end, classes, text):
    """Copy the bytes to ``text``, each run of two or more white-space characters as one blank; give their number."""
    size, i = 0, start
    while i < end:
        run, after = 0, i
        while after < end:
            code, width = _decode(raw, after)
            if (classes[code] & WHITE_SPACE) == 0:
                break
            run += 1
            after += width
        if run > 1:
            text[size] = _BLANK
            size += 1
            i = after
        else:
            _, width = _decode(raw, i)
            text[size : size + width] = raw[i : i + width]
            size += width
            i += width
    return size


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
