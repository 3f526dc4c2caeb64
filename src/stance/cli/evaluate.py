"""``stance evaluate``: a saved model on any labelled corpus."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from omegaconf import DictConfig

from stance.cli.configure import build, run_hydra
from stance.cli.gate import check_gate, rivals
from stance.cli.headline import print_headline
from stance.cli.train import cue_baseline
from stance.corpus import Corpus, TrainingRecord
from stance.errors import ConfigError
from stance.evaluation import (
    EvaluationReport,
    Gate,
    Profile,
    evaluate,
    prior_model_from_counts,
    render_html,
    render_report,
)
from stance.model import FILES, Artifact, LinearModel, read_artifact, resolve, to_json

log = logging.getLogger(__name__)


def run(arguments: list[str]) -> int:
    """Run the command."""
    return run_hydra(evaluate_artifact, "evaluate", arguments)


def evaluate_artifact(config: DictConfig) -> None:
    """Evaluate an artifact on the sentences of a corpus that it was not trained on, and write the report."""
    allowed = tuple(config.allow_targets)
    artifact = read_artifact(resolve(config.artifact, Path(config.models)))
    corpus: Corpus = build(config.corpus, allowed)
    lexicon = build(config.labeling, allowed) if config.labeling else None
    gate: Gate = build(config.gate, allowed)
    model = artifact.model()
    if not model.targets:
        corpus = replace(corpus, targets=None)
    others = rivals(gate, Path(config.models), model.labels)
    own, rows = unseen_rows(corpus, artifact), unseen_rows(corpus, artifact, *others.values())
    if config.include_trained:
        own = rows = np.arange(len(corpus))
    if len(rows) < len(own):
        log.warning("%d sentences are left out that a model of the gate was trained on", len(own) - len(rows))
    unseen = corpus.select(rows)
    majority = {"majority": majority_model(artifact, model)}
    record = TrainingRecord.from_arrays(artifact.arrays(FILES.split))
    report = evaluate(
        model,
        unseen,
        majority | cue_baseline(lexicon, model.labels) | {name: other.model() for name, other in others.items()},
        config.random_state,
        n_left_out=len(corpus) - len(own),
        includes_trained=bool(config.include_trained),
        leaks=None if record is None else record.leaks(unseen),
        behaviour=build(config.behaviour, allowed).read(model.labels),
        trained_profile=_trained_profile(artifact),
    )
    report = report if config.report_sentences else report.without_sentences()
    output = Path(config.output)
    _write(output, report, f"Evaluation of {artifact.name} on {corpus.name}")
    print(
        f"{artifact.name} on {corpus.name}: {len(unseen):,} sentences, "
        f"{report.n_left_out:,} left out that it was trained on\n"
    )
    print_headline(report)
    print(f"report   {os.path.relpath(output / FILES.html)}")
    check_gate(gate, report, artifact.name)


def majority_model(artifact: Artifact, model: LinearModel) -> LinearModel:
    """The baseline of the label frequencies that the model of ``artifact`` was trained on."""
    counts = artifact.manifest["data"]["train_counts_by_target"]
    return prior_model_from_counts(model.labels, counts, model.targets)


def unseen_rows(corpus: Corpus, *artifacts: Artifact) -> NDArray[np.intp]:
    """The sentences of ``corpus`` that none of the models was trained on."""
    digests = corpus.row_digests()
    seen = [np.isin(digests, artifact.arrays(FILES.split)["train"]) for artifact in artifacts]
    return np.flatnonzero(~np.any(seen, axis=0)) if seen else np.arange(len(corpus))


def _trained_profile(artifact: Artifact) -> Profile | None:
    """What the sentences held out at training looked like; none in a model that was saved before this was kept."""
    saved: dict[str, Any] | None = artifact.metrics.get("profile")
    return None if saved is None else Profile.from_dict(saved)


def _write(output: Path, report: EvaluationReport, title: str) -> None:
    try:
        output.mkdir(parents=True, exist_ok=True)
        (output / FILES.metrics).write_bytes(to_json(report.to_dict()))
        (output / FILES.report).write_text(render_report(report, title), "utf-8")
        (output / FILES.html).write_text(render_html(report, title), "utf-8")
    except OSError as error:
        raise ConfigError(f"The report cannot be written to {output}: {error.strerror}.") from error
