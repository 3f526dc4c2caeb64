"""``stance compare``: two models, or a model and a baseline, on the same sentences."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path

from omegaconf import DictConfig

from stance.cli.configure import build, compose, config_errors
from stance.cli.evaluate import majority_model, unseen_rows
from stance.cli.tables import add_row, new_table, print_table
from stance.cli.train import cue_baseline
from stance.corpus import Corpus
from stance.errors import ConfigError, DataError
from stance.evaluation import Comparison, compare, predict_corpus
from stance.model import Artifact, LinearModel, read_artifact, resolve

BASELINES = ("majority", "cue lexicon")
_SHOWN = 10


def run(arguments: list[str]) -> int:
    """Run the command."""
    parser = _parser()
    options, settings = parser.parse_known_args(arguments)
    options.first, options.second = (_baseline(name) for name in (options.first, options.second))
    if "=" in options.second:
        parser.error("the following arguments are required: B")
    if options.show < 0:
        parser.error(f"--show is {options.show}; give a number of sentences, or 0 for none")
    if odd := [word for word in settings if word.startswith("-") or "=" not in word]:
        raise ConfigError(f"{odd[0]!r} is neither an option nor a key=value setting; see stance compare --help.")
    config = compose("compare", settings)
    with config_errors():
        comparison = compare_saved(config, options.first, options.second)
    if options.format == "json":
        facts = {"verdict": comparison.verdict, **asdict(comparison)}
        json.dump(facts, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        _print(comparison, options.show)
    return 0


def _baseline(name: str) -> str:
    """A baseline however its name is written, as ``cue_lexicon`` is among the settings."""
    return name.replace("_", " ") if name.replace("_", " ") in BASELINES else name


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "stance compare",
        description="Compare two models on the same sentences, which neither was trained on.",
        usage="stance compare A B [--show N] [--format FORMAT] [key=value ...]",
        epilog="Settings are those of configs/compare.yaml: corpus=table corpus.path=FILE, include_trained=true, ...",
    )
    parser.add_argument("first", metavar="A", help=f"a saved model, or a baseline: {', '.join(BASELINES)}")
    parser.add_argument("second", metavar="B", help="what it is compared with")
    parser.add_argument("--show", metavar="N", type=int, default=_SHOWN, help=f"sentences they differ on ({_SHOWN})")
    parser.add_argument("--format", choices=("table", "json"), default="table", help="json has all sentences")
    return parser


def compare_saved(config: DictConfig, first: str, second: str) -> Comparison:
    """Compare what two names mean, on the sentences of the configured corpus that neither was trained on."""
    allowed = tuple(config.allow_targets)
    artifacts = {
        name: read_artifact(resolve(name, Path(config.models))) for name in (first, second) if name not in BASELINES
    }
    if not artifacts:
        raise ConfigError(f"{first} and {second} are baselines both; name a saved model for one of them.")
    corpus: Corpus = build(config.corpus, allowed)
    models = {name: artifact.model() for name, artifact in artifacts.items()}
    if not any(model.targets for model in models.values()):
        corpus = replace(corpus, targets=None)
    name, model = next(iter(models.items()))
    if "majority" in (first, second):
        models["majority"] = majority_model(artifacts[name], model)
    if "cue lexicon" in (first, second):
        models |= cue_baseline(build(config.labeling, allowed) if config.labeling else None, model.labels)
    rows = unseen_rows(corpus, *(() if config.include_trained else artifacts.values()))
    if not len(rows):
        raise DataError(f"{corpus.name} has no sentence that neither model was trained on; choose another corpus.")
    if len(rows) < len(corpus):
        print(f"{len(corpus) - len(rows):,} sentences left out that a model was trained on", file=sys.stderr)
    if config.include_trained:
        print("sentences that a model was trained on are included, which flatters it", file=sys.stderr)
    unseen = corpus.select(rows)
    predictions = [predict_corpus(_known(models, n, model), unseen, model.labels) for n in (first, second)]
    names = (_name(artifacts, first), _name(artifacts, second))
    return compare(predictions[0], predictions[1], names, config.random_state)


def _known(models: dict[str, LinearModel], name: str, other: LinearModel) -> LinearModel:
    if name not in models:
        raise ConfigError(f"The {name} is for other labels than {', '.join(other.labels)}; compare with majority.")
    if set(models[name].labels) != set(other.labels):
        raise ConfigError(f"{name} has the labels {', '.join(models[name].labels)}, not {', '.join(other.labels)}.")
    return models[name]


def _name(artifacts: dict[str, Artifact], name: str) -> str:
    return artifacts[name].name if name in artifacts else name


def _print(c: Comparison, show: int) -> None:
    print(f"{c.n_sentences:,} sentences in {c.n_groups:,} groups [95 % interval of a paired bootstrap over groups]\n")
    table = new_table("", c.first, c.second, "difference")
    for metric, words in (("macro_f1", "macro-F1"), ("stance_f1", "stance F1"), ("accuracy", "accuracy")):
        a, b = c.scores[metric]
        add_row(table, (words, f"{a.value:.3f}", f"{b.value:.3f}", c.differences[metric].signed))
    print_table(table)
    print(
        f"\nonly {c.first} right {c.only_first_right:,}, only {c.second} right {c.only_second_right:,}\n"
        f"McNemar's p {c.p_value:.3g}, as if sentences were independent"
    )
    print(f"\n{c.verdict}")
    if show and c.disagreements:
        print(f"\n{min(show, len(c.disagreements)):,} of {len(c.disagreements):,} sentences on which they differ:\n")
        shown = new_table("true", c.first, c.second, "sentence", expand=True)
        for column, width in zip(shown.columns, (15, 15, 15, None), strict=True):
            column.width, column.overflow = width, "ellipsis"
        shown.columns[-1].ratio = 1
        for d in c.disagreements[:show]:
            add_row(shown, (d.label, d.first, d.second, d.text))
        print_table(shown)
