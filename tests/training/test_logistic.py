"""Logistic regression is exact for some sentences, and near enough for many."""

import logging
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import log_softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from stance.errors import ConfigError
from stance.training import SizedLogisticRegression, logistic, train
from stance.training.fit import fit


@pytest.fixture
def data(corpus):
    return TfidfVectorizer().fit_transform(corpus.texts), corpus.y


@pytest.fixture
def many(monkeypatch):
    """As if ninety sentences were many."""
    monkeypatch.setattr(logistic, "MANY", 90)


def log_loss(fitted, X, y):
    scores = X @ fitted.coef_.T + fitted.intercept_
    columns = np.searchsorted(fitted.classes_, y)
    return -log_softmax(scores, axis=1)[np.arange(len(y)), columns].mean()


def test_some_sentences_are_fitted_exactly_as_scikit_learn_fits_them(data):
    X, y = data
    ours = SizedLogisticRegression(C=3, class_weight="balanced", random_state=1).fit(X, y)
    theirs = LogisticRegression(C=3, class_weight="balanced", max_iter=2000).fit(X, y)
    np.testing.assert_array_equal(ours.coef_, theirs.coef_)
    np.testing.assert_array_equal(ours.predict_proba(X), theirs.predict_proba(X))
    np.testing.assert_array_equal(ours.decision_function(X), theirs.decision_function(X))


def test_many_sentences_are_fitted_by_descent_near_the_optimum(data, many):
    X, y = data
    X, y = X[np.tile(np.arange(90), 60)], np.tile(y, 60)
    descent = SizedLogisticRegression(C=1, random_state=1).fit(X, y)
    exact = SizedLogisticRegression(C=1, solver="lbfgs").fit(X, y)
    assert not np.array_equal(descent.coef_, exact.coef_)
    assert (descent.predict(X) == exact.predict(X)).mean() > 0.98
    nothing = log_loss(SizedLogisticRegression(C=1e-9).fit(X, y), X, y)
    assert log_loss(descent, X, y) < 0.5 * nothing


def test_descent_gives_the_same_weights_twice(data, many):
    X, y = data
    one, two = (SizedLogisticRegression(random_state=5).fit(X, y).coef_ for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_the_solver_can_be_named(data):
    X, y = data
    descent = SizedLogisticRegression(solver="sgd", random_state=1).fit(X, y)
    assert not np.array_equal(descent.coef_, SizedLogisticRegression().fit(X, y).coef_)
    newton = SizedLogisticRegression(solver="newton-cg").fit(X, y)
    np.testing.assert_allclose(newton.coef_, SizedLogisticRegression().fit(X, y).coef_, atol=0.01)


@pytest.mark.parametrize("solver", ["lbfgs", "sgd"])
def test_sentences_of_no_weight_teach_nothing(data, solver):
    X, y = data
    weights = np.ones(len(y))
    weights[y == "for"] = 0
    fitted = SizedLogisticRegression(solver=solver, random_state=1).fit(X, y, weights)
    assert "for" not in fitted.predict(X)


def test_an_unknown_solver_is_a_configuration_error(corpus):
    with pytest.raises(ConfigError, match="solver"):
        fit(corpus, TfidfVectorizer(), SizedLogisticRegression(solver="guess"))


@pytest.mark.parametrize(
    ("parameters", "told"), [({"solver": "x"}, "auto, sgd, lbfgs"), ({"C": -1}, "C is -1; give a number")]
)
def test_a_wrong_parameter_is_told_with_what_is_right(data, parameters, told):
    with pytest.raises(ValueError, match=told):
        SizedLogisticRegression(**parameters).fit(*data)


def test_folds_are_fitted_by_the_solver_of_the_model_though_they_are_smaller(corpus, monkeypatch):
    """Else a temperature would be learnt of another kind of model."""
    monkeypatch.setattr(logistic, "MANY", 60)
    parts = TfidfVectorizer(), GroupKFold(3)
    auto = train(corpus, parts[0], SizedLogisticRegression(random_state=1), parts[1])
    sgd = train(corpus, parts[0], SizedLogisticRegression(random_state=1, solver="sgd"), parts[1])
    assert auto.model.temperature == sgd.model.temperature
    np.testing.assert_array_equal(auto.model.coef, sgd.model.coef)


def test_the_solver_goes_by_the_sentences_of_a_target_each_of_which_is_fitted_by_itself(corpus, caplog, monkeypatch):
    monkeypatch.setattr(logistic, "MANY", 50)
    targets = np.array(["bridge", "tunnel"] * 45)
    with caplog.at_level(logging.INFO):
        train(replace(corpus, targets=targets), TfidfVectorizer(), SizedLogisticRegression(), GroupKFold(3))
    assert "by an exact solver (lbfgs): 30 sentences are less than 50" in caplog.text


def test_the_log_says_which_solver_and_why(corpus, caplog, monkeypatch):
    parts = TfidfVectorizer(), SizedLogisticRegression(), GroupKFold(3)
    with caplog.at_level(logging.INFO):
        train(corpus, *parts)
    assert "by an exact solver (lbfgs): 60 sentences are less than 100,000" in caplog.text
    monkeypatch.setattr(logistic, "MANY", 60)
    with caplog.at_level(logging.INFO):
        train(corpus, *parts)
    assert "by 5 passes of averaged descent (sgd): 60 sentences are 60 or more" in caplog.text
    with caplog.at_level(logging.INFO):
        train(corpus, TfidfVectorizer(), SizedLogisticRegression(solver="lbfgs"), GroupKFold(3))
    assert "by lbfgs, as asked" in caplog.text
