from hypothesis import given
from hypothesis import strategies as st

from stance.corpus import near_duplicates

QUOTED = "Nobody in this room has shown me why the bridge must be built before the harbour is dredged."


def test_a_quotation_reported_twice_is_found():
    texts = [QUOTED, "The clerk read the minutes.", "“" + QUOTED.upper()[:-1] + ",” he said."]
    assert [(i, j) for i, j, _ in near_duplicates(texts)] == [(0, 2)]


def test_sentences_on_the_same_subject_are_not_duplicates():
    texts = [QUOTED, "Nobody has shown why the harbour must be dredged before the bridge is built."]
    assert list(near_duplicates(texts)) == []


@given(st.lists(st.sampled_from(["a b c d", "a b c e", "x", "", "x y"]), max_size=12))
def test_exact_duplicates_are_always_found(texts):
    found = {(i, j) for i, j, similarity in near_duplicates(texts) if similarity == 1}
    assert {(i, j) for j in range(len(texts)) for i in range(j) if texts[i] == texts[j]} <= found
