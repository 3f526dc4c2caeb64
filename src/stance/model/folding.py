"""Compiled: from the bytes of a text to folded code points, and from these to words."""

from __future__ import annotations

import numpy as np

from stance.model.alphabet import CASED, IGNORABLE, SIGMA, SPACE, WORD
from stance.model.compiled import compiled, inlined
from stance.model.trie import OFFSET, ROOT, find_next, hash_on

_FINAL_SIGMA, _SMALL_SIGMA = ord("ς"), ord("σ")
_BLANK, _HIDDEN = ord(" "), ord("_")


@inlined
def decode(raw, start, end, codes):
    """Write the code points of UTF-8; give their number."""
    n, i = 0, start
    while i < end:
        b = np.int32(raw[i])
        if b < 0x80:
            codes[n] = b
            i += 1
        elif b < 0xE0:
            codes[n] = ((b & 0x1F) << 6) | (np.int32(raw[i + 1]) & 0x3F)
            i += 2
        elif b < 0xF0:
            codes[n] = ((b & 0x0F) << 12) | ((np.int32(raw[i + 1]) & 0x3F) << 6) | (np.int32(raw[i + 2]) & 0x3F)
            i += 3
        else:
            high = ((b & 0x07) << 18) | ((np.int32(raw[i + 1]) & 0x3F) << 12)
            codes[n] = high | ((np.int32(raw[i + 2]) & 0x3F) << 6) | (np.int32(raw[i + 3]) & 0x3F)
            i += 4
        n += 1
    return n


@compiled
def hide_names(codes, n, edges, classes):
    """Write ``__`` and blanks over each name that stands as a word, the longest where several begin.

    ``edges`` are those of a trie of the names, which have two characters or more.
    """
    i, inside = 0, False
    while i < n:
        stop = i
        if not inside:
            node, k = np.int64(ROOT), i
            while k < n:
                entry = find_next(edges, node, codes[k])
                if entry < 0:
                    break
                node = entry >> 32
                k += 1
                if entry & 0xFFFFFFFF and not (k < n and classes[codes[k]] & WORD):
                    stop = k
        if stop > i:
            inside = (classes[codes[stop - 1]] & WORD) != 0
            codes[i], codes[i + 1] = _HIDDEN, _HIDDEN
            codes[i + 2 : stop] = _BLANK
            i = stop
        else:
            inside = (classes[codes[i]] & WORD) != 0
            i += 1


@inlined
def fold(codes, n, folds, pieces, ends, classes, folded):
    """Write the characters folded; give their number."""
    size = 0
    for i in range(n):
        code = folds[codes[i]]
        if code == SIGMA:
            code = folds[_FINAL_SIGMA if _is_final(codes, n, i, classes) else _SMALL_SIGMA]
        if code >= 0:
            folded[size] = code
            size += 1
        else:
            for k in range(ends[-1 - code], ends[-code]):
                folded[size] = pieces[k]
                size += 1
    return size


@compiled
def _is_final(codes, n, i, classes):
    """Whether a sigma ends a word: after a cased letter, and before none (Unicode, 3.13, Final_Sigma)."""
    before, after = i - 1, i + 1
    while before >= 0 and classes[codes[before]] & IGNORABLE:
        before -= 1
    if before < 0 or not classes[codes[before]] & CASED:
        return False
    while after < n and classes[codes[after]] & IGNORABLE:
        after += 1
    return after == n or not classes[codes[after]] & CASED


@compiled
def squeeze(folded, n, classes):
    """Write one blank for each run of two or more white-space characters; give the number of characters left."""
    size, i = 0, 0
    while i < n:
        after = i
        while after < n and classes[folded[after]] & SPACE:
            after += 1
        folded[size] = _BLANK if after - i > 1 else folded[i]
        size += 1
        i = max(after, i + 1)
    return size


@inlined
def divide(folded, n, classes, kind, starts, stops, hashes):
    """The runs of two or more word characters (``WORD``), or of any between white space (``SPACE``), and their hashes;
    gives their number.
    """
    found, begin, value = 0, 0, OFFSET
    least = 2 if kind == WORD else 1
    for i in range(n + 1):
        if i < n and ((classes[folded[i]] & kind) != 0) == (kind == WORD):
            value = hash_on(value, folded[i])
        else:
            if i - begin >= least:
                starts[found], stops[found], hashes[found] = begin, i, value
                found += 1
            begin, value = i + 1, OFFSET
    return found
