"""Metrics, intervals, baselines, comparison, diagnostics and the report."""

from stance.evaluation.agreement import AgreementReport, measure_agreement
from stance.evaluation.article import render_article
from stance.evaluation.attribution import (
    AttributionCase,
    AttributionReport,
    attribute_gold,
    evaluate_attribution,
    found_quotations,
)
from stance.evaluation.behaviour import BehaviourResult, BehaviourSuite, BehaviourTest, run_behaviour
from stance.evaluation.bootstrap import Estimate
from stance.evaluation.comparison import Comparison, Disagreement, compare
from stance.evaluation.curve import CurvePoint, learning_curve_points, would_more_help
from stance.evaluation.evaluate import EvaluationReport, evaluate, prior_model, prior_model_from_counts
from stance.evaluation.gate import Gate
from stance.evaluation.html import render_html
from stance.evaluation.metrics import Metrics, compute_metrics
from stance.evaluation.predictions import Predictions, group_confusions, predict_corpus
from stance.evaluation.report import render_card, render_report
from stance.evaluation.shift import Profile
from stance.evaluation.slices import Slice, measure_slice

__all__ = [
    "AgreementReport",
    "AttributionCase",
    "AttributionReport",
    "BehaviourResult",
    "BehaviourSuite",
    "BehaviourTest",
    "Comparison",
    "CurvePoint",
    "Disagreement",
    "Estimate",
    "EvaluationReport",
    "Gate",
    "Metrics",
    "Predictions",
    "Profile",
    "Slice",
    "attribute_gold",
    "compare",
    "compute_metrics",
    "evaluate",
    "evaluate_attribution",
    "found_quotations",
    "group_confusions",
    "learning_curve_points",
    "measure_agreement",
    "measure_slice",
    "predict_corpus",
    "prior_model",
    "prior_model_from_counts",
    "render_article",
    "render_card",
    "render_html",
    "render_report",
    "run_behaviour",
    "would_more_help",
]
