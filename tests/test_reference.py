"""The reference model: what ships, what it says of plain sentences, and that it can be made again."""

import json
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT

import stance
from stance.model import read_artifact, resolve

FOLDER = CHECKOUT / "models" / "reference"


def test_it_is_what_is_loaded_when_no_model_is_named(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert resolve().parent == FOLDER
    assert stance.load().labels == ("pro-resolution", "pro-inspections", "neutral")


def test_it_is_whole_and_small_and_the_same_at_any_commit():
    artifact = read_artifact(resolve())
    assert sum(map(len, artifact.contents.values())) < 5_000_000
    assert artifact.manifest["git_commit"] is None
    assert artifact.manifest["data"]["refit"] is True


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        ("We need a new and tougher resolution with a clear deadline and serious consequences.", "pro-resolution"),
        ("If Iraq does not disarm, the Council must authorise the use of force.", "pro-resolution"),
        ("The inspectors must be given the time to finish their work.", "pro-inspections"),
        ("There is no need for a new resolution; the inspectors should return at once.", "pro-inspections"),
        ("We are against the automatic use of force.", "pro-inspections"),
        ("The two ministers met in the morning and agreed to talk again on Friday.", "neutral"),
        ("He thanked the Secretary-General for his report on development.", "neutral"),
    ],
)
def test_plain_sentences_get_the_label_that_the_codebook_gives_them(sentence, label):
    assert stance.load().predict([sentence]).tolist() == [label]


def test_predict_uses_it_and_says_so(stance_command):
    Path("talks.txt").write_text("“We must give the inspectors more time,” said Foreign Minister Ana Ruiz.\n")
    ran = stance_command("predict", "talks.txt", "--format", "jsonl")
    assert ran.err == "reading with the reference model, version 1\n"
    row = json.loads(ran.out)
    assert (row["speaker"], row["label"]) == ("Ruiz", "pro-inspections")


@pytest.mark.reference
def test_it_is_made_again_byte_for_byte(stance_command, monkeypatch):
    for name in ("iraq-inquiry", "ungdc-57"):
        if not (CHECKOUT / "seeds" / name).is_dir():
            pytest.skip(f"needs seeds/{name}, which stance fetch brings (make reference does all of this)")
    here = Path.cwd()
    monkeypatch.chdir(CHECKOUT)
    aside = f"hydra.run.dir={here / 'run'}"
    for name in ("iraq2002", "iraq2002-plain", "iraq-inquiry", "ungdc-57"):
        assert stance_command("label", f"documents=seeds/{name}", aside).code == 0
    ran = stance_command("train", "experiment=reference", f"models={here}", aside)
    assert ran.code == 0, ran.err
    made, shipped = (
        {p.name: p.read_bytes() for p in (folder / "1").iterdir()} for folder in (here / "reference", FOLDER)
    )
    assert sorted(name for name in shipped if made.get(name) != shipped[name]) == []
