import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from stance.evaluation import Estimate
from stance.evaluation.bootstrap import GroupBootstrap, bootstrap_mean, mean


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def alone(n):
    """Every sentence a document of its own."""
    return np.array([f"{i:06d}" for i in range(n)])


def half(estimate):
    return (estimate.high - estimate.low) / 2


def test_the_interval_of_a_mean_is_that_of_the_normal_approximation(rng):
    values = rng.normal(3, 2, 500)
    found, error = bootstrap_mean(values, alone(500)), values.std() / np.sqrt(500)
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.25 * error)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=0.25 * error)


@pytest.mark.parametrize(("right", "n"), [(20, 60), (3, 40), (149, 150)])
def test_the_interval_of_a_share_is_that_of_the_binomial_distribution(right, n):
    """Of n draws from n sentences, the right ones are binomial, and so lopsided where few are wrong."""
    found = bootstrap_mean(np.arange(n) < right, alone(n))
    low, high = binom.ppf([0.025, 0.975], n, right / n) / n
    assert (found.low, found.high) == (pytest.approx(low, abs=1.01 / n), pytest.approx(high, abs=1.01 / n))


def test_documents_of_unequal_length_give_the_cluster_robust_interval(rng):
    documents = np.repeat(np.arange(120), rng.integers(1, 15, 120))
    values = rng.normal(0, 1, 120)[documents] + rng.normal(0, 1, len(documents))
    fitted = sm.OLS(values, np.ones(len(values))).fit(
        cov_type="cluster", cov_kwds={"groups": documents, "use_correction": False}
    )
    found = bootstrap_mean(values, documents.astype(str))
    assert half(found) == pytest.approx(1.96 * fitted.bse[0], rel=0.1)
    assert half(found) > 1.5 * half(bootstrap_mean(values, alone(len(values))))


def test_with_two_documents_the_interval_reaches_from_one_to_the_other():
    """Both draws are of the same document in half of all cases: far oftener than in one of forty."""
    found = bootstrap_mean(np.array([0.1, 0.2, 0.3, 1.0]), np.array(["a", "a", "a", "b"]))
    assert (found.value, found.low, found.high) == pytest.approx((0.4, 0.2, 1.0))


def test_documents_that_are_alike_leave_no_doubt():
    found = bootstrap_mean(np.tile([0.0, 1.0, 1.0, 1.0], 30), np.repeat(alone(30), 4))
    assert (found.value, found.low, found.high) == pytest.approx((0.75, 0.75, 0.75))


def test_of_one_document_there_is_a_figure_and_no_interval():
    found = bootstrap_mean(np.array([0.0, 1.0, 1.0, 0.0]), np.array(["d"] * 4))
    assert found == Estimate(0.5)
    assert (found.low, found.high) == (None, None)


def test_saying_everything_three_times_is_worth_nothing_within_a_document_and_much_in_documents_of_its_own(rng):
    values = rng.normal(0, 1, 200)
    once = bootstrap_mean(values, alone(200))
    within = bootstrap_mean(np.repeat(values, 3), np.repeat(alone(200), 3))
    assert (within.value, within.low, within.high) == pytest.approx((once.value, once.low, once.high))
    apart = bootstrap_mean(np.repeat(values, 3), alone(600))
    assert half(apart) == pytest.approx(half(once) / np.sqrt(3), rel=0.15)


def test_many_groups_give_an_interval_as_wide_as_it_should_be():
    """They are pooled, and right ones must meet neither right ones nor wrong ones oftener than by chance."""
    found = bootstrap_mean(np.arange(8000) < 3750, alone(8000))
    p = 3750 / 8000
    assert found.value == p
    assert half(found) == pytest.approx(1.96 * np.sqrt(p * (1 - p) / 8000), rel=0.1)


def test_many_groups_are_pooled_whole():
    """Two sentences of one document go to the same pool: of opposite worth, they cancel out."""
    draws = GroupBootstrap(np.repeat(alone(6000), 2), {"sum": np.tile([-1.0, 1.0], 6000), "n": np.ones(12000)})
    assert draws.of(mean("sum")) == Estimate(0, 0, 0)
    assert draws.n_groups == 6000


def test_differences_are_paired(rng):
    """What two models find hard alike is no part of the difference between them."""
    n = 400
    hard = rng.normal(0, 1, n)
    a, b = hard + rng.normal(0, 0.3, n), hard + rng.normal(0, 0.3, n)
    draws = GroupBootstrap(alone(n), {"a": a, "b": b, "n": np.ones(n)})
    found = draws.of(lambda sums: mean("a")(sums) - mean("b")(sums))
    unpaired = np.hypot(half(draws.of(mean("a"))), half(draws.of(mean("b"))))
    assert half(found) == pytest.approx(1.96 * (a - b).std() / np.sqrt(n), rel=0.1)
    assert half(found) < 0.5 * unpaired
    assert found.value == pytest.approx((a - b).mean())


def test_a_figure_does_not_differ_from_itself(rng):
    values = rng.normal(0, 1, 50)
    draws = GroupBootstrap(alone(50), {"a": values, "b": values, "n": np.ones(50)})
    found = draws.of(lambda sums: mean("a")(sums) - mean("b")(sums))
    assert (found.value, found.low, found.high) == (0, 0, 0)


def test_columns_keep_their_shape_and_their_sums(rng):
    table, plain = rng.integers(0, 9, (30, 2, 3)).astype(float), rng.integers(0, 9, 30).astype(float)
    draws = GroupBootstrap(np.repeat(alone(10), 3), {"table": table, "plain": plain})
    assert draws.total["table"].tolist() == table.sum(axis=0).tolist()
    assert draws.total["plain"] == plain.sum()
    assert draws.drawn["table"].shape[1:] == (2, 3)
    assert draws.estimate("table", lambda sums: sums[..., 1, 2]).value == table[:, 1, 2].sum()
    assert draws.n_groups == 10


def test_every_draw_has_as_many_groups_as_there_are():
    draws = GroupBootstrap(np.array(["a", "b", "b", "c"]), {"groups": np.array([1, 0.5, 0.5, 1])})
    assert set(draws.drawn["groups"].tolist()) == {3.0}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(-5, 5)), min_size=1, max_size=30), st.randoms())
def test_the_order_of_sentences_is_of_no_account_and_no_mean_leaves_the_range_of_the_documents(sentences, random):
    found = bootstrap_mean(*_columns(sentences))
    random.shuffle(sentences)
    again = bootstrap_mean(*_columns(sentences))
    documents = {name: [v for d, v in sentences if d == name] for name, _ in sentences}
    if len(documents) == 1:
        assert found == again == Estimate(np.mean([v for _, v in sentences]))
        return
    means = [np.mean(values) for values in documents.values()]
    assert min(means) - 1e-9 <= found.low <= found.high <= max(means) + 1e-9
    assert (again.value, again.low, again.high) == pytest.approx((found.value, found.low, found.high))


def _columns(sentences):
    documents, values = zip(*sentences, strict=True)
    return np.array(values, dtype=float), np.array(documents)


def test_the_same_random_state_gives_the_same_interval_and_another_one_almost(rng):
    values = rng.normal(0, 1, 100)
    first, again, other = (bootstrap_mean(values, alone(100), seed) for seed in (1, 1, 2))
    assert first == again
    assert first.value == other.value
    assert first.low != other.low
    assert first.low == pytest.approx(other.low, abs=0.03)


def test_an_estimate_is_written_with_its_interval_and_a_difference_with_its_signs():
    assert str(Estimate(0.71249, 0.7, 0.7331)) == "0.712 [0.700, 0.733]"
    assert Estimate(0.05, -0.01, 0.11).signed == "+0.050 [-0.010, +0.110]"
    assert str(Estimate(0.5)) == "0.500 [–]"
    assert Estimate(-0.5).signed == "-0.500 [–]"
