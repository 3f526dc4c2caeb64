"""The headline of a report, for the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stance.evaluation import EvaluationReport, Metrics


def print_headline(report: EvaluationReport) -> None:
    """Print the headline figures, the baselines below the model."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("", "macro-F1", "stance F1", "accuracy"):
        table.add_column(column, no_wrap=True)
    _add(table, "this model", report.metrics)
    if report.cross_validated:
        _add(table, "  cross-validated", report.cross_validated)
    for name, metrics in report.baselines.items():
        _add(table, name, metrics)
    Console(highlight=False).print(table)
    print(f"\n[95 % interval over {report.n_groups:,} held-out groups]\n")


def _add(table: Table, name: str, metrics: Metrics) -> None:
    figures = (str(metrics.macro_f1), str(metrics.stance_f1), f"{metrics.accuracy.value:.3f}")
    table.add_row(name, *map(Text, figures))
