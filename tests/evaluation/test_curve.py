import numpy as np
import pytest
from sklearn.metrics import f1_score

from stance.corpus import Corpus
from stance.errors import DataError
from stance.evaluation import CurvePoint, Estimate, Predictions, compare, learning_curve_points, would_more_help

LABELS = ("for", "against", "neither")
Y = np.random.default_rng(6).integers(0, 3, 240)
DOCUMENTS = np.array([f"d{i // 6:02d}" for i in range(240)])


def predictions(share, groups=DOCUMENTS):
    """Those of a model that is right that often."""
    rng = np.random.default_rng(round(100 * share))
    predicted = np.where(rng.random(240) < share, Y, (Y + rng.integers(1, 3, 240)) % 3)
    texts = tuple(f"Sentence {i}." for i in range(240))
    corpus = Corpus("bridge", texts, np.array(LABELS)[Y], LABELS, groups, neutral="neither")
    return Predictions(corpus, LABELS, np.eye(3)[predicted] * 0.97 + 0.01)


FITTED = [(100, predictions(0.5)), (200, predictions(0.7)), (1600, predictions(0.9))]


def macro(made, labels=(0, 1, 2)):
    return f1_score(Y, made.predicted, average="macro", labels=labels)


def test_each_point_has_the_figures_of_its_model():
    curve = learning_curve_points(FITTED)
    assert [point.n for point in curve] == [100, 200, 1600]
    for point, (_, made) in zip(curve, FITTED, strict=True):
        assert point.macro_f1.value == pytest.approx(macro(made))
        assert point.stance_f1.value == pytest.approx(macro(made, (0, 1)))
        assert point.macro_f1.low < point.macro_f1.value < point.macro_f1.high


def test_a_gain_is_the_difference_from_the_point_before_with_its_paired_interval():
    first, *rest = learning_curve_points(FITTED, random_state=3)
    assert first.gain is None
    for point, (_, before), (_, made) in zip(rest, FITTED, FITTED[1:], strict=False):
        assert point.gain.value == pytest.approx(macro(made) - macro(before))
        assert point.gain == compare(made, before, ("", ""), 3).differences["macro_f1"]


def test_a_model_that_learnt_nothing_more_gained_nothing():
    made = predictions(0.6)
    assert learning_curve_points([(10, made), (20, made)])[1].gain == Estimate(0, 0, 0)


def test_a_curve_that_rises_to_its_end_says_that_more_labels_help():
    curve = learning_curve_points(FITTED)
    gain = curve[-1].gain
    assert would_more_help(curve) == (
        f"From 200 to 1,600 sentences the macro-F1 changes by {gain.signed}: "
        "more labels of this kind should still help."
    )


@pytest.mark.parametrize("last", [0.9, 0.6], ids=["flat", "falling"])
def test_a_curve_that_is_flat_or_falls_says_that_no_gain_is_shown(last):
    whole = FITTED[-1][1] if last == 0.9 else predictions(last)
    curve = learning_curve_points([*FITTED, (3200, whole)])
    gain = curve[-1].gain
    assert would_more_help(curve) == (
        f"From 1,600 to 3,200 sentences the macro-F1 changes by {gain.signed}: a gain from more labels is not shown."
    )


def test_only_an_interval_above_zero_is_a_gain():
    def said(gain):
        figure = Estimate(0.5, 0.4, 0.6)
        return would_more_help([CurvePoint(10, figure, figure), CurvePoint(20, figure, figure, gain)])

    assert said(Estimate(0.02, 0.001, 0.04)).endswith("[+0.001, +0.040]: more labels of this kind should still help.")
    assert said(Estimate(0.02, 0.0, 0.04)).endswith("[+0.000, +0.040]: a gain from more labels is not shown.")
    assert said(Estimate(0.02, -0.001, 0.04)).endswith("[-0.001, +0.040]: a gain from more labels is not shown.")


def test_of_a_single_group_no_more_is_said_than_the_change():
    one = np.array(["d"] * 240)
    worse, better = predictions(0.5, one), predictions(0.9, one)
    curve = learning_curve_points([(10, worse), (20, better)])
    change = macro(better) - macro(worse)
    expected = f"From 10 to 20 sentences the macro-F1 changes by {change:+.3f}, on a single group."
    assert would_more_help(curve) == expected


def test_fewer_than_two_points_say_nothing():
    assert would_more_help(()) == ""
    assert would_more_help(learning_curve_points(FITTED[:1])) == ""


def test_all_points_are_on_one_test_set():
    with pytest.raises(DataError, match="different sentences"):
        learning_curve_points([FITTED[0], (200, FITTED[1][1].select(np.arange(200)))])
