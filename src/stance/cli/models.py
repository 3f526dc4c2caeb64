"""``stance models``: list, show, verify and export what is saved."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stance.cli.tables import add_row, new_table, print_table
from stance.errors import ArtifactError, ConfigError
from stance.model import DEFAULT_STORE, FILES, find_artifacts, read_artifact, resolve


def run(arguments: list[str]) -> int:
    """Run the command."""
    options = _parser().parse_args(arguments)
    code: int = {"list": _list, "show": _show, "verify": _verify, "export": _export}[options.action](options)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("stance models", description="List, show, verify or export saved models.")
    store = argparse.ArgumentParser(add_help=False)
    store.add_argument(
        "--models", metavar="FOLDER", default=DEFAULT_STORE, type=Path, help="where models are saved (models)"
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", parents=[store], help="every version of every model, with its macro-F1")
    show = actions.add_parser("show", parents=[store], help="the model card and where the model comes from")
    show.add_argument(
        "artifact", metavar="ARTIFACT", nargs="?", help="name, name/version or path; by default the reference model"
    )
    show.add_argument("--json", action="store_true", help="the manifest and the metrics, as JSON")
    verify = actions.add_parser("verify", parents=[store], help="check every file against the manifest")
    verify.add_argument("artifact", metavar="ARTIFACT", nargs="*", help="by default every model")
    export = actions.add_parser("export", parents=[store], help="write a plain scikit-learn pipeline")
    export.add_argument("artifact", metavar="ARTIFACT")
    export.add_argument("--format", choices=("joblib",), default="joblib")
    export.add_argument("--output", metavar="FILE", required=True, type=Path)
    export.add_argument("--target", help="which target, for a model of several")
    return parser


def _list(options: argparse.Namespace) -> int:
    from stance.evaluation import Estimate

    found = find_artifacts(options.models)
    if not found:
        raise ArtifactError(f"{options.models} has no model yet; run stance train.")
    table = new_table("model", "CV F1", "held-out F1", "classifier", "vectorizer")
    failures, configs = [], {}
    for path in found:
        try:
            artifact = read_artifact(path)
        except ArtifactError as error:
            failures.append(error)
            continue
        metrics = artifact.metrics
        cross_validated = Estimate(**metrics["cross_validated"]["macro_f1"])
        held_out = Estimate(**metrics["metrics"]["macro_f1"])
        config = configs[artifact.name] = artifact.manifest["config"]
        settings = json.loads(artifact.contents[FILES.model])["spaces"]
        parts = "+".join(space["analyzer"] for space in settings)
        add_row(
            table,
            (
                artifact.name,
                f"{cross_validated.value:.3f}",
                str(held_out),
                config["classifier"]["_target_"].rpartition(".")[2],
                parts,
            ),
        )
    print_table(table)
    for name, different in _differences(configs).items():
        print(f"{name}: {', '.join(different)}")
    for failure in failures:
        print(f"stance: {failure}", file=sys.stderr)
    return ArtifactError.exit_code if failures else 0


def _differences(configs: Mapping[str, Any]) -> dict[str, list[str]]:
    """The settings in which versions of one model differ, each version's as they were given."""
    found: dict[str, list[str]] = {}
    flat = {name: dict(_flat(config)) for name, config in configs.items()}
    for name, settings in flat.items():
        others = [flat[other] for other in flat if other.rpartition("/")[0] == name.rpartition("/")[0]]
        keys = [key for key in settings if any(other.get(key) != settings[key] for other in others)]
        if keys:
            found[name] = [f"{key}={settings[key]}" for key in keys]
    return found


def _flat(config: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in config.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _show(options: argparse.Namespace) -> int:
    artifact = read_artifact(resolve(options.artifact, options.models))
    if options.json:
        print(json.dumps({"manifest": artifact.manifest, "metrics": artifact.metrics}, ensure_ascii=False, indent=2))
    else:
        print(artifact.contents[FILES.card].decode(), end="")
    return 0


def _verify(options: argparse.Namespace) -> int:
    paths = [resolve(name, options.models) for name in options.artifact] or find_artifacts(options.models)
    if not paths:
        raise ArtifactError(f"{options.models} has no model to verify.")
    failures = []
    for path in paths:
        try:
            artifact = read_artifact(path)
            artifact.model()
            print(f"{artifact.name}  ok, {len(artifact.contents)} files")
        except ArtifactError as error:
            failures.append(error)
            print(f"stance: {error}", file=sys.stderr)
    return ArtifactError.exit_code if failures else 0


def _export(options: argparse.Namespace) -> int:
    import joblib

    from stance.training import to_pipeline

    artifact = read_artifact(resolve(options.artifact, options.models))
    pipeline = to_pipeline(artifact.model(), options.target)
    try:
        joblib.dump(pipeline, options.output)
    except OSError as error:
        raise ConfigError(f"{options.output} cannot be written: {error.strerror}.") from error
    print(f"written  {options.output}")
    print(
        "A joblib file is code: whoever loads it runs what it contains. Share the artifact's folder instead.",
        file=sys.stderr,
    )
    return 0
