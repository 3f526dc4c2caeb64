from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.model.abstention import abstention_threshold

FEWEST = 30
ANSWERS = st.lists(st.tuples(st.integers(30, 50), st.booleans()), min_size=1, max_size=120)


def threshold(answers, accuracy) -> float | None:
    confidence, right = zip(*answers, strict=True)
    return abstention_threshold(np.array(confidence, dtype=float), np.array(right, dtype=bool), accuracy)


def by_brute_force(answers, accuracy: Fraction) -> float | None:
    """Try each confidence, the lowest first."""
    for least in sorted({confidence for confidence, _ in answers}):
        kept = [right for confidence, right in answers if confidence >= least]
        if len(kept) >= min(FEWEST, len(answers)) and Fraction(sum(kept), len(kept)) >= accuracy:
            return least
    return None


@settings(deadline=None)
@given(ANSWERS, st.integers(0, 20).map(lambda n: Fraction(n, 20)))
def test_the_threshold_is_what_trying_each_confidence_finds(answers, accuracy):
    assert threshold(answers, float(accuracy)) == by_brute_force(answers, accuracy)


@settings(deadline=None)
@given(ANSWERS, st.floats(0, 1), st.randoms())
def test_the_order_of_sentences_does_not_matter(answers, accuracy, random):
    shuffled = random.sample(answers, len(answers))
    assert threshold(answers, accuracy) == threshold(shuffled, accuracy)


def test_the_lowest_confidence_that_reaches_the_target_is_found():
    """80 right from 0.6 on, then 20 wrong ones: at 0.55 80 of 90 are right, at 0.5 80 of 100."""
    answers = [(0.6 + i / 1000, True) for i in range(80)] + [(0.55, False)] * 10 + [(0.5, False)] * 10
    assert threshold(answers, 0.8) == 0.5
    assert threshold(answers, 0.85) == 0.55
    assert threshold(answers, 0.9) == 0.6
    assert threshold(answers, 1.0) == 0.6


def test_a_dip_above_the_threshold_does_no_harm():
    """At 0.7 fewer are right than asked, at 0.6 enough again."""
    answers = [(0.8, True)] * 40 + [(0.7, False)] * 10 + [(0.6, True)] * 50
    assert threshold(answers, 0.9) == 0.6


def test_sentences_of_one_confidence_are_answered_together_or_not_at_all():
    answers = [(0.9, True)] * 50 + [(0.7, True)] * 40 + [(0.7, False)] * 40
    assert threshold(answers, 0.9) == 0.9  # not after some of those at 0.7
    assert threshold(answers[::-1], 0.9) == 0.9
    assert threshold(answers, 0.69) == 0.7


def test_an_accuracy_out_of_reach_has_no_threshold():
    answers = [(0.5 + i / 1000, i % 4 > 0) for i in range(200)]
    assert threshold(answers, 0.95) is None
    assert abstention_threshold(np.array([]), np.array([], dtype=bool), 0.5) is None


def test_a_threshold_keeps_sentences_enough_to_tell_the_accuracy_by():
    lucky = [(0.9, True)] * (FEWEST - 1)
    unlucky = [(0.5, False)] * 50
    assert threshold(lucky + unlucky, 1.0) is None
    assert threshold([*lucky, (0.9, True), *unlucky], 1.0) == 0.9
    assert threshold(lucky, 1.0) == 0.9  # there are no more


@pytest.mark.parametrize("accuracy", [0.0, 0.5])
def test_a_target_that_is_reached_anyhow_abstains_from_nothing(accuracy):
    assert threshold([(0.4 + i / 100, i % 2 == 0) for i in range(60)], accuracy) == 0.4
