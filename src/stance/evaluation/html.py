"""The evaluation as a page: one file that needs nothing else, readable without script."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from stance.evaluation.bootstrap import Estimate
from stance.evaluation.curve import would_more_help
from stance.evaluation.evaluate import EvaluationReport
from stance.evaluation.plots import plot_confusion, plot_coverage, plot_curve, plot_estimates, plot_reliability
from stance.evaluation.slices import SMALL, Slice

_PLOTTED = 15
"""Rows of a plot of slices; the table beside it has all."""


def render_html(report: EvaluationReport, title: str) -> str:
    """The report as a self-contained page."""
    return (
        environment()
        .get_template("report.html.jinja")
        .render(
            title=title,
            report=report,
            plots=_plots(report),
            slices=_by_fact(report.slices),
            left_out=_by_fact(report.left_out),
            small=SMALL,
            more_labels=would_more_help(report.learning_curve),
        )
    )


@cache
def environment() -> Environment:
    """The templates of all pages."""
    pages = Environment(
        loader=PackageLoader("stance.evaluation"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
    )
    style = files("stance.evaluation").joinpath("templates", "style.css").read_text("utf-8")
    pages.globals |= {"style": Markup(style)}  # noqa: S704  # our own
    pages.filters |= {"marked": marked, "interval": interval, "signed": lambda e: e.signed, "figure": "{:.3f}".format}
    return pages


def marked(text: str, spans: Sequence[tuple[int, int]]) -> Markup:
    """``text`` with the characters of ``spans``, which may overlap, marked."""
    pieces, at = [], 0
    for start, end in _merged(spans):
        pieces += [escape(text[at:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        at = end
    return Markup("").join([*pieces, escape(text[at:])])


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def interval(estimate: Estimate) -> str:
    """The interval alone."""
    return "–" if estimate.low is None else f"{estimate.low:.3f} to {estimate.high:.3f}"


def _by_fact(slices: Sequence[Slice]) -> dict[str, list[Slice]]:
    return {fact: list(found) for fact, found in groupby(slices, key=lambda s: s.fact)}


def _plots(report: EvaluationReport) -> dict[str, Any]:
    rows = [("this model", report.metrics.macro_f1)]
    if report.cross_validated:
        rows.append(("cross-validated", report.cross_validated.macro_f1))
    rows += [(name, m.macro_f1) for name, m in report.baselines.items()]
    if report.readers:
        rows.append(("two readers", report.readers.macro_f1))
    said = "; ".join(f"{name} {estimate}" for name, estimate in rows)
    plots: dict[str, Any] = {
        "headline": plot_estimates(rows, "macro-F1", f"Macro-F1 with 95 % intervals: {said}."),
        "confusion": plot_confusion(
            report.metrics.confusion, report.labels, "Confusion matrix; the table below it has the same counts."
        ),
        "reliability": plot_reliability(
            report.reliability, "Share of right answers by confidence; the table below has the figures."
        ),
        "coverage": plot_coverage(
            report.coverage, "Share of right answers by the share of sentences answered; the table has the figures."
        ),
        "slices": {fact: _plot_slices(fact, found) for fact, found in _by_fact(report.slices).items()},
        "left_out": {fact: _plot_slices(fact, found) for fact, found in _by_fact(report.left_out).items()},
    }
    if len(report.learning_curve) > 1:
        plots["curve"] = plot_curve(report.learning_curve, would_more_help(report.learning_curve))
    return plots


def _plot_slices(fact: str, slices: Sequence[Slice]) -> Markup:
    rows = [(f"{_short(s.value)} ({s.n:,})", s.accuracy) for s in slices[:_PLOTTED]]
    return plot_estimates(rows, "accuracy", f"Accuracy by {fact}, with 95 % intervals; the table has the figures.")


def _short(name: str, most: int = 28) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"
