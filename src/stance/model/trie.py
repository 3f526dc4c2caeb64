"""A vocabulary as a trie in arrays: a term is found symbol by symbol, and what is found is that term and no other.

The symbols of word n-grams are words, those of character n-grams characters. A word is found by a number: its
letters, where it has eight or fewer and all are ASCII; else a hash (FNV-1a,
http://www.isthe.com/chongo/tech/comp/fnv/), and then letters are compared. Each further step looks up the pair of node
and symbol. So no two terms are taken for each other, whatever their hashes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.model.compiled import compiled, in_thread, inlined

PRIME = np.uint64(0x100000001B3)
NO_LETTERS = (np.int64(0), np.uint64(0xCBF29CE484222325), np.int64(0))
_HASHED = np.int64(-(2**63))
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_BLANK = 32
FULL = np.int64(-2)
"""Instead of an entry: there is no room for it, and the trie has to be made larger first."""
ROOT = 0
"""The node of nothing, from which character n-grams begin; word n-grams begin with the nodes of the words."""


class Trie(NamedTuple):
    """Nodes, found by open addressing in tables that are at most half full.

    ``words`` has pairs of a word's key and entry, ``edges`` of node and symbol as one number, and entry. An entry has
    the node in its upper half and in its lower one more than the term's column, or 0 where the node is no term; -1 is
    an empty place. Node ``i`` of a word has the letters from ``spans[2 * i]`` to before ``spans[2 * i + 1]``; the
    others are ``symbols[i]`` (the node of a word, or a code point) after ``parents[i]``. ``sizes`` has the number of
    nodes, of letters and of words.
    """

    words: NDArray[np.int64]
    edges: NDArray[np.int64]
    letters: NDArray[np.int32]
    spans: NDArray[np.int64]
    parents: NDArray[np.int32]
    symbols: NDArray[np.int32]
    sizes: NDArray[np.int64]


def build_trie(vocabulary: Sequence[str], of_words: bool) -> Trie:
    """The trie of a vocabulary, in which a term's column is its place."""
    codes = np.frombuffer("".join(vocabulary).encode("utf-32-le", "surrogatepass") or bytes(4), dtype="<i4")
    ends = np.cumsum([0, *map(len, vocabulary)], dtype=np.int64)
    arrays, nodes = in_thread(_of_terms, codes, ends, of_words)
    trie = Trie(*arrays)
    columns = np.full(trie.sizes[0], -1, dtype=np.int64)
    columns[nodes] = np.arange(len(nodes))
    set_columns(trie, columns)
    return trie


@compiled
def new_trie():
    """A trie of the root alone."""
    empty, node = np.full(128, -1, dtype=np.int64), np.full(64, -1, dtype=np.int32)
    sizes = np.array([1, 0, 0], dtype=np.int64)
    letters = np.empty(512, dtype=np.int32)
    return Trie(empty, empty.copy(), letters, np.zeros(128, dtype=np.int64), node, node.copy(), sizes)


@inlined
def arrays_of(trie):
    """The trie as a plain tuple, which compiled functions give to Python.

    numba makes a named one by calling Python, which can fail: see ``in_thread``.
    """
    return trie.words, trie.edges, trie.letters, trie.spans, trie.parents, trie.symbols, trie.sizes


@compiled
def larger(trie):
    """The trie with twice the room wherever half of it or more is taken."""
    n_nodes, n_letters, n_words = trie.sizes
    return Trie(
        _wider(trie.words, n_words),
        _wider(trie.edges, n_nodes - n_words),
        _longer(trie.letters, n_letters),
        _longer(trie.spans, 2 * n_nodes),
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
def _wider(table, taken):
    if 8 * taken < len(table):
        return table
    wider = np.full(2 * len(table), -1, dtype=np.int64)
    for i in range(0, len(table), 2):
        if table[i + 1] >= 0:
            _enter(wider, table[i], table[i + 1])
    return wider


@inlined
def place(key, size):
    """Where the search for a key begins, in a table of ``size`` places, which is a power of two."""
    return np.int64(((np.uint64(key) * _SPREAD) >> _HALF) & np.uint64(size - 1))


@inlined
def touch_words(words, spans, letters, keys, n):
    """Look at what will be looked at when these words are found, so that it is in the cache by then; a sum of no use.

    A search ends in a branch that waits for memory, and the next search with it; here all are waited for at once.
    """
    seen = np.int64(0)
    for i in range(n):
        seen += words[2 * place(keys[i], len(words) // 2) + 1]
    for i in range(n):
        if keys[i] < 0:
            node = max(words[2 * place(keys[i], len(words) // 2) + 1] >> 32, 0)
            seen += letters[spans[2 * node]]
    return seen


@inlined
def touch_pairs(edges, entries, n):
    """As ``touch_words``, for pairs of words that stand one after the other."""
    seen = np.int64(0)
    for i in range(n - 1):
        seen += edges[2 * place(_pair(entries[i] >> 32, entries[i + 1] >> 32), len(edges) // 2) + 1]
    return seen


@inlined
def find_word(words, letters, spans, text, start, stop, key):
    """The entry of the word of these code points, whose key is ``key``, or -1."""
    at = 2 * place(key, len(words) // 2)
    while words[at + 1] >= 0:
        if words[at] == key:
            if key >= 0:
                return words[at + 1]
            node = words[at + 1] >> 32
            i, end, k = spans[2 * node], spans[2 * node + 1], start
            while i < end and k < stop and letters[i] == text[k]:
                i += 1
                k += 1
            if i == end and k == stop:
                return words[at + 1]
        at = (at + 2) & (len(words) - 1)
    return np.int64(-1)


@inlined
def find_next(edges, node, symbol):
    """The entry of the node that follows ``node`` by ``symbol``, or -1, also where one of them is none."""
    key = _pair(node, symbol)
    at = 2 * place(key, len(edges) // 2)
    while edges[at] != key and edges[at + 1] >= 0:
        at = (at + 2) & (len(edges) - 1)
    return edges[at + 1]


@inlined
def _pair(node, symbol):
    return (np.int64(node) << 32) | np.int64(symbol)


@compiled
def add_word(words, letters, spans, parents, sizes, text, start, stop, key):
    """The entry of a new word, or ``FULL``; the column of a new node is its own number."""
    node, letter, length = sizes[0], sizes[1], stop - start
    if node == len(parents) or letter + length > len(letters) or 4 * (sizes[2] + 1) > len(words):
        return FULL
    letters[letter : letter + length] = text[start:stop]
    spans[2 * node], spans[2 * node + 1], parents[node] = letter, letter + length, -1
    sizes[0] += 1
    sizes[1] += length
    sizes[2] += 1
    return _enter(words, key, (node << 32) | (node + 1))


@compiled
def add_next(edges, parents, symbols, sizes, node, symbol):
    """As ``add_word``, for a new node that follows ``node`` by ``symbol``."""
    new = sizes[0]
    if new == len(parents) or 4 * (new - sizes[2] + 1) > len(edges):
        return FULL
    parents[new], symbols[new] = node, symbol
    sizes[0] += 1
    return _enter(edges, _pair(node, symbol), (new << 32) | (new + 1))


@compiled
def _enter(table, key, entry):
    at = 2 * place(key, len(table) // 2)
    while table[at + 1] >= 0:
        at = (at + 2) & (len(table) - 1)
    table[at], table[at + 1] = key, entry
    return entry


@compiled
def set_columns(trie, columns):
    """Give every node a column, or -1 where it is no term."""
    for table in (trie.words, trie.edges):
        for i in range(1, len(table), 2):
            if table[i] >= 0:
                node = table[i] >> 32
                table[i] = (node << 32) | (columns[node] + 1)


@inlined
def key_on(key, code):
    """The packed letters, the hash and the sum of the bits of what came before and this code point; begin with
    ``NO_LETTERS``.
    """
    packed, hashed, bits = key
    return (packed << 8) | np.int64(code), (hashed ^ np.uint64(code)) * PRIME, bits | np.int64(code)


@inlined
def word_key(key, length):
    """The number of a word of so many letters: the letters, or a hash with its highest bit set."""
    packed, hashed, bits = key
    # A null in front would be lost among the packed letters.
    exact = 0 < length <= 8 and bits < 128 and packed >> (8 * (length - 1)) > 0
    return packed if exact else np.int64(hashed) | _HASHED


@compiled
def _of_terms(codes, ends, of_words):
    """The arrays of a trie of these terms, and the node of each."""
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
    return arrays_of(trie), nodes


@compiled
def _add_words(trie, codes, start, end):
    """The node of the words between blanks, or ``FULL``."""
    words, edges, letters, spans, parents, symbols, sizes = trie
    node, begin, letters_so_far = np.int64(-1), start, NO_LETTERS
    for i in range(start, end + 1):
        if i < end and codes[i] != _BLANK:
            letters_so_far = key_on(letters_so_far, codes[i])
            continue
        key = word_key(letters_so_far, i - begin)
        entry = find_word(words, letters, spans, codes, begin, i, key)
        if entry < 0:
            entry = add_word(words, letters, spans, parents, sizes, codes, begin, i, key)
        if entry >= 0 and node >= 0:
            word = entry >> 32
            entry = find_next(edges, node, word)
            if entry < 0:
                entry = add_next(edges, parents, symbols, sizes, node, word)
        if entry < 0:
            return FULL
        node, begin, letters_so_far = entry >> 32, i + 1, NO_LETTERS
    return node


@compiled
def _add_characters(trie, codes, start, end):
    """The node of the characters, or ``FULL``."""
    _, edges, _, _, parents, symbols, sizes = trie
    node = np.int64(ROOT)
    for i in range(start, end):
        entry = find_next(edges, node, codes[i])
        if entry < 0:
            entry = add_next(edges, parents, symbols, sizes, node, codes[i])
        if entry < 0:
            return FULL
        node = entry >> 32
    return node
