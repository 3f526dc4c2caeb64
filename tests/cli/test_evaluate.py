import json
from pathlib import Path

import pytest


@pytest.fixture
def settings(stance, table):
    assert stance("train", "corpus=table", f"corpus.path={table}", "name=mine").code == 0
    return ["corpus=table", f"corpus.path={table}", "output=out"]


def test_on_its_own_corpus_the_figures_are_those_of_its_report(stance, settings):
    """The sentences that it was trained on are left out, so what remains is the test set."""
    ran = stance("evaluate", "artifact=mine", *settings)
    assert ran.code == 0, ran.err
    saved = json.loads(Path("models/mine/1/metrics.json").read_text())
    again = json.loads(Path("out/metrics.json").read_text())
    assert again["n_left_out"] == 90 - saved["n_sentences"]
    assert again["metrics"] == saved["metrics"]
    assert again["baselines"] == saved["baselines"]
    assert "left out" in Path("out/report.md").read_text()


def test_all_sentences_count_on_request(stance, settings):
    stance("evaluate", "artifact=models/mine/1", "include_trained=true", *settings)
    assert json.loads(Path("out/metrics.json").read_text())["n_sentences"] == 90
    assert "sentences that the model was trained on among them" in Path("out/report.md").read_text()


def test_a_target_column_hides_no_sentence_that_the_model_was_trained_on(stance, settings):
    assert stance("evaluate", "artifact=mine", *settings, "corpus.target=document").code == 0
    assert json.loads(Path("out/metrics.json").read_text())["n_left_out"] > 0


def test_a_label_that_never_occurs_shifts_no_figure(stance, table):
    """It is in the label set, and neither model nor baselines know it."""
    settings = ["corpus=table", f"corpus.path={table}", "corpus.labels=[never,for,against,neither]"]
    assert stance("train", *settings, "name=four").code == 0
    ran = stance("evaluate", "artifact=four", "output=out", *settings)
    assert ran.code == 0, ran.err
    saved = json.loads(Path("models/four/1/metrics.json").read_text())
    assert json.loads(Path("out/metrics.json").read_text())["baselines"] == saved["baselines"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "A setting is missing: artifact"),
        (
            ["artifact=mine", "output=table.csv/out"],
            2,
            "The report cannot be written to table.csv/out: Not a directory",
        ),
        (["artifact=absent"], 4, "There is no model 'absent': models has mine"),
        (["artifact=mine", "corpus.label_names={for: yes, against: no, neither: none}"], 3, "has the label"),
    ],
)
def test_a_mistake_is_one_sentence_and_an_exit_code(stance, settings, arguments, code, message):
    ran = stance("evaluate", *settings, *arguments)
    assert (ran.code, message in ran.err, ran.err.count("\n")) == (code, True, 1)
