"""The compiled scorer gives what the reference in Python gives, whatever the text."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from stance.corpus import Corpus
from stance.model import LinearModel, TermSettings, TermSpace, linear
from stance.training.fit import fit

# Letters whose lower case is longer, final sigma, combining marks, other scripts and spaces, a lone surrogate.
ODD = "aB éß İΣσς_9' ́\u00a0\u2009\u3000ﬁǅ漢ह\u0130\ud800𝒜😀.-\n\t"
TEXTS = st.lists(st.text(alphabet=ODD, max_size=30) | st.text(max_size=20), min_size=1, max_size=8)
SETTINGS = st.builds(
    TermSettings,
    analyzer=st.sampled_from(["word", "char", "char_wb"]),
    ngram_range=st.sampled_from([(1, 1), (1, 2), (2, 3), (1, 4), (3, 5)]),
    lowercase=st.booleans(),
    strip_accents=st.sampled_from([None, "unicode", "ascii"]),
    binary=st.booleans(),
    sublinear_tf=st.booleans(),
    norm=st.sampled_from([None, "l1", "l2"]),
    weight=st.sampled_from([1.0, 0.5]),
)


def a_model(chosen, texts, seed=0):
    """A model whose terms are those of some of the texts, with arbitrary weights."""
    rng = np.random.default_rng(seed)
    spaces = []
    for s in chosen:
        counted = TermSpace(s, (), None)
        vocabulary = sorted({term for text in texts[::2] for term, _, _ in counted.terms(text)} | {"zz"})
        spaces.append(TermSpace(s, vocabulary, rng.uniform(1, 3, len(vocabulary)) if seed % 2 else None))
    n_terms = sum(len(space.vocabulary) for space in spaces)
    return LinearModel(("a", "b", "c"), tuple(spaces), rng.normal(size=(1, 3, n_terms)), rng.normal(size=(1, 3)))


def both(model, texts, monkeypatch):
    monkeypatch.setattr(linear, "BATCH_CHARACTERS", 0)
    compiled = model.scores(texts)
    monkeypatch.setattr(linear, "BATCH_CHARACTERS", 10**9)
    return compiled, replace(model).scores(texts)  # a copy, which has no kernel yet


@settings(deadline=None, max_examples=150)
@given(TEXTS, st.lists(SETTINGS, min_size=1, max_size=2), st.integers(0, 3))
def test_scores_are_those_of_the_reference(texts, chosen, seed):
    with pytest.MonkeyPatch.context() as monkeypatch:
        compiled, reference = both(a_model(chosen, texts, seed), texts, monkeypatch)
    np.testing.assert_allclose(compiled, reference, rtol=0, atol=1e-12)


@settings(deadline=None, max_examples=50)
@given(TEXTS)
def test_hidden_names_are_hidden_for_all_texts_at_once_as_for_each(texts):
    model = replace(a_model([TermSettings(ngram_range=(1, 2))], texts), hidden_names=("aB", "é"))
    with pytest.MonkeyPatch.context() as monkeypatch:
        compiled, reference = both(model, texts, monkeypatch)
    np.testing.assert_allclose(compiled, reference, rtol=0, atol=1e-12)


def test_a_name_shorter_than_what_stands_for_it_is_hidden_by_the_reference(monkeypatch):
    texts = ["Mr A met B", "A", "B A"]
    space = TermSpace(TermSettings(analyzer="char", ngram_range=(1, 3), norm=None), ("a", "__", " b", "r _"), None)
    weights = np.array([[[1.0, 2.0, 4.0, 8.0], [0.0] * 4]])
    model = LinearModel(("a", "b"), (space,), weights, np.zeros((1, 2)), hidden_names=("A",))
    compiled, reference = both(model, texts, monkeypatch)
    assert compiled.tolist() == reference.tolist()
    assert reference[0, 0] == 2.0 + 4.0 + 8.0


def test_many_texts_are_divided_among_threads_and_keep_their_order(monkeypatch):
    rng = np.random.default_rng(1)
    words = ["bridge", "tunnel", "Vote", "noise", "ÉCOLE", "now"]
    texts = [" ".join(rng.choice(words, rng.integers(0, 9))) for _ in range(3000)]
    model = a_model([TermSettings(ngram_range=(1, 2)), TermSettings(analyzer="char_wb", ngram_range=(2, 5))], texts)
    compiled, reference = both(model, texts, monkeypatch)
    np.testing.assert_allclose(compiled, reference, rtol=0, atol=1e-12)


def test_probabilities_are_scikit_learns(corpus, monkeypatch):
    monkeypatch.setattr(linear, "BATCH_CHARACTERS", 0)
    vectorizer, classifier = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression()
    model = fit(corpus, vectorizer, classifier)
    X = vectorizer.fit_transform(corpus.texts)
    order = [list(classifier.fit(X, corpus.y).classes_).index(label) for label in model.labels]
    np.testing.assert_allclose(
        model.predict_proba(corpus.texts), classifier.predict_proba(X)[:, order], rtol=0, atol=1e-12
    )


def test_each_target_has_weights_of_its_own(monkeypatch):
    texts = ["a bridge", "a tunnel", "a bridge"] * 5
    one = a_model([TermSettings(token_pattern=TermSettings().token_pattern)], texts)
    model = replace(
        one,
        coef=np.concatenate([one.coef, -one.coef]),
        intercept=np.concatenate([one.intercept] * 2),
        targets=("x", "y"),
    )
    monkeypatch.setattr(linear, "BATCH_CHARACTERS", 0)
    x, y = model.scores(texts, "x"), model.scores(texts, "y")
    np.testing.assert_allclose(x - model.intercept[0], -(y - model.intercept[0]), atol=1e-12)
    mixed = model.scores(texts, ["x", "y", "x"] * 5)
    np.testing.assert_allclose(mixed[1::3], y[1::3], atol=1e-12)


def test_a_hash_that_collides_changes_no_answer():
    """Where another word stands under a word's hash, the look-up compares the letters, and finds nothing."""
    from stance.model.kernel import Kernel

    space = TermSpace(TermSettings(norm=None), ("bridgehead", "tunnelling"), None)
    kernel = Kernel([space], [np.array([[[1.0, 0.0], [0.0, 1.0]]])], np.zeros((1, 2)))
    rows = np.zeros(1, dtype=np.int64)
    assert kernel.scores(["a bridgehead, a tunnelling"], rows).tolist() == [[1.0, 1.0]]
    kernel._parts[0].trie.letters[:10] = list(map(ord, "brigdehead"))
    assert kernel.scores(["a bridgehead, a tunnelling"], rows).tolist() == [[0.0, 1.0]]


def test_words_that_no_text_can_have_are_not_taken_for_others(monkeypatch):
    vocabulary = ("ab", "\x00ab", "", "ab  ab", " ab", "ab cd", "abcdefghi", "äb", "\x00abcdefgh", "abcdefgh")
    rng = np.random.default_rng(0)
    space = TermSpace(TermSettings(ngram_range=(1, 3), norm=None), vocabulary, None)
    model = LinearModel(("a", "b"), (space,), rng.normal(size=(1, 2, len(vocabulary))), np.zeros((1, 2)))
    compiled, reference = both(model, ["ab", "ab ab", "ab cd", "abcdefghi abcdefgh", "\x00ab äb", ""], monkeypatch)
    np.testing.assert_allclose(compiled, reference, rtol=0, atol=1e-12)


@pytest.mark.parametrize("asked", [{"stop_words": ("the",)}, {"token_pattern": r"(?u)\b\w+\b"}])
def test_what_the_kernel_does_not_do_is_left_to_the_reference(asked, monkeypatch):
    texts = ["the bridge a", "a tunnel"]
    compiled, reference = both(a_model([TermSettings(**asked)], texts), texts, monkeypatch)
    np.testing.assert_array_equal(compiled, reference)


def test_a_text_with_a_null_character_is_scored_too(monkeypatch):
    texts = ["a\x00bridge", "tunnel"]
    compiled, reference = both(a_model([TermSettings(analyzer="char", ngram_range=(1, 2))], texts), texts, monkeypatch)
    np.testing.assert_allclose(compiled, reference, rtol=0, atol=1e-12)


def test_few_texts_are_scored_without_importing_the_compiler(trained):
    import subprocess
    import sys

    program = "import sys, stance; stance.load().predict(['We need a new resolution.']); print('numba' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


def test_an_evaluation_of_many_sentences_uses_it_and_agrees(trained, monkeypatch):
    corpus = Corpus(
        "x",
        ("build now", "never") * 400,
        np.array(["for", "against"] * 400),
        trained.model.labels,
        np.arange(800).astype(str),
    )
    compiled, reference = both(trained.model, corpus.texts, monkeypatch)
    np.testing.assert_allclose(compiled, reference, rtol=0, atol=1e-12)
