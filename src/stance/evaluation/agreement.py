"""How far two readers agree: the ceiling of whatever is measured against their labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from stance.corpus import GoldSentence, Metadata, alpha_of_counts
from stance.errors import DataError
from stance.evaluation.bootstrap import Estimate, GroupBootstrap, Groups
from stance.evaluation.metrics import accuracy, confusions, mean_f1, sided_columns


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Two readings of the same sentences.

    ``macro_f1`` and ``stance_f1`` score one reading against the other as a model is scored against gold (which of the
    two is taken for gold makes no difference). Rows of ``confusion`` are the first reader's labels.
    """

    n_sentences: int
    n_groups: int
    labels: tuple[str, ...]
    alpha: Estimate
    macro_f1: Estimate
    stance_f1: Estimate
    accuracy: Estimate
    confusion: tuple[tuple[int, ...], ...]
    n_adjudicated: int = 0
    """Sentences on whose label the readers differ, a span that one of them drops included."""
    settled_by: dict[str, int] = field(default_factory=dict)
    """How often each rule, as the notes name it, settled one of these."""


def measure_agreement(
    gold: Iterable[GoldSentence],
    labels: Sequence[str],
    neutral: str | None,
    metadata: Metadata | None = None,
    random_state: int = 0,
) -> AgreementReport:
    """The agreement of the two readings in ``gold`` on the sentences that neither drops.

    Intervals are those of a bootstrap over sections, where ``metadata`` has some, or documents.

    Raises
    ------
    DataError
        If no sentence was read twice.
    """
    rows, metadata = list(gold), metadata or Metadata()
    both = [row for row in rows if {row.label_1, row.label_2} <= set(labels)]
    if not both:
        raise DataError("No sentence of this gold was read twice.")
    groups = np.array([metadata.of(r.document, r.start).get("section") or r.document for r in both])
    measured = agreement_of_readings(
        np.array([(r.label_1, r.label_2) for r in both]), groups, labels, neutral, random_state
    )
    differ = [row for row in rows if row.label_1 and row.label_2 and row.label_1 != row.label_2]
    rules = Counter(rule for row in differ for rule in _rules(row))
    return replace(measured, n_adjudicated=len(differ), settled_by=dict(rules.most_common()))


def agreement_of_readings(
    readings: NDArray[np.str_], groups: Groups, labels: Sequence[str], neutral: str | None, random_state: int = 0
) -> AgreementReport:
    """The agreement of ``readings``, shape (n_sentences, 2), each one of ``labels``."""
    first, second = (np.array([labels.index(label) for label in column]) for column in readings.T.tolist())
    sided, every = sided_columns(labels, neutral), np.arange(len(labels))
    draws = GroupBootstrap(groups, {"confusion": confusions(first, second, len(labels))}, random_state)
    return AgreementReport(
        len(readings),
        draws.n_groups,
        tuple(labels),
        draws.estimate("confusion", alpha_of_counts),
        draws.estimate("confusion", partial(mean_f1, columns=every)),
        draws.estimate("confusion", partial(mean_f1, columns=sided)),
        draws.estimate("confusion", accuracy),
        tuple(tuple(int(n) for n in row) for row in draws.total["confusion"]),
    )


def _rules(row: GoldSentence) -> list[str]:
    """The rules that a note names, without what it says of mode and speaker."""
    pieces = [piece.split(":")[0].strip() for piece in row.note.split(";")]
    return [piece for piece in pieces if piece.startswith(("rule", "definition"))] or ["other grounds"]
