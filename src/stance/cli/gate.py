"""The quality gate of ``stance train`` and ``stance evaluate``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stance.errors import ConfigError, QualityError
from stance.evaluation import EvaluationReport, Gate
from stance.model import Artifact, read_artifact, resolve

BASELINES = ("majority", "cue lexicon", "names kept", "names hidden")


def rivals(gate: Gate, store: Path, labels: Sequence[str]) -> dict[str, Artifact]:
    """The saved models that the gate compares with, by the names that it gives them.

    Raises
    ------
    ConfigError
        If one has other labels than ``labels``.
    """
    names = [name for name in gate.compared_with if name not in BASELINES]
    artifacts = {name: read_artifact(resolve(name, store)) for name in names}
    for name, artifact in artifacts.items():
        known = artifact.model().labels
        if set(known) != set(labels):
            theirs, ours = ", ".join(known), ", ".join(labels)
            raise ConfigError(f"The gate compares with {name}, which has the labels {theirs}, not {ours}.")
    return artifacts


def check_gate(gate: Gate, report: EvaluationReport, what: str) -> None:
    """Raise unless the report passes the gate.

    Raises
    ------
    QualityError
        If it does not; the message says by what.
    """
    for name in gate.compared_with:
        if name not in report.baselines:
            raise ConfigError(
                f"The gate compares with {name!r}, which is no baseline here; there are {_names(report)}."
            )
    failures = gate.failures(report.metrics, report.comparisons)
    if failures:
        raise QualityError(f"{what} does not pass the quality gate: {'; '.join(failures)}.")


def _names(report: EvaluationReport) -> str:
    return ", ".join(report.baselines)
