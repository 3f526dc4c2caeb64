import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    confusion_matrix,
    f1_score,
    log_loss,
    matthews_corrcoef,
    precision_recall_fscore_support,
)

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
    assert np.isnan(mean_f1(np.zeros((2, 2)), np.array([0, 1])))


def of_probabilities(y, probabilities, groups=None, neutral="neither"):
    groups = np.array(groups if groups is not None else [f"{i:05d}" for i in range(len(y))])
    return compute_metrics(np.array(y), np.array(probabilities, dtype=float), LABELS, neutral, groups)


def shares(weights):
    return [weight / sum(weights) for weight in weights]


# Of small whole numbers, so that certainty, ties and the ends of bins are all frequent.
sentence = st.tuples(st.integers(0, 2), st.tuples(*[st.integers(0, 4)] * 3).filter(any).map(shares), st.integers(0, 4))


@settings(deadline=None, max_examples=50)
@given(st.lists(sentence, min_size=1, max_size=40))
def test_figures_of_probabilities_are_scikit_learns(sentences):
    y, probabilities, groups = map(list, zip(*sentences, strict=True))
    predicted = [row.index(max(row)) for row in probabilities]
    found = of_probabilities(y, probabilities, [str(group) for group in groups])
    assert found.log_loss.value == pytest.approx(log_loss(y, probabilities, labels=[0, 1, 2]))
    brier = sum((p - (k == label)) ** 2 for label, row in zip(y, probabilities, strict=True) for k, p in enumerate(row))
    assert found.brier.value == pytest.approx(brier / len(y))
    scikit_learns = brier_score_loss(y, np.array(probabilities), labels=[0, 1, 2], scale_by_half=False)
    assert found.brier.value == pytest.approx(scikit_learns)
    correlation = matthews_corrcoef(y, predicted) if len({*y, *predicted}) > 1 else 0
    assert found.mcc.value == pytest.approx(correlation)
    of_labels = precision_recall_fscore_support(y, predicted, labels=[0, 1, 2], zero_division=0)
    for name, *expected, support in zip(LABELS, *of_labels, strict=True):
        label = found.by_label[LABELS.index(name)]
        assert (label.label, label.support) == (name, support)
        assert [label.precision, label.recall, label.f1.value] == pytest.approx(expected)
    assert found.calibration_error.value == pytest.approx(slow_calibration_error(y, probabilities))
    assert (found.accuracy.low is None) == (len(set(groups)) == 1)


def slow_calibration_error(y, probabilities):
    error = 0
    for i in range(10):
        inside = []
        for label, row in zip(y, probabilities, strict=True):
            if i / 10 <= max(row) < (i + 1) / 10 or (i == 9 and max(row) == 1):
                inside.append((max(row), row.index(max(row)) == label))
        if inside:
            confidences, right = zip(*inside, strict=True)
            error += len(inside) / len(y) * abs(np.mean(confidences) - np.mean(right))
    return error


def test_a_calibration_error_worked_out_by_hand():
    """Two sentences of confidence 0.95, one of them right, and three of 0.75 and 0.70, all right: 0.9 and 0.8 of 5."""
    rows = [[0.95, 0.03, 0.02], [0.95, 0.03, 0.02], [0.2, 0.75, 0.05], [0.2, 0.05, 0.75], [0.1, 0.2, 0.7]]
    assert of_probabilities([0, 1, 1, 2, 2], rows).calibration_error.value == pytest.approx((0.9 + 0.8) / 5)


def test_the_best_and_the_worst_figures():
    y = [0, 1, 2, 0, 1, 2]
    best, worst = of_probabilities(y, np.eye(3)[y]), of_probabilities(y, np.eye(3)[[1, 2, 0, 1, 2, 0]])
    for name, good, bad in (("accuracy", 1, 0), ("macro_f1", 1, 0), ("mcc", 1, -0.5), ("brier", 0, 2)):
        assert (getattr(best, name).value, getattr(worst, name).value) == pytest.approx((good, bad))
    assert (best.calibration_error.value, worst.calibration_error.value) == (0, 1)
    assert best.log_loss.value == pytest.approx(0, abs=1e-12)
    assert worst.log_loss.value == pytest.approx(-np.log(np.finfo(float).eps))


def test_a_model_that_always_says_the_same_has_no_correlation_with_the_truth():
    found = of_probabilities([0, 1, 2, 1], [[0.2, 0.5, 0.3]] * 4)
    assert (found.mcc.value, found.mcc.low, found.mcc.high) == (0, 0, 0)


def test_rows_of_the_confusion_matrix_are_true_labels():
    assert metrics([0, 0, 0, 2], [1, 1, 0, 2]).confusion == ((1, 2, 0), (0, 0, 0), (0, 0, 1))


def test_the_intervals_of_losses_are_those_of_the_normal_approximation():
    rng = np.random.default_rng(1)
    probabilities = rng.dirichlet([2, 2, 2], 500)
    y = np.array([rng.choice(3, p=row) for row in probabilities])
    found = of_probabilities(y, probabilities)
    losses = -np.log(probabilities[np.arange(500), y])
    distances = ((probabilities - np.eye(3)[y]) ** 2).sum(axis=1)
    for estimate, values in ((found.log_loss, losses), (found.brier, distances)):
        error = values.std() / np.sqrt(500)
        assert estimate.low == pytest.approx(values.mean() - 1.96 * error, abs=0.25 * error)
        assert estimate.high == pytest.approx(values.mean() + 1.96 * error, abs=0.25 * error)


def test_the_interval_of_an_f1_is_that_of_the_delta_method():
    """F1 is the ratio of two means, of 2 for a hit, and of 1 for each time that the label is true or predicted."""
    rng = np.random.default_rng(2)
    y = rng.integers(0, 3, 600)
    predicted = np.where(rng.random(600) < 0.7, y, rng.integers(0, 3, 600))
    found = metrics(y, predicted, groups=[f"{i:05d}" for i in range(600)]).by_label[0].f1
    above, below = 2.0 * ((y == 0) & (predicted == 0)), (y == 0).astype(float) + (predicted == 0)
    error = (above - found.value * below).std() / below.mean() / np.sqrt(600)
    assert found.low == pytest.approx(found.value - 1.96 * error, abs=0.25 * error)
    assert found.high == pytest.approx(found.value + 1.96 * error, abs=0.25 * error)


def test_a_rare_label_that_is_always_found_is_not_doubted_because_draws_may_miss_it():
    y = np.repeat([2, 1, 0], [300, 90, 10])
    documents = [f"d{i // 5:02d}" for i in range(400)]  # the rare label is that of two documents of 80
    found = metrics(y, y, documents).by_label[0].f1
    assert (found.value, found.low, found.high) == (1, 1, 1)


def test_the_interval_of_a_calibration_error_includes_it():
    """Of a hundred sentences each, as many are right as the confidence says: in no draw is it so in every bin."""
    rows, y = [], []
    for confidence in (0.55, 0.65, 0.75, 0.85, 0.95):
        rows += [[confidence, (1 - confidence) / 2, (1 - confidence) / 2]] * 100
        y += [0] * round(100 * confidence) + [1] * round(100 * (1 - confidence))
    found = of_probabilities(y, rows).calibration_error
    assert found.value == pytest.approx(0)
    assert found.low <= found.value <= found.high
