from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar

from stance.corpus import Corpus
from stance.errors import DataError
from stance.evaluation import Estimate, Predictions, compare
from stance.evaluation.comparison import mcnemar, verdict

LABELS = ("for", "against", "neither")
NAMES = ("new", "old")


def predictions(y, predicted, groups=None, confidence=0.8):
    """``confidence`` in the predicted label, one for all or one for each, and the rest shared by the others."""
    n = len(y)
    sure = np.broadcast_to(np.asarray(confidence, dtype=float), n)[:, None]
    probabilities = np.where(np.eye(3)[np.asarray(predicted)] == 1, sure, (1 - sure) / 2)
    groups = np.array(groups if groups is not None else [f"{i:05d}" for i in range(n)])
    texts = tuple(f"Sentence {i} about the bridge." for i in range(n))
    corpus = Corpus("bridge", texts, np.array(LABELS)[np.asarray(y)], LABELS, groups, neutral="neither")
    return Predictions(corpus, LABELS, probabilities)


def two_models(n, first=0.8, second=0.6, both=0.5, seed=0):
    """Truth, and the answers of two models; on the share ``both`` of the sentences the second says what the first does.

    Elsewhere they are right as often as told.
    """
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, n)
    a, b = (np.where(rng.random(n) < share, y, (y + rng.integers(1, 3, n)) % 3) for share in (first, second))
    return y, a, np.where(rng.random(n) < both, a, b)


Y, A, B = two_models(300)


@given(st.integers(0, 80), st.integers(0, 80))
def test_mcnemars_test_is_that_of_statsmodels(a, b):
    assert mcnemar(a, b) == pytest.approx(statsmodels_mcnemar([[7, a], [b, 9]], exact=True).pvalue)


@pytest.mark.parametrize(
    ("a", "b", "p"),
    [
        (0, 0, 1),
        (4, 4, 1),
        (0, 5, 2 / 2**5),
        (1, 7, 2 * (1 + 8) / 2**8),
        (10, 2, 2 * (1 + 12 + 66) / 2**12),
    ],
)
def test_mcnemars_p_value_is_a_sum_of_binomial_coefficients(a, b, p):
    assert mcnemar(a, b) == pytest.approx(p)


def test_both_figures_and_their_difference_are_scikit_learns():
    found = compare(predictions(Y, A), predictions(Y, B), NAMES)
    scorers = {
        "macro_f1": lambda y, p: f1_score(y, p, average="macro"),
        "stance_f1": lambda y, p: f1_score(y, p, average="macro", labels=[0, 1]),
        "accuracy": accuracy_score,
    }
    assert set(found.scores) == set(found.differences) == set(scorers)
    for name, score in scorers.items():
        assert [e.value for e in found.scores[name]] == pytest.approx([score(Y, A), score(Y, B)])
        assert found.differences[name].value == pytest.approx(score(Y, A) - score(Y, B))
    assert (found.first, found.second, found.n_sentences, found.n_groups) == ("new", "old", 300, 300)


def test_sentences_that_just_one_model_gets_right_are_counted_and_tested():
    found = compare(predictions(Y, A), predictions(Y, B), NAMES)
    first = sum(a == y != b for y, a, b in zip(Y, A, B, strict=True))
    second = sum(b == y != a for y, a, b in zip(Y, A, B, strict=True))
    assert (found.only_first_right, found.only_second_right) == (first, second)
    assert found.p_value == pytest.approx(statsmodels_mcnemar([[0, first], [second, 0]], exact=True).pvalue)


def test_the_interval_of_a_difference_is_that_of_the_paired_normal_approximation():
    found = compare(predictions(Y, A), predictions(Y, B), NAMES)
    step = (A == Y).astype(float) - (B == Y)
    error = step.std() / np.sqrt(300)
    accuracy = found.differences["accuracy"]
    assert accuracy.low == pytest.approx(step.mean() - 1.96 * error, abs=0.25 * error)
    assert accuracy.high == pytest.approx(step.mean() + 1.96 * error, abs=0.25 * error)


@pytest.mark.parametrize("metric", ["macro_f1", "stance_f1", "accuracy"])
def test_models_that_err_alike_are_told_apart_more_finely(metric):
    def width(estimate):
        return estimate.high - estimate.low

    y, a, b = two_models(300, both=0.9)
    alike = compare(predictions(y, a), predictions(y, b), NAMES)
    unpaired = np.hypot(*map(width, alike.scores[metric]))
    assert width(alike.differences[metric]) < 0.6 * unpaired
    y, a, b = two_models(300, both=0)
    unlike = compare(predictions(y, a), predictions(y, b), NAMES)
    assert width(unlike.differences[metric]) == pytest.approx(np.hypot(*map(width, unlike.scores[metric])), rel=0.2)


def test_sentences_of_one_document_count_together():
    """If documents are all right or all wrong, ten sentences of each say no more than one."""
    y, a, b = two_models(40)
    few = compare(predictions(y, a, [f"d{i:02d}" for i in range(40)]), _like(y, b, 1), NAMES)
    many = compare(_like(y, a, 10), _like(y, b, 10), NAMES)
    assert many.n_groups == few.n_groups == 40
    for name, expected in few.differences.items():
        found = many.differences[name]
        assert (found.value, found.low, found.high) == pytest.approx((expected.value, expected.low, expected.high))


def _like(y, predicted, times):
    documents = [f"d{i:02d}" for i in range(len(y))]
    return predictions(np.repeat(y, times), np.repeat(predicted, times), np.repeat(documents, times))


def test_turned_round_the_comparison_says_the_opposite():
    found, turned = (compare(predictions(Y, p), predictions(Y, q), NAMES) for p, q in ((A, B), (B, A)))
    for name, difference in found.differences.items():
        other = turned.differences[name]
        expected = (-difference.value, -difference.high, -difference.low)
        assert (other.value, other.low, other.high) == pytest.approx(expected)
    assert found.verdict.startswith("new is better than old: macro-F1 higher by 0.")
    assert turned.verdict.startswith("new is worse than old: macro-F1 lower by 0.")
    assert turned.p_value == found.p_value


def test_between_a_model_and_itself_no_difference_is_shown():
    found = compare(predictions(Y, A), predictions(Y, A), NAMES)
    assert found.differences["macro_f1"] == Estimate(0, 0, 0)
    assert (found.p_value, found.disagreements) == (1, ())
    expected = "No difference is shown between new and old: macro-F1 +0.000 [+0.000, +0.000]."
    assert found.verdict == expected


def test_one_document_shows_nothing_of_others():
    found = compare(predictions(Y, A, ["d"] * 300), predictions(Y, B, ["d"] * 300), NAMES)
    by = f1_score(Y, A, average="macro") - f1_score(Y, B, average="macro")
    assert found.n_groups == 1
    assert (
        found.verdict == f"new and old differ by {by:.3f} macro-F1 on one group, of which nothing follows for others."
    )


@pytest.mark.parametrize(
    ("difference", "sentence"),
    [
        (Estimate(0.05, 0.01, 0.09), "new is better than old: macro-F1 higher by 0.050 [+0.010, +0.090]."),
        (Estimate(-0.05, -0.09, -0.01), "new is worse than old: macro-F1 lower by 0.050 [-0.090, -0.010]."),
        (
            Estimate(0.03, -0.01, 0.07),
            "No difference is shown between new and old: macro-F1 +0.030 [-0.010, +0.070].",
        ),
        (Estimate(0.03, 0, 0.07), "No difference is shown between new and old: macro-F1 +0.030 [+0.000, +0.070]."),
        (Estimate(-0.03, -0.07, 0), "No difference is shown between new and old: macro-F1 -0.030 [-0.070, +0.000]."),
        (
            Estimate(-0.03),
            "new and old differ by 0.030 macro-F1 on one group, of which nothing follows for others.",
        ),
    ],
)
def test_the_verdict_is_a_sentence_that_the_interval_allows(difference, sentence):
    assert verdict(*NAMES, difference) == sentence


def test_disagreements_are_listed_by_how_sure_one_model_is():
    first = predictions([0, 1, 2, 0, 1], [0, 1, 2, 0, 0], confidence=[0.6, 0.9, 0.5, 0.4, 0.7])
    second = predictions([0, 1, 2, 0, 1], [1, 1, 0, 2, 2], confidence=[0.5, 0.99, 0.95, 0.4, 0.8])
    found = compare(first, second, NAMES).disagreements
    assert [d.id for d in found] == ["row 3", "row 5", "row 1", "row 4"]
    assert (found[1].text, found[1].label) == ("Sentence 4 about the bridge.", "against")
    assert (found[1].first, found[1].first_score) == ("for", pytest.approx(0.7))
    assert (found[1].second, found[1].second_score) == ("neither", pytest.approx(0.8))


def test_every_disagreement_is_listed_once_under_its_id_and_none_if_not_asked_for():
    first, second = predictions(Y, A), predictions(Y, B)
    ids = np.array([f"s{i:03d}" for i in range(300)])
    first = replace(first, corpus=replace(first.corpus, ids=ids))
    found = compare(first, second, NAMES).disagreements
    assert sorted(d.id for d in found) == sorted(ids[A != B].tolist())
    assert all(d.first != d.second for d in found)
    assert compare(first, second, NAMES, sentences=False).disagreements == ()


@pytest.mark.parametrize("change", ["texts", "labels", "groups", "fewer", "order of labels"])
def test_different_corpora_are_refused(change):
    first = second = predictions(Y, A)
    corpus = first.corpus
    if change == "texts":
        second = replace(first, corpus=replace(corpus, texts=("Another.", *corpus.texts[1:])))
    elif change == "labels":
        second = predictions((Y + 1) % 3, A)
    elif change == "groups":
        second = predictions(Y, A, ["d"] * 300)
    elif change == "fewer":
        second = first.select(np.arange(299))
    else:
        second = Predictions(corpus, LABELS[::-1], first.probabilities[:, ::-1])
    with pytest.raises(DataError, match="new and old are compared on different sentences or labels; use one corpus"):
        compare(first, second, NAMES)
