"""Near duplicates: sentences that share most of their words' trigrams, or one of which quotes the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

_WORD = re.compile(r"\w+")
_SHINGLE = 3  # words
_QUOTED = 6  # trigrams; a shorter sentence inside a longer one is a phrase in use
_BUDGET = 50_000_000
"""Pairs to look at: the commonest trigrams, which tell least, do not propose pairs beyond this."""
_BLOCK = 2_000  # sentences compared with all others at once


def near_duplicates(
    texts: Sequence[str], threshold: float = 0.6, quoted: float = 0.8
) -> Iterator[tuple[int, int, float]]:
    """Pairs ``(i, j, similarity)``, ``i < j``, of sentences that repeat each other.

    The similarity is that of Jaccard between their sets of word trigrams (Broder 1997). A pair is one where it is at
    least ``threshold``, or where the longer sentence has at least ``quoted`` of the trigrams of the shorter, which has
    six or more. Of sentences with the same trigrams each is paired with the first. Case and punctuation do not count;
    sentences of fewer than three words are compared whole.
    """
    firsts: dict[frozenset[str], int] = {}
    for i, text in enumerate(texts):
        first = firsts.setdefault(word_trigrams(text), i)
        if first != i:
            yield first, i, 1.0
    rows = list(firsts.values())
    has = _incidence(list(firsts))
    sizes = np.asarray(has.sum(axis=1)).ravel()
    proposing = has[:, _rare(np.asarray(has.sum(axis=0)).ravel())]
    unproposed = sizes - np.asarray(proposing.sum(axis=1)).ravel()

    def repeats(i: NDArray[np.intp], j: NDArray[np.intp], both: NDArray[np.int64]) -> NDArray[np.bool_]:
        shorter = np.minimum(sizes[i], sizes[j])
        alike = both >= threshold * (sizes[i] + sizes[j] - both)
        return np.asarray(alike | ((shorter >= _QUOTED) & (both >= quoted * shorter)))

    for start in range(0, len(rows), _BLOCK):
        shared = (proposing[start : start + _BLOCK] @ proposing.T).tocoo()
        i, j = shared.row + start, shared.col
        at_most = shared.data + np.minimum(unproposed[i], unproposed[j])
        kept = (i < j) & repeats(i, j, at_most)
        i, j = i[kept], j[kept]
        both = np.array([_overlap(has, a, b) for a, b in zip(i, j, strict=True)], dtype=np.int64)
        for a, b, n in zip(*(column[repeats(i, j, both)].tolist() for column in (i, j, both)), strict=True):
            yield rows[a], rows[b], float(n / (sizes[a] + sizes[b] - n))


def duplicate_clusters(texts: Sequence[str]) -> NDArray[np.intp]:
    """The number of the cluster of each sentence: near duplicates, and theirs in turn, are in one."""
    pairs = np.array([(i, j) for i, j, _ in near_duplicates(texts)], dtype=np.intp).reshape(-1, 2)
    edges = csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(texts), len(texts)))
    return np.asarray(connected_components(edges, directed=False)[1], dtype=np.intp)


def _incidence(shingles: Sequence[frozenset[str]]) -> csr_matrix:
    """Which sentence has which trigram."""
    columns: dict[str, int] = {}
    indices = [sorted(columns.setdefault(shingle, len(columns)) for shingle in found) for found in shingles]
    indptr = np.cumsum([0, *map(len, indices)])
    flat = np.array([column for found in indices for column in found], dtype=np.int32)
    return csr_matrix((np.ones(len(flat), dtype=np.int32), flat, indptr), shape=(len(shingles), len(columns)))


def _rare(counts: NDArray[np.int64]) -> NDArray[np.intp]:
    """The trigrams that propose pairs: all, unless the commonest would propose too many."""
    order = np.argsort(counts, kind="stable")
    affordable = np.searchsorted(np.cumsum(counts[order] * (counts[order] - 1) // 2), _BUDGET, side="right")
    return np.asarray(order[: int(affordable)], dtype=np.intp)


def _overlap(has: csr_matrix, i: int, j: int) -> int:
    a, b = (has.indices[has.indptr[k] : has.indptr[k + 1]] for k in (i, j))
    return len(np.intersect1d(a, b, assume_unique=True))


def word_trigrams(text: str) -> frozenset[str]:
    """The runs of three words of a text, without case and punctuation; the whole text where it has fewer."""
    words = _WORD.findall(text.lower())
    return frozenset(" ".join(words[i : i + _SHINGLE]) for i in range(max(len(words) - _SHINGLE, 0) + 1))
