import pickle
from pathlib import Path

import pyarrow as pa
import pytest
from tests.bulk.conftest import KINDS, TEXTS, read_table, write_table

from stance import load
from stance.bulk.scoring import plain_copy, probabilities
from stance.errors import ConfigError, DataError


def test_a_few_texts_are_scored_as_many_are_to_the_last_bit(model):
    many = load(model).compile().predict_proba(list(TEXTS) * 100, None)[:7]
    for n in (1, 7):
        assert (probabilities(load(model), pa.array(TEXTS[:n]), None) == many[:n]).all()
    assert probabilities(load(model), pa.array([], pa.string()), None).shape == (0, 3)


def test_workers_are_sent_what_was_loaded_and_nothing_that_was_worked_out_since(model):
    loaded = load(model)
    before = pickle.dumps(plain_copy(loaded))
    probabilities(loaded, pa.array(TEXTS), None)
    assert pickle.dumps(plain_copy(loaded)) == before
    assert b"Kernel" not in before
    assert "_kernel" in loaded.__dict__


@pytest.mark.parametrize("kind", KINDS)
def test_below_the_probability_asked_for_there_is_no_label_and_the_scores_stay(label, kind):
    write_table(Path(f"in{kind}"), {"text": TEXTS})
    label(f"in{kind}", f"sure{kind}")
    sure = read_table(Path(f"sure{kind}"))
    asked = sorted(float(row["score"]) for row in sure)[3]
    label(f"in{kind}", f"out{kind}", abstain_below=asked)
    rows = read_table(Path(f"out{kind}"))
    assert [row["label"] for row in rows] == [
        row["label"] if float(row["score"]) >= asked else "abstained" for row in sure
    ]
    assert [row["label"] == "abstained" for row in rows].count(True) == 3
    assert [row | {"label": ""} for row in rows] == [row | {"label": ""} for row in sure]


@pytest.mark.parametrize("to", KINDS)
def test_each_row_may_have_its_own_target(label, two_targets, to):
    write_table(Path("in.jsonl"), {"text": ["good", None, "good", "bad"], "to": ["bridge", None, "tunnel", "tunnel"]})
    label("in.jsonl", f"out{to}", model=two_targets, target_column="to", batch_rows=2)
    yes, no = 'yes, "of course"', "no"
    rows = read_table(Path(f"out{to}"))
    assert [row["label"] or None for row in rows] == [yes, None, no, yes]
    assert float(rows[0][f"score_{yes}"]) == float(rows[0]["score"]) > 0.5


@pytest.mark.parametrize("kind", KINDS)
def test_one_target_may_hold_for_all(label, two_targets, kind):
    write_table(Path(f"in{kind}"), {"text": ["good", "bad"]})
    label(f"in{kind}", f"out{kind}", model=two_targets, target="tunnel")
    assert [row["label"] for row in read_table(Path(f"out{kind}"))] == ["no", 'yes, "of course"']


@pytest.mark.parametrize(("kind", "where"), [(".csv", "line 3"), (".jsonl", "line 2"), (".parquet", "row 2")], ids=str)
def test_a_target_that_the_model_does_not_know_is_told_with_its_row(label, two_targets, kind, where):
    write_table(Path(f"in{kind}"), {"text": ["good", "bad"], "to": ["bridge", "moon"]})
    with pytest.raises(DataError, match=f"in{kind}, {where}: the model knows no target 'moon'"):
        label(f"in{kind}", "out.csv", model=two_targets, target_column="to")


def test_a_text_without_a_target_is_told_with_its_row(label, two_targets):
    write_table(Path("in.jsonl"), {"text": ["good", "bad"], "to": ["bridge", None]})
    with pytest.raises(DataError, match=r"in.jsonl, line 2: a text without a target"):
        label("in.jsonl", "out.csv", model=two_targets, target_column="to")


def test_a_model_has_targets_or_has_none(label, two_targets):
    write_table(Path("in.csv"), {"text": ["good"], "to": ["bridge"]})
    with pytest.raises(ConfigError, match="leave the target column out"):
        label("in.csv", "out.csv", target_column="to")
    with pytest.raises(ConfigError, match="several targets; say which"):
        label("in.csv", "out.csv", model=two_targets)
