import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.annotation import AnnotatedSentence
from stance.rollup import roll_up, shares
from stance.shares import wilson

LABELS = ("for", "against")
BLANK = AnnotatedSentence(0, 0, 1, "x", "", "", "narration", "narration", 0.5, None, None, "for", 1.0, {})


def said(speaker: str, label: str, country: str = "") -> AnnotatedSentence:
    return replace(BLANK, speaker=speaker, country=country, label=label)


DOCUMENTS = [
    ("a", [said("Ruiz", "for", "Spain"), said("", "for"), said("Hale", "against"), said("Ruiz", "against", "Spain")]),
    ("b", [said("Ruiz", "for", "Spain"), said("Madrid", "for", "Spain"), said("", "against")]),
]


def test_speakers_come_by_the_number_of_sentences_and_the_narrator_last():
    rolled = roll_up(DOCUMENTS, LABELS)
    assert [(r.name, r.country, len(r.sentences), r.n_documents) for r in rolled] == [
        ("Ruiz", "Spain", 3, 2),
        ("Hale", "", 1, 1),
        ("Madrid", "Spain", 1, 1),
        ("", "", 2, 2),
    ]
    assert [(document, s.label) for document, s in rolled[0].sentences] == [
        ("a", "for"),
        ("a", "against"),
        ("b", "for"),
    ]
    assert {label: s.count for label, s in rolled[0].shares.items()} == {"for": 2, "against": 1}
    assert all(math.isclose(sum(s.share for s in r.shares.values()), 1) for r in rolled)


def test_a_country_is_whoever_speaks_for_it():
    rolled = roll_up(DOCUMENTS, LABELS, by="country")
    assert [(r.name, len(r.sentences)) for r in rolled] == [("Spain", 4), ("(no known country)", 1), ("", 2)]


@pytest.mark.parametrize(
    ("share", "n", "low", "high"),
    [
        # Newcombe, "Two-sided confidence intervals for the single proportion", Stat. Med. 17 (1998), table I
        (81 / 263, 263, 0.2553, 0.3662),
        (15 / 148, 148, 0.0624, 0.1605),
        (0 / 20, 20, 0.0000, 0.1611),
        (1 / 29, 29, 0.0061, 0.1718),
    ],
)
def test_intervals_are_wilsons(share, n, low, high):
    assert wilson(share, n) == pytest.approx((low, high), abs=5e-5)


def test_sentences_that_cluster_in_documents_tell_less():
    mixed = [(d, said("Ruiz", label)) for d in "abcdef" for label in LABELS]
    clustered = [(d, said("Ruiz", "for" if d in "abc" else "against")) for d in "abcdef" for _ in LABELS]
    (wide, narrow) = (shares(s, LABELS)["for"] for s in (clustered, mixed))
    assert wide.share == narrow.share == 0.5
    assert wide.high - wide.low > narrow.high - narrow.low
    assert (narrow.low, narrow.high) == wilson(0.5, 12)  # no more than independent sentences tell
    assert (wide.low, wide.high) == wilson(0.5, 6)  # no less than one sentence a document tells


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(LABELS)), min_size=1, max_size=30))
def test_a_share_lies_in_its_interval(drawn):
    for s in shares([(d, said("Ruiz", label)) for d, label in drawn], LABELS).values():
        assert 0 <= s.low <= s.share <= s.high <= 1
