"""The headline of a report, for the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from stance.evaluation import EvaluationReport, Metrics


def print_headline(report: EvaluationReport) -> None:
    """Print macro-F1, stance F1 and accuracy with intervals, the baselines below the model."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("", "macro-F1", "stance F1", "accuracy"):
        table.add_column(column)
    _add(table, "this model", report.metrics)
    if report.cross_validated:
        _add(table, "  cross-validated", report.cross_validated)
    for name, metrics in report.baselines.items():
        _add(table, name, metrics)
    Console(highlight=False).print(table)
    print(f"\n95 % intervals over {report.n_groups:,} groups of sentences held out\n")


def _add(table: Table, name: str, metrics: Metrics) -> None:
    estimates = (metrics.macro_f1, metrics.stance_f1, metrics.accuracy)
    table.add_row(name, *(str(e).replace("[", "\\[") for e in estimates))
