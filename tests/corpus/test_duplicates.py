from hypothesis import given
from hypothesis import strategies as st

from stance.corpus import duplicate_clusters, near_duplicates

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


def test_a_sentence_that_quotes_another_is_found_however_much_it_adds():
    reported = f"At the end of a long and stormy evening in the old hall Envoy Luc Maurel told the press that {QUOTED}"
    assert [(i, j) for i, j, _ in near_duplicates([reported, "Nobody spoke.", QUOTED])] == [(0, 2)]


def test_a_phrase_in_common_makes_no_duplicate():
    texts = ["Serious consequences will follow.", f"He said serious consequences will follow: {QUOTED}"]
    assert list(near_duplicates(texts)) == []


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=3, max_size=9).map(" ".join), max_size=10, unique=True))
def test_what_is_found_is_what_a_comparison_of_all_with_all_finds(texts):
    def shingles(text):
        words = text.split()
        return {tuple(words[i : i + 3]) for i in range(len(words) - 2)}

    expected = set()
    for j, second in enumerate(texts):
        for i, first in enumerate(texts[:j]):
            a, b = shingles(first), shingles(second)
            shorter = min(len(a), len(b))
            if len(a & b) >= 0.6 * len(a | b) or (shorter >= 6 and len(a & b) >= 0.8 * shorter):
                expected.add((i, j))
    found = {(i, j) for i, j, _ in near_duplicates(texts)}
    same = {(i, j) for i, j in expected if shingles(texts[i]) == shingles(texts[j])}
    assert found - same <= expected
    assert duplicate_clusters(texts).tolist() == clusters(len(texts), expected)


def clusters(n, pairs):
    """The number of each row's cluster, in the order in which clusters begin."""
    cluster = list(range(n))
    for i, j in pairs:
        cluster = [cluster[i] if c == cluster[j] else c for c in cluster]
    order = list(dict.fromkeys(cluster))
    return [order.index(c) for c in cluster]


def test_duplicates_of_duplicates_are_in_one_cluster():
    texts = ["a b c d e f g", "b c d e f g h", "c d e f g h i", "x y z", "X Y Z!", ""]
    assert duplicate_clusters(texts).tolist() == [0, 0, 0, 1, 1, 2]


def test_common_words_alone_do_not_make_the_work_quadratic(monkeypatch):
    monkeypatch.setattr("stance.corpus.duplicates._BUDGET", 1000)
    texts = [f"I thank you for word{i} and for word{i + 1} and word{i + 2}" for i in range(200)]
    texts += [f"{QUOTED} He said so.", f"{QUOTED} She said so."]
    assert (200, 201) in {(i, j) for i, j, _ in near_duplicates(texts)}
