"""How far two readers agree: the ceiling of whatever is measured against their labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from stance.corpus import GoldSentence, Metadata, alpha_of_counts
from stance.errors import DataError
from stance.evaluation.metrics import Estimate, accuracy, bootstrap, group_confusions, mean_f1


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
    n_adjudicated: int
    """Sentences on whose label the readers differ, a span that one of them drops included."""
    settled_by: dict[str, int]
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
    first, second = (np.array([labels.index(label) for label in column]) for column in _columns(both))
    groups = np.array([metadata.of(r.document, r.start).get("section") or r.document for r in both])
    sided = np.array([i for i, label in enumerate(labels) if label != neutral])
    every = np.arange(len(labels))
    by_group = group_confusions(first, second, len(labels), groups)
    confusion = by_group.sum(axis=0)
    differ = [row for row in rows if row.label_1 and row.label_2 and row.label_1 != row.label_2]
    return AgreementReport(
        len(both),
        len(by_group),
        tuple(labels),
        bootstrap(by_group, alpha_of_counts, random_state),
        bootstrap(by_group, lambda counts: mean_f1(counts, every), random_state),
        bootstrap(by_group, lambda counts: mean_f1(counts, sided), random_state),
        bootstrap(by_group, accuracy, random_state),
        tuple(tuple(int(n) for n in row) for row in confusion),
        len(differ),
        dict(Counter(rule for row in differ for rule in _rules(row)).most_common()),
    )


def _columns(rows: Sequence[GoldSentence]) -> tuple[list[str], list[str]]:
    return [row.label_1 for row in rows], [row.label_2 for row in rows]


def _rules(row: GoldSentence) -> list[str]:
    """The rules that a note names, without what it says of mode and speaker."""
    pieces = [piece.split(":")[0].strip() for piece in row.note.split(";")]
    return [piece for piece in pieces if piece.startswith(("rule", "definition"))] or ["other grounds"]
