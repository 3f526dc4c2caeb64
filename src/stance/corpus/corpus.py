"""A corpus: labelled sentences, ready to be split, trained on and evaluated."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.corpus.duplicates import duplicate_clusters
from stance.errors import DataError

TEST = "test"

_SEEN = ("targets", "split", "speakers", "dates", "weights", "weak")
_TOLD = ("ids", "readings")


@dataclass(frozen=True, eq=False)
class Corpus:
    """Labelled sentences; every array has one entry a sentence.

    Parameters
    ----------
    name : what reports call it
    texts : the sentences
    y : their labels, each one of ``labels``
    labels : the label set, in the order in which everything lists it
    groups : what must not be divided by a split: a document, a meeting, a speaker
    targets : what the stance is towards, where there are several such targets; else none
    split : the part ("train", "test") that the corpus assigns each sentence to, where it does; else none
    neutral : the label that takes no side, left out of the stance F1; none if every label takes one
    speakers : who speaks in each sentence, empty for nobody, where the corpus says so; else none
    dates : the day of each sentence as ``2002-09-20``, empty where it is not known; none where none is
    weights : how much each sentence counts in training; none where all count alike
    weak : which labels are weak: never tested on; none where none is
    ids : what to call each sentence in a report, so that it can be found again; none where rows are just counted
    readings : the labels that two readers gave each sentence, shape (n_sentences, 2), empty where one gave none; none
        where the labels were not read twice
    facts : by name, what else is known of each sentence (mode, country, register, ...), by which a report can slice;
        training does not see them, so they are no part of the digest
    """

    name: str
    texts: tuple[str, ...]
    y: NDArray[np.str_]
    labels: tuple[str, ...]
    groups: NDArray[np.str_]
    targets: NDArray[np.str_] | None = None
    split: NDArray[np.str_] | None = None
    neutral: str | None = None
    speakers: NDArray[np.str_] | None = None
    dates: NDArray[np.str_] | None = None
    weights: NDArray[np.float64] | None = None
    weak: NDArray[np.bool_] | None = None
    ids: NDArray[np.str_] | None = None
    readings: NDArray[np.str_] | None = None
    facts: Mapping[str, NDArray[np.str_]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.texts)

    def select(self, rows: NDArray[np.intp]) -> Corpus:
        """The corpus of these rows, in this order."""
        selected = replace(
            self,
            texts=tuple(self.texts[i] for i in rows),
            y=self.y[rows],
            groups=self.groups[rows],
            **{name: column[rows] for name, column in self._present(*_SEEN, *_TOLD).items()},
            facts={name: column[rows] for name, column in self.facts.items()},
        )
        if "clusters" in self.__dict__:  # need not be found again
            selected.__dict__["clusters"] = self.clusters[rows]
        return selected

    def _present(self, *names: str) -> dict[str, Any]:
        """Those of the columns that a corpus may lack which this one has."""
        columns = {name: getattr(self, name) for name in names}
        return {name: column for name, column in columns.items() if column is not None}

    @cached_property
    def clusters(self) -> NDArray[np.intp]:
        """The cluster of near duplicates that each sentence belongs to."""
        return duplicate_clusters(self.texts)

    def of_target(self, target: str) -> Corpus:
        """The sentences whose stance is towards ``target``."""
        return self.select(np.flatnonzero(self.targets == target))

    @property
    def counts(self) -> dict[str, int]:
        """Sentences by label, in the order of ``labels``."""
        found = Counter(self.y.tolist())
        return {label: found[label] for label in self.labels}

    @property
    def present_labels(self) -> tuple[str, ...]:
        """The labels that occur, in the order of ``labels``."""
        return tuple(label for label, count in self.counts.items() if count)

    @property
    def target_names(self) -> tuple[str, ...]:
        """The targets that occur, sorted; empty where the corpus has none."""
        return () if self.targets is None else tuple(sorted(set(self.targets.tolist())))

    @property
    def digest(self) -> str:
        """sha256 of all that training sees: label set; text, label, group and the other columns of each."""
        columns: dict[str, Sequence[Any]] = {
            "text": self.texts,
            "label": self.y.tolist(),
            "group": self.groups.tolist(),
        }
        columns |= {name: column.tolist() for name, column in self._present(*_SEEN).items()}
        total = hashlib.sha256(repr((list(columns), self.labels, self.neutral)).encode())
        for row in zip(*columns.values(), strict=True):
            total.update("\x1f".join(map(str, row)).encode("utf-8", "surrogatepass") + b"\x1e")
        return total.hexdigest()

    @property
    def sentence_ids(self) -> list[str]:
        """What to call each sentence: its id, else the row that it stands in."""
        return [f"row {i}" for i in range(1, len(self) + 1)] if self.ids is None else list(self.ids.tolist())

    def row_digests(self) -> NDArray[np.uint64]:
        """64 bits of the sha256 of each sentence, by which a model knows what it was trained on."""
        targets = [""] * len(self) if self.targets is None else self.targets.tolist()
        return np.array(
            [sentence_key(t, target) for t, target in zip(self.texts, targets, strict=True)], dtype=np.uint64
        )


def join_corpora(
    parts: Sequence[Corpus] | Mapping[str, Corpus], name: str, part_weights: Sequence[float] | None = None
) -> Corpus:
    """The sentences of several corpora as one, their groups kept apart.

    Parameters
    ----------
    parts : corpora with the same labels, without targets and official test sets (as a configuration has them, under
        any keys)
    name : what reports call the whole
    part_weights : how much a sentence of each part counts; by default all count alike

    Raises
    ------
    DataError
        If the labels differ, or a part has targets or a test set of its own.
    """
    parts = list(parts.values()) if isinstance(parts, Mapping) else list(parts)
    first = parts[0]
    for part in parts:
        if (part.labels, part.neutral) != (first.labels, first.neutral):
            raise DataError(f"{part.name} and {first.name} have different labels and cannot be joined.")
        if part.targets is not None or part.split is not None:
            raise DataError(f"{part.name} has targets or a test set of its own and cannot be joined.")
    optional: dict[str, Any] = {}
    for column, empty in (("speakers", ""), ("dates", ""), ("weights", 1.0), ("weak", False), ("readings", ["", ""])):
        if any(getattr(part, column) is not None for part in parts):
            filled = [getattr(p, column) if getattr(p, column) is not None else [empty] * len(p) for p in parts]
            optional[column] = np.concatenate([np.asarray(values) for values in filled if len(values)])
    facts = {name: [p.facts.get(name, np.full(len(p), "")) for p in parts] for p in parts for name in p.facts}
    facts["corpus"] = [np.full(len(part), part.name) for part in parts]
    if part_weights is not None:
        own = optional.get("weights", np.ones(sum(map(len, parts))))
        optional["weights"] = own * np.repeat(np.asarray(part_weights, dtype=float), [len(part) for part in parts])
    return Corpus(
        name,
        tuple(text for part in parts for text in part.texts),
        np.concatenate([part.y for part in parts]),
        first.labels,
        np.array([f"{part.name}/{group}" for part in parts for group in part.groups.tolist()]),
        neutral=first.neutral,
        ids=np.array([f"{part.name}/{identity}" for part in parts for identity in part.sentence_ids]),
        facts={name: np.concatenate(columns) for name, columns in facts.items()},
        **optional,
    )


def sentence_key(text: str, target: str = "") -> int:
    """The first 64 bits of the sha256 of a sentence, white space folded."""
    folded = " ".join(text.split()) + ("\x1f" + target if target else "")
    return int.from_bytes(hashlib.sha256(folded.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def check_labels(corpus: Corpus, where: str, needed: Sequence[str] | None = None) -> None:
    """Raise unless ``corpus`` (named by ``where``) has at least two labels, and every one that is ``needed``."""
    if not len(corpus):
        raise DataError(f"{where} has no sentences.")
    present = set(corpus.y.tolist())
    if len(present) < 2:
        raise DataError(f"{where} has one label only, {present.pop()!r}; a classifier needs at least two.")
    missing = [label for label in needed or () if label not in present]
    if missing:
        raise DataError(
            f"{where} has no sentence labelled {missing[0]!r}; add some, map the label in corpus.label_names, "
            "or choose another splitter or random_state."
        )
