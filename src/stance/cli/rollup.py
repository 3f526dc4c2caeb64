"""The roll-up by speaker or country, as a table, JSON lines or CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict, astuple
from typing import IO

from rich.table import Table

from stance.cli.tables import add_row, new_table, print_table
from stance.rollup import RollUp
from stance.shares import AdjustedShare, Share

_NOBODY = "– (narrator)"
_CORRECTED = "  corrected"


def write_roll_up(rolled: Sequence[RollUp], by: str, form: str, out: IO[str]) -> None:
    """Write the roll-up in a format of ``stance predict``."""
    if form == "table":
        print_shares(rolled, by, out)
        for one in rolled:
            out.write("\n")
            print_table(_behind(one), out)
    elif form == "jsonl":
        for one in rolled:
            out.write(json.dumps(_record(one, by), ensure_ascii=False) + "\n")
    else:
        _write_csv(rolled, by, out)


def print_shares(rolled: Sequence[RollUp], by: str, out: IO[str]) -> None:
    """Print how many sentences each has, and the share of each stance with its 95 % interval, in per cent.

    Below them stand the shares corrected for the classifier's errors, where there are some.
    """
    out.write(f"By {by}: sentences, and per cent of each stance [95 % interval]\n")
    if any(one.adjusted for one in rolled):
        out.write("corrected: with the classifier's errors taken out, see docs/evaluation.md\n")
    print_table(_shares_table(rolled, by), out)


def _shares_table(rolled: Sequence[RollUp], by: str) -> Table:
    labels = list(next((one.shares for one in rolled if one.shares), ()))
    abstained = any(one.n_abstained for one in rolled)
    table = new_table(by, "answered" if abstained else "n", *labels)
    table.columns[0].max_width, table.columns[0].overflow = 18 if abstained else 22, "ellipsis"
    for column in table.columns[1:]:
        column.justify = "right"
    for one in rolled:
        n = len(one.sentences)
        told = f"{n - one.n_abstained:,} of {n:,}" if abstained else f"{n:,}"
        cells = [_per_cent(one.shares[label]) if one.shares else "" for label in labels]
        add_row(table, (one.name or _NOBODY, told, *cells))
        if one.adjusted:
            add_row(table, (_CORRECTED, "", *(_per_cent(share) for share in one.adjusted.values())))
    return table


def _per_cent(s: Share | AdjustedShare) -> str:
    if isinstance(s, Share) and not s.count:
        return "·"
    return f"{100 * s.share:.0f} [{100 * s.low:.0f}, {100 * s.high:.0f}]"


def _behind(one: RollUp) -> Table:
    table = new_table("document", "speaker", "stance", "score", "sentence", title=one.name or _NOBODY, expand=True)
    for column, width in zip(table.columns, (12, 14, 14, 5, None), strict=True):
        column.width, column.overflow = width, "ellipsis"
    table.columns[3].justify, table.columns[4].ratio = "right", 1
    for document, s in one.sentences:
        add_row(table, (document, s.speaker or "–", s.label, f"{s.score:.2f}", s.text))
    return table


def _record(one: RollUp, by: str) -> dict[str, object]:
    shown = ("index", "start", "end", "text", "speaker", "mode", "label", "score")
    return {
        by: one.name,
        "country": one.country,
        "n_sentences": len(one.sentences),
        "n_documents": one.n_documents,
        "n_abstained": one.n_abstained,
        "shares": {label: asdict(share) for label, share in one.shares.items()},
        "adjusted": {label: asdict(share) for label, share in one.adjusted.items()},
        "sentences": [
            {"document": document} | {name: getattr(s, name) for name in shown} for document, s in one.sentences
        ],
    }


def _write_csv(rolled: Sequence[RollUp], by: str, out: IO[str]) -> None:
    """One row for each speaker, country or month and label."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        [
            *dict.fromkeys([by, "country"]),
            *("n_sentences", "n_documents", "n_abstained", "label", "count", "share", "low", "high"),
            *("adjusted", "adjusted_low", "adjusted_high"),
        ]
    )
    for one in rolled:
        named = [one.name] if by == "country" else [one.name, one.country]
        if not one.shares:  # the model abstained throughout
            writer.writerow([*named, len(one.sentences), one.n_documents, one.n_abstained, "", 0, *[""] * 6])
        for label, s in one.shares.items():
            counts = (len(one.sentences), one.n_documents, one.n_abstained, label, s.count, s.share, s.low, s.high)
            corrected = astuple(one.adjusted[label]) if one.adjusted else ("", "", "")
            writer.writerow([*named, *counts, *corrected])
