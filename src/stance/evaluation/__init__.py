"""Metrics, intervals, baselines and the report."""

from stance.evaluation.agreement import AgreementReport, measure_agreement
from stance.evaluation.attribution import (
    AttributionCase,
    AttributionReport,
    attribute_gold,
    evaluate_attribution,
    found_quotations,
)
from stance.evaluation.evaluate import EvaluationReport, evaluate, prior_model, prior_model_from_counts
from stance.evaluation.metrics import Estimate, Metrics, compute_metrics
from stance.evaluation.report import render_card, render_report

__all__ = [
    "AgreementReport",
    "AttributionCase",
    "AttributionReport",
    "Estimate",
    "EvaluationReport",
    "Metrics",
    "attribute_gold",
    "compute_metrics",
    "evaluate",
    "evaluate_attribution",
    "found_quotations",
    "measure_agreement",
    "prior_model",
    "prior_model_from_counts",
    "render_card",
    "render_report",
]
