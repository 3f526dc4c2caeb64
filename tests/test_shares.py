import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from stance.shares import adjusted_shares, wilson

COUNT = st.integers(0, 20)


def column(n: int, **bounds):
    return st.lists(st.integers(**bounds), min_size=n, max_size=n)


def sentences(counts) -> list[tuple[str, int]]:
    """Each in a document of its own."""
    return [(f"{k}.{i}", k) for k, n in enumerate(counts) for i in range(n)]


def spread(confusion, n_groups=20) -> np.ndarray:
    """The counts of ``confusion`` in each of ``n_groups`` groups."""
    return np.repeat(np.array(confusion, dtype=float)[None], n_groups, axis=0)


def points(adjusted) -> list[float]:
    return [a.share for a in adjusted]


def width(adjusted) -> float:
    return adjusted.high - adjusted.low


@settings(deadline=None)
@given(st.integers(1, 500), st.data())
def test_wilsons_interval_is_statsmodels(n, data):
    count = data.draw(st.integers(0, n))
    assert wilson(count / n, n) == pytest.approx(proportion_confint(count, n, method="wilson"), abs=1e-9)


@st.composite
def solvable(draw):
    """Predicted counts, a confusion matrix, and the shares that its inverse gives, all above 2 %."""
    n = draw(st.integers(2, 4))
    confusion = np.array([draw(column(n, min_value=0, max_value=40 // (n - 1))) for _ in range(n)])
    np.fill_diagonal(confusion, 100)
    predicted = np.array(draw(column(n, min_value=1, max_value=100)))
    rates = confusion / confusion.sum(axis=1, keepdims=True)
    shares = np.linalg.solve(rates.T, predicted / predicted.sum())
    assume((shares > 0.02).all())
    return predicted.tolist(), confusion, shares


@settings(deadline=None, max_examples=50)
@given(solvable())
def test_adjusted_shares_are_what_the_inverse_of_the_confusion_matrix_gives_where_these_are_shares(found):
    predicted, confusion, expected = found
    assert points(adjusted_shares(sentences(predicted), spread(confusion, 1))) == pytest.approx(expected, abs=0.003)


def test_so_they_are_for_a_classifier_hardly_better_than_chance():
    confusion = np.array([[56, 44], [49, 51]])
    expected = np.linalg.solve(confusion.T / 100, [0.5, 0.5])
    assert expected == pytest.approx([1 / 7, 6 / 7])
    assert points(adjusted_shares(sentences([50, 50]), spread(confusion, 1))) == pytest.approx(expected, abs=0.003)


def test_where_the_inverse_gives_a_negative_share_the_nearest_likely_shares_have_none_of_that_label():
    """Of two labels the second is found more rarely than it would be if there were none of it."""
    rates = np.array([[0.8, 0.2], [0.1, 0.9]])
    assert np.linalg.solve(rates.T, [0.9, 0.1])[1] < 0
    assert points(adjusted_shares(sentences([90, 10]), spread(rates * 10))) == pytest.approx([1, 0], abs=1e-3)


@st.composite
def any_counts(draw):
    """Predicted columns by document and confusions by group, whatever they are, of labels that can be predicted."""
    n = draw(st.integers(2, 4))
    confusions = np.array(
        draw(st.lists(st.lists(column(n, min_value=0, max_value=9), min_size=n, max_size=n), min_size=1, max_size=4)),
        dtype=float,
    )
    predicted = draw(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, n - 1)), min_size=1, max_size=20))
    total = confusions.sum(axis=0)
    possible = (total.sum(axis=0) > 0) | (total.sum(axis=1) == 0)
    assume(possible[[k for _, k in predicted]].any())
    return predicted, confusions


@settings(deadline=None, max_examples=25)
@given(any_counts())
@example(([("a", 1)], np.zeros((1, 3, 3))))
def test_adjusted_shares_are_shares_each_within_its_interval(found):
    adjusted = adjusted_shares(*found)
    assert len(adjusted) == found[1].shape[1]
    assert sum(points(adjusted)) == pytest.approx(1)
    assert all(0 <= a.low <= a.share <= a.high <= 1 + 1e-9 for a in adjusted)


def test_so_they_are_where_all_that_is_predicted_was_never_predicted_before():
    adjusted = adjusted_shares([("a", 1)], spread([[5, 0], [5, 0]]))
    assert sum(points(adjusted)) == pytest.approx(1)


def test_a_classifier_that_never_errs_is_taken_at_its_word():
    adjusted = adjusted_shares(sentences([10, 30, 60]), spread(np.eye(3)))
    assert points(adjusted) == pytest.approx([0.1, 0.3, 0.6])


def test_a_label_of_which_nothing_is_known_is_taken_to_be_predicted_rightly():
    adjusted = adjusted_shares(sentences([10, 30, 60]), spread([[9, 1, 0], [1, 9, 0], [0, 0, 0]]))
    assert points(adjusted)[2] == pytest.approx(0.6)


def test_too_many_of_a_rare_label_are_corrected():
    """Of 1,000 sentences 100 have the first label; 90 of them and 180 of the others are found to have it."""
    first, second = adjusted_shares(sentences([270, 730]), spread([[18, 2], [4, 16]], 50))
    assert (first.share, second.share) == pytest.approx((0.1, 0.9), abs=1e-4)
    assert first.low < 0.1 < first.high < 0.27


def test_adjusted_shares_are_the_same_at_each_run_and_differ_in_their_interval_only_by_the_seed():
    parts = (sentences([20, 30]), spread([[8, 2], [3, 7]]))
    assert adjusted_shares(*parts) == adjusted_shares(*parts)
    other = adjusted_shares(*parts, random_state=1)
    assert points(other) == points(adjusted_shares(*parts))
    assert other != adjusted_shares(*parts)


def simulated(rng, n_documents, n_sentences, truth, rates, alike) -> np.ndarray:
    """Counts of true by predicted labels in each document, whose own shares stray the more the more ``alike`` its
    sentences are.
    """
    documents = []
    for _ in range(n_documents):
        of_label = rng.multinomial(n_sentences, rng.dirichlet(np.array(truth) / alike))
        documents.append([rng.multinomial(n, row) for n, row in zip(of_label, rates, strict=True)])
    return np.array(documents, dtype=float)


def test_intervals_hold_the_truth_about_95_times_in_100():
    truth, rates = [0.2, 0.8], [[0.8, 0.2], [0.1, 0.9]]
    rng, hits, widths = np.random.default_rng(2002), 0, []
    for _ in range(100):
        confusions = simulated(rng, 30, 20, truth, rates, alike=0.1)
        found = simulated(rng, 30, 8, truth, rates, alike=0.5).sum(axis=1).astype(int)
        predicted = [(f"{i}", k) for i, counts in enumerate(found) for k in (0, 1) for _ in range(counts[k])]
        first, second = adjusted_shares(predicted, confusions)
        assert (first.low <= truth[0] <= first.high) == (second.low <= truth[1] <= second.high)
        hits += first.low <= truth[0] <= first.high
        widths.append(width(first))
    assert hits >= 85
    assert np.mean(widths) < 0.3  # and not by saying nothing


def test_of_a_single_sentence_little_is_known():
    for adjusted in adjusted_shares([("a", 0)], spread([[8, 1, 1], [1, 8, 1], [1, 1, 8]])):
        assert width(adjusted) > 0.7


def test_more_sentences_or_better_known_errors_narrow_an_interval_and_likeness_within_documents_widens_it():
    confusion = [[8, 2], [2, 8]]
    few = adjusted_shares(sentences([15, 15]), spread(confusion))[0]
    many = adjusted_shares(sentences([300, 300]), spread(confusion))[0]
    assert width(many) < width(few) / 2
    some_err = [[[10, 0], [4, 6]], [[6, 4], [0, 10]]]
    hardly_known, well_known = (
        adjusted_shares(sentences([300, 300]), np.array(some_err * n, dtype=float))[0] for n in (2, 100)
    )
    assert width(well_known) < width(hardly_known) / 2
    alike = [(f"document {i}", i % 2) for i in range(20) for _ in range(30)]
    assert width(adjusted_shares(alike, spread(confusion))[0]) > 2 * width(many)
