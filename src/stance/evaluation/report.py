"""The readable side of an evaluation: ``report.md`` and the model card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from stance.evaluation.curve import would_more_help
from stance.evaluation.evaluate import EvaluationReport


def render_report(report: EvaluationReport, title: str) -> str:
    """The report as Markdown."""
    more_labels = would_more_help(report.learning_curve)
    return _render("report.md.jinja", title=title, report=report, more_labels=more_labels)


def render_card(report: EvaluationReport, manifest: Mapping[str, Any], name: str) -> str:
    """The model card as Markdown: what it is, what it learnt from, how it fares, who should not use it."""
    return _render("card.md.jinja", name=name, report=report, manifest=manifest)


def _render(template: str, **values: Any) -> str:
    environment = Environment(
        loader=PackageLoader("stance.evaluation"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # Markdown, not HTML
    )
    return environment.get_template(template).render(**values)
