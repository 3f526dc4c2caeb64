import json
import shutil
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Where the model stays from one test to the next."""
    return tmp_path_factory.mktemp("kept") / "models"


@pytest.fixture
def settings(stance, table, kept):
    if not kept.exists():
        assert stance("train", "corpus=table", f"corpus.path={table}", "name=mine", "learning_curve=[]").code == 0
        shutil.copytree("models", kept)
    else:
        shutil.copytree(kept, "models")
    return ["corpus=table", f"corpus.path={table}", "output=out"]


def told(ran):
    """What went wrong; the other lines say how far it has got."""
    return [line for line in ran.err.splitlines() if line.startswith("stance: ")]


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
    (sentence,) = told(ran)
    assert (ran.code, message in sentence) == (code, True)


def test_the_report_is_a_page_markdown_and_data_and_the_page_is_named(stance, settings):
    ran = stance("evaluate", "artifact=mine", *settings)
    assert ran.out.endswith("report   out/report.html\n")
    assert {path.name for path in Path("out").iterdir()} >= {"report.html", "report.md", "metrics.json"}
    page = Path("out/report.html").read_text()
    assert "<title>Evaluation of mine/1 on table</title>" in page
    assert json.loads(Path("out/metrics.json").read_text())["verdict"] in page


def test_a_later_evaluation_is_held_against_the_sentences_held_out_at_training(stance, settings):
    stance("evaluate", "artifact=mine", *settings)
    here = json.loads(Path("out/metrics.json").read_text())
    trained = json.loads(Path("models/mine/1/metrics.json").read_text())
    assert here["trained_profile"] == trained["profile"] == here["profile"]
    assert "Distances are total variation" in Path("out/report.html").read_text()
    assert "Distances are total variation" not in Path("models/mine/1/report.html").read_text()


@pytest.fixture
def turned(table):
    """A table in which every label is another, so that no good model looks good on it."""
    other = {"for": "against", "against": "neither", "neither": "for", "label": "label"}
    rows = [line.rpartition(",") for line in table.read_text().splitlines()]
    path = table.with_name("turned.csv")
    path.write_text("".join(f"{row},{other[label]}\n" for row, _, label in rows))
    return ["corpus=table", f"corpus.path={path}", "output=out", "artifact=mine"]


@pytest.mark.parametrize(
    ("gates", "said"),
    [
        (["gate.macro_f1=0.99"], ["macro_f1 is 0.000, below 0.99"]),
        (["gate.accuracy=0.5", "gate.mcc=0.1"], ["accuracy is 0.000, below 0.5", "mcc is -", ", below 0.1"]),
        (["gate.better_than=[majority]"], ["it is not shown to be better than majority (-"]),
        (["gate.not_worse_than=[majority]"], ["it is worse than majority by 0."]),
        (["gate.better_than=[mine/1]"], ["it is not shown to be better than mine/1 (+0.000 macro-F1)"]),
        (
            ["gate.macro_f1=0.99", "gate.better_than=[majority]"],
            ["macro_f1 is 0.000, below 0.99; it is not shown to be better than majority (-"],
        ),
    ],
)
def test_a_model_that_misses_the_gate_exits_with_5_and_one_sentence_after_its_report(
    stance, settings, turned, gates, said
):
    ran = stance("evaluate", *turned, *gates)
    assert ran.code == 5
    (sentence,) = told(ran)
    assert ran.err.endswith(f"{sentence}\n")
    assert sentence.startswith("stance: mine/1 does not pass the quality gate: ")
    assert all(words in sentence for words in said)
    assert ran.out.endswith("report   out/report.html\n")
    assert json.loads(Path("out/metrics.json").read_text())["metrics"]["macro_f1"]["value"] == 0
    assert Path("out/report.html").read_text().startswith("<!doctype html>")


def test_a_model_that_reaches_the_gate_passes(stance, settings):
    gates = ["gate.macro_f1=0.5", "gate.accuracy=0.5", "gate.better_than=[majority]", "gate.not_worse_than=[mine/1]"]
    ran = stance("evaluate", "artifact=mine", *settings, *gates)
    assert (ran.code, told(ran)) == (0, [])


def test_a_saved_model_of_the_gate_stands_beside_the_baselines(stance, settings):
    stance("evaluate", "artifact=mine", *settings, "gate.not_worse_than=[mine/1,majority]")
    report = json.loads(Path("out/metrics.json").read_text())
    assert list(report["baselines"]) == ["majority", "mine/1"]
    assert report["baselines"]["mine/1"] == report["metrics"]


@pytest.mark.parametrize(
    ("gate", "code", "message"),
    [
        ("gate.macrof1=0.5", 2, "there is no setting 'gate.macrof1'"),
        ("gate.better_than=[absent]", 4, "There is no model 'absent': models has mine"),
        (
            "gate.better_than=[cue lexicon]",
            2,
            "compares with 'cue lexicon', which is no baseline here; there are majority",
        ),
        ("gate.better_than=[names kept]", 2, "compares with 'names kept', which is no baseline here"),
        pytest.param(*("gate.macro_f1=high", 2, "gate.macro_f1")),
        ("gate.better_than=majority", 2, "gate.better_than is a list of names; write it as gate.better_than=[NAME]"),
    ],
)
def test_a_gate_that_cannot_be_is_an_error_of_usage(stance, settings, gate, code, message):
    ran = stance("evaluate", "artifact=mine", *settings, gate)
    assert ran.code == code
    (sentence,) = told(ran)
    assert message in sentence


def test_a_report_without_sentences_holds_none_in_any_of_its_files(stance, settings, turned, corpus):
    stance("evaluate", *turned, "include_trained=true")
    assert sum(text in Path("out/report.html").read_text() for text in corpus.texts) >= 30
    stance("evaluate", *turned, "include_trained=true", "report_sentences=false", "output=bare")
    written = {path.name: path.read_text() for path in Path("bare").glob("*.*")}
    assert written.keys() >= {"report.html", "report.md", "metrics.json"}
    assert [name for name, content in written.items() for text in corpus.texts if text in content] == []
    assert json.loads(written["metrics.json"])["n_sentences"] == 90
    assert json.loads(written["metrics.json"])["errors"][0]["id"] in written["report.html"]


@pytest.mark.parametrize("command", [("evaluate", "artifact=mine"), ("train", "name=again")])
def test_a_gate_against_a_model_of_other_labels_is_told_before_any_work(stance, settings, command):
    own = [s for s in settings if not s.startswith("output=")]
    renamed = ["corpus.label_names={for: yes, against: no, neither: none}", "name=other", "learning_curve=[]"]
    assert stance("train", *own, *renamed).code == 0
    ran = stance(*command, *own, "gate.better_than=[other]")
    assert ran.code == 2
    assert "The gate compares with other, which has the labels" in ran.err
    assert "fitting" not in ran.err


def test_what_a_model_of_the_gate_was_trained_on_is_not_evaluated(stance, settings):
    """Two models with other splits: only what neither saw is left, as in a comparison."""
    own = [s for s in settings if not s.startswith("output=")]
    assert stance("train", *own, "name=other", "random_state=7", "splitter.n_splits=3", "learning_curve=[]").code == 0
    alone, gated = "alone", "gated"
    assert stance("evaluate", "artifact=mine", *own, f"output={alone}").code == 0
    stance("evaluate", "artifact=mine", *own, f"output={gated}", "gate.not_worse_than=[other]")
    n = [json.loads(Path(f"{folder}/metrics.json").read_text())["n_sentences"] for folder in (alone, gated)]
    seen = np.load("models/other/1/split.npz")["train"]
    tested = np.load("models/mine/1/split.npz")["test"]
    assert n == [len(tested), int((~np.isin(tested, seen)).sum())]
    assert n[1] < n[0]
