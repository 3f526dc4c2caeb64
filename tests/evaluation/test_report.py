from itertools import pairwise

from stance.evaluation import render_report


def test_the_report_shows_the_headline_the_baselines_and_every_label(trained):
    text = render_report(trained.report, "Evaluation of small")
    metrics = trained.report.metrics
    assert text.startswith(f"# Evaluation of small\n\n**{trained.report.verdict}**\n\nMacro-F1 **{metrics.macro_f1}")
    assert f"| baseline: majority | {trained.report.baselines['majority'].macro_f1} |" in text
    for row in metrics.by_label:
        assert f"| {row.label} | {row.precision:.3f} | {row.recall:.3f} | {row.f1} | {row.support} |" in text
    assert "left out" not in text


def test_every_table_is_whole(trained):
    """Each row of a Markdown table has as many cells as the line above it."""
    lines = render_report(trained.report, "t").splitlines()
    tables = [(a, b) for a, b in pairwise(lines) if a.startswith("|") and b.startswith("|")]
    assert len(tables) > 8
    assert all(a.count("|") == b.count("|") for a, b in tables)
