from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.text.quotations import find_quotations


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in find_quotations(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"Yes," he said, "but later."', ['"Yes,"', '"but later."']),
        ("“We will wait,” she said.", ["“We will wait,”"]),
        ("«Oui», a dit le ministre.", ["«Oui»"]),
        ("He called it ‘a farce’ and left.", ["‘a farce’"]),
        ("She said 'not yet' twice.", ["'not yet'"]),
        ("The ministers' view isn't the delegates' view.", []),
        ("It’s the inspectors’ report, don’t you see?", []),
        ("“He told me ‘never’ and went,” she said.", ["“He told me ‘never’ and went,”"]),
        ("'They took the ministers' view,' he said.", ["'They took the ministers' view,'"]),
        ("No marks at all.", []),
    ],
)
def test_marks_are_paired_and_apostrophes_left_alone(text, found):
    assert quoted(text) == found


def test_an_unclosed_quotation_runs_to_the_end_of_its_paragraph():
    assert quoted("He said: “We begin. There is more") == ["“We begin. There is more"]


@given(st.text(alphabet=st.sampled_from("ab s.,'’‘“”\"«»„"), max_size=80))
def test_any_mess_of_marks_gives_ordered_disjoint_spans(text):
    spans = find_quotations(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
