"""Between scikit-learn's fitted objects and the model as data, both ways."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import FunctionTransformer

from stance.errors import ConfigError
from stance.model import LinearModel, TermSettings, TermSpace, hide_names, name_pattern

Floats = NDArray[np.float64]


def check_vectorizer(vectorizer: Any) -> None:
    """Raise unless ``vectorizer`` can be saved as data; warn of a stop list that removes what stances hang on."""
    for part, _ in _parts(vectorizer):
        for name in ("preprocessor", "tokenizer", "strip_accents"):
            if callable(getattr(part, name)):
                raise ConfigError(f"The vectorizer's {name} is code, which a saved model cannot hold; leave it out.")
        if callable(part.analyzer) or part.input != "content":
            raise ConfigError("The vectorizer's analyzer must be word, char or char_wb, and its input content.")
        if part.ngram_range[0] < 1:
            raise ConfigError(
                f"The vectorizer's ngram_range begins at {part.ngram_range[0]}; it must begin at 1 or more."
            )
        if np.dtype(part.dtype) not in (np.dtype(np.float64), np.dtype(np.int64)):
            raise ConfigError("The vectorizer's dtype must be scikit-learn's default; other precisions are not saved.")
        if part.stop_words == "english":
            warnings.warn(
                "stop_words=english removes not, no, against, must, cannot, should, without, serious and further, "
                "which stances hang on; leave it out unless you mean it.",
                stacklevel=2,
            )


def term_spaces(vectorizer: Any) -> tuple[TermSpace, ...]:
    """A fitted CountVectorizer, TfidfVectorizer, or FeatureUnion of them, as data."""
    return tuple(_term_space(part, weight) for part, weight in _parts(vectorizer))


def _parts(vectorizer: Any) -> Iterator[tuple[CountVectorizer, float]]:
    if isinstance(vectorizer, FeatureUnion):
        weights = vectorizer.transformer_weights or {}
        for name, part in vectorizer.transformer_list:
            yield from ((inner, weight * float(weights.get(name, 1.0))) for inner, weight in _parts(part))
    elif isinstance(vectorizer, CountVectorizer):  # TfidfVectorizer is one
        yield vectorizer, 1.0
    else:
        raise ConfigError(
            f"{type(vectorizer).__name__} cannot be saved as data; use CountVectorizer, TfidfVectorizer, FeatureUnion."
        )


def _term_space(part: CountVectorizer, weight: float) -> TermSpace:
    tfidf = isinstance(part, TfidfVectorizer)
    settings = TermSettings(
        analyzer=part.analyzer,
        ngram_range=(int(part.ngram_range[0]), int(part.ngram_range[1])),
        lowercase=bool(part.lowercase),
        strip_accents=part.strip_accents,
        token_pattern=part.token_pattern,
        stop_words=tuple(sorted(part.get_stop_words() or ())) if part.analyzer == "word" else (),
        binary=bool(part.binary),
        sublinear_tf=bool(tfidf and part.sublinear_tf),
        norm=part.norm if tfidf else None,
        weight=weight,
    )
    vocabulary = sorted(part.vocabulary_, key=part.vocabulary_.__getitem__)
    return TermSpace(settings, tuple(vocabulary), np.array(part.idf_) if tfidf and part.use_idf else None)


def coefficients(classifier: Any, labels: Sequence[str], n_terms: int) -> tuple[Floats, Floats]:
    """What makes a fitted classifier's scores ``X @ coef.T + intercept``, rows in the order of ``labels``.

    The shapes are (n_labels, n_terms) and (n_labels,). Two labels get a row each, half the decision value to either
    side, so that their softmax is the logistic function.
    """
    if isinstance(classifier, ComplementNB):
        coef, intercept = classifier.feature_log_prob_, np.zeros(len(classifier.classes_))
    elif isinstance(classifier, MultinomialNB):
        coef, intercept = classifier.feature_log_prob_, classifier.class_log_prior_
    elif isinstance(classifier, DummyClassifier) and classifier.strategy in ("prior", "most_frequent"):
        coef, intercept = np.zeros((len(classifier.classes_), n_terms)), np.log(classifier.class_prior_)
    elif hasattr(classifier, "coef_") and hasattr(classifier, "intercept_"):
        coef, intercept = np.atleast_2d(classifier.coef_), np.atleast_1d(np.asarray(classifier.intercept_, dtype=float))
        intercept = np.broadcast_to(intercept, len(coef))
    else:
        raise ConfigError(
            f"{type(classifier).__name__} is not linear, so it cannot be saved as data; choose a linear classifier."
        )
    if len(labels) == 2 and len(coef) == 1:
        coef, intercept = np.vstack([-coef / 2, coef / 2]), np.hstack([-intercept / 2, intercept / 2])
    if len(coef) != len(labels):
        raise ConfigError(f"{type(classifier).__name__} has no weights of its own for each label; choose another.")
    order = [list(classifier.classes_).index(label) for label in labels]
    return np.asarray(coef[order], dtype=np.float64), np.asarray(intercept[order], dtype=np.float64)


def to_pipeline(model: LinearModel, target: str | None = None) -> Pipeline:
    """``model`` as a plain scikit-learn pipeline with the same probabilities, the temperature worked in."""
    (row,) = model.target_rows(target, 1)
    coef, intercept = model.coef[row] / model.temperature, model.intercept[row] / model.temperature
    if len(model.labels) == 2:
        coef, intercept = coef[1:] - coef[:1], intercept[1:] - intercept[:1]
    classifier = LogisticRegression()
    classifier.classes_, classifier.coef_, classifier.intercept_ = model.classes_, coef, intercept
    classifier.n_features_in_ = coef.shape[1]
    steps: list[tuple[str, Any]] = [("vectorizer", _vectorizer(model.spaces)), ("classifier", classifier)]
    if model.hidden_names:  # the one step that is not scikit-learn's own
        steps.insert(0, ("names", FunctionTransformer(hide_all, kw_args={"names": model.hidden_names})))
    return Pipeline(steps)


def hide_all(texts: Iterable[str], names: Sequence[str]) -> list[str]:
    """``texts`` with these names hidden, as a step of a pipeline."""
    pattern = name_pattern(names)
    return [hide_names(text, pattern) for text in texts]


def _vectorizer(spaces: tuple[TermSpace, ...]) -> Any:
    if len(spaces) == 1 and spaces[0].settings.weight == 1.0:
        return _fitted(spaces[0])
    names = [f"{space.settings.analyzer}_{i}" for i, space in enumerate(spaces)]
    weights = {name: space.settings.weight for name, space in zip(names, spaces, strict=True)}
    return FeatureUnion(
        [(name, _fitted(space)) for name, space in zip(names, spaces, strict=True)], transformer_weights=weights
    )


def _fitted(space: TermSpace) -> TfidfVectorizer:
    s = space.settings
    vectorizer = TfidfVectorizer(
        analyzer=s.analyzer,
        ngram_range=s.ngram_range,
        lowercase=s.lowercase,
        strip_accents=s.strip_accents,
        token_pattern=s.token_pattern,
        stop_words=list(s.stop_words) or None,
        binary=s.binary,
        sublinear_tf=s.sublinear_tf,
        norm=s.norm,
        vocabulary=list(space.vocabulary),
    )
    vectorizer.vocabulary_ = dict(space.columns)
    vectorizer.fixed_vocabulary_ = True
    vectorizer.idf_ = np.ones(len(space.vocabulary)) if space.idf is None else space.idf
    return vectorizer
