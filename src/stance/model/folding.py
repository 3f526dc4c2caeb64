"""Compiled: from the bytes of a text to folded code points, and from these to words."""

from __future__ import annotations

import numpy as np

from stance.model.alphabet import CASED, IGNORABLE, SIGMA, SPACE, WORD
from stance.model.compiled import compiled, inlined
from stance.model.trie import NO_LETTERS, ROOT, find_next, key_on, word_key

_FINAL_SIGMA, _SMALL_SIGMA = ord("ς"), ord("σ")
_BLANK, _HIDDEN = ord(" "), ord("_")


@inlined
def code_at(raw, i):
    """The code point that begins at byte ``i``, and where the next begins."""
    b = np.int32(raw[i])
    if b < 0x80:
        return b, i + 1
    if b < 0xE0:
        return ((b & 0x1F) << 6) | (np.int32(raw[i + 1]) & 0x3F), i + 2
    if b < 0xF0:
        return ((b & 0x0F) << 12) | ((np.int32(raw[i + 1]) & 0x3F) << 6) | (np.int32(raw[i + 2]) & 0x3F), i + 3
    high = ((b & 0x07) << 18) | ((np.int32(raw[i + 1]) & 0x3F) << 12)
    return high | ((np.int32(raw[i + 2]) & 0x3F) << 6) | (np.int32(raw[i + 3]) & 0x3F), i + 4


@compiled
def decode(raw, start, end, codes):
    """Write the code points of UTF-8; give their number."""
    n, i = 0, start
    while i < end:
        codes[n], i = code_at(raw, i)
        n += 1
    return n


@inlined
def fold_simply(raw, start, end, folds, folded, size):
    """Decode UTF-8 and write it folded, from ``size`` on; give where it ends, or -1 where ``fold`` is needed: a
    character becomes none or several, or what it becomes depends on others.
    """
    i = start
    while i < end:
        code, i = code_at(raw, i)
        code = folds[code]
        if code < 0:
            return -1
        folded[size] = code
        size += 1
    return size


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


@compiled
def fold(codes, n, folds, pieces, ends, classes, folded, size):
    """Write the characters folded, from ``size`` on; give where they end."""
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
def squeeze(folded, start, end, classes):
    """Write one blank for each run of two or more white-space characters; give where the characters left end."""
    size, i = start, start
    while i < end:
        after = i
        while after < end and classes[folded[after]] & SPACE:
            after += 1
        folded[size] = _BLANK if after - i > 1 else folded[i]
        size += 1
        i = max(after, i + 1)
    return size


@inlined
def divide(folded, start, end, classes, kind, starts, stops, keys, n):
    """Note the runs of two or more word characters (``WORD``), or of any between white space (``SPACE``), and their
    keys, after ``n`` others; give the number of all.
    """
    begin, letters_so_far = start, NO_LETTERS
    least = 2 if kind == WORD else 1
    for i in range(start, end + 1):
        if i < end and ((classes[folded[i]] & kind) != 0) == (kind == WORD):
            letters_so_far = key_on(letters_so_far, folded[i])
        else:
            if i - begin >= least:
                starts[n], stops[n], keys[n] = begin, i, word_key(letters_so_far, i - begin)
                n += 1
            begin, letters_so_far = i + 1, NO_LETTERS
    return n
