"""``stance weak``: what each cue is worth as a labelling function, and two ways to put them together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from omegaconf import DictConfig

from stance.cli.configure import build, run_hydra
from stance.cli.label import label_folder
from stance.cli.tables import add_row, new_table, print_table
from stance.corpus import (
    CueLexicon,
    LabelledSentence,
    cast_votes,
    dawid_skene,
    labelling_functions,
    majority,
    summarise_functions,
)
from stance.errors import DataError
from stance.evaluation import compute_metrics


def run(arguments: list[str]) -> int:
    """Run the command."""
    return run_hydra(weak, "label", arguments)


def weak(config: DictConfig) -> None:
    """Print coverage, overlap, conflict and accuracy of every cue, and what the labels are worth that they give."""
    lexicon: CueLexicon = build(config.labeling, tuple(config.allow_targets))
    labelled = label_folder(config, lexicon)
    rows, about = labelled.rows, labelled.metadata
    texts, y = [row.text for row in rows], [row.label if row.source == "gold" else None for row in rows]
    votes = cast_votes(texts, lexicon)
    n_gold = sum(label is not None for label in y)
    print(f"{Path(config.documents).name}: {len(rows):,} sentences, {n_gold:,} of them gold\n")
    table = new_table("votes", "overlap", "conflict", "right", "of gold", "for", "cue")
    for column in table.columns[:5]:
        column.justify = "right"
    table.columns[-1].no_wrap, table.columns[-1].overflow = False, "fold"
    for s in summarise_functions(votes, lexicon, y):
        right = "–" if s.accuracy is None else f"{s.accuracy:.2f}"
        shares = (f"{s.coverage:.2%}", f"{s.overlap:.2f}", f"{s.conflict:.2f}")
        add_row(table, (*shares, right, f"{s.n_gold:,}", s.function.label, s.function.cue.strip()))
    print_table(table)
    if n_gold:
        groups = np.array([about.of(row.document, row.start).get("section") or row.document for row in rows])
        _print_aggregates(rows, votes, groups, lexicon)


def _print_aggregates(
    rows: Sequence[LabelledSentence], votes: NDArray[np.bool_], groups: NDArray[np.str_], lexicon: CueLexicon
) -> None:
    labels = lexicon.labels
    gold = np.array([row.source == "gold" for row in rows])
    y = np.array([labels.index(row.label) for row in rows])[gold]
    if len(set(y.tolist())) < 2:
        raise DataError("The gold has one label only, against which nothing can be compared.")
    found = {
        "majority": majority([row.text for row in rows], lexicon, labels),
        "Dawid-Skene": dawid_skene(votes, labelling_functions(lexicon), labels, lexicon.default)[0],
    }
    table = new_table("labels by", "macro-F1", "stance F1", "accuracy")
    for name, probabilities in found.items():
        m = compute_metrics(y, probabilities[gold], labels, lexicon.default, groups[gold])
        add_row(table, (name, str(m.macro_f1), str(m.stance_f1), f"{m.accuracy.value:.3f}"))
    print()
    print_table(table)
