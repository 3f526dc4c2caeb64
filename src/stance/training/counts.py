"""Counting with the compiled kernel: from texts to a sorted vocabulary and rows of counts, in parallel."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from stance.model.alphabet import Alphabet
from stance.model.compiled import in_thread
from stance.model.counting import WORDS, Counting, count_rows
from stance.model.texts import Texts, Utf8, utf8_blocks
from stance.model.trie import Trie, build_trie, set_columns
from stance.model.vocabulary import count_kept, fill_rows, merge, sort_keys, spell, tally

_BLOCK = 1 << 13  # texts counted at a time
_FEWEST = 1000  # texts that are worth a thread
_LIMIT = 2**62  # of a number to sort by
_NOTHING_HIDDEN = np.full(2, -1, dtype=np.int64)  # the edges of a trie that has none

Item = TypeVar("Item")
Result = TypeVar("Result")


class Rows(NamedTuple):
    """Counts: row ``i`` has the terms, and how often each occurs, from ``ends[i]`` to before ``ends[i + 1]``."""

    ends: NDArray[np.int64]
    terms: NDArray[np.int32]
    counts: NDArray[np.int32]


@dataclass(frozen=True)
class Counted:
    """Texts whose every term is counted; a term is a node of the trie."""

    trie: Trie
    counting: Counting
    parts: Sequence[Rows]
    document_frequency: NDArray[np.int64]
    """In how many texts each node occurs as a term."""
    frequency: NDArray[np.int64]
    """How often it occurs in all."""

    def in_order(self, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
        """The nodes in the order of their terms."""
        ranks = self._ranks()
        base, longest = int(ranks.max()) + 1, self.counting.longest
        per_key = max(n for n in range(1, longest + 1) if n == 1 or base**n < _LIMIT)
        keys = in_thread(sort_keys, self.trie, nodes, ranks, base, longest, per_key)
        return nodes[np.argsort(keys[0]) if len(keys) == 1 else np.lexsort(keys[::-1])]

    def _ranks(self) -> NDArray[np.int64]:
        """The place of each symbol (the node of a word, a code point) in the order of all, from 1."""
        n_nodes, _, n_words = self.trie.sizes
        if n_words:
            symbols = 1 + np.flatnonzero(self.trie.parents[1:n_nodes] < 0)
            spelt = self.terms(symbols)
            symbols = symbols[sorted(range(len(spelt)), key=spelt.__getitem__)]
        else:
            symbols = np.unique(self.trie.symbols[1:n_nodes])
        ranks = np.zeros(symbols.max(initial=0) + 1, dtype=np.int64)
        ranks[symbols] = np.arange(1, len(symbols) + 1)
        return ranks

    def terms(self, nodes: NDArray[np.int64]) -> list[str]:
        """The terms of the nodes."""
        n_nodes, _, n_words = self.trie.sizes
        used = set() if n_words else set(self.trie.symbols[1:n_nodes].tolist())
        between = next(code for code in range(len(used) + 1) if code not in used)
        spelt: NDArray[np.int32] = in_thread(spell, self.trie, nodes, self.counting.longest, between)
        return spelt.tobytes().decode("utf-32-le", "surrogatepass").split(chr(between))[:-1]

    def matrix(self, nodes: NDArray[np.int64], dtype: Any) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """The counts of the nodes' terms, one a column, as data, indices and row pointers of a sparse matrix."""
        return to_csr(self.parts, self._columns(nodes), dtype)

    def trie_of(self, nodes: NDArray[np.int64]) -> Trie:
        """The trie, changed so that the terms of these nodes are found, and no others."""
        set_columns(self.trie, self._columns(nodes))
        return self.trie

    def _columns(self, nodes: NDArray[np.int64]) -> NDArray[np.int32]:
        columns = np.full(self.trie.sizes[0], -1, dtype=np.int32)
        columns[nodes] = np.arange(len(nodes), dtype=np.int32)
        return columns


def count_all(texts: Texts, counting: Counting, alphabet: Alphabet) -> Counted:
    """Count every term of the texts."""
    blocks = list(utf8_blocks(texts, _BLOCK))
    n_threads = max(1, min(os.cpu_count() or 1, len(texts) // _FEWEST, len(blocks)))
    runs = [[blocks[i] for i in run] for run in np.array_split(np.arange(len(blocks)), n_threads)]
    (trie, parts, *tallies), *others = _in_threads(partial(_count_run, counting, alphabet), runs)
    for other, rows, *its_tallies in others:
        arrays, nodes = in_thread(merge, trie, other)
        trie = Trie(*arrays)
        parts += [Rows(part.ends, nodes[part.terms], part.counts) for part in rows]
        for i, tally_of_all in enumerate(tallies):
            tallies[i] = np.zeros(trie.sizes[0], dtype=np.int64)
            tallies[i][: len(tally_of_all)] = tally_of_all
            tallies[i][nodes] += its_tallies[i]  # each node once
    return Counted(trie, counting, parts, *tallies)


def _count_run(counting: Counting, alphabet: Alphabet, blocks: Sequence[Utf8]) -> tuple[Trie, list[Rows], Any, Any]:
    """The trie that grows as these blocks are counted one after the other, their counts, and the sums of these."""
    trie, parts = build_trie((), counting.analyzer == WORDS), []
    for block in blocks:
        arrays, *rows = count_rows(*block, _NOTHING_HIDDEN, alphabet, trie, counting, True)
        trie = Trie(*arrays)
        parts.append(Rows(*rows))
    terms, counts = (np.concatenate([part[i] for part in parts]) for i in (1, 2))
    return trie, parts, *tally(terms, counts, trie.sizes[0])


def count_known(texts: Texts, counting: Counting, alphabet: Alphabet, trie: Trie) -> list[Rows]:
    """Count the terms of the texts that the trie has; a term is its column."""
    return _in_threads(
        lambda block: Rows(*count_rows(*block, _NOTHING_HIDDEN, alphabet, trie, counting, False)[1:]),
        utf8_blocks(texts, _BLOCK),
    )


def to_csr(
    parts: Sequence[Rows], columns: NDArray[np.int32], dtype: Any
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Data, indices and row pointers of a sparse matrix of the counts of those terms that have a column, in order."""
    firsts = list(accumulate((len(part.ends) - 1 for part in parts), initial=0))
    kept = np.zeros(firsts[-1] + 1, dtype=np.int64)
    _in_threads(lambda i: count_kept(parts[i].ends, parts[i].terms, columns, kept[firsts[i] + 1 :]), range(len(parts)))
    pointers = np.cumsum(kept)
    indices, data = np.empty(pointers[-1], dtype=np.int32), np.empty(pointers[-1], dtype=dtype)
    _in_threads(lambda i: fill_rows(*parts[i], columns, pointers[firsts[i] :], indices, data), range(len(parts)))
    return data, indices, pointers.astype(np.int32) if pointers[-1] < 2**31 else pointers


def _in_threads(function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(function, items))
