"""Comparison of two models on the same sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from stance.errors import DataError
from stance.evaluation.bootstrap import Estimate, Floats, GroupBootstrap
from stance.evaluation.metrics import accuracy, confusions, mean_f1, sided_columns
from stance.evaluation.predictions import Predictions


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A sentence to which two models give different labels."""

    id: str
    text: str
    label: str
    """The true one."""
    first: str
    first_score: float
    second: str
    second_score: float


@dataclass(frozen=True)
class Comparison:
    """How two models differ on ``n_sentences`` sentences: differences are the first's figure less the second's.

    The intervals are those of a paired bootstrap over groups. ``p_value`` is that of McNemar's exact test
    (1947, doi:10.1007/BF02295996) on the sentences that just one of them labels rightly; it takes sentences for
    independent, which those of a document are not, so that the interval is the one to go by.
    """

    first: str
    second: str
    n_sentences: int
    n_groups: int
    scores: dict[str, tuple[Estimate, Estimate]]
    """The figures of both, by metric."""
    differences: dict[str, Estimate]
    only_first_right: int
    only_second_right: int
    p_value: float
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def verdict(self) -> str:
        """What the macro-F1 says, in a sentence."""
        return verdict(self.first, self.second, self.differences["macro_f1"])


def verdict(first: str, second: str, difference: Estimate) -> str:
    """Whether the first is better, in macro-F1, in a sentence."""
    by = f"{abs(difference.value):.3f}"
    if difference.low is None or difference.high is None:
        return f"{first} and {second} differ by {by} macro-F1 on one group, of which nothing follows for others."
    within = f"[{difference.low:+.3f}, {difference.high:+.3f}]"
    if difference.low > 0:
        return f"{first} is better than {second}: macro-F1 higher by {by} {within}."
    if difference.high < 0:
        return f"{first} is worse than {second}: macro-F1 lower by {by} {within}."
    return f"No difference is shown between {first} and {second}: macro-F1 {difference.value:+.3f} {within}."


def compare(
    first: Predictions, second: Predictions, names: tuple[str, str], random_state: int = 0, sentences: bool = True
) -> Comparison:
    """Compare two sets of predictions on the same sentences; ``sentences`` says whether to list disagreements.

    Raises
    ------
    DataError
        If they are not of the same sentences and labels.
    """
    if first.corpus.digest != second.corpus.digest or first.labels != second.labels:
        raise DataError(f"{names[0]} and {names[1]} are compared on different sentences or labels; use one corpus.")
    n_labels = len(first.labels)
    draws = GroupBootstrap(
        first.corpus.groups,
        {
            "first": confusions(first.y, first.predicted, n_labels),
            "second": confusions(second.y, second.predicted, n_labels),
        },
        random_state,
    )
    statistics: dict[str, Callable[[Floats], Floats]] = {
        "macro_f1": partial(mean_f1, columns=np.arange(n_labels)),
        "stance_f1": partial(mean_f1, columns=sided_columns(first.labels, first.corpus.neutral)),
        "accuracy": accuracy,
    }
    only_first, only_second = int((first.right & ~second.right).sum()), int((second.right & ~first.right).sum())
    return Comparison(
        *names,
        n_sentences=len(first),
        n_groups=draws.n_groups,
        scores={name: (draws.estimate("first", f), draws.estimate("second", f)) for name, f in statistics.items()},
        differences={
            name: draws.of(lambda sums, f=f: f(sums["first"]) - f(sums["second"]))  # type: ignore[misc]
            for name, f in statistics.items()
        },
        only_first_right=only_first,
        only_second_right=only_second,
        p_value=mcnemar(only_first, only_second),
        disagreements=_disagreements(first, second) if sentences else (),
    )


def mcnemar(only_first: int, only_second: int) -> float:
    """The two-sided p-value of McNemar's exact test, from how often just one of two is right."""
    from scipy.stats import binomtest  # slow to import, and of use here only

    n = only_first + only_second
    return float(binomtest(only_first, n, 0.5).pvalue) if n else 1.0


def _disagreements(first: Predictions, second: Predictions) -> tuple[Disagreement, ...]:
    """Where they differ, those first of which one or the other is surest."""
    rows = np.flatnonzero(first.predicted != second.predicted)
    surest = np.maximum(first.confidence, second.confidence)
    ids = first.corpus.sentence_ids
    return tuple(
        Disagreement(
            ids[i],
            first.corpus.texts[i],
            first.labels[first.y[i]],
            first.labels[first.predicted[i]],
            float(first.confidence[i]),
            second.labels[second.predicted[i]],
            float(second.confidence[i]),
        )
        for i in rows[np.argsort(-surest[rows], kind="stable")].tolist()
    )
