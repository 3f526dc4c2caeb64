import math
from dataclasses import replace

import numpy as np
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


def test_months_are_in_their_order_and_what_has_no_day_stands_last():
    documents = [(name, [said("Ruiz", "for", "Spain"), said("", "against")]) for name in "dcba"]
    dates = {"d": "2002-11-05", "c": "2002-11", "b": "", "a": "2002-09-20"}
    rolled = roll_up(documents, LABELS, by="month", dates=dates)
    assert [(r.name, r.country) for r in rolled] == [("2002-09", ""), ("2002-11", ""), ("(no known month)", "")]
    assert [[document for document, _ in r.sentences] for r in rolled] == [["a", "a"], ["d", "d", "c", "c"], ["b", "b"]]
    assert rolled[1].n_documents == 2
    assert rolled[1].shares["for"].share == 0.5  # the narrator's sentences among them
    assert [r.name for r in roll_up(documents, LABELS, by="month")] == ["(no known month)"]


def test_shares_are_of_the_sentences_that_the_model_answered():
    answers = ["for", "abstained", "against", "abstained", "for", "abstained", "for"]
    (rolled,) = roll_up([("a", [said("Ruiz", label) for label in answers])], LABELS)
    assert (len(rolled.sentences), rolled.n_abstained) == (7, 3)
    assert {label: (s.count, s.share) for label, s in rolled.shares.items()} == {"for": (3, 0.75), "against": (1, 0.25)}
    assert (rolled.shares["for"].low, rolled.shares["for"].high) == wilson(0.75, 4)


def test_who_gets_no_answer_has_no_shares():
    silent, _ = roll_up([("a", [said("Ruiz", "abstained")] * 2 + [said("", "for")])], LABELS)
    assert (silent.name, silent.n_documents, silent.n_abstained, silent.shares) == ("Ruiz", 1, 2, {})


ERRORS = np.repeat(np.array([[[18.0, 2.0], [4.0, 16.0]]]), 20, axis=0)


def test_shares_are_corrected_for_the_errors_that_the_model_is_known_to_make():
    """Nine in ten of those for are found to be for, and two in ten of those against: 27 in 100 where there are 10."""
    sentences = [said("Ruiz", "for")] * 27 + [said("Ruiz", "against")] * 73
    (rolled,) = roll_up([("a", sentences)], LABELS, confusions=ERRORS)
    assert rolled.shares["for"].share == 0.27
    assert {label: a.share for label, a in rolled.adjusted.items()} == pytest.approx(
        {"for": 0.1, "against": 0.9}, abs=1e-3
    )
    assert all(a.low <= a.share <= a.high for a in rolled.adjusted.values())
    (other_way,) = roll_up([("a", sentences)], LABELS[::-1], confusions=ERRORS[:, ::-1, ::-1])
    assert other_way.adjusted["for"].share == pytest.approx(rolled.adjusted["for"].share)


def test_shares_are_not_corrected_where_errors_are_not_known_or_the_model_abstained():
    documents = [("a", [said("Ruiz", "for"), said("Hale", "for"), said("Hale", "abstained")])]
    assert [r.adjusted for r in roll_up(documents, LABELS)] == [{}, {}]
    rolled = {r.name: r.adjusted for r in roll_up(documents, LABELS, confusions=ERRORS)}
    assert (list(rolled["Ruiz"]), rolled["Hale"]) == (["for", "against"], {})


@pytest.mark.parametrize("by", ["speaker", "country", "month"])
def test_each_row_is_corrected_by_its_own_sentences(by):
    rolled = roll_up(DOCUMENTS, LABELS, by=by, dates={"a": "2002-09-20"}, confusions=ERRORS)
    assert len(rolled) > 1
    for r in rolled:
        assert sum(a.share for a in r.adjusted.values()) == pytest.approx(1)
        sure = {label for label, s in r.shares.items() if s.share == 1}
        assert all(r.adjusted[label].share == pytest.approx(1, abs=1e-3) for label in sure)
