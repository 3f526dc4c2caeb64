"""Compiled: from tries that grew while texts were counted to a sorted vocabulary and a matrix of counts."""

from __future__ import annotations

import numpy as np

from stance.model.compiled import compiled
from stance.model.trie import (
    NO_LETTERS,
    ROOT,
    add_next,
    add_word,
    arrays_of,
    find_next,
    find_word,
    key_on,
    larger,
    word_key,
)

_BLANK = ord(" ")
_LONG = 40
"""Terms that a row has at the mean, from which on rows are long."""


@compiled
def tally(terms, counts, n):
    """In how many rows each of ``n`` terms stands, and how often it occurs."""
    rows, times = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for i in range(len(terms)):
        rows[terms[i]] += 1
        times[terms[i]] += counts[i]
    return rows, times


@compiled
def merge(trie, other):
    """The arrays of the trie with the nodes of another in it, and for each of these its number there."""
    nodes = np.empty(other.sizes[0], dtype=np.int32)
    nodes[ROOT] = ROOT
    done = _merge_on(trie, other, nodes, 1)
    while done < len(nodes):
        trie = larger(trie)
        done = _merge_on(trie, other, nodes, done)
    return arrays_of(trie), nodes


@compiled
def _merge_on(trie, other, nodes, first):
    """Merge from the ``first`` node on, as long as there is room; give how many are done."""
    words, edges, letters, spans, parents, symbols, sizes = trie
    _, _, from_letters, from_spans, from_parents, from_symbols, from_sizes = other
    for node in range(first, len(nodes)):
        if from_parents[node] < 0:
            begin, end, letters_so_far = from_spans[2 * node], from_spans[2 * node + 1], NO_LETTERS
            for i in range(begin, end):
                letters_so_far = key_on(letters_so_far, from_letters[i])
            key = word_key(letters_so_far, end - begin)
            entry = find_word(words, letters, spans, from_letters, begin, end, key)
            if entry < 0:
                entry = add_word(words, letters, spans, parents, sizes, from_letters, begin, end, key)
        else:
            parent, symbol = nodes[from_parents[node]], from_symbols[node]
            if from_sizes[2]:  # symbols are words, and so nodes themselves
                symbol = nodes[symbol]
            entry = find_next(edges, parent, symbol)
            if entry < 0:
                entry = add_next(edges, parents, symbols, sizes, parent, symbol)
        if entry < 0:
            return node
        nodes[node] = entry >> 32
    return len(nodes)


@compiled
def _path(trie, node, path):
    """Write the symbols of a node, the last one first; give their number."""
    n = 0
    while trie.parents[node] > ROOT:
        path[n] = trie.symbols[node]
        node = trie.parents[node]
        n += 1
    path[n] = node if trie.parents[node] < 0 else trie.symbols[node]  # a word, or a character after the root
    return n + 1


@compiled
def sort_keys(trie, nodes, ranks, base, longest, per_key):
    """Numbers by which nodes are in the order of their terms; shape (n_keys, n_nodes), the first key first.

    ``ranks`` has the place of each symbol among all, from 1 to before ``base``; terms have up to ``longest`` symbols,
    of which a key takes ``per_key``.
    """
    keys = np.zeros((-(-longest // per_key), len(nodes)), dtype=np.int64)
    path = np.empty(longest, dtype=np.int64)
    for i in range(len(nodes)):
        n = _path(trie, nodes[i], path)
        for k in range(longest):
            digit = ranks[path[n - 1 - k]] if k < n else 0
            keys[k // per_key, i] = keys[k // per_key, i] * base + digit
    return keys


@compiled
def spell(trie, nodes, longest, separator):
    """The code points of the nodes' terms, ``separator`` after each; words are joined by blanks."""
    path = np.empty(longest, dtype=np.int64)
    of_words = trie.sizes[2] > 0
    size = 0
    for node in nodes:
        n = _path(trie, node, path)
        size += n + 1
        if of_words:
            for k in range(n):
                size += trie.spans[2 * path[k] + 1] - trie.spans[2 * path[k]]
    spelt = np.empty(size, dtype=np.int32)
    at = 0
    for node in nodes:
        n = _path(trie, node, path)
        for k in range(n - 1, -1, -1):
            if of_words:
                for i in range(trie.spans[2 * path[k]], trie.spans[2 * path[k] + 1]):
                    spelt[at] = trie.letters[i]
                    at += 1
                if k:
                    spelt[at] = _BLANK
                    at += 1
            else:
                spelt[at] = path[k]
                at += 1
        spelt[at] = separator
        at += 1
    return spelt[:at]


@compiled
def count_kept(row_ends, terms, columns, kept):
    """How many of the terms of each row have a column."""
    for i in range(len(row_ends) - 1):
        n = 0
        for k in range(row_ends[i], row_ends[i + 1]):
            n += columns[terms[k]] >= 0
        kept[i] = n


@compiled
def fill_rows(row_ends, terms, counts, columns, pointers, indices, data):
    """Write rows of counts where ``pointers`` says, as a sparse matrix has them, the columns of each in order.

    Long rows are put in order all at once, as by transposing the matrix twice, short ones each by itself.
    """
    if len(terms) > _LONG * len(row_ends):
        _fill_by_columns(row_ends, terms, counts, columns, pointers, indices, data)
        return
    for i in range(len(row_ends) - 1):
        first = at = pointers[i]
        for k in range(row_ends[i], row_ends[i + 1]):
            column = columns[terms[k]]
            if column >= 0:
                j = at
                while j > first and indices[j - 1] > column:
                    indices[j], data[j] = indices[j - 1], data[j - 1]
                    j -= 1
                indices[j], data[j] = column, counts[k]
                at += 1


@compiled
def _fill_by_columns(row_ends, terms, counts, columns, pointers, indices, data):
    starts = np.zeros(columns.max() + 2, dtype=np.int64)
    for term in terms:
        if columns[term] >= 0:
            starts[columns[term] + 1] += 1
    for column in range(1, len(starts)):
        starts[column] += starts[column - 1]
    rows, values = np.empty(starts[-1], dtype=np.int32), np.empty(starts[-1], dtype=np.int32)
    for i in range(len(row_ends) - 1):
        for k in range(row_ends[i], row_ends[i + 1]):
            column = columns[terms[k]]
            if column >= 0:
                rows[starts[column]], values[starts[column]] = i, counts[k]
                starts[column] += 1  # in the end the start of the next
    ends = pointers[: len(row_ends) - 1].copy()
    entry = 0
    for column in range(len(starts) - 1):
        while entry < starts[column]:
            at = ends[rows[entry]]
            indices[at], data[at] = column, values[entry]
            ends[rows[entry]] += 1
            entry += 1
