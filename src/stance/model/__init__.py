"""The trained model as data: counting and scoring, the artifact, the store."""

from stance.model.abstention import ABSTAINED, abstention_threshold
from stance.model.artifact import FILES, Artifact, model_to_files, read_artifact, to_json, to_npz, with_manifest
from stance.model.linear import INTERCEPT, Explanation, LinearModel, TermContribution, softmax
from stance.model.names import hide_names, name_pattern
from stance.model.store import DEFAULT_STORE, check_name, check_store, find_artifacts, resolve, save_artifact
from stance.model.terms import TermSettings, TermSpace

__all__ = [
    "ABSTAINED",
    "DEFAULT_STORE",
    "FILES",
    "INTERCEPT",
    "Artifact",
    "Explanation",
    "LinearModel",
    "TermContribution",
    "TermSettings",
    "TermSpace",
    "abstention_threshold",
    "check_name",
    "check_store",
    "find_artifacts",
    "hide_names",
    "model_to_files",
    "name_pattern",
    "read_artifact",
    "resolve",
    "save_artifact",
    "softmax",
    "to_json",
    "to_npz",
    "with_manifest",
]
