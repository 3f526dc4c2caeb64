"""One batch in, its answers out; what runs on a worker is here, and needs no more than the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stance.model import ABSTAINED, LinearModel
from stance.model.linear import BATCH

Floats = NDArray[np.float64]
Targets = str | Sequence[str] | None


def plain_copy(model: LinearModel) -> LinearModel:
    """The model without what it has worked out since it was loaded, to be sent to workers."""
    return LinearModel(**{field.name: getattr(model, field.name) for field in fields(LinearModel)})


def probabilities(model: LinearModel, texts: Any, targets: Targets) -> Floats:
    """The probability of each label for each text, shape (n_texts, n_labels).

    A few texts are filled up to as many as the compiled kernel is used for: a row must not be scored by it in one run
    and by the reference in the next, which agree to rounding only.
    """
    n_texts, lacking = len(texts), BATCH - len(texts)
    if not n_texts:
        return np.empty((0, len(model.labels)))
    if lacking > 0:
        texts = pa.concat_arrays([texts, pa.array([""] * lacking, texts.type)])
        if targets is not None and not isinstance(targets, str):
            targets = [*targets, *[targets[0]] * lacking]
    return model.predict_proba(texts, targets)[:n_texts]


@dataclass(frozen=True)
class Answers:
    """The answers to the rows of a batch; a row without a text has none.

    ``chosen`` has a label for each text, ``found`` a row of probabilities.
    """

    columns: tuple[str, ...]
    chosen: list[str]
    found: Floats
    present: NDArray[np.bool_]

    def table(self) -> Any:
        """As Arrow columns."""
        numbers = np.full((len(self.present), len(self.columns) - 1), np.nan)
        numbers[self.present] = np.column_stack([self.found.max(axis=1, initial=0), self.found])
        labels = iter(self.chosen)
        texts = pa.array([next(labels) if there else None for there in self.present.tolist()], pa.string())
        rest = [pa.array(column, mask=~self.present) for column in numbers.T]
        return pa.table([texts, *rest], names=list(self.columns))

    def rows(self) -> Iterator[list[Any] | None]:
        """Row by row: label, its probability, every label's."""
        answered = zip(self.chosen, self.found.tolist(), strict=True)
        for there in self.present.tolist():
            if there:
                label, row = next(answered)
                yield [label, max(row), *row]
            else:
                yield None


def answers(
    labels: tuple[str, ...], columns: tuple[str, ...], found: Floats, present: NDArray[np.bool_], threshold: float
) -> Answers:
    """Labels from probabilities; none is given below ``threshold``."""
    best = found.argmax(axis=1).tolist() if len(found) else []
    sure = (found.max(axis=1, initial=0) >= threshold).tolist()
    chosen = [labels[at] if enough else ABSTAINED for at, enough in zip(best, sure, strict=True)]
    return Answers(columns, chosen, found, present)
