"""Compiled: the terms of texts, counted, and what they add to scores."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stance.model.alphabet import SPACE, WORD
from stance.model.compiled import compiled, inlined
from stance.model.folding import decode, divide, fold, fold_simply, hide_names, squeeze
from stance.model.ngrams import LONGEST, MOST, character_ngrams, find_words, ngrams_within_words, word_ngrams
from stance.model.trie import arrays_of, larger, touch_pairs, touch_words

WORDS, CHARACTERS, WITHIN_WORDS = 0, 1, 2
"""The analyzers word, char and char_wb."""
_SMALL = 4096
"""Up to so many terms of a text are counted by hashing, more by sorting."""
_KEPT = 1 << 12
"""Words whose character n-grams are kept for when they come again."""
_BUNCH, _BUNCH_BYTES = 64, 1 << 12
"""Texts, and bytes of them, that are counted together; a longer text alone."""


class Counting(NamedTuple):
    """What is counted: the analyzer, and n-grams of how many words or characters, from the shortest to the longest."""

    analyzer: int
    shortest: int
    longest: int


class Weighting(NamedTuple):
    """What becomes of counts: the norm is 0 for none, 1 for l1, 2 for l2."""

    binary: bool
    sublinear: bool
    norm: int
    weight: float


@compiled
def score_rows(raw, ends, rows, hidden, alphabet, trie, counting, weighting, weights, out):
    """Add to ``out`` the scores of texts, the names that ``hidden`` has the edges of hidden.

    ``weights`` has for each target and term the idf and the coefficients, shape (n_targets, n_terms, 1 + n_labels);
    ``rows`` the target of each text.
    """
    _, row_ends, terms, counts = count_rows(raw, ends, hidden, alphabet, trie, counting, False)
    binary, sublinear, norm, weight = weighting
    n_labels = out.shape[1]
    sums = np.empty(n_labels)
    touched = 0.0
    for i in range(len(row_ends) - 1):
        row, length = rows[i], 0.0
        for k in range(row_ends[i], row_ends[i + 1]):
            touched += weights[row, terms[k], 0]
        for label in range(n_labels):
            sums[label] = 0.0
        for k in range(row_ends[i], row_ends[i + 1]):
            term = terms[k]
            value = 1.0 if binary else float(counts[k])
            if sublinear and value > 1.0:
                value = np.log(value) + 1.0
            value *= weights[row, term, 0]
            length += abs(value) if norm == 1 else value * value
            for label in range(n_labels):
                sums[label] += value * weights[row, term, label + 1]
        scale = weight
        if norm and length > 0.0:
            scale /= length if norm == 1 else np.sqrt(length)
        for label in range(n_labels):
            out[i, label] += sums[label] * scale
    return touched  # of no use, but that it keeps the looks at memory ahead of time


@compiled
def count_rows(raw, ends, hidden, alphabet, trie, counting, grow):
    """Count the terms of texts, new ones too if the trie may ``grow``.

    ``hidden`` are the edges of a trie of names that are hidden first. Gives the trie's arrays, and the counts as rows:
    where each ends, the terms, how often each occurs.
    """
    n_rows = len(ends) - 1
    bunch = min(_BUNCH_BYTES, ends[n_rows] - ends[0])
    for i in range(n_rows):
        bunch = max(bunch, ends[i + 1] - ends[i])
    room = _room(bunch, n_rows, alphabet, counting)
    most = len(room[9])
    row_ends = np.zeros(len(ends), dtype=np.int64)
    terms, counts = np.empty(16 * n_rows + most, dtype=np.int32), np.empty(16 * n_rows + most, dtype=np.int32)
    done = 0
    while done < n_rows:
        done, full, _ = _count_on(
            raw, ends, done, bunch, hidden, alphabet, trie, counting, grow, room, row_ends, terms, counts
        )
        if full:
            trie = larger(trie)
        elif done < n_rows:
            terms, counts = _longer(terms, row_ends[done] + most), _longer(counts, row_ends[done] + most)
    return arrays_of(trie), row_ends, terms[: row_ends[done]], counts[: row_ends[done]]


@compiled
def _count_on(raw, ends, first, bunch, hidden, alphabet, trie, counting, grow, room, row_ends, terms, counts):
    """Count from the ``first`` text on, as long as there is room: gives how many are done, whether the trie is full,
    and a sum of no use.

    Texts are taken in bunches, and each step is done for all of a bunch, so that memory is waited for once a step.
    """
    codes, folded, starts, stops, keys, entries, level, text_ends, found, distinct, times, slots, kept = room
    folds, pieces, piece_ends, classes = alphabet
    words, edges, letters, spans, parents, symbols, sizes = trie
    analyzer, shortest, longest = counting
    kind = WORD if analyzer == WORDS else SPACE
    hides, n_rows, touched = hidden.max() >= 0, len(ends) - 1, np.int64(0)
    slots[:] = 0  # a text may have been begun before
    at, i = row_ends[first], first
    while i < n_rows:
        last = i + 1
        while last < min(n_rows, i + _BUNCH) and ends[last + 1] - ends[i] <= bunch:
            last += 1
        size, n_words = 0, 0
        for j in range(i, last):
            start = size
            size = -1 if hides else fold_simply(raw, ends[j], ends[j + 1], folds, folded, start)
            if size < 0:
                n = decode(raw, ends[j], ends[j + 1], codes)
                if hides:
                    hide_names(codes, n, hidden, classes)
                size = fold(codes, n, folds, pieces, piece_ends, classes, folded, start)
            if analyzer == CHARACTERS:
                size = squeeze(folded, start, size, classes)
                text_ends[j - i + 1] = size
            else:
                n_words = divide(folded, start, size, classes, kind, starts, stops, keys, n_words)
                text_ends[j - i + 1] = n_words
        if analyzer == WORDS:
            touched += touch_words(words, spans, letters, keys, n_words)
            if not find_words(
                words, letters, spans, parents, sizes, grow, folded, starts, stops, keys, n_words, entries
            ):
                return i, True, touched
            if longest > 1:
                touched += touch_pairs(edges, entries, n_words)
        for j in range(i, last):
            begin, end = text_ends[j - i], text_ends[j - i + 1]
            if analyzer == WORDS:
                n = word_ngrams(
                    edges, parents, symbols, sizes, grow, entries, level, begin, end, shortest, longest, found
                )
            elif analyzer == CHARACTERS:
                n = character_ngrams(
                    edges, parents, symbols, sizes, grow, folded, begin, end, shortest, longest, found, 0
                )
            else:
                n = ngrams_within_words(
                    edges, parents, symbols, sizes, grow, folded, starts, stops, keys, begin, end, shortest, longest,
                    codes, kept, found,
                )  # fmt: skip
            if n < 0:
                return i, True, touched
            n = _distinct(n, j + 1, found, distinct, times, slots)
            if at + n > len(terms):
                return i, False, touched
            for k in range(n):
                terms[at + k], counts[at + k] = distinct[k], times[k]
            at += n
            row_ends[j + 1] = at
        i = last
    return n_rows, False, touched


@compiled
def _longer(array, n):
    longer = np.empty(max(n, 2 * len(array)), dtype=array.dtype)
    longer[: len(array)] = array
    return longer


@compiled
def _room(n_bytes, n_rows, alphabet, counting):
    """Arrays for what is known of a bunch of texts of so many bytes, or of one of them.

    They are for the characters of one as they are, and those of all folded; where words begin and end, their keys and
    entries; where the words or characters of each text end; and for one text its terms as they come, the distinct ones,
    how often each occurs, and a table to find them by. The last has a row for each of some words that came before:
    number of letters, number of terms, letters, terms.
    """
    pieces = 1
    for i in range(len(alphabet.ends) - 1):
        pieces = max(pieces, alphabet.ends[i + 1] - alphabet.ends[i])
    size = n_bytes * pieces + 4
    most = 3 * size * (counting.longest - counting.shortest + 1)
    slots, kept = 64, 64
    while slots < min(2 * most, 2 * _SMALL):
        slots *= 2
    while kept < min(8 * n_rows, _KEPT):
        kept *= 2
    words = np.empty((1 if counting.analyzer != WITHIN_WORDS else kept, 2 + LONGEST + MOST), dtype=np.int32)
    words[:, 0] = -1
    return (
        np.empty(size, dtype=np.int32),
        np.empty(size, dtype=np.int32),
        np.empty(size, dtype=np.int64),
        np.empty(size, dtype=np.int64),
        np.empty(size, dtype=np.int64),
        np.empty(size, dtype=np.int64),
        np.empty(size, dtype=np.int64),
        np.zeros(min(n_rows, _BUNCH) + 1, dtype=np.int64),
        np.empty(most, dtype=np.int32),
        np.empty(most, dtype=np.int32),
        np.empty(most, dtype=np.int32),
        np.zeros(2 * slots, dtype=np.int32),
        words,
    )


@inlined
def _distinct(n, stamp, found, terms, counts, slots):
    """Count each of the ``n`` terms found; give the number of distinct ones. ``stamp`` is of this text alone."""
    if n > _SMALL:
        return _distinct_sorted(n, found, terms, counts)
    size = 64
    while size < 2 * n:
        size *= 2
    m = 0
    for k in range(n):
        term = found[k]
        at = np.int64((np.uint32(term) * np.uint32(0x9E3779B9)) >> np.uint32(8)) & (size - 1)
        while slots[2 * at] == stamp and terms[slots[2 * at + 1]] != term:
            at = (at + 1) & (size - 1)
        if slots[2 * at] == stamp:
            counts[slots[2 * at + 1]] += 1
        else:
            slots[2 * at], slots[2 * at + 1] = stamp, m
            terms[m], counts[m] = term, 1
            m += 1
    return m


@compiled
def _distinct_sorted(n, found, terms, counts):
    found[:n].sort()
    m = 0
    for k in range(n):
        if k and found[k] == found[k - 1]:
            counts[m - 1] += 1
        else:
            terms[m], counts[m] = found[k], 1
            m += 1
    return m
