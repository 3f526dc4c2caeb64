import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score

from stance.corpus import Corpus
from stance.evaluation import Predictions
from stance.evaluation.confidence import CoveragePoint, coverage_curve, reliability_curve

LABELS = ("for", "against")


def predictions(confidence, right, groups=None):
    """The first label is predicted, with that confidence, and is the true one or not."""
    confidence = np.asarray(confidence, dtype=float)
    n = len(confidence)
    groups = np.array(groups if groups is not None else [f"{i:05d}" for i in range(n)])
    y = np.where(np.asarray(right, dtype=bool), "for", "against")
    corpus = Corpus("bridge", tuple(f"Sentence {i}." for i in range(n)), y, LABELS, groups)
    return Predictions(corpus, LABELS, np.stack([confidence, 1 - confidence], axis=1))


answers = st.lists(st.tuples(st.sampled_from([k / 40 for k in range(20, 41)]), st.booleans()), min_size=1, max_size=60)


@settings(deadline=None, max_examples=40)
@given(answers)
def test_every_sentence_is_in_one_bin(found):
    confidence, right = map(np.array, zip(*found, strict=True))
    made = predictions(confidence, right)
    right = made.right  # of two equal probabilities, the first is the answer
    curve = reliability_curve(made)
    assert sum(b.n for b in curve) == len(found)
    assert [b.low for b in curve] == sorted({b.low for b in curve})
    for b in curve:
        inside = (confidence >= b.low) & ((confidence < b.high) | (b.high == 1))
        assert b.n == inside.sum() > 0
        assert b.high - b.low == pytest.approx(0.1)
        assert b.confidence == pytest.approx(confidence[inside].mean())
        assert b.accuracy.value == pytest.approx(right[inside].mean())


def test_the_bins_make_the_calibration_error():
    rng = np.random.default_rng(4)
    made = predictions(rng.uniform(0.5, 1, 200), rng.random(200) < 0.7)
    error = sum(b.n * abs(b.confidence - b.accuracy.value) for b in reliability_curve(made)) / 200
    assert made.metrics().calibration_error.value == pytest.approx(error)


def test_a_bin_holds_its_lower_end_and_the_last_one_holds_certainty():
    curve = reliability_curve(predictions([0.5, 0.6, 0.9, 1.0], [True] * 4))
    assert [(b.low, b.high, b.n) for b in curve] == [(0.5, 0.6, 1), (0.6, 0.7, 1), (0.9, 1.0, 2)]


def test_the_interval_of_a_bin_is_that_of_the_normal_approximation():
    right = np.concatenate([np.arange(500) < 400, np.arange(500) < 275])
    sure, unsure = reliability_curve(predictions(np.repeat([0.95, 0.55], 500), right))[::-1]
    for b, p in ((sure, 0.8), (unsure, 0.55)):
        error = np.sqrt(p * (1 - p) / 500)
        assert b.accuracy.value == pytest.approx(p)
        assert b.accuracy.low == pytest.approx(p - 1.96 * error, abs=0.25 * error)
        assert b.accuracy.high == pytest.approx(p + 1.96 * error, abs=0.25 * error)


def test_one_document_gives_bins_without_intervals():
    (b,) = reliability_curve(predictions([0.85] * 4, [True, True, True, False], ["d"] * 4))
    assert str(b.accuracy) == "0.750 [–]"


def test_a_bin_that_is_always_right_is_not_doubted_because_draws_may_miss_it():
    confidence, documents = np.repeat([0.55, 0.95], [180, 20]), [f"d{i // 10:02d}" for i in range(200)]
    sure = reliability_curve(predictions(confidence, [True] * 200, documents))[-1]
    assert (sure.n, sure.accuracy.value) == (20, 1)
    assert (sure.accuracy.low, sure.accuracy.high) == (1, 1)


def test_a_bin_of_one_document_has_no_interval():
    confidence, documents = np.repeat([0.55, 0.95], [190, 10]), [f"d{i // 10:02d}" for i in range(200)]
    sure = reliability_curve(predictions(confidence, np.arange(200) % 2, documents))[-1]
    assert str(sure.accuracy) == "0.500 [–]"


@given(st.lists(st.booleans(), min_size=1, max_size=90), st.randoms())
def test_abstaining_below_a_threshold_answers_that_share_that_often_rightly(right, random):
    """All confidences being different."""
    right = np.array(right)
    confidence = np.array(random.sample([k / 1000 for k in range(500, 1000)], len(right)))
    curve = coverage_curve(confidence, right)
    assert curve[0].coverage == 1
    assert curve[0].threshold == confidence.min()
    assert curve[0].accuracy == pytest.approx(accuracy_score(np.ones(len(right)), right))
    assert len(curve) == min(len(right), 20)
    for point in curve:
        answered = confidence >= point.threshold
        assert point.threshold in confidence
        assert point.coverage == pytest.approx(answered.mean())
        assert point.accuracy == pytest.approx(right[answered].mean())
    assert [p.coverage for p in curve] == sorted({p.coverage for p in curve}, reverse=True)


def test_coverage_falls_in_steps_of_a_twentieth():
    curve = coverage_curve(np.random.default_rng(0).random(200), np.ones(200, dtype=bool))
    assert [p.coverage for p in curve] == pytest.approx([k / 20 for k in range(20, 0, -1)])
    assert {p.accuracy for p in curve} == {1}


def test_the_surest_sentences_are_answered_longest():
    confidence, right = np.array([0.6, 0.9, 0.7, 0.8]), np.array([False, True, False, True])
    assert coverage_curve(confidence, right) == (
        CoveragePoint(0.6, 1, 0.5),
        CoveragePoint(0.7, 0.75, pytest.approx(2 / 3)),
        CoveragePoint(0.8, 0.5, 1),
        CoveragePoint(0.9, 0.25, 1),
    )


def test_sentences_of_equal_confidence_are_answered_together():
    """No threshold parts them, as ``stance predict --abstain-below`` would find."""
    confidence, right = np.repeat([0.9, 0.8, 0.6], [10, 20, 10]), np.tile([True, True, False, True], 10)
    for point in coverage_curve(confidence, right):
        answered = confidence >= point.threshold
        assert point.coverage == pytest.approx(answered.mean())
        assert point.accuracy == pytest.approx(right[answered].mean())
