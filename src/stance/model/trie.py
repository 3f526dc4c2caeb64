"""A vocabulary as a trie in arrays: a term is found symbol by symbol, and what is found is that term and no other.

The symbols of word n-grams are words, those of character n-grams characters. A word is found by a 64-bit FNV-1a hash
(http://www.isthe.com/chongo/tech/comp/fnv/) of its code points and then compared letter by letter; each further step
looks up the pair of node and symbol, which is exact. So no two terms are taken for each other, whatever their hashes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.model.compiled import compiled, inlined

OFFSET, PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_BLANK = 32
FULL = np.int64(-2)
"""Instead of an entry: there is no room for it, and the trie has to be made larger first."""
ROOT = 0
"""The node of nothing, from which character n-grams begin; word n-grams begin with the nodes of the words."""


class Trie(NamedTuple):
    """Nodes, found by open addressing in tables that are at most half full.

    ``words`` has pairs of a word's hash and entry, ``edges`` of node and symbol as one number, and entry. An entry has
    the node in its upper half and in its lower one more than the term's column, or 0 where the node is no term; -1 is
    an empty place. Node ``i`` of a word has the letters from ``starts[i]`` to before ``stops[i]``; the others are
    ``symbols[i]`` (the node of a word, or a code point) after ``parents[i]``. ``sizes`` has the number of nodes, of
    letters and of words.
    """

    words: NDArray[np.int64]
    edges: NDArray[np.int64]
    letters: NDArray[np.int32]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    parents: NDArray[np.int32]
    symbols: NDArray[np.int32]
    sizes: NDArray[np.int64]


def build_trie(vocabulary: Sequence[str], of_words: bool) -> Trie:
    """The trie of a vocabulary, in which a term's column is its place."""
    codes = np.frombuffer("".join(vocabulary).encode("utf-32-le", "surrogatepass") or bytes(4), dtype="<i4")
    ends = np.cumsum([0, *map(len, vocabulary)], dtype=np.int64)
    trie, nodes = _of_terms(codes, ends, of_words)
    columns = np.full(trie.sizes[0], -1, dtype=np.int64)
    columns[nodes] = np.arange(len(nodes))
    set_columns(trie, columns)
    return Trie(*trie)


@compiled
def new_trie():
    """A trie of the root alone."""
    empty, node = np.full(128, -1, dtype=np.int64), np.full(64, -1, dtype=np.int32)
    place = np.zeros(64, dtype=np.int64)
    sizes = np.array([1, 0, 0], dtype=np.int64)
    letters = np.empty(512, dtype=np.int32)
    return Trie(empty, empty.copy(), letters, place, place.copy(), node, node.copy(), sizes)


@compiled
def larger(trie):
    """The trie with twice the room wherever half of it or more is taken."""
    n_nodes, n_letters, n_words = trie.sizes
    return Trie(
        _wider(trie.words, n_words, False),
        _wider(trie.edges, n_nodes - n_words, True),
        _longer(trie.letters, n_letters),
        _longer(trie.starts, n_nodes),
        _longer(trie.stops, n_nodes),
        _longer(trie.parents, n_nodes),
        _longer(trie.symbols, n_nodes),
        trie.sizes,
    )


@compiled
def _longer(array, taken):
    if 2 * taken < len(array):
        return array
    longer = np.empty(2 * len(array), dtype=array.dtype)
    longer[: len(array)] = array
    return longer


@compiled
def _wider(table, taken, spread):
    if 8 * taken < len(table):
        return table
    wider = np.full(2 * len(table), -1, dtype=np.int64)
    for i in range(0, len(table), 2):
        if table[i + 1] >= 0:
            at = _place(table[i], len(wider), spread)
            while wider[at + 1] >= 0:
                at = (at + 2) & (len(wider) - 1)
            wider[at], wider[at + 1] = table[i], table[i + 1]
    return wider


@inlined
def _place(key, size, spread):
    """Where in a table the search for a key begins; hashes are spread already, pairs are not."""
    value = np.uint64(key)
    mixed = (value * _SPREAD) >> _HALF if spread else value ^ (value >> _HALF)
    return np.int64(mixed & np.uint64(size // 2 - 1)) * 2


@inlined
def touch(words, hashes, n):
    """Look at where these words begin to be looked for, so that they are in the cache when they are; a sum of no use.

    A search ends in a branch that waits for memory, one search after the other; here nothing waits.
    """
    seen = np.int64(0)
    for i in range(n):
        seen += words[_place(np.int64(hashes[i]), len(words), False)]
    return seen


@inlined
def touch_pairs(edges, entries, n):
    """As ``touch``, for the pairs of words that stand one after the other."""
    seen = np.int64(0)
    for i in range(n - 1):
        seen += edges[_place(((entries[i] >> 32) << 32) | (entries[i + 1] >> 32), len(edges), True)]
    return seen


@inlined
def find_word(words, letters, starts, stops, text, start, stop, value):
    """The entry of the word of these code points, whose hash is ``value``, or -1."""
    at = _place(np.int64(value), len(words), False)
    while words[at + 1] >= 0:
        if words[at] == np.int64(value):
            node = words[at + 1] >> 32
            i, k = starts[node], start
            while i < stops[node] and k < stop and letters[i] == text[k]:
                i += 1
                k += 1
            if i == stops[node] and k == stop:
                return words[at + 1]
        at = (at + 2) & (len(words) - 1)
    return np.int64(-1)


@inlined
def find_next(edges, node, symbol):
    """The entry of the node that follows ``node`` by ``symbol``, or -1."""
    key = (np.int64(node) << 32) | np.int64(symbol)
    at = _place(key, len(edges), True)
    while edges[at + 1] >= 0:
        if edges[at] == key:
            return edges[at + 1]
        at = (at + 2) & (len(edges) - 1)
    return np.int64(-1)


@compiled
def add_word(words, letters, starts, stops, parents, sizes, text, start, stop, value):
    """The entry of a new word, or ``FULL``; the column of a new node is its own number."""
    node, letter, length = sizes[0], sizes[1], stop - start
    if node == len(starts) or letter + length > len(letters) or 4 * (sizes[2] + 1) > len(words):
        return FULL
    letters[letter : letter + length] = text[start:stop]
    starts[node], stops[node], parents[node] = letter, letter + length, -1
    sizes[0] += 1
    sizes[1] += length
    sizes[2] += 1
    return _enter(words, np.int64(value), node, False)


@compiled
def add_next(edges, parents, symbols, sizes, node, symbol):
    """As ``add_word``, for a new node that follows ``node`` by ``symbol``."""
    new = sizes[0]
    if new == len(parents) or 4 * (new - sizes[2] + 1) > len(edges):
        return FULL
    parents[new], symbols[new] = node, symbol
    sizes[0] += 1
    return _enter(edges, (np.int64(node) << 32) | np.int64(symbol), new, True)


@compiled
def _enter(table, key, node, spread):
    at = _place(key, len(table), spread)
    while table[at + 1] >= 0:
        at = (at + 2) & (len(table) - 1)
    table[at], table[at + 1] = key, (node << 32) | (node + 1)
    return table[at + 1]


@compiled
def set_columns(trie, columns):
    """Give every node a column, or -1 where it is no term."""
    for table in (trie.words, trie.edges):
        for i in range(1, len(table), 2):
            if table[i] >= 0:
                node = table[i] >> 32
                table[i] = (node << 32) | (columns[node] + 1)


@inlined
def hash_on(value, code):
    """The hash of what was hashed before and this code point."""
    return (value ^ np.uint64(code)) * PRIME


@compiled
def _of_terms(codes, ends, of_words):
    """A trie of these terms, and the node of each."""
    trie = new_trie()
    nodes = np.empty(len(ends) - 1, dtype=np.int64)
    for term in range(len(ends) - 1):
        nodes[term] = FULL
        while nodes[term] == FULL:
            if of_words:
                nodes[term] = _add_words(trie, codes, ends[term], ends[term + 1])
            else:
                nodes[term] = _add_characters(trie, codes, ends[term], ends[term + 1])
            if nodes[term] == FULL:
                trie = larger(trie)
    return trie, nodes


@compiled
def _add_words(trie, codes, start, end):
    """The node of the words between blanks, or ``FULL``."""
    words, edges, letters, starts, stops, parents, symbols, sizes = trie
    node, begin, value = np.int64(-1), start, OFFSET
    for i in range(start, end + 1):
        if i < end and codes[i] != _BLANK:
            value = hash_on(value, codes[i])
            continue
        entry = find_word(words, letters, starts, stops, codes, begin, i, value)
        if entry < 0:
            entry = add_word(words, letters, starts, stops, parents, sizes, codes, begin, i, value)
        if entry >= 0 and node >= 0:
            word = entry >> 32
            entry = find_next(edges, node, word)
            if entry < 0:
                entry = add_next(edges, parents, symbols, sizes, node, word)
        if entry < 0:
            return FULL
        node, begin, value = entry >> 32, i + 1, OFFSET
    return node


@compiled
def _add_characters(trie, codes, start, end):
    """The node of the characters, or ``FULL``."""
    _, edges, _, _, _, parents, symbols, sizes = trie
    node = np.int64(ROOT)
    for i in range(start, end):
        entry = find_next(edges, node, codes[i])
        if entry < 0:
            entry = add_next(edges, parents, symbols, sizes, node, codes[i])
        if entry < 0:
            return FULL
        node = entry >> 32
    return node
