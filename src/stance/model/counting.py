"""Compiled: the terms of texts, counted, and what they add to scores."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stance.model.alphabet import SPACE, WORD
from stance.model.compiled import compiled, inlined
from stance.model.folding import decode, divide, fold, hide_names, squeeze
from stance.model.trie import FULL, ROOT, add_next, add_word, find_next, find_word, larger, touch, touch_pairs

WORDS, CHARACTERS, WITHIN_WORDS = 0, 1, 2
"""The analyzers word, char and char_wb."""
_SMALL = 4096
"""Up to so many terms of a text are counted by hashing, more by sorting."""
_CACHED, _LONGEST, _MOST = 1 << 12, 16, 64
"""Words whose character n-grams are kept for when they come again, and how long and rich they may be."""
_BLANK = ord(" ")


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


# Functions that are called for every text take arrays one by one, and not the tuples that hold them: each look into a
# tuple counts a reference, which costs more than the work.


@compiled
def score_rows(raw, ends, gap, rows, names, alphabet, trie, counting, weighting, weights, out):
    """Add to ``out`` the scores of texts.

    ``weights`` has for each target and term the idf and the coefficients, shape (n_targets, n_terms, 1 + n_labels);
    ``rows`` the target of each text.
    """
    _, row_ends, terms, counts = count_rows(raw, ends, gap, names, alphabet, trie, counting, False)
    binary, sublinear, norm, weight = weighting
    n_labels = out.shape[1]
    sums = np.empty(n_labels)
    for i in range(len(row_ends) - 1):
        row, length = rows[i], 0.0
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


@compiled
def count_rows(raw, ends, gap, names, alphabet, trie, counting, grow):
    """Count the terms of texts, new ones too if the trie may ``grow``.

    Gives the trie, and the counts as rows: where each ends, the terms, how often each occurs.
    """
    room = _room(ends, gap, alphabet, counting)
    most = len(room[7])
    row_ends = np.zeros(len(ends), dtype=np.int64)
    terms, counts = np.empty(16 * len(ends) + most, dtype=np.int32), np.empty(16 * len(ends) + most, dtype=np.int32)
    done, full = 0, False
    while True:
        done, full = _count_on(
            raw, ends, gap, done, names.edges, alphabet, trie, counting, grow, room, row_ends, terms, counts
        )
        if done == len(ends) - 1:
            return trie, row_ends, terms[: row_ends[done]], counts[: row_ends[done]]
        if full:
            trie = larger(trie)
        else:
            terms, counts = _longer(terms, row_ends[done] + most), _longer(counts, row_ends[done] + most)


@compiled
def _count_on(raw, ends, gap, first, hidden, alphabet, trie, counting, grow, room, row_ends, terms, counts):
    """Count from the ``first`` text on, as long as there is room: gives how many are done, and whether the trie is
    full.
    """
    codes, folded, starts, stops, hashes, entries, found, distinct, times, slots, kept = room
    folds, pieces, piece_ends, classes = alphabet
    words, edges, letters, firsts, lasts, parents, symbols, sizes = trie
    analyzer, shortest, longest = counting
    hides = hidden.max() >= 0
    slots[:] = 0  # the first text may have been begun before
    at = row_ends[first]
    for i in range(first, len(ends) - 1):
        size = decode(raw, ends[i] + gap, ends[i + 1], codes)
        if hides:
            hide_names(codes, size, hidden, classes)
        size = fold(codes, size, folds, pieces, piece_ends, classes, folded)
        if analyzer == CHARACTERS:
            size = squeeze(folded, size, classes)
            n = _character_ngrams(edges, parents, symbols, sizes, grow, folded, size, shortest, longest, found, 0)
        elif analyzer == WITHIN_WORDS:
            n_words = divide(folded, size, classes, SPACE, starts, stops, hashes)
            n = _ngrams_within_words(
                edges, parents, symbols, sizes, grow, folded, starts, stops, hashes, n_words, shortest, longest,
                codes, kept, found,
            )  # fmt: skip
        else:
            n_words = divide(folded, size, classes, WORD, starts, stops, hashes)
            n = _find_words(
                words, letters, firsts, lasts, parents, sizes, grow, folded, starts, stops, hashes, n_words, entries
            )
            if n >= 0:
                n = _word_ngrams(edges, parents, symbols, sizes, grow, entries, n_words, shortest, longest, found)
        if n < 0:
            return i, True
        n = _distinct(n, i + 1, found, distinct, times, slots)
        if at + n > len(terms):
            return i, False
        for k in range(n):
            terms[at + k], counts[at + k] = distinct[k], times[k]
        at += n
        row_ends[i + 1] = at
    return len(ends) - 1, False


@compiled
def _longer(array, n):
    longer = np.empty(max(n, 2 * len(array)), dtype=array.dtype)
    longer[: len(array)] = array
    return longer


@compiled
def _room(ends, gap, alphabet, counting):
    """Arrays for what is known of one text, with room for the longest of these.

    They are for its characters, as they are and folded; where its words begin and end, their hashes and entries; its
    terms as they come; its distinct terms, how often each occurs, and a table to find them by; and, for words that came
    before, a row each of the number of letters, the number of terms, letters, and terms.
    """
    longest, pieces = 0, 1
    for i in range(len(ends) - 1):
        longest = max(longest, ends[i + 1] - ends[i] - gap)
    for i in range(len(alphabet.ends) - 1):
        pieces = max(pieces, alphabet.ends[i + 1] - alphabet.ends[i])
    size = longest * pieces + 4
    words = size // 2 + 1 if counting.analyzer == WORDS else size
    n = counting.longest - counting.shortest + 1
    most = n * (words if counting.analyzer == WORDS else 2 * size)
    slots, cached = 64, 64
    while slots < min(2 * most, 2 * _SMALL):
        slots *= 2
    while cached < min(8 * len(ends), _CACHED):
        cached *= 2
    if counting.analyzer != WITHIN_WORDS:
        cached = 1
    kept = np.empty((cached, 2 + _LONGEST + _MOST), dtype=np.int32)
    kept[:, 0] = -1
    return (
        np.empty(size, dtype=np.int32),
        np.empty(size, dtype=np.int32),
        np.empty(words, dtype=np.int64),
        np.empty(words, dtype=np.int64),
        np.empty(words, dtype=np.uint64),
        np.empty(words, dtype=np.int64),
        np.empty(most, dtype=np.int32),
        np.empty(most, dtype=np.int32),
        np.empty(most, dtype=np.int32),
        np.zeros(2 * slots, dtype=np.int32),
        kept,
    )


@inlined
def _find_words(words, letters, firsts, lasts, parents, sizes, grow, folded, starts, stops, hashes, n_words, entries):
    """Find the entry of each word; gives their number, or ``FULL``."""
    entries[0] = touch(words, hashes, n_words)
    for j in range(n_words):
        entry = find_word(words, letters, firsts, lasts, folded, starts[j], stops[j], hashes[j])
        if entry < 0 and grow:
            entry = add_word(words, letters, firsts, lasts, parents, sizes, folded, starts[j], stops[j], hashes[j])
            if entry == FULL:
                return FULL
        entries[j] = entry
    return np.int64(n_words)


@inlined
def _word_ngrams(edges, parents, symbols, sizes, grow, entries, n_words, shortest, longest, found):
    """Find the terms of these words; gives their number, or ``FULL``."""
    n = np.int64(0)
    if longest > 1:
        found[0] = touch_pairs(edges, entries, n_words)
    for j in range(n_words):
        entry = entries[j]
        for k in range(j, min(j + longest, n_words)):
            if k > j:
                if entries[k] < 0:
                    break
                node, word = entry >> 32, entries[k] >> 32
                entry = find_next(edges, node, word)
                if entry < 0 and grow:
                    entry = add_next(edges, parents, symbols, sizes, node, word)
                    if entry == FULL:
                        return FULL
            if entry < 0:
                break
            term = (entry & 0xFFFFFFFF) - 1
            if term >= 0 and k - j + 1 >= shortest:
                found[n] = term
                n += 1
    return n


@compiled
def _character_ngrams(edges, parents, symbols, sizes, grow, codes, size, shortest, longest, found, n):
    """Find the terms of these characters, after ``n`` others; gives the number of all, or ``FULL``."""
    for j in range(size):
        node = np.int64(ROOT)
        for k in range(j, min(j + longest, size)):
            entry = find_next(edges, node, codes[k])
            if entry < 0 and grow:
                entry = add_next(edges, parents, symbols, sizes, node, codes[k])
                if entry == FULL:
                    return FULL
            if entry < 0:
                break
            node = entry >> 32
            term = (entry & 0xFFFFFFFF) - 1
            if term >= 0 and k - j + 1 >= shortest:
                found[n] = term
                n += 1
    return n


@compiled
def _ngrams_within_words(
    edges, parents, symbols, sizes, grow, folded, starts, stops, hashes, n_words, shortest, longest, codes, kept, found
):  # fmt: skip
    """Find the terms of each word with a blank on either side, of one that is shorter than the shortest all of it.

    Words that came before are not taken apart again. Gives the number of terms, or ``FULL``.
    """
    n = np.int64(0)
    for j in range(n_words):
        start, length = starts[j], stops[j] - starts[j]
        at = np.int64((hashes[j] ^ (hashes[j] >> np.uint64(32))) & np.uint64(len(kept) - 1))
        k = 0
        while kept[at, 0] == length and k < length and kept[at, 2 + k] == folded[start + k]:
            k += 1
        if k == length:
            for k in range(kept[at, 1]):
                found[n + k] = kept[at, 2 + _LONGEST + k]
            n += kept[at, 1]
            continue
        codes[0], codes[length + 1] = _BLANK, _BLANK
        for k in range(length):
            codes[k + 1] = folded[start + k]
        after = _character_ngrams(
            edges, parents, symbols, sizes, grow, codes, length + 2, min(shortest, length + 2), longest, found, n
        )
        if after == FULL:
            return FULL
        if length <= _LONGEST and after - n <= _MOST:
            kept[at, 0], kept[at, 1] = length, after - n
            for k in range(length):
                kept[at, 2 + k] = folded[start + k]
            for k in range(after - n):
                kept[at, 2 + _LONGEST + k] = found[n + k]
        n = after
    return n


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
