import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from stance.model import TermSettings, TermSpace
from stance.training.linearize import term_spaces

# Characters whose lower case is longer, whose case depends on the neighbours, that decompose, combine, or are blanks
# of some kind, among ordinary ones.
AWKWARD = "İΣσßẞǅﬁéÅåе́ёЖ中한\u00a0\u2003\u0085\x1c\u200b_'’-. \t\nabAB01½²ᾳŉ\u0345\u0301\U0001d400"
TEXT = st.text(alphabet=st.one_of(st.sampled_from(AWKWARD), st.characters(codec="utf-8")), max_size=40)

VECTORIZER = st.builds(
    dict,
    analyzer=st.sampled_from(["word", "char", "char_wb"]),
    ngram_range=st.sampled_from([(1, 1), (1, 2), (2, 3), (1, 4), (3, 3)]),
    lowercase=st.booleans(),
    strip_accents=st.sampled_from([None, "unicode", "ascii"]),
    binary=st.booleans(),
    sublinear_tf=st.booleans(),
    norm=st.sampled_from(["l1", "l2", None]),
    use_idf=st.booleans(),
    token_pattern=st.sampled_from([r"(?u)\b\w\w+\b", r"(?u)\b\w+\b", r"(?u)(\w)\w*"]),
    stop_words=st.sampled_from([None, ["ab", "aa"]]),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(TEXT, min_size=2, max_size=5), TEXT, VECTORIZER)
@example(["ΑΣ ΑΣΑ", "İİ ab"], "ΑΣ İ ab", {"analyzer": "char_wb", "ngram_range": (1, 4)})
@pytest.mark.filterwarnings("ignore:The parameter")
def test_counts_and_values_are_scikit_learns_for_any_text(texts, unseen, parameters):
    vectorizer = TfidfVectorizer(**parameters)
    try:
        vectorizer.fit(texts)
    except ValueError:  # no term in any text
        return
    (space,) = term_spaces(vectorizer)
    for text in [*texts, unseen]:
        columns, values = space.values(text)
        row = np.zeros(len(space.vocabulary))
        row[columns] = values
        np.testing.assert_allclose(row, vectorizer.transform([text]).toarray()[0], rtol=0, atol=1e-12)


@given(TEXT, VECTORIZER)
@settings(max_examples=200, deadline=None)
@pytest.mark.filterwarnings("ignore:The parameter")
def test_terms_are_those_that_scikit_learn_counts_and_spans_lie_in_the_text(text, parameters):
    analyse = TfidfVectorizer(**parameters).build_analyzer()
    kept = {k: v for k, v in parameters.items() if k not in ("use_idf", "stop_words")}
    space = TermSpace(TermSettings(**kept, stop_words=tuple(parameters["stop_words"] or ())), (), None)
    if parameters["analyzer"] != "word":
        space = TermSpace(TermSettings(**kept), (), None)
    found = list(space.terms(text))
    assert sorted(term for term, _, _ in found) == sorted(analyse(text))
    assert all(0 <= start <= end <= len(text) for _, start, end in found)


def test_a_span_is_where_the_term_stands_even_if_lower_case_is_longer():
    space = TermSpace(TermSettings(), (), None)
    assert [(t, "İİ Stop it"[s:e]) for t, s, e in space.terms("İİ Stop it")] == [("stop", "Stop"), ("it", "it")]
    pairs = TermSpace(TermSettings(ngram_range=(2, 2)), (), None)
    assert list(pairs.terms("Do not  stop.")) == [("do not", 0, 6), ("not stop", 3, 12)]


def test_a_count_vectorizer_is_a_term_space_without_idf_and_norm():
    (space,) = term_spaces(CountVectorizer().fit(["stop stop now"]))
    columns, values = space.values("stop stop stop")
    assert (space.idf, [space.vocabulary[c] for c in columns], values.tolist()) == (None, ["stop"], [3.0])
