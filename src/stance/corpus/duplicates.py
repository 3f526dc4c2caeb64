"""Near duplicates: pairs of sentences that share most of their words' trigrams."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_WORD = re.compile(r"\w+")
_SHINGLE = 3  # words
_N_HASHES = 128


def near_duplicates(texts: Sequence[str], threshold: float = 0.6) -> Iterator[tuple[int, int, float]]:
    """Pairs ``(i, j, similarity)``, ``i < j``, whose word trigrams have a Jaccard similarity of at least ``threshold``.

    Candidates come from MinHash with locality-sensitive hashing (Broder 1997; ``datasketch``); each is then
    confirmed exactly. Case and punctuation do not count. Sentences of fewer than three words are compared whole.
    """
    from datasketch import MinHash, MinHashLSH

    shingles = [_shingles(text) for text in texts]
    index = MinHashLSH(threshold=threshold, num_perm=_N_HASHES)
    for i, hashed in enumerate(
        MinHash.generator(
            ([s.encode("utf-8", "surrogatepass") for s in found] for found in shingles), num_perm=_N_HASHES
        )
    ):
        for j in sorted(index.query(hashed)):
            similarity = len(shingles[i] & shingles[j]) / len(shingles[i] | shingles[j])
            if similarity >= threshold:
                yield j, i, similarity
        index.insert(i, hashed)


def _shingles(text: str) -> frozenset[str]:
    words = _WORD.findall(text.lower())
    return frozenset(" ".join(words[i : i + _SHINGLE]) for i in range(max(len(words) - _SHINGLE, 0) + 1))
