"""The headline of a report, for the terminal."""

from __future__ import annotations

from stance.cli.tables import add_row, new_table, print_table
from stance.evaluation import EvaluationReport


def print_headline(report: EvaluationReport) -> None:
    """Print the headline figures, the baselines below the model."""
    rows = {"this model": report.metrics}
    if report.cross_validated:
        rows["  cross-validated"] = report.cross_validated
    table = new_table("", "macro-F1", "stance F1", "accuracy")
    for name, m in (rows | report.baselines).items():
        add_row(table, (name, str(m.macro_f1), str(m.stance_f1), f"{m.accuracy.value:.3f}"))
    print_table(table)
    kind = "groups, trained-on sentences included" if report.includes_trained else "held-out groups"
    print(f"\n[95 % interval over {report.n_groups:,} {kind}]\n")
