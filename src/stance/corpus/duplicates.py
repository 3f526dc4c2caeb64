"""Near duplicates: pairs of sentences that share most of their words' trigrams."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_WORD = re.compile(r"\w+")
_SHINGLE = 3  # words
_N_HASHES = 128


def near_duplicates(texts: Sequence[str], threshold: float = 0.6) -> Iterator[tuple[int, int, float]]:
    """Pairs ``(i, j, similarity)``, ``i < j``, whose word trigrams have a Jaccard similarity of at least ``threshold``.

    Of sentences with the same trigrams each is paired with the first. Candidates for the others come from MinHash with
    locality-sensitive hashing (Broder 1997; ``datasketch``), and each is confirmed exactly. Case and punctuation do not
    count. Sentences of fewer than three words are compared whole.
    """
    from datasketch import MinHash, MinHashLSH

    firsts: dict[frozenset[str], int] = {}
    for i, text in enumerate(texts):
        first = firsts.setdefault(_shingles(text), i)
        if first != i:
            yield first, i, 1.0
    index = MinHashLSH(threshold=threshold, num_perm=_N_HASHES)
    encoded = ([shingle.encode("utf-8", "surrogatepass") for shingle in found] for found in firsts)
    shingles = {i: found for found, i in firsts.items()}
    for i, hashed in zip(shingles, MinHash.generator(encoded, num_perm=_N_HASHES), strict=True):
        for j in sorted(index.query(hashed)):
            similarity = len(shingles[i] & shingles[j]) / len(shingles[i] | shingles[j])
            if similarity >= threshold:
                yield j, i, similarity
        index.insert(i, hashed)


def _shingles(text: str) -> frozenset[str]:
    words = _WORD.findall(text.lower())
    return frozenset(" ".join(words[i : i + _SHINGLE]) for i in range(max(len(words) - _SHINGLE, 0) + 1))
