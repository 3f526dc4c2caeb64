import hashlib
import io
import json

import numpy as np
import pytest

from stance.errors import ArtifactError
from stance.model import FILES, LinearModel, TermSettings, TermSpace, model_to_files, read_artifact, with_manifest
from stance.model.artifact import model_from_files, to_npz


@pytest.fixture
def folder(trained, tmp_path):
    contents = model_to_files(trained.model) | {FILES.metrics: b"{}", FILES.split: to_npz({"train": np.zeros(1)})}
    for name, raw in with_manifest(contents, {"config": {}}).items():
        (tmp_path / name).write_bytes(raw)
    return tmp_path


def edit_manifest(folder, **changes):
    manifest = json.loads((folder / FILES.manifest).read_text()) | changes
    (folder / FILES.manifest).write_text(json.dumps(manifest))


def test_a_model_comes_back_as_it_was(trained, folder, corpus):
    model = read_artifact(folder).model()
    assert (model.scores(corpus.texts) == trained.model.scores(corpus.texts)).all()
    assert (model.labels, model.temperature) == (trained.model.labels, trained.model.temperature)


def test_odd_terms_come_back_too():
    space = TermSpace(TermSettings(), ("\ud800", '"', "é\n"), np.ones(3))
    model = LinearModel(("a", "b"), (space,), np.zeros((1, 2, 3)), np.zeros((1, 2)))
    assert model_from_files(model_to_files(model)).spaces[0].vocabulary == ["\ud800", '"', "é\n"]


def test_the_same_model_gives_the_same_bytes(trained):
    assert model_to_files(trained.model) == model_to_files(trained.model)


@pytest.mark.parametrize("name", [FILES.weights, FILES.vocabulary, FILES.metrics])
def test_a_changed_byte_is_found_and_the_file_named(folder, name):
    raw = bytearray((folder / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / name).write_bytes(bytes(raw))
    with pytest.raises(ArtifactError, match=f"{name} has changed since it was saved"):
        read_artifact(folder)


def test_a_missing_file_is_named(folder):
    (folder / FILES.weights).unlink()
    with pytest.raises(ArtifactError, match=r"weights.npz is missing"):
        read_artifact(folder)


def test_a_newer_format_asks_for_an_upgrade(folder):
    edit_manifest(folder, format_version=4)
    with pytest.raises(ArtifactError, match="format version 4, and this stance reads up to 3; upgrade"):
        read_artifact(folder)


@pytest.mark.parametrize("version", [1, 2])
def test_artifacts_of_older_formats_are_read(folder, trained, corpus, version):
    """2 had its vocabulary as JSON; 1 had no hidden names besides."""
    settings = json.loads((folder / FILES.model).read_text())
    if version == 1:
        del settings["hidden_names"]
    files = json.loads((folder / FILES.manifest).read_text())["files"]
    del files[FILES.vocabulary]
    vocabulary = [list(space.vocabulary) for space in trained.model.spaces]
    for name, content in ((FILES.model, settings), ("vocabulary.json", vocabulary)):
        raw = json.dumps(content).encode()
        (folder / name).write_bytes(raw)
        files[name] = {"bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}
    (folder / FILES.vocabulary).unlink()
    edit_manifest(folder, format_version=version, files=files)
    model = read_artifact(folder).model()
    assert model.hidden_names == ()
    assert (model.scores(corpus.texts) == trained.model.scores(corpus.texts)).all()


@pytest.mark.parametrize("manifest", ["{}", '{"format": "other"}', "[]"])
def test_a_foreign_folder_is_no_model(folder, manifest):
    (folder / FILES.manifest).write_text(manifest)
    with pytest.raises(ArtifactError, match="is not a model of this package"):
        read_artifact(folder)


def test_a_file_outside_the_folder_is_never_read(folder):
    files = json.loads((folder / FILES.manifest).read_text())["files"]
    edit_manifest(folder, files=files | {"../secret": {"sha256": "0"}})
    with pytest.raises(ArtifactError, match="is damaged: it does not list the model's files"):
        read_artifact(folder)


class Payload:
    """What a hostile file would hold: an object whose loading does something."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_code_in_the_weights_is_never_run_even_under_a_valid_manifest(folder, tmp_path):
    buffer = io.BytesIO()
    payload = np.array([Payload(tmp_path / "ran")], dtype=object)
    np.savez(buffer, coef=payload, intercept=np.zeros((1, 3)))
    names = json.loads((folder / FILES.manifest).read_text())["files"]
    contents = {name: (folder / name).read_bytes() for name in names}
    for name, raw in with_manifest(contents | {FILES.weights: buffer.getvalue()}, {}).items():
        (folder / name).write_bytes(raw)
    with pytest.raises(ArtifactError, match="is damaged"):
        read_artifact(folder).model()
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"temperature": 0},
        {"temperature": -1.0},
        {"temperature": float("nan")},
        {"labels": "abc"},
        {"labels": ["for", "for", "neither"]},
        {"labels": [1, 2, 3]},
        {"spaces": [{"analyzer": "foo"}]},
        {"spaces": [{"norm": "max"}]},
        {"spaces": [{"token_pattern": "("}]},
        {"spaces": [{"ngram_range": [1]}]},
        {"spaces": [{"ngram_range": [0, 1]}]},
        {"spaces": [{"surprise": 1}]},
    ],
)
def test_settings_that_scoring_does_not_know_are_refused_on_loading(folder, changes):
    settings = json.loads((folder / FILES.model).read_text())
    spaces = [settings["spaces"][0] | space for space in changes.get("spaces", [{}])]
    edited = json.dumps(settings | changes | {"spaces": spaces}).encode()
    names = json.loads((folder / FILES.manifest).read_text())["files"]
    contents = {name: (folder / name).read_bytes() for name in names} | {FILES.model: edited}
    for name, raw in with_manifest(contents, {}).items():
        (folder / name).write_bytes(raw)
    with pytest.raises(ArtifactError, match="is damaged"):
        read_artifact(folder).model()


def test_weights_that_do_not_fit_the_vocabulary_are_refused(trained):
    contents = model_to_files(trained.model)
    arrays = {"terms_0": np.frombuffer(b"a", dtype=np.uint8), "ends_0": np.array([1])}
    contents[FILES.vocabulary] = to_npz(arrays)
    with pytest.raises(ValueError, match="do not fit"):
        model_from_files(contents)


@pytest.mark.parametrize("ends", [[2, 1], [1, 2], [3]])
def test_a_vocabulary_that_is_not_whole_is_refused(trained, ends):
    contents = model_to_files(trained.model)
    contents[FILES.vocabulary] = to_npz({"terms_0": np.frombuffer(b"a", dtype=np.uint8), "ends_0": np.array(ends)})
    with pytest.raises(ValueError, match="the vocabulary is not whole"):
        model_from_files(contents)
