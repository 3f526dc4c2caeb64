import io

import joblib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, softmax
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, RidgeClassifier, SGDClassifier
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier
from tests.model.test_terms import TEXT

from stance.errors import ConfigError
from stance.model import LinearModel
from stance.training import to_pipeline
from stance.training.linearize import check_vectorizer, coefficients, term_spaces

WORD = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
CHAR = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4))
VECTORIZERS = {
    "word": WORD,
    "char": CHAR,
    "counts": CountVectorizer(binary=True),
    "no_idf": TfidfVectorizer(use_idf=False, norm="l1", sublinear_tf=True),
    "word_char": FeatureUnion([("word", WORD), ("char", CHAR)], transformer_weights={"char": 0.5}),
}
CLASSIFIERS = {
    "logistic_regression": LogisticRegression(),
    "linear_svc": LinearSVC(),
    "sgd": SGDClassifier(random_state=0),
    "ridge": RidgeClassifier(),
    "complement_nb": ComplementNB(),
    "multinomial_nb": MultinomialNB(),
}


def fitted(vectorizer, classifier, corpus, n_labels):
    rows = np.flatnonzero(np.isin(corpus.y, corpus.labels[:n_labels]))
    texts = [corpus.texts[i] for i in rows]
    pipeline = make_pipeline(vectorizer, classifier).fit(texts, corpus.y[rows])
    labels = corpus.labels[:n_labels]
    coef, intercept = coefficients(pipeline[1], labels, len(pipeline[0].get_feature_names_out()))
    return pipeline, LinearModel(labels, term_spaces(pipeline[0]), coef[None], intercept[None])


@pytest.mark.parametrize("n_labels", [2, 3])
@pytest.mark.parametrize("vectorizer", VECTORIZERS)
@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_scores_and_probabilities_are_scikit_learns_for_any_text(classifier, vectorizer, n_labels, corpus):
    pipeline, model = fitted(VECTORIZERS[vectorizer], CLASSIFIERS[classifier], corpus, n_labels)
    order = [list(pipeline.classes_).index(label) for label in model.labels]
    exported = to_pipeline(model)

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.one_of(TEXT, st.sampled_from(corpus.texts)), min_size=1, max_size=4))
    def check(texts):
        if hasattr(pipeline[1], "decision_function"):
            decision = pipeline.decision_function(texts)
            expected = softmax(decision[:, order], axis=1) if decision.ndim > 1 else _two_columns(decision)[:, order]
            sign = 1 if decision.ndim > 1 or order == [0, 1] else -1
            ours = model.decision_function(texts)
            np.testing.assert_allclose(ours, sign * (decision[:, order] if decision.ndim > 1 else decision), atol=1e-9)
        else:
            expected = pipeline.predict_proba(texts)[:, order]
        np.testing.assert_allclose(model.predict_proba(texts), expected, rtol=0, atol=1e-9)
        np.testing.assert_allclose(exported.predict_proba(texts), expected, rtol=0, atol=1e-9)
        if isinstance(pipeline[1], LogisticRegression):  # the one whose own probabilities are these
            np.testing.assert_allclose(pipeline.predict_proba(texts)[:, order], expected, rtol=0, atol=1e-9)

    check()


def _two_columns(decision):
    return np.column_stack([expit(-decision), expit(decision)])


def test_the_exported_pipeline_survives_joblib_and_has_the_temperature_worked_in(trained, corpus):
    buffer = io.BytesIO()
    joblib.dump(to_pipeline(trained.model), buffer)
    loaded = joblib.load(buffer)
    np.testing.assert_allclose(
        loaded.predict_proba(corpus.texts), trained.model.predict_proba(corpus.texts), atol=1e-12
    )
    assert loaded.predict(corpus.texts).tolist() == trained.model.predict(corpus.texts).tolist()


@pytest.mark.parametrize(
    ("vectorizer", "message"),
    [
        (HashingVectorizer(), "HashingVectorizer cannot be saved as data"),
        (CountVectorizer(tokenizer=str.split), "tokenizer is code"),
        (TfidfVectorizer(preprocessor=str.lower), "preprocessor is code"),
        (CountVectorizer(analyzer=str.split), "analyzer must be word, char or char_wb"),
        (TfidfVectorizer(strip_accents=str.upper), "strip_accents is code"),
        (CountVectorizer(ngram_range=(0, 1)), "ngram_range begins at 0"),
        (TfidfVectorizer(dtype=np.float32), "dtype must be"),
    ],
)
def test_a_vectorizer_that_is_more_than_data_is_refused_before_training(vectorizer, message):
    with pytest.raises(ConfigError, match=message):
        check_vectorizer(vectorizer)


def test_the_english_stop_list_is_warned_of():
    with pytest.warns(UserWarning, match="removes not, no, against, must"):
        check_vectorizer(TfidfVectorizer(stop_words="english"))


def test_a_classifier_that_is_not_linear_is_refused():
    X, y = [[0], [1], [2]], ["a", "b", "c"]
    with pytest.raises(ConfigError, match="DecisionTreeClassifier is not linear"):
        coefficients(DecisionTreeClassifier().fit(X, y), ("a", "b", "c"), 1)


def test_a_classifier_that_compares_labels_pair_by_pair_is_refused():
    X, y = [[0], [1], [2], [3]], ["a", "b", "c", "d"]
    with pytest.raises(ConfigError, match="SVC has no weights of its own for each label"):
        coefficients(SVC(kernel="linear").fit(X, y), ("a", "b", "c", "d"), 1)


def test_a_target_that_the_model_does_not_have_is_refused(trained):
    with pytest.raises(ConfigError, match="leave the target out"):
        to_pipeline(trained.model, "bridge")
