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
def test_every_exact_duplicate_is_paired_with_the_first_of_its_kind(texts):
    found = {(i, j) for i, j, similarity in near_duplicates(texts) if similarity == 1}
    assert {(texts.index(text), j) for j, text in enumerate(texts) if texts.index(text) < j} == found


def test_ten_thousand_copies_are_counted_without_pairing_all_with_all():
    assert len(list(near_duplicates(["The clerk read the minutes."] * 10_000))) == 9_999
