"""The fast vectorizers are scikit-learn's, but for the time they take."""

import pickle
import warnings
from contextlib import contextmanager

import numpy as np
import pyarrow as pa
import pytest
import scipy.sparse
import sklearn
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.utils.estimator_checks import check_estimator

from stance.training import FastCountVectorizer, FastTfidfVectorizer, counts

ODD = "abAB éÉß İΣσ_9'́\u00a0\u3000ﬁǅ漢\ud800𝒜.-\n\x00"
TEXTS = st.lists(st.text(alphabet=ODD, max_size=25) | st.text(max_size=12), min_size=1, max_size=12)
PARAMETERS = st.fixed_dictionaries(
    {
        "analyzer": st.sampled_from(["word", "char", "char_wb"]),
        "ngram_range": st.sampled_from([(1, 1), (1, 2), (2, 2), (1, 3), (3, 5)]),
        "lowercase": st.booleans(),
        "strip_accents": st.sampled_from([None, "unicode", "ascii"]),
        "binary": st.booleans(),
        "min_df": st.sampled_from([1, 2, 0.0, 0.3]),
        "max_df": st.sampled_from([1.0, 0.6, 3]),
        "max_features": st.sampled_from([None, 1, 5, 40]),
        "dtype": st.sampled_from([np.float64, np.float32]),
    }
)
WEIGHTS = st.fixed_dictionaries(
    {
        "sublinear_tf": st.booleans(),
        "use_idf": st.booleans(),
        "smooth_idf": st.booleans(),
        "norm": st.sampled_from([None, "l1", "l2"]),
    }
)


@contextmanager
def in_small_parts():
    """As many texts are counted: by several threads, block after block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counts, "_FEWEST", 1)
        patch.setattr(counts, "_BLOCK", 2)
        yield


def outcome(vectorizer, texts, more):
    """What fitting and transforming give, or the error that they end in."""
    try:
        X = vectorizer.fit_transform(texts)
    except ValueError as error:
        return str(error)
    return X, vectorizer.transform(more), vectorizer


def assert_same(fast, plain, dtype=np.float64):
    if isinstance(plain, str) or isinstance(fast, str):
        assert fast == plain
        return
    tolerance = 1e-14 if dtype == np.float64 else 1e-6
    for ours, theirs in zip(fast[:2], plain[:2], strict=True):
        assert (ours.shape, ours.dtype, type(ours)) == (theirs.shape, theirs.dtype, type(theirs))
        ours.sort_indices()  # which they are, if the kernel has counted
        theirs.sort_indices()
        np.testing.assert_array_equal(ours.indptr, theirs.indptr)
        np.testing.assert_array_equal(ours.indices, theirs.indices)
        np.testing.assert_allclose(ours.data, theirs.data, rtol=tolerance)
    assert fast[2].vocabulary_ == plain[2].vocabulary_
    assert fast[2].get_feature_names_out().tolist() == plain[2].get_feature_names_out().tolist()
    if getattr(plain[2], "use_idf", False):
        np.testing.assert_array_equal(fast[2].idf_, plain[2].idf_)


@settings(deadline=None, max_examples=150)
@given(TEXTS, TEXTS, PARAMETERS, WEIGHTS)
def test_vocabulary_idf_and_matrix_are_scikit_learns(texts, more, parameters, weights):
    with in_small_parts():
        fast = outcome(FastTfidfVectorizer(**parameters, **weights), texts, more)
    assert_same(fast, outcome(TfidfVectorizer(**parameters, **weights), texts, more), parameters["dtype"])


@settings(deadline=None, max_examples=50)
@given(TEXTS, TEXTS, PARAMETERS)
def test_counts_are_scikit_learns(texts, more, parameters):
    parameters["dtype"] = np.int64
    with in_small_parts():
        fast = outcome(FastCountVectorizer(**parameters), texts, more)
    assert_same(fast, outcome(CountVectorizer(**parameters), texts, more))


@pytest.mark.parametrize("analyzer", ["word", "char", "char_wb"])
def test_many_texts_with_many_ties_are_counted_as_scikit_learn_counts_them(analyzer):
    rng = np.random.default_rng(3)
    words = ["".join(rng.choice(list("abcdeé"), rng.integers(1, 9))) for _ in range(900)]
    texts = [" ".join(rng.choice(words, rng.integers(0, 60))) for _ in range(2500)]
    parameters = {"analyzer": analyzer, "ngram_range": (1, 3), "max_features": 1000, "sublinear_tf": True}
    fast, plain = FastTfidfVectorizer(**parameters), TfidfVectorizer(**parameters)
    assert_same(outcome(fast, texts, texts[:100]), outcome(plain, texts, texts[:100]))


def test_the_columns_of_a_row_are_in_order():
    X = FastTfidfVectorizer(analyzer="char", ngram_range=(1, 3)).fit_transform(["the bridge, the tunnel", "zz aa"] * 9)
    assert all((np.diff(row.indices) > 0).all() for row in X)


def test_a_text_of_thousands_of_terms_is_counted():
    texts = [" ".join(f"w{i % 5000}" for i in range(20_000)), "w1 w2"]
    assert_same(outcome(FastTfidfVectorizer(), texts, texts), outcome(TfidfVectorizer(), texts, texts))


@pytest.mark.parametrize(
    ("fast", "plain"), [(FastTfidfVectorizer, TfidfVectorizer), (FastCountVectorizer, CountVectorizer)]
)
def test_the_checks_of_scikit_learn_end_as_they_do_for_its_own(fast, plain):
    def ended(estimator):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", sklearn.exceptions.SkipTestWarning)
            return {r["check_name"]: r["status"] for r in check_estimator(estimator, on_fail=None, on_skip=None)}

    assert ended(fast()) == ended(plain())


@pytest.mark.parametrize(
    "parameters",
    [
        {"stop_words": ["a", "the"]},
        {"token_pattern": r"(?u)\b\w+\b"},
        {"tokenizer": str.split, "token_pattern": None},
        {"preprocessor": str.upper},
        {"analyzer": str.split},
        {"vocabulary": ["bridge", "tunnel"]},
    ],
    ids=lambda parameters: next(iter(parameters)),
)
def test_what_the_kernel_does_not_count_scikit_learn_counts(parameters):
    texts = ["a bridge the tunnel", "the bridge", "A tunnel"]
    assert_same(
        outcome(FastTfidfVectorizer(**parameters), texts, texts), outcome(TfidfVectorizer(**parameters), texts, texts)
    )


@pytest.mark.parametrize(
    ("parameters", "documents"),
    [
        ({"min_df": 3, "max_df": 1}, ["a b", "c d"]),
        ({"min_df": -1}, ["aa bb"]),
        ({"ngram_range": (2, 1)}, ["aa bb"]),
        ({"ngram_range": "12"}, ["aa bb"]),
        ({"max_features": 0}, ["aa bb"]),
        ({"analyzer": "words"}, ["aa bb"]),
        ({"norm": "l3"}, ["aa bb"]),
        ({"strip_accents": "all"}, ["aa bb"]),
        ({}, "aa bb"),
        ({}, ["a", ""]),
        ({}, ["aa", np.nan]),
        ({}, []),
    ],
)
def test_errors_are_scikit_learns(parameters, documents):
    with pytest.raises(ValueError, match=r".") as theirs:
        TfidfVectorizer(**parameters).fit_transform(documents)
    with pytest.raises(ValueError, match=r".") as ours:
        FastTfidfVectorizer(**parameters).fit_transform(documents)
    assert str(ours.value).replace("Fast", "") == str(theirs.value)


def test_transforming_before_fitting_is_scikit_learns_error():
    with pytest.raises(sklearn.exceptions.NotFittedError):
        FastTfidfVectorizer().transform(["a"])


@pytest.mark.parametrize("kind", [tuple, iter, np.array, lambda x: np.array(x, dtype=object), pa.array, list])
def test_documents_come_in_any_collection(kind):
    texts = ["a bridge Σ", "the tunnel é", "a bridge"]
    X = FastTfidfVectorizer().fit_transform(kind(texts))
    np.testing.assert_array_equal(X.toarray(), TfidfVectorizer().fit_transform(texts).toarray())


def test_bytes_are_decoded_as_scikit_learn_decodes_them():
    texts = ["brücke".encode("latin-1"), b"tunnel"]
    fast = FastTfidfVectorizer(encoding="latin-1").fit(texts)
    assert fast.vocabulary_ == {"brücke": 0, "tunnel": 1}
    assert fast.transform(texts).shape == (2, 2)


def test_a_fitted_one_can_be_pickled_cloned_and_changed():
    texts = ["a bridge", "the tunnel", "the bridge"]
    fast = FastTfidfVectorizer(ngram_range=(1, 2)).fit(texts)
    again = pickle.loads(pickle.dumps(fast))
    np.testing.assert_array_equal(again.transform(texts).toarray(), fast.transform(texts).toarray())
    assert clone(fast).get_params() == fast.get_params()
    assert not hasattr(clone(fast), "vocabulary_")
    fast.idf_ = np.arange(1.0, 1 + len(fast.vocabulary_))
    again.idf_ = np.ones(len(fast.vocabulary_))
    assert abs(fast.transform(texts) - again.transform(texts)).max() > 0.1


def test_a_vocabulary_that_is_replaced_is_the_one_that_counts():
    texts = ["a bridge", "the tunnel", "the bridge"]
    fast = FastCountVectorizer(lowercase=False).fit(texts)
    fast.vocabulary_ = {"tunnel": 0}
    assert fast.transform(texts).toarray().tolist() == [[0], [1], [0]]


def test_the_matrix_is_of_the_kind_that_scikit_learn_is_set_to():
    try:
        context = sklearn.config_context(sparse_interface="sparray")
    except TypeError:
        pytest.skip("this scikit-learn has no such setting")
    with context:
        assert isinstance(FastTfidfVectorizer().fit_transform(["a bridge"]), scipy.sparse.csr_array)
