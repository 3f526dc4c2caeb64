"""``stance train``: labelled sentences to a saved model."""

from __future__ import annotations

import logging
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from omegaconf import DictConfig

from stance import __version__
from stance.cli.configure import build, resolved, run_hydra
from stance.cli.gate import check_gate, rivals
from stance.cli.headline import print_headline
from stance.cli.search import feature_memory, fold_workers
from stance.corpus import Corpus, CueLexicon, Split, replay, split_digest
from stance.errors import ConfigError
from stance.evaluation import (
    EvaluationReport,
    Gate,
    Predictions,
    group_confusions,
    render_card,
    render_html,
    render_report,
)
from stance.model import (
    FILES,
    LinearModel,
    check_name,
    check_store,
    model_to_files,
    read_artifact,
    resolve,
    save_artifact,
    to_json,
    to_npz,
    with_manifest,
)
from stance.training import TrainingResult, train

log = logging.getLogger(__name__)

_LIBRARIES = ("numpy", "scipy", "scikit-learn", "datasets", "hydra-core", "joblib", "sentencex")
_APART = (
    *("models", "n_jobs", "scheduler", "feature_cache", "replay"),
    *("behaviour", "gate", "learning_curve", "leave_one_out", "report_sentences"),
)
"""What is no part of how the model was made: where things go, and what the report has in it."""


def run(arguments: list[str]) -> int:
    """Run the command."""
    return run_hydra(train_and_save, "train", arguments)


def train_and_save(config: DictConfig) -> None:
    """Build the objects that ``config`` describes, train, save the artifact, print the headline."""
    allowed = tuple(config.allow_targets)
    if config.name is not None:
        check_name(str(config.name))
    check_store(Path(config.models))
    if not isinstance(config.hide_names, bool):
        raise ConfigError(f"hide_names is {config.hide_names!r}; say true or false.")
    vectorizer, classifier, splitter = (
        build(config[part], allowed) for part in ("vectorizer", "classifier", "splitter")
    )
    corpus: Corpus = build(config.corpus, allowed)
    name = corpus.name if config.name is None else str(config.name)
    check_name(name)
    lexicon = build(config.labeling, allowed) if config.labeling else None
    gate: Gate = build(config.gate, allowed)
    others = rivals(gate, Path(config.models), corpus.present_labels)
    with fold_workers(config.scheduler):
        result = train(
            corpus,
            vectorizer,
            classifier,
            splitter,
            cue_baseline(lexicon, corpus.present_labels) | {name: other.model() for name, other in others.items()},
            config.random_state,
            config.n_jobs if config.scheduler is None else -1,
            config.hide_names,
            _saved_split(config, corpus),
            config.refit,
            build(config.behaviour, allowed).read(corpus.present_labels),
            config.learning_curve,
            config.leave_one_out,
            feature_memory(config.feature_cache),
        )
    digests = corpus.row_digests()[result.split.test]
    for rival, other in others.items():
        if known := int(np.isin(digests, other.arrays(FILES.split)["train"]).sum()):
            log.warning("%s of the gate was trained on %d of the sentences held out, which flatters it", rival, known)
    report = result.report if config.report_sentences else result.report.without_sentences()
    facts: dict[str, Any] = {
        "config": resolved(config, without=_APART),
        "data": _data_facts(corpus, result, config.refit),
        "libraries": {"stancekit": __version__, "python": sys.version.split()[0]}
        | {name: version(name) for name in _LIBRARIES},
        "git_commit": _git_commit() if config.git_commit else None,
    }
    saved = save_artifact(Path(config.models), name, _contents(corpus, result, report, facts, name))
    data = facts["data"]
    print(f"{corpus.name}: {data['n_train']:,} sentences to train on, {data['n_test']:,} held out")
    print(f"{type(classifier).__name__} on {' + '.join(s.settings.analyzer for s in result.model.spaces)} n-grams\n")
    print_headline(report)
    print(f"model    {saved}\nreport   {saved / FILES.html}")
    check_gate(gate, report, str(saved))


def _saved_split(config: DictConfig, corpus: Corpus) -> Split | None:
    if config.replay is None:
        return None
    return replay(corpus, read_artifact(resolve(config.replay, Path(config.models))).arrays(FILES.split))


def cue_baseline(lexicon: CueLexicon | None, labels: tuple[str, ...]) -> dict[str, LinearModel]:
    """The cue lexicon as a baseline, where it speaks of these labels."""
    if lexicon is None or not set(lexicon.labels) <= set(labels):
        return {}
    return {"cue lexicon": lexicon.model(labels)}


def _contents(
    corpus: Corpus, result: TrainingResult, report: EvaluationReport, facts: dict[str, Any], name: str
) -> dict[str, bytes]:
    title = f"Evaluation of {name}"
    contents = model_to_files(result.model) | {
        FILES.split: to_npz({**result.record.to_arrays(), "test": corpus.row_digests()[result.split.test]}),
        FILES.out_of_fold: to_npz(_out_of_fold(result.out_of_fold)),
        FILES.metrics: to_json(report.to_dict()),
        FILES.report: render_report(report, title).encode(),
        FILES.html: render_html(report, title).encode(),
        FILES.card: render_card(report, facts, name).encode(),
    }
    return with_manifest(contents, facts)


def _out_of_fold(predictions: Predictions) -> dict[str, Any]:
    """What abstention and quantification need of predictions on sentences that the model had not seen."""
    return {
        "confidence": predictions.confidence.astype(np.float32),
        "right": predictions.right,
        "confusion": group_confusions(predictions).astype(np.uint32),
    }


def _data_facts(corpus: Corpus, result: TrainingResult, refit: bool) -> dict[str, Any]:
    train_set = corpus if refit else corpus.select(result.split.train)
    by_target = [train_set.of_target(name) for name in train_set.target_names] or [train_set]
    return {
        "corpus": corpus.name,
        "digest": corpus.digest,
        "split_digest": split_digest(corpus, result.split),
        "n_train": len(train_set),
        "refit": refit,
        "n_test": len(result.split.test),
        "targets": list(corpus.target_names),
        "train_counts": train_set.counts,
        "train_counts_by_target": [[part.counts[label] for label in result.model.labels] for part in by_target],
    }


def _git_commit() -> str | None:
    """The commit of the current folder's repository, marked where its files have changed since; none outside one."""
    try:
        commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
        changed = subprocess.run(
            ["git", "status", "--porcelain", "-uno"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return f"{commit}{'+changes' if changed else ''}"
