import json
from pathlib import Path

import joblib
import pytest


@pytest.fixture
def model(stance, table):
    assert stance("train", "corpus=table", f"corpus.path={table}", "name=mine").code == 0
    return Path("models/mine/1")


def test_list_shows_every_version_with_its_headline(stance, model, table):
    stance("train", "corpus=table", f"corpus.path={table}", "name=mine", "classifier=majority")
    out = stance("models", "list").out
    value = json.loads((model / "metrics.json").read_text())["metrics"]["macro_f1"]["value"]
    assert f"{value:.3f} [" in out
    assert "LogisticRegression  word+char_wb" in out
    assert "mine/2" in out


def test_list_says_in_which_settings_versions_differ(stance, model, table):
    for C in (1.0, 3.0):
        stance("train", "corpus=table", f"corpus.path={table}", "name=swept", f"classifier.C={C}")
    lines = stance("models", "list").out.splitlines()
    assert lines[-2:] == ["swept/1: classifier.C=1.0", "swept/2: classifier.C=3.0"]


def test_list_goes_on_past_a_damaged_version(stance, model, table):
    stance("train", "corpus=table", f"corpus.path={table}", "name=mine")
    (model / "weights.npz").unlink()
    ran = stance("models", "list")
    assert (ran.code, "mine/2" in ran.out, "weights.npz is missing" in ran.err) == (4, True, True)


def test_show_prints_the_model_card_or_all_as_json(stance, model):
    assert stance("models", "show", "mine").out == (model / "README.md").read_text()
    shown = json.loads(stance("models", "show", "mine", "--json").out)
    assert shown["manifest"]["format"] == "stance-model"
    assert shown["metrics"]["schema_version"] == 3


def test_the_card_says_what_the_model_learnt_from_and_how_it_fares(stance, model):
    card, manifest = (model / "README.md").read_text(), json.loads((model / "manifest.json").read_text())
    assert f"{manifest['data']['n_train']} sentences of table" in card
    assert "| against |" in card
    assert "| majority | " in card


def test_verify_finds_what_has_changed(stance, model):
    assert stance("models", "verify").out == "mine/1  ok, 9 files\n"
    (model / "report.md").write_text("much better")
    ran = stance("models", "verify", "mine")
    assert (ran.code, "report.md has changed since it was saved" in ran.err) == (4, True)


def test_export_writes_a_scikit_learn_pipeline_and_says_that_it_is_code(stance, model, corpus):
    ran = stance("models", "export", "mine", "--format", "joblib", "--output", "mine.joblib")
    assert (ran.code, "is code" in ran.err) == (0, True)
    assert list(joblib.load("mine.joblib").predict(["build the bridge"])) == ["for"]


@pytest.mark.parametrize("arguments", [["list"], ["verify"], ["export", "m", "--output", "f"]])
def test_an_empty_store_says_what_to_do(stance, arguments):
    assert stance("models", *arguments).code == 4
