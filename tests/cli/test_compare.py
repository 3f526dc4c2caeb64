import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, f1_score

from stance.annotation import load
from stance.model import read_artifact


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Where models stay from one test to the next."""
    return tmp_path_factory.mktemp("kept") / "models"


@pytest.fixture
def settings(stance, table, kept):
    """Two models of the table, one of which knows short character runs only, and one trained on all of it."""
    table_of = ["corpus=table", f"corpus.path={table}", "corpus.neutral=neither"]
    if not kept.exists():
        quick = [*table_of, "learning_curve=[]", "behaviour=none"]
        coarse = ["vectorizer=char", "vectorizer.ngram_range=[1,1]"]
        for own in ([], coarse, ["name=whole", "refit=true"]):
            ran = stance("train", *quick, *own)
            assert ran.code == 0, ran.err
        shutil.rmtree("outputs")
        shutil.copytree("models", kept)
    else:
        shutil.copytree(kept, "models")
    return table_of


@pytest.fixture
def unseen(corpus, settings):
    """The sentences on which table/1 was not trained."""
    trained_on = read_artifact(Path("models/table/1")).arrays("split.npz")["train"]
    return corpus.select(np.flatnonzero(~np.isin(corpus.row_digests(), trained_on)))


def compared(stance, *arguments):
    ran = stance("compare", *arguments, "--format", "json")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_the_figures_are_those_of_both_models_on_the_sentences_that_neither_saw(stance, settings, unseen):
    facts = compared(stance, "table/1", "table/2", *settings)
    first, second = (load(f"models/table/{v}").predict(unseen.texts) for v in (1, 2))
    assert (facts["first"], facts["second"]) == ("table/1", "table/2")
    assert (facts["n_sentences"], facts["n_groups"]) == (len(unseen), len(set(unseen.groups.tolist())))
    measures = {
        "macro_f1": lambda p: f1_score(unseen.y, p, average="macro"),
        "stance_f1": lambda p: f1_score(unseen.y, p, labels=["for", "against"], average="macro"),
        "accuracy": lambda p: accuracy_score(unseen.y, p),
    }
    assert facts["differences"].keys() == facts["scores"].keys() == measures.keys()
    for name, measure in measures.items():
        values = [measure(p) for p in (first, second)]
        assert [score["value"] for score in facts["scores"][name]] == pytest.approx(values)
        assert facts["differences"][name]["value"] == pytest.approx(values[0] - values[1])
    only = [int(((a == unseen.y) & (b != unseen.y)).sum()) for a, b in ((first, second), (second, first))]
    assert [facts["only_first_right"], facts["only_second_right"]] == only
    assert sum(only) > 0
    assert facts["p_value"] == pytest.approx(binomtest(only[0], sum(only), 0.5).pvalue)
    shown = {(d["text"], d["label"], d["first"], d["second"]) for d in facts["disagreements"]}
    rows = zip(unseen.texts, unseen.y.tolist(), first.tolist(), second.tolist(), strict=True)
    assert shown == {row for row in rows if row[2] != row[3]}
    surest = [max(d["first_score"], d["second_score"]) for d in facts["disagreements"]]
    assert surest == sorted(surest, reverse=True)


def test_the_other_way_round_every_difference_has_the_other_sign(stance, settings):
    there, back = (compared(stance, *pair, *settings) for pair in (("table/1", "table/2"), ("table/2", "table/1")))
    for name, d in there["differences"].items():
        other = back["differences"][name]
        assert (d["value"], d["low"], d["high"]) == pytest.approx((-other["value"], -other["high"], -other["low"]))
    assert there["p_value"] == back["p_value"]
    assert (there["only_first_right"], there["only_second_right"]) == (
        back["only_second_right"],
        back["only_first_right"],
    )


def test_a_model_is_compared_with_the_majority_of_its_own_training(stance, settings):
    facts = compared(stance, "table", "majority", *settings)
    assert (facts["first"], facts["second"]) == ("table/2", "majority")
    assert facts["verdict"].startswith("table/2 is better than majority: macro-F1 higher by ")
    assert facts["differences"]["macro_f1"]["low"] > 0
    assert compared(stance, "majority", "table", *settings)["verdict"].startswith("majority is worse than table/2")


def test_the_majority_is_not_that_of_the_sentences_compared_on(stance, settings):
    """In training all labels were as frequent, so that the first one answers; here nobody is against."""
    Path("new.csv").write_text(
        "document,text,label\n"
        + "".join(f"{d},The clerk left hall {d} {i}.,neither\n" for d in "abc" for i in range(4))
        + "".join(f"{d},We approve bridge {d}.,for\n" for d in "abc")
    )
    facts = compared(stance, "table/1", "majority", *settings, "corpus.path=new.csv")
    assert facts["n_sentences"] == 15
    assert {d["second"] for d in facts["disagreements"]} == {"against"}


def test_a_model_and_itself_do_not_differ(stance, settings):
    facts = compared(stance, "table/1", "models/table/1", *settings)
    assert facts["verdict"].startswith("No difference is shown between table/1 and table/1: macro-F1 +0.000")
    assert facts["disagreements"] == []
    assert facts["p_value"] == 1
    assert "sentences on which they differ" not in stance("compare", "table/1", "table/1", *settings).out


def test_the_table_has_figures_differences_and_verdict_and_its_columns_fit_80(stance, settings):
    facts = compared(stance, "table/1", "table/2", *settings)
    ran = stance("compare", "table/1", "table/2", *settings)
    lines = ran.out.splitlines()
    assert facts["verdict"] in lines
    (sentences,) = [i for i, line in enumerate(lines) if line.startswith("true ")]
    assert max(map(len, [*lines[:6], *lines[sentences:]])) <= 80
    for name, metric in (("macro-F1", "macro_f1"), ("stance F1", "stance_f1"), ("accuracy", "accuracy")):
        (row,) = [line for line in lines if line.startswith(name)]
        d = facts["differences"][metric]
        said = f"{d['value']:+.3f} [{d['low']:+.3f}, {d['high']:+.3f}]"
        assert row.split(maxsplit=len(name.split()))[-1].split(maxsplit=2) == [
            *(f"{score['value']:.3f}" for score in facts["scores"][metric]),
            said,
        ]
    assert f"{facts['n_sentences']} sentences in {facts['n_groups']} groups" in lines[0]
    n = len(facts["disagreements"])
    assert f"{min(n, 10)} of {n} sentences on which they differ:" in lines


@pytest.mark.parametrize("n", [0, 1, 2])
def test_as_many_sentences_are_shown_as_asked_for(stance, settings, n):
    lines = stance("compare", "table/1", "majority", "--show", n, *settings).out.splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith("true ")), len(lines))
    assert len(lines[start + 1 :]) == n


def test_sentences_trained_on_are_left_out_and_counted_unless_asked_for(stance, settings, unseen):
    ran = stance("compare", "table/1", "majority", *settings)
    assert f"{90 - len(unseen)} sentences left out that a model was trained on" in ran.err
    assert compared(stance, "table/1", "majority", *settings)["n_sentences"] == len(unseen)
    ran = stance("compare", "table/1", "majority", *settings, "include_trained=true")
    assert ran.out.startswith("90 sentences in 15 groups")
    assert "left out" not in ran.err
    assert "are included, which flatters it" in ran.err


@pytest.mark.parametrize("pair", [("whole", "majority"), ("table/1", "whole"), ("whole", "table/1")])
def test_where_either_was_trained_on_all_there_is_nothing_to_compare_on(stance, settings, pair):
    ran = stance("compare", *pair, *settings)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err == ("stance: table has no sentence that neither model was trained on; choose another corpus.\n")


def test_it_leaves_no_output_folder_behind(stance, settings):
    before = {path.name for path in Path().iterdir()}
    assert stance("compare", "table/1", "majority", *settings).code == 0
    assert {path.name for path in Path().iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["absent", "table/1"], 4, "There is no model 'absent'"),
        (["table/1", "majorty"], 4, "There is no model 'majorty'"),
        (["table/9", "table/1"], 4, "table/9"),
        (["majority", "cue lexicon"], 2, "majority and cue lexicon are baselines both; name a saved model for one"),
        (["majority", "majority"], 2, "are baselines both"),
        (["table/1", "cue lexicon"], 2, "The cue lexicon is for other labels than against, for, neither"),
        (["table/1", "majority", "corpu=table"], 2, "there is no setting 'corpu'"),
        (["table/1", "majority", "corpus"], 2, "'corpus' is neither an option nor a key=value setting"),
        (["table/1", "majority", "--shwo=3"], 2, "'--shwo=3' is neither an option nor a key=value setting"),
        (["table/1", "majority", "corpus=tabel"], 2, "There is no corpus/tabel; there are "),
        pytest.param(*(["table/1", "majority", "corpus.path=absent.csv"], 3, "absent.csv does not exist")),
        pytest.param(*(["table/1", "majority", "corpus.label=side"], 3, "has no column 'side'")),
        (
            ["table/1", "majority", "corpus.label_names={for: yes, against: no, neither: none}", "corpus.neutral=null"],
            3,
            "has the label 'no', and the model knows against, for, neither only",
        ),
    ],
)
def test_a_mistake_is_one_sentence_and_an_exit_code(stance, settings, arguments, code, message):
    names = [a for a in arguments if "=" not in a or a.startswith("-")]
    own = [a for a in arguments if a not in names]
    ran = stance("compare", *names, *settings, *own)
    assert (ran.code, ran.out) == (code, "")
    (line,) = [line for line in ran.err.splitlines() if "sentences left out" not in line]
    assert message in line
    assert "Unexpected" not in ran.err


def test_the_second_model_may_not_be_left_out(stance, settings):
    ran = stance("compare", "table/1", *settings)
    assert (ran.code, "the following arguments are required: B" in ran.err) == (2, True)


def test_a_misspelt_setting_is_not_answered_with_an_option_that_there_is_none(stance, settings):
    ran = stance("compare", "table/1", "majority", *settings, "corpu=table")
    assert "--cfg" not in ran.err


def test_fewer_than_no_sentences_cannot_be_shown(stance, settings):
    assert stance("compare", "table/1", "majority", "--show=-1", *settings).code == 2


def test_models_of_different_labels_cannot_be_compared(stance, settings):
    own = ["corpus.label_names={for: yes, against: no, neither: none}", "corpus.neutral=null", "name=other"]
    ran = stance("train", *settings, *own, "learning_curve=[]", "behaviour=none")
    assert ran.code == 0, ran.err
    ran = stance("compare", "table/1", "other", *settings)
    assert (ran.code, ran.out) == (2, "")
    assert "other has the labels no, none, yes, not against, for, neither." in ran.err
