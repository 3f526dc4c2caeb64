"""Logistic regression whose solver is chosen by how much there is to fit on."""

from __future__ import annotations

from numbers import Real
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.utils.validation import check_is_fitted

MANY = 100_000
"""Sentences from which on the exact optimum takes minutes a fit, and some passes of descent get as near as matters."""
SOLVERS = ("auto", "sgd", "lbfgs", "liblinear", "newton-cg", "newton-cholesky", "sag", "saga")
_PASSES = 5


class SizedLogisticRegression(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """L2-regularised logistic regression: exact for some sentences, by stochastic descent for many.

    Up to 100,000 sentences this is scikit-learn's ``LogisticRegression``. From there on it is five passes of averaged
    stochastic gradient descent over the same loss and penalty, one label against the rest (``SGDClassifier``; Bottou
    2012, "Stochastic Gradient Descent Tricks"). docs/speed.md has what that costs and gains.

    Parameters
    ----------
    C : inverse strength of the penalty, as in ``LogisticRegression``; descent has an ``alpha`` of 1 / (C n_sentences)
    class_weight : none, ``balanced``, or a weight for each label
    solver : ``auto``, ``sgd``, or one of ``LogisticRegression``'s
    max_iter, tol : when an exact solver stops
    random_state : seed of the descent
    """

    def __init__(
        self,
        C: float = 1.0,
        class_weight: Any = None,
        solver: str = "auto",
        max_iter: int = 2000,
        tol: float = 1e-4,
        random_state: Any = None,
    ) -> None:
        self.C = C
        self.class_weight = class_weight
        self.solver = solver
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit on a matrix of shape (n_sentences, n_terms) and the label of each sentence."""
        if self.solver not in SOLVERS:
            raise ValueError(f"solver is {self.solver!r}; give one of {', '.join(SOLVERS)}")
        if not isinstance(self.C, Real) or not self.C > 0:
            raise ValueError(f"C is {self.C!r}; give a number above 0")
        self.estimator_: Any = self._estimator(X.shape[0]).fit(X, y, sample_weight=sample_weight)
        self.classes_, self.n_features_in_ = self.estimator_.classes_, self.estimator_.n_features_in_
        self.coef_, self.intercept_ = self.estimator_.coef_, self.estimator_.intercept_
        return self

    def _estimator(self, n: int) -> Any:
        common = {"class_weight": self.class_weight, "random_state": self.random_state}
        if self.solver_for(n) != "sgd":
            return LogisticRegression(
                C=self.C, solver=self.solver_for(n), max_iter=self.max_iter, tol=self.tol, **common
            )
        return SGDClassifier(
            "log_loss", alpha=1 / (self.C * n), max_iter=_PASSES, tol=None, average=True, n_jobs=-1, **common
        )

    def solver_for(self, n: int) -> str:
        """The solver for ``n`` sentences."""
        if self.solver != "auto":
            return self.solver
        return "sgd" if n >= MANY else "lbfgs"

    def settled(self, n: int) -> Self:
        """One whose solver is that for ``n`` sentences, however many it is fitted on."""
        return clone(self).set_params(solver=self.solver_for(n))  # type: ignore[no-any-return]

    def reason(self, n: int) -> str:
        """Which solver fits ``n`` sentences, and why."""
        if self.solver != "auto":
            return f"logistic regression by {self.solver}, as asked"
        if n >= MANY:
            passes = f"{_PASSES} passes of averaged descent (sgd)"
            return f"logistic regression by {passes}: {n:,} sentences are {MANY:,} or more"
        return f"logistic regression by an exact solver (lbfgs): {n:,} sentences are less than {MANY:,}"

    def predict(self, X: Any) -> NDArray[Any]:
        """The most probable label of each row."""
        return np.asarray(self._fitted().predict(X))

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Probabilities, shape (n_sentences, n_labels); before any calibration."""
        return np.asarray(self._fitted().predict_proba(X))

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """Scores as scikit-learn shapes them."""
        return np.asarray(self._fitted().decision_function(X))

    def _fitted(self) -> Any:
        check_is_fitted(self, "estimator_")
        return self.estimator_
