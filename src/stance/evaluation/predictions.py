"""Predictions: a corpus and what a model says of each of its sentences, on which every figure is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from stance.corpus import Corpus
from stance.errors import DataError
from stance.evaluation.bootstrap import Floats
from stance.evaluation.metrics import Columns, Metrics, compute_metrics
from stance.model import LinearModel


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a model says of the sentences of ``corpus``.

    ``probabilities`` has shape (n_sentences, n_labels), its columns in the order of ``labels``.
    """

    corpus: Corpus
    labels: tuple[str, ...]
    probabilities: Floats

    def __len__(self) -> int:
        return len(self.corpus)

    @cached_property
    def y(self) -> Columns:
        """The column of each sentence's true label."""
        return np.array([self.labels.index(label) for label in self.corpus.y.tolist()], dtype=np.intp)

    @cached_property
    def predicted(self) -> Columns:
        """The column of each sentence's most probable label."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @cached_property
    def confidence(self) -> Floats:
        """The probability of that label."""
        return np.asarray(self.probabilities.max(axis=1))

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether it is the true one."""
        return np.equal(self.predicted, self.y)

    def metrics(self, random_state: int = 0) -> Metrics:
        """All metrics, with intervals over the corpus's groups."""
        c = self.corpus
        return compute_metrics(self.y, self.probabilities, self.labels, c.neutral, c.groups, random_state)

    def select(self, rows: Columns) -> Predictions:
        """Those of these rows."""
        return Predictions(self.corpus.select(rows), self.labels, self.probabilities[rows])


def group_confusions(predictions: Predictions) -> Floats:
    """Confusion counts by group, shape (n_groups, n_labels, n_labels), rows the true labels."""
    names, group = np.unique(predictions.corpus.groups, return_inverse=True)
    counts = np.zeros((len(names), len(predictions.labels), len(predictions.labels)))
    np.add.at(counts, (group, predictions.y, predictions.predicted), 1)
    return counts


def predict_corpus(model: LinearModel, corpus: Corpus, labels: Sequence[str] | None = None) -> Predictions:
    """What ``model`` says of every sentence, columns in the order of ``labels`` (the model's own by default).

    Raises
    ------
    DataError
        If the corpus has a label that the model does not know.
    """
    labels = tuple(labels or model.labels)
    check_known(corpus, labels)
    order = [model.labels.index(label) for label in labels]
    targets = corpus.targets.tolist() if corpus.targets is not None and model.targets else None
    return Predictions(corpus, labels, model.predict_proba(corpus.texts, targets)[:, order])


def check_known(corpus: Corpus, labels: Sequence[str]) -> None:
    """Raise unless every label of ``corpus`` is one of ``labels``."""
    unknown = sorted(set(corpus.y.tolist()) - set(labels))
    if unknown:
        raise DataError(
            f"{corpus.name} has the label {unknown[0]!r}, and the model knows {', '.join(labels)} only; "
            "map it in corpus.label_names."
        )
