import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score

from stance.evaluation import compute_metrics
from stance.evaluation.metrics import mean_f1

LABELS = ("for", "against", "neither")


def metrics(y, predicted, groups=None, neutral="neither"):
    y, predicted = np.array(y), np.array(predicted)
    groups = np.array(groups if groups is not None else [str(i) for i in range(len(y))])
    return compute_metrics(y, np.eye(3)[predicted] * 0.97 + 0.01, LABELS, neutral, groups)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40))
def test_figures_are_scikit_learns(pairs):
    y, predicted = map(list, zip(*pairs, strict=True))
    found = metrics(y, predicted)
    assert found.macro_f1.value == pytest.approx(f1_score(y, predicted, average="macro"))
    sided = sorted({0, 1} & {*y, *predicted})
    expected = f1_score(y, predicted, labels=sided, average="macro", zero_division=0) if sided else 0
    assert found.stance_f1.value == pytest.approx(expected)
    assert found.accuracy.value == pytest.approx(accuracy_score(y, predicted))
    assert np.array(found.confusion).tolist() == confusion_matrix(y, predicted, labels=[0, 1, 2]).tolist()
    assert len(pairs) == 1 or found.macro_f1.low <= found.macro_f1.high


def test_without_a_neutral_label_the_stance_f1_is_the_macro_f1():
    found = metrics([0, 1, 2, 0], [0, 1, 1, 2], neutral=None)
    assert found.stance_f1 == found.macro_f1


def test_one_group_gives_no_interval():
    found = metrics([0, 1, 2, 0], [0, 1, 1, 2], groups=["d"] * 4)
    assert str(found.accuracy) == "0.500 [–]"
    assert found.accuracy.low is found.accuracy.high is None


def test_sentences_of_one_document_widen_the_interval():
    y, predicted = [0, 1] * 100, [0] * 100 + [1] * 100
    right_or_wrong = [("a" if (i % 2 == 0) == (i < 100) else "b") + str(i % 10) for i in range(200)]
    alone, together = metrics(y, predicted), metrics(y, predicted, groups=right_or_wrong)
    assert together.accuracy.high - together.accuracy.low > 2 * (alone.accuracy.high - alone.accuracy.low)


def test_the_interval_of_an_accuracy_is_that_of_the_normal_approximation():
    """With every sentence a group of its own, 1.96 standard errors of a binomial share."""
    y = [0] * 400
    found = metrics(y, [0] * 300 + [1] * 100).accuracy
    error = 1.96 * np.sqrt(0.75 * 0.25 / 400)
    assert (found.low, found.high) == (pytest.approx(0.75 - error, abs=0.01), pytest.approx(0.75 + error, abs=0.01))


def test_no_counts_have_no_f1():
    assert mean_f1(np.zeros((2, 2)), np.array([0, 1])) == 0
