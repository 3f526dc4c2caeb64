import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.model import hide_names, name_pattern
from stance.model.names import HIDDEN


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Hale said so.", "__   said so."),
        ("MR. HALE: Why, Hale's view.", "MR. __  : Why, __  's view."),
        ("Halesworth and shale", "Halesworth and shale"),
        ("hale and hearty", "hale and hearty"),
        ("al-Rumi left", "__      left"),
    ],
)
def test_a_name_is_hidden_as_a_whole_word_and_offsets_stay(text, hidden):
    found = hide_names(text, name_pattern(["Hale", "al-Rumi"]))
    assert found.split() == hidden.split()
    assert len(found) == len(text)


@given(st.text(), st.lists(st.text(alphabet="ABCÄabc'-", min_size=2, max_size=6)))
def test_hiding_twice_is_hiding_once(text, names):
    pattern = name_pattern(names)
    once = hide_names(text, pattern)
    assert len(once) == len(text)
    assert hide_names(once, pattern) == once


@given(
    st.text(alphabet="abBÄ'’-é. _1", max_size=40),
    st.lists(st.text(alphabet="abBÄ'-é.", min_size=1, max_size=4), min_size=1, max_size=8),
)
def test_names_are_hidden_as_by_trying_one_after_the_other_the_longest_first(text, names):
    forms = sorted({form for name in names for form in (name, name.upper())}, key=lambda form: (-len(form), form))
    plain = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)")
    assert hide_names(text, name_pattern(names)) == hide_names(text, plain)


def test_a_model_gives_one_answer_whichever_hidden_name_stands_there(trained):
    model = replace(trained.model, hidden_names=("Hale", "Oduya"))
    texts = [f"{name} said that we must build it." for name in ("Hale", "Oduya", HIDDEN)]
    rows = model.predict_proba(texts)
    np.testing.assert_array_equal(rows[0], rows[1])
    np.testing.assert_array_equal(rows[0], rows[2])
    spans = [span for term in model.explain(texts[0]).terms for span in term.spans]
    assert all(0 <= start < end <= len(texts[0]) for start, end in spans)
