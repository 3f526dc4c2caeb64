"""``stance evaluate``: a saved model on any labelled corpus."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
from omegaconf import DictConfig

from stance.cli.configure import build, run_hydra
from stance.cli.headline import print_headline
from stance.cli.train import cue_baseline
from stance.corpus import Corpus, TrainingRecord
from stance.errors import ConfigError
from stance.evaluation import EvaluationReport, evaluate, prior_model_from_counts, render_report
from stance.model import FILES, Artifact, read_artifact, resolve, to_json


def run(arguments: list[str]) -> int:
    """Run the command."""
    return run_hydra(evaluate_artifact, "evaluate", arguments)


def evaluate_artifact(config: DictConfig) -> None:
    """Evaluate an artifact on the sentences of a corpus that it was not trained on, and write the report."""
    allowed = tuple(config.allow_targets)
    artifact = read_artifact(resolve(config.artifact, Path(config.models)))
    corpus: Corpus = build(config.corpus, allowed)
    lexicon = build(config.labeling, allowed) if config.labeling else None
    model = artifact.model()
    if not model.targets:
        corpus = replace(corpus, targets=None)
    unseen = corpus if config.include_trained else corpus.select(_unseen_rows(artifact, corpus))
    data = artifact.manifest["data"]
    prior = prior_model_from_counts(model.labels, data["train_counts_by_target"], model.targets)
    baselines = {"majority": prior, **cue_baseline(lexicon, model.labels)}
    n_left_out, trained = len(corpus) - len(unseen), bool(config.include_trained)
    record = TrainingRecord.from_arrays(artifact.arrays(FILES.split))
    report = evaluate(
        model,
        unseen,
        baselines,
        config.random_state,
        n_left_out=n_left_out,
        includes_trained=trained,
        leaks=None if record is None else record.leaks(unseen),
    )
    output = Path(config.output)
    _write(output, report, f"Evaluation of {artifact.name} on {corpus.name}")
    print(
        f"{artifact.name} on {corpus.name}: {len(unseen):,} sentences, "
        f"{report.n_left_out:,} left out that it was trained on\n"
    )
    print_headline(report)
    print(f"report   {os.path.relpath(output / FILES.report)}")


def _write(output: Path, report: EvaluationReport, title: str) -> None:
    try:
        output.mkdir(parents=True, exist_ok=True)
        (output / FILES.metrics).write_bytes(to_json(report.to_dict()))
        (output / FILES.report).write_text(render_report(report, title), "utf-8")
    except OSError as error:
        raise ConfigError(f"The report cannot be written to {output}: {error.strerror}.") from error


def _unseen_rows(artifact: Artifact, corpus: Corpus) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return np.flatnonzero(~np.isin(corpus.row_digests(), artifact.arrays(FILES.split)["train"]))
