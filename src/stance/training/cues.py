"""The cue lexicon as a vectorizer and a classifier that scikit-learn's tools, and ours, take like any other."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils.validation import check_is_fitted, validate_data

from stance.corpus import CueLexicon
from stance.errors import ConfigError


def cue_vectorizer(lexicon: CueLexicon) -> CountVectorizer:
    """A vectorizer that marks which of the lexicon's phrases a sentence has."""
    if not isinstance(lexicon, CueLexicon):
        raise ConfigError("The cue lexicon baseline needs a cue lexicon; choose one with labeling=….")
    space = lexicon.model().spaces[0]
    return CountVectorizer(
        vocabulary=list(space.vocabulary),
        ngram_range=space.settings.ngram_range,
        token_pattern=space.settings.token_pattern,
        binary=True,
    )


class CueClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """Sums the lexicon's weights; ``fit`` learns nothing but the label set."""

    def __init__(self, lexicon: CueLexicon) -> None:
        self.lexicon = lexicon

    def fit(self, X: Any, y: Any) -> Self:
        """Take the labels from ``y`` and the weights from the lexicon."""
        X = validate_data(self, X, accept_sparse=True)
        self.classes_ = np.unique(y)
        model = self.lexicon.model(list(self.classes_))
        if X.shape[1] != model.n_terms:
            raise ConfigError("classifier=cue_lexicon works on vectorizer=cues alone; leave the vectorizer out.")
        self.coef_, self.intercept_ = model.coef[0], model.intercept[0]
        return self

    def decision_function(self, X: Any) -> Any:
        """The summed weights, shape (n_sentences, n_labels)."""
        check_is_fitted(self)
        return X @ self.coef_.T + self.intercept_

    def predict(self, X: Any) -> Any:
        """The label with the most evidence."""
        return self.classes_[np.asarray(self.decision_function(X)).argmax(axis=1)]
