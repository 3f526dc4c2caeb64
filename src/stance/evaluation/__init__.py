"""Metrics, intervals, baselines and the report."""

from stance.evaluation.evaluate import EvaluationReport, evaluate, prior_model, prior_model_from_counts
from stance.evaluation.metrics import Estimate, Metrics, compute_metrics
from stance.evaluation.report import render_card, render_report

__all__ = [
    "Estimate",
    "EvaluationReport",
    "Metrics",
    "compute_metrics",
    "evaluate",
    "prior_model",
    "prior_model_from_counts",
    "render_card",
    "render_report",
]
