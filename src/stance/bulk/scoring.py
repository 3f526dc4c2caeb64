"""One batch in, its answers out; what runs on a worker is here, and needs no more than the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stance.model import ABSTAINED, LinearModel

Floats = NDArray[np.float64]
Targets = str | Sequence[str] | None


def plain_copy(model: LinearModel) -> LinearModel:
    """The model without what it has worked out since it was loaded, to be sent to workers."""
    return LinearModel(**{field.name: getattr(model, field.name) for field in fields(LinearModel)})


def probabilities(model: LinearModel, texts: Any, targets: Targets) -> Floats:
    """The probability of each label for each text, shape (n_texts, n_labels).

    By the compiled scorer however few they are: a row must not be scored by it in one run and by the reference in the
    next, which agree to rounding only.
    """
    return model.compile().predict_proba(texts, targets)


@dataclass(frozen=True)
class Answers:
    """The answers to the rows of a batch; a row without a text has none.

    ``chosen`` has for each text the place of its label among the ``names``, ``found`` a row of probabilities.
    """

    columns: tuple[str, ...]
    names: tuple[str, ...]
    chosen: NDArray[np.intp]
    found: Floats
    present: NDArray[np.bool_]

    def table(self) -> Any:
        """As Arrow columns."""
        numbers = np.full((len(self.present), len(self.columns) - 1), np.nan)
        numbers[self.present] = np.column_stack([self.found.max(axis=1, initial=0), self.found])
        places = np.zeros(len(self.present), dtype=np.int32)
        places[self.present] = self.chosen
        labels = pa.DictionaryArray.from_arrays(pa.array(places, mask=~self.present), pa.array(self.names, pa.string()))
        rest = [pa.array(column, mask=~self.present) for column in numbers.T]
        return pa.table([labels.cast(pa.string()), *rest], names=list(self.columns))

    def rows(self) -> Iterator[list[Any] | None]:
        """Row by row: label, its probability, every label's."""
        answered = zip(self.chosen.tolist(), self.found.tolist(), strict=True)
        for there in self.present.tolist():
            if there:
                place, row = next(answered)
                yield [self.names[place], max(row), *row]
            else:
                yield None


def answers(
    labels: tuple[str, ...], columns: tuple[str, ...], found: Floats, present: NDArray[np.bool_], threshold: float
) -> Answers:
    """Labels from probabilities; none is given below ``threshold``."""
    chosen = np.where(found.max(axis=1, initial=0) >= threshold, found.argmax(axis=1), len(labels))
    return Answers(columns, (*labels, ABSTAINED), chosen, found, present)
