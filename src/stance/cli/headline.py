"""The headline of a report, for the terminal."""

from __future__ import annotations

from stance.cli.tables import add_row, new_table, print_table
from stance.evaluation import EvaluationReport


def print_headline(report: EvaluationReport) -> None:
    """Print the headline figures, the baselines below the model."""
    rows = {"this model": report.metrics}
    if report.cross_validated:
        rows["  cross-validated"] = report.cross_validated
    sided = report.neutral is not None  # else the stance F1 is the macro-F1
    table = new_table("", "macro-F1", *(["stance F1"] if sided else []), "accuracy")
    for name, m in (rows | report.baselines).items():
        figures = (m.macro_f1, m.stance_f1) if sided else (m.macro_f1,)
        add_row(table, (name, *map(str, figures), f"{m.accuracy.value:.3f}"))
    print_table(table)
    kind = "groups, trained-on sentences included" if report.includes_trained else "held-out groups"
    print(f"\n[95 % interval over {report.n_groups:,} {kind}]\n")
