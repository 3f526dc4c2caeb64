"""Compiled: the terms of one text, found in a trie or added to it.

Arrays are handed over one by one, and not in the tuples that hold them: a look into a tuple counts a reference, which
costs more than the work. Those named ``edges``, ``parents``, ``symbols`` and ``sizes`` are a trie's; terms are written
to ``found``.
"""

from __future__ import annotations

import numpy as np

from stance.model.compiled import compiled, inlined
from stance.model.trie import FULL, ROOT, add_next, add_word, find_next, find_word, place

LONGEST, MOST = 16, 64
"""How many letters and terms a word may have that is kept for when it comes again."""
_BLANK = ord(" ")


@inlined
def find_words(words, letters, spans, parents, sizes, grow, folded, starts, stops, keys, n_words, entries):
    """Find the entry of each word; whether there was room."""
    for j in range(n_words):
        entry = find_word(words, letters, spans, folded, starts[j], stops[j], keys[j])
        if entry < 0 and grow:
            entry = add_word(words, letters, spans, parents, sizes, folded, starts[j], stops[j], keys[j])
            if entry == FULL:
                return False
        entries[j] = entry
    return True


@inlined
def word_ngrams(edges, parents, symbols, sizes, grow, entries, level, begin, end, shortest, longest, found):
    """Find the terms of these words, those of one word first; gives their number, or ``FULL``."""
    n = np.int64(0)
    for length in range(1, longest + 1):
        for j in range(begin, end - length + 1):
            entry = entries[j]
            if length > 1:
                node, word = level[j] >> 32, entries[j + length - 1] >> 32
                entry = find_next(edges, node, word)
                if entry < 0 and grow:
                    entry = add_next(edges, parents, symbols, sizes, node, word)
                    if entry == FULL:
                        return FULL
            level[j] = entry
            term = (entry & 0xFFFFFFFF) - 1 if entry >= 0 else -1
            found[n] = term  # stays only if it is one, which costs less than to ask
            n += (term >= 0) & (length >= shortest)
    return n


@compiled
def character_ngrams(edges, parents, symbols, sizes, grow, codes, begin, end, shortest, longest, found, n):
    """Find the terms of these characters, after ``n`` others; gives the number of all, or ``FULL``."""
    n = np.int64(n)
    for j in range(begin, end):
        node = np.int64(ROOT)
        for k in range(j, min(j + longest, end)):
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
def ngrams_within_words(
    edges, parents, symbols, sizes, grow, folded, starts, stops, keys, begin, end, shortest, longest, codes, kept,
    found,
):  # fmt: skip
    """Find the terms of each word with a blank on either side, of one that is shorter than the shortest all of it.

    Words that came before are not taken apart again. Gives the number of terms, or ``FULL``.
    """
    n = np.int64(0)
    for j in range(begin, end):
        start, length = starts[j], stops[j] - starts[j]
        at = place(keys[j], len(kept))
        k = 0
        while kept[at, 0] == length and k < length and kept[at, 2 + k] == folded[start + k]:
            k += 1
        if k == length:
            for k in range(kept[at, 1]):
                found[n + k] = kept[at, 2 + LONGEST + k]
            n += kept[at, 1]
            continue
        codes[0], codes[length + 1] = _BLANK, _BLANK
        for k in range(length):
            codes[k + 1] = folded[start + k]
        after = character_ngrams(
            edges, parents, symbols, sizes, grow, codes, 0, length + 2, min(shortest, length + 2), longest, found, n
        )
        if after == FULL:
            return FULL
        if length <= LONGEST and after - n <= MOST:
            kept[at, 0], kept[at, 1] = length, after - n
            for k in range(length):
                kept[at, 2 + k] = folded[start + k]
            for k in range(after - n):
                kept[at, 2 + LONGEST + k] = found[n + k]
        n = after
    return n
