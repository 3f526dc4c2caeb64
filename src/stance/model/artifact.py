"""Artifacts: a model on disk, as JSON and npz under a manifest, so that loading one runs no code.

The format's version is ``FORMAT_VERSION``. Raise it with any change that an older reader would misread, keep reading
every version before it, and add an artifact of the old format to the tests.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import numpy as np

from stance.errors import ArtifactError
from stance.model.linear import LinearModel
from stance.model.terms import Analyzer, Norm, TermSettings, TermSpace

# What reading malformed JSON, npz or settings can raise; MemoryError where a header claims an absurd size.
_DAMAGE = (
    AttributeError,
    KeyError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
    re.error,
    zipfile.BadZipFile,
)

FORMAT = "stance-model"
FORMAT_VERSION = 3
"""2 added ``hidden_names``, without which an older reader would score names that training did not see; 3 keeps the
vocabulary as UTF-8 bytes and their ends, which are read without being parsed.
"""


@dataclass(frozen=True)
class ArtifactFiles:
    """The names of an artifact's files, in one place."""

    manifest: str = "manifest.json"
    model: str = "model.json"
    vocabulary: str = "vocabulary.npz"
    weights: str = "weights.npz"
    split: str = "split.npz"
    metrics: str = "metrics.json"
    out_of_fold: str = "out_of_fold.npz"
    report: str = "report.md"
    html: str = "report.html"
    card: str = "README.md"


FILES = ArtifactFiles()
_VOCABULARY_UP_TO_2 = "vocabulary.json"


@dataclass(frozen=True)
class Artifact:
    """A saved model, read and verified."""

    path: Path
    manifest: dict[str, Any]
    contents: dict[str, bytes]

    @property
    def name(self) -> str:
        """``name/version``, as the folders say."""
        return f"{self.path.parent.name}/{self.path.name}"

    @property
    def metrics(self) -> dict[str, Any]:
        """What the report says, as data."""
        return dict(json.loads(self.contents[FILES.metrics]))

    def model(self) -> LinearModel:
        """The model itself."""
        try:
            return model_from_files(self.contents)
        except _DAMAGE as error:
            raise ArtifactError(f"{self.path} is damaged ({error}); train or fetch the model again.") from error

    def arrays(self, file: str) -> dict[str, np.ndarray[Any, Any]]:
        """The arrays of one npz file."""
        return read_arrays(self.contents[file])


def read_artifact(path: Path) -> Artifact:
    """Read the artifact in folder ``path`` and check every file against the manifest.

    Raises
    ------
    ArtifactError
        If the folder is no artifact, a file is missing or has changed, or the format is newer than this version.
    """
    try:
        manifest = json.loads((path / FILES.manifest).read_bytes())
    except OSError as error:
        raise ArtifactError(f"{path} is not a saved model: it has no readable {FILES.manifest}.") from error
    except (ValueError, RecursionError) as error:
        raise ArtifactError(f"{path / FILES.manifest} is damaged; train or fetch the model again.") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ArtifactError(f"{path} is not a model of this package: its manifest names no format {FORMAT!r}.")
    version = manifest.get("format_version")
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise ArtifactError(
            f"{path} has format version {version}, and this stance reads up to {FORMAT_VERSION}; upgrade stancekit."
        )
    return Artifact(path, manifest, {name: _verified(path / name, digest) for name, digest in _listed(path, manifest)})


def _listed(path: Path, manifest: dict[str, Any]) -> list[tuple[str, str]]:
    files = manifest.get("files")
    vocabulary = FILES.vocabulary if manifest["format_version"] > 2 else _VOCABULARY_UP_TO_2
    needed = {FILES.model, vocabulary, FILES.weights, FILES.split, FILES.metrics}
    if not isinstance(files, dict) or not needed <= files.keys() or any(Path(name).name != name for name in files):
        raise ArtifactError(f"{path / FILES.manifest} is damaged: it does not list the model's files.")
    return [(name, str(entry.get("sha256")) if isinstance(entry, dict) else "") for name, entry in files.items()]


def _verified(path: Path, digest: str) -> bytes:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ArtifactError(f"{path} is missing; train or fetch the model again.") from error
    found = hashlib.sha256(raw).hexdigest()
    if found != digest:
        was, now = digest[:12], found[:12]
        raise ArtifactError(
            f"{path} has changed since it was saved: sha256 {now}… instead of {was}…; restore it or train again."
        )
    return raw


def with_manifest(contents: Mapping[str, bytes], facts: Mapping[str, Any]) -> dict[str, bytes]:
    """``contents`` and the manifest that seals them; ``facts`` say where the model comes from."""
    files = {name: {"bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()} for name, raw in contents.items()}
    manifest = {"format": FORMAT, "format_version": FORMAT_VERSION, **facts, "files": files}
    return {**contents, FILES.manifest: to_json(manifest)}


def model_to_files(model: LinearModel) -> dict[str, bytes]:
    """The files that hold ``model``; the same model gives the same bytes."""
    settings = {
        "labels": list(model.labels),
        "targets": list(model.targets),
        "temperature": model.temperature,
        "hidden_names": list(model.hidden_names),
        "spaces": [asdict(space.settings) for space in model.spaces],
    }
    arrays = {"coef": model.coef, "intercept": model.intercept}
    arrays |= {f"idf_{i}": space.idf for i, space in enumerate(model.spaces) if space.idf is not None}
    return {
        FILES.model: to_json(settings),
        FILES.vocabulary: to_npz(_vocabulary_arrays([space.vocabulary for space in model.spaces])),
        FILES.weights: to_npz(arrays),
    }


def model_from_files(contents: Mapping[str, bytes]) -> LinearModel:
    """The model that ``model_to_files`` wrote."""
    settings = json.loads(contents[FILES.model])
    vocabularies = _vocabularies(contents)
    arrays = read_arrays(contents[FILES.weights])
    spaces = tuple(
        TermSpace(
            TermSettings(
                **{**saved, "ngram_range": tuple(saved["ngram_range"]), "stop_words": tuple(saved["stop_words"])}
            ),
            vocabulary,
            arrays.get(f"idf_{i}"),
        )
        for i, (saved, vocabulary) in enumerate(zip(settings["spaces"], vocabularies, strict=True))
    )
    model = LinearModel(
        _strings(settings["labels"]),
        spaces,
        arrays["coef"],
        arrays["intercept"],
        float(settings["temperature"]),
        _strings(settings["targets"]),
        _strings(settings.get("hidden_names", [])),
    )
    _check(model)
    return model


def _vocabulary_arrays(vocabularies: Sequence[Sequence[str]]) -> dict[str, Any]:
    """The terms of each space as one run of UTF-8 bytes, and where each ends."""
    arrays: dict[str, Any] = {}
    for i, vocabulary in enumerate(vocabularies):
        terms = [term.encode("utf-8", "surrogatepass") for term in vocabulary]
        arrays[f"terms_{i}"] = np.frombuffer(b"".join(terms), dtype=np.uint8)
        arrays[f"ends_{i}"] = np.cumsum([len(term) for term in terms], dtype=np.int64)
    return arrays


def _vocabularies(contents: Mapping[str, bytes]) -> list[Sequence[str]]:
    if FILES.vocabulary not in contents:
        return list(json.loads(contents[_VOCABULARY_UP_TO_2].decode("utf-8", "surrogatepass")))
    arrays = read_arrays(contents[FILES.vocabulary])
    found: list[Sequence[str]] = []
    for i in range(len(arrays) // 2):
        raw, ends = arrays[f"terms_{i}"].tobytes(), arrays[f"ends_{i}"].tolist()
        edges = [0, *ends]
        if edges != sorted(edges) or edges[-1] != len(raw):
            raise ValueError("the vocabulary is not whole")
        found.append([raw[start:end].decode("utf-8", "surrogatepass") for start, end in pairwise(edges)])
    return found


def _strings(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"{values!r} is no list of names")
    return tuple(values)


def _check(model: LinearModel) -> None:
    """Raise unless the parts fit each other and every setting is one that scoring knows."""
    arrays = [model.coef, model.intercept, *(space.idf for space in model.spaces if space.idf is not None)]
    if not all(a.dtype == np.float64 and np.isfinite(a).all() for a in arrays):
        raise ValueError("the weights are not finite numbers")
    if not (np.isfinite(model.temperature) and model.temperature > 0):
        raise ValueError(f"the temperature is {model.temperature}")
    if len(set(model.labels)) != len(model.labels) or len(model.labels) < 2:
        raise ValueError("the labels are not two or more different ones")
    for space in model.spaces:
        s = space.settings
        re.compile(s.token_pattern)
        known = s.analyzer in get_args(Analyzer) and s.norm in (None, *get_args(Norm))
        shortest, longest = s.ngram_range
        if not known or s.strip_accents not in (None, "unicode", "ascii") or not 1 <= shortest <= longest:
            raise ValueError("a vectorizer has a setting that scoring does not know")
    n_targets, n_labels = max(len(model.targets), 1), len(model.labels)
    n_terms = sum(len(space.vocabulary) for space in model.spaces)
    if model.coef.shape != (n_targets, n_labels, n_terms) or model.intercept.shape != (n_targets, n_labels):
        raise ValueError("the weights do not fit the vocabulary and labels")
    if any(space.idf is not None and space.idf.shape != (len(space.vocabulary),) for space in model.spaces):
        raise ValueError("the idf weights do not fit the vocabulary")


def to_json(value: Any, indent: int | None = 2) -> bytes:
    """JSON with sorted keys, so that the same value gives the same bytes."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=indent, allow_nan=False)
    return f"{text}\n".encode("utf-8", "surrogatepass")  # a vocabulary may hold a lone surrogate


def to_npz(arrays: Mapping[str, Any]) -> bytes:
    """An uncompressed npz: NumPy dates every member 1980-01-01, so the same arrays give the same bytes."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def read_arrays(raw: bytes) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays of an npz; pickled objects, which could run code, are refused."""
    with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}
