from dataclasses import replace

import numpy as np
import pytest

from stance.corpus import Corpus
from stance.evaluation import Comparison, Estimate, Gate, Predictions, compare

LABELS = ("for", "against", "neither")
FLOORS = ("macro_f1", "stance_f1", "accuracy", "mcc")


def answers(n_right: int, one_group: bool = False) -> Predictions:
    """120 sentences, the first ``n_right`` of them labelled rightly and the others as the next label."""
    y = np.arange(120) % 3
    predicted = np.where(np.arange(120) < n_right, y, (y + 1) % 3)
    groups = np.array(["a" if one_group else str(i) for i in range(120)])
    corpus = Corpus(
        "small", tuple(map(str, range(120))), np.array([LABELS[k] for k in y]), LABELS, groups, neutral="neither"
    )
    return Predictions(corpus, LABELS, np.eye(3)[predicted] * 0.7 + 0.1)


GOOD, FAIR, POOR = answers(110), answers(104), answers(60)
ONE_SIDED = replace(GOOD, probabilities=np.eye(3)[GOOD.y % 2])  # right, but all that is neither is taken to be for


def against(first: Predictions, **others: Predictions) -> list[Comparison]:
    return [compare(first, other, ("This model", name)) for name, other in others.items()]


def failures(gate: Gate, first: Predictions = GOOD, **others: Predictions) -> list[str]:
    return gate.failures(first.metrics(), against(first, **others))


def test_without_a_demand_any_model_passes():
    assert failures(Gate(), POOR, good=GOOD) == []
    assert Gate().compared_with == ()


@pytest.mark.parametrize("name", FLOORS)
def test_a_figure_must_reach_its_floor_and_no_other(name):
    metrics = ONE_SIDED.metrics()
    value = getattr(metrics, name).value
    assert len({getattr(metrics, floor).value for floor in FLOORS}) == 4  # so that one is told from another
    assert Gate(**{name: value}).failures(metrics, ()) == []
    assert Gate(**{name: value - 0.01}).failures(metrics, ()) == []
    (failure,) = Gate(**{name: value + 0.001}).failures(metrics, ())
    assert failure == f"{name} is {value:.3f}, below {value + 0.001}"


def test_a_floor_of_zero_is_a_floor():
    assert failures(Gate(mcc=0.0), answers(0)) != []


def test_a_model_must_not_be_shown_to_be_worse_than_what_it_must_not_be_worse_than():
    gate = Gate(not_worse_than=("other",))
    assert failures(gate, GOOD, other=POOR) == []
    assert failures(gate, GOOD, other=GOOD) == []
    assert failures(gate, FAIR, other=answers(106)) == []  # lower, but within the interval
    (failure,) = failures(gate, POOR, other=GOOD)
    assert failure == "it is worse than other by 0.417 macro-F1"  # half of 60 sentences against 110 of 120


def test_a_model_must_be_shown_to_be_better_than_what_it_must_be_better_than():
    gate = Gate(better_than=("other",))
    assert failures(gate, GOOD, other=POOR) == []
    assert failures(gate, GOOD, other=GOOD) == ["it is not shown to be better than other (+0.000 macro-F1)"]
    assert failures(gate, answers(106), other=answers(105)) == [
        "it is not shown to be better than other (+0.008 macro-F1)"
    ]
    assert failures(gate, POOR, other=GOOD) == ["it is not shown to be better than other (-0.417 macro-F1)"]


def test_on_a_single_document_nothing_is_shown_and_the_difference_itself_counts():
    good, poor = answers(110, one_group=True), answers(60, one_group=True)
    worse, better = Gate(not_worse_than=("other",)), Gate(better_than=("other",))
    assert failures(worse, good, other=good) == failures(worse, good, other=poor) == []
    assert len(failures(worse, poor, other=good)) == 1
    assert len(failures(better, good, other=poor)) == 1


@pytest.mark.parametrize(
    ("low", "high", "worse", "better"),
    [
        (-0.2, -0.1, True, True),
        (-0.2, 0.0, False, True),
        (-0.1, 0.1, False, True),
        (0.0, 0.2, False, True),
        (0.1, 0.2, False, False),
    ],
)
def test_the_interval_of_the_macro_f1_decides_and_of_no_other_figure(low, high, worse, better):
    (compared,) = against(GOOD, other=FAIR)
    middle = (low + high) / 2
    differences = {
        "macro_f1": Estimate(middle, low, high),
        "stance_f1": Estimate(-middle, -high, -low),
        "accuracy": Estimate(-middle, -high, -low),
    }
    compared = replace(compared, differences=differences)
    assert len(Gate(not_worse_than=("other",)).failures(GOOD.metrics(), [compared])) == worse
    assert len(Gate(better_than=("other",)).failures(GOOD.metrics(), [compared])) == better


def test_every_demand_that_is_not_met_is_told_and_each_model_compared_with_once():
    gate = Gate(macro_f1=0.99, accuracy=0.1, mcc=0.99, not_worse_than=("a", "b"), better_than=("b", "c"))
    assert gate.compared_with == ("a", "b", "c")
    told = failures(gate, FAIR, a=POOR, b=answers(120), c=POOR)
    assert [failure.split(" by ")[0].split(" (")[0].split(" is 0.")[0] for failure in told] == [
        "macro_f1",
        "mcc",
        "it is worse than b",
        "it is not shown to be better than b",
    ]
