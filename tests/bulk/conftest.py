"""Tables of every kind, saved models, and a job run on them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance.bulk import Job, Place, run_job
from stance.model import FILES, LinearModel, TermSettings, TermSpace, model_to_files, to_npz, with_manifest
from stance.training import TrainingResult

DELIMITERS = {".csv": ",", ".tsv": "\t"}
KINDS = (".csv", ".tsv", ".jsonl", ".parquet")
TEXTS = (
    "We will build the bridge.",
    "",
    'They said "stop",\nand never came.',
    "Straße, Ärger, 橋を建てる 🌉\tnow",
    "meeting on Tuesday",
    "vote yes; no wrong trees",
    "A report, with a room.",
)


def save(model: LinearModel, folder: Path) -> Path:
    contents = model_to_files(model) | {FILES.metrics: b"{}", FILES.split: to_npz({"train": np.zeros(1)})}
    folder.mkdir(parents=True)
    for name, raw in with_manifest(contents, {"config": {}}).items():
        (folder / name).write_bytes(raw)
    return folder


@pytest.fixture(scope="session")
def model(trained: TrainingResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small corpus's model, saved."""
    return save(trained.model, tmp_path_factory.mktemp("bulk") / "small" / "1")


@pytest.fixture(scope="session")
def two_targets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of two targets, whose one label has to be quoted."""
    space = TermSpace(TermSettings(), ("bad", "good"), None)
    coef = np.array([[[1.0, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    found = LinearModel(("no", 'yes, "of course"'), (space,), coef, np.zeros((2, 2)), targets=("bridge", "tunnel"))
    return save(found, tmp_path_factory.mktemp("bulk") / "two" / "1")


def write_table(path: Path, columns: dict[str, Sequence[Any]]) -> Path:
    """A table of the kind that ``path`` ends in."""
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    if path.suffix == ".parquet":
        pq.write_table(pa.table({name: pa.array(values) for name, values in columns.items()}), path, row_group_size=3)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=DELIMITERS[path.suffix])
            writer.writerows([list(columns), *zip(*columns.values(), strict=True)])
    return path


def read_table(path: Path) -> list[dict[str, Any]]:
    """The rows of a table of any kind."""
    if path.suffix == ".parquet":
        return list(pq.ParquetFile(path).read().to_pylist())
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=DELIMITERS[path.suffix], strict=True))


@pytest.fixture
def label(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Place]:
    """Runs a job in an empty folder; the column of texts is ``text``."""
    monkeypatch.chdir(tmp_path)

    def run(source: str | Path, output: str | Path, scheduler: str | None = None, **given: Any) -> Place:
        watch = given.pop("watch", lambda place, total: None)
        settings = {"text_column": "text", "model": model} | given
        return run_job(Job(Path(source), Path(output), **settings), scheduler, watch)

    return run
