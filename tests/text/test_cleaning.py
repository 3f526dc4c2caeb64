import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.text.cleaning import clean_text

# Pieces that cleaning takes out, replaces or leaves, in any order.
PIECES = st.sampled_from(
    ["The inspectors", " ", "\n", "\n\n", "\f", "self-\n", "determination", "non\u2011compliance", "RenÈ", "22\n\n",
     ".1", "“", "”", "\ufb01nal", "\u00ad", "1 Letter to Hale.\n", "The Review", "• one", "•  two\n", "and", "."]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@given(TEXTS)
def test_what_is_left_stands_where_it_says_in_the_source(text: str) -> None:
    clean = clean_text(text)
    last = 0
    for i, character in enumerate(clean.text):
        start, end = clean.to_source(i, i + 1)
        assert last <= start < end <= len(text) or (start, end) == clean.to_source(i - 1, i)
        last = start
        if text[start:end] != character:  # then it was replaced
            assert character in "-é\nfi" or character.isspace()


@given(TEXTS, st.data())
def test_a_span_is_found_again_in_the_clean_text(text: str, data: st.DataObject) -> None:
    clean = clean_text(text)
    if clean.text:
        start = data.draw(st.integers(0, len(clean.text) - 1))
        end = data.draw(st.integers(start + 1, len(clean.text)))
        left, right = clean.from_source(*clean.to_source(start, end))
        assert left <= start
        assert right >= end
        assert clean.to_source(left, right) == clean.to_source(start, end)


@pytest.mark.parametrize(
    ("source", "clean"),
    [
        ("the right of self-\ndetermination is theirs", "the right of self-determination\nis theirs"),
        ("human activi-\nties, all activities", "human activities,\nall activities"),
        ("a dÈmarche by RenÈ, vis-‡-vis us, Ö and more", "a démarche by René, vis-à-vis us, … and more"),
        ("full non\u2011compliance and \ufb01nal of\ufb01ces", "full non-compliance and final offices"),
        ("so\u00adft and zero\u200bwidth", "soft and zerowidth"),
        ("a plan that was agreed \n\nby all of them.", "a plan that was agreed\nby all of them."),
    ],
)
def test_what_printing_and_extraction_left_is_mended(source: str, clean: str) -> None:
    assert clean_text(source).text == clean


@pytest.mark.parametrize(
    "text",
    [
        "• wants the inspectors in the \n• asks for a date that is \n\ncountry;\n\nbinding.",  # which goes on where?
        "NOTES\n\na) the first.\n\nb) the second.",
        "It ended there.\n\nlower case, but a new sentence.",
        "ÉTIENNE and Église, ÎLE and ÊTRE",
        "“Quoted” ‘twice’ — and – dashed…",
    ],
)
def test_what_may_be_meant_is_left_alone(text: str) -> None:
    assert clean_text(text).text == text
