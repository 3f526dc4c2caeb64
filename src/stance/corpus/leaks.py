"""Leaks: what of a test set a model may know from its training."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.corpus.corpus import Corpus
from stance.corpus.duplicates import word_trigrams

_SKETCH = 16
"""Trigrams kept of each training sentence: of most sentences half or all."""
_PAIRS = 1 << 20
"""Pairs of sketches to compare at once."""
_ALIKE = 0.6
"""The similarity from which a sentence counts as a near duplicate, as in ``near_duplicates``."""


@dataclass(frozen=True, slots=True)
class LeakReport:
    """How many of ``n_test`` sentences training has seen, in one way or another."""

    n_test: int
    same_sentence: int
    """Word for word."""
    near_sentence: int
    """Or nearly: an estimate from sketches."""
    same_group: int
    """Their document, or whatever else a split was to keep whole."""
    same_speaker: int
    """Sentences whose speaker was trained on, too; no leak, but what a figure then does not say."""
    earlier: int
    """Sentences that are no later than the latest one trained on."""


@dataclass(frozen=True, eq=False)
class TrainingRecord:
    """What a model keeps of its training sentences, so that any later test set can be held against them.

    Digests of 64 bits, and of each sentence the ``_SKETCH`` smallest of the 32-bit hashes of its word trigrams, from
    which the Jaccard similarity can be estimated (Broder 1997, "On the resemblance and containment of documents").
    """

    sentences: NDArray[np.uint64]
    groups: NDArray[np.uint64]
    speakers: NDArray[np.uint64]
    sketches: NDArray[np.uint32]
    """Shape (n_sentences, 16), filled up with the largest number."""
    latest_day: str

    @classmethod
    def of(cls, corpus: Corpus) -> TrainingRecord:
        """The record of training on ``corpus``."""
        speakers = set() if corpus.speakers is None else set(corpus.speakers.tolist()) - {""}
        return cls(
            corpus.row_digests(),
            _digests(sorted(set(corpus.groups.tolist()))),
            _digests(sorted(speakers)),
            _sketches(corpus.texts),
            "" if corpus.dates is None else max(corpus.dates.tolist(), default=""),
        )

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """As an npz has it."""
        return {
            "train": self.sentences,
            "train_groups": self.groups,
            "train_speakers": self.speakers,
            "train_sketches": self.sketches,
            "train_latest_day": np.array(self.latest_day),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> TrainingRecord | None:
        """The record that ``to_arrays`` gave; none where a model was saved before there were any."""
        if "train_sketches" not in arrays:
            return None
        return cls(
            arrays["train"],
            arrays["train_groups"],
            arrays["train_speakers"],
            arrays["train_sketches"],
            str(arrays["train_latest_day"]),
        )

    def leaks(self, corpus: Corpus) -> LeakReport:
        """What of ``corpus`` was trained on."""
        same = np.isin(corpus.row_digests(), self.sentences)
        speakers = np.isin(_digests(corpus.speakers.tolist()), self.speakers) if corpus.speakers is not None else None
        spoken = None if corpus.speakers is None else corpus.speakers != ""
        dated = None if corpus.dates is None else (corpus.dates != "") & (corpus.dates <= self.latest_day)
        return LeakReport(
            len(corpus),
            int(same.sum()),
            int((self._nearly(corpus.texts) & ~same).sum()),
            int(np.isin(_digests(corpus.groups.tolist()), self.groups).sum()),
            0 if speakers is None or spoken is None else int((speakers & spoken).sum()),
            0 if dated is None else int(dated.sum()),
        )

    def _nearly(self, texts: Iterable[str]) -> NDArray[np.bool_]:
        """Which of ``texts`` have a near duplicate among the training sentences, by the estimate of their sketches."""
        own = _sketches(texts)
        found = np.zeros(len(own), dtype=bool)
        for i, j in _candidates(own, self.sketches):
            found[i[_resemblance(own[i], self.sketches[j]) >= _ALIKE]] = True
        return found


_NONE = int(np.iinfo(np.uint32).max)


def _candidates(
    own: NDArray[np.uint32], others: NDArray[np.uint32]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Pairs of rows that may be alike, all that are among them, some millions at a time.

    Two sketches that share at least ``k`` of ``n`` values share one of any ``n - k + 1``, so the rarest are enough to
    look for (Chaudhuri, Ganti and Kaushik 2006, "A primitive operator for similarity joins in data cleaning").
    """
    values, rows = others.ravel(), np.repeat(np.arange(len(others)), _SKETCH)
    order = np.argsort(values, kind="stable")
    values, rows = values[order], rows[order]
    first, last = (np.searchsorted(values, own, side=side) for side in ("left", "right"))
    there = own != _NONE
    n = there.sum(axis=1)
    rarest = np.argsort(np.argsort(np.where(there, last - first, len(values) + 1), axis=1, kind="stable"), axis=1)
    looked_for = there & (rarest <= (n - np.ceil(_ALIKE * n))[:, None])
    i, at = np.nonzero(looked_for)
    first, last = first[i, at], last[i, at]
    parts = np.cumsum(last - first) // _PAIRS
    for part in np.unique(parts):
        here = parts == part
        counts = (last - first)[here]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        yield np.repeat(i[here], counts), rows[np.repeat(first[here], counts) + within]


def _resemblance(a: NDArray[np.uint32], b: NDArray[np.uint32]) -> NDArray[np.float64]:
    """The Jaccard similarity of two sets, estimated from the smallest of both; for each row of two sketches."""
    both = np.sort(np.concatenate([a, b], axis=1), axis=1)
    there = both != _NONE
    again = np.zeros(both.shape, dtype=bool)
    again[:, 1:] = both[:, 1:] == both[:, :-1]
    smallest = there & (np.cumsum(there & ~again, axis=1) <= _SKETCH)
    return np.asarray((again & smallest).sum(axis=1) / np.maximum((smallest & ~again).sum(axis=1), 1))


def _sketches(texts: Iterable[str]) -> NDArray[np.uint32]:
    found = [_sketch(text) for text in texts]
    return np.array(found, dtype=np.uint32).reshape(-1, _SKETCH)


def _sketch(text: str) -> list[int]:
    hashes = sorted({_hash(trigram, 4) for trigram in word_trigrams(text)} - {_NONE})[:_SKETCH]
    return hashes + [_NONE] * (_SKETCH - len(hashes))


def _digests(names: Iterable[str]) -> NDArray[np.uint64]:
    return np.array([_hash(name, 8) for name in names], dtype=np.uint64)


def _hash(text: str, n_bytes: int) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=n_bytes).digest(), "big")
