from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from stance.text.blocks import split_blocks


def blocks(text: str) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end in split_blocks(text)]


WRAPPED = """\
The delegates met again on the morning of the second day in order to settle
what they had been unable to settle on the first, and adjourned at noon with
nothing agreed.

A second paragraph."""


def test_hard_wrapped_lines_are_one_paragraph():
    assert [b.split()[-1] for b in blocks(WRAPPED)] == ["agreed.", "paragraph."]
    assert blocks(WRAPPED.replace("\n", "\r\n")) == blocks(WRAPPED)


def test_lines_that_had_room_for_more_stay_apart():
    assert blocks("Home\nWorld news\nSign in") == ["Home", "World news", "Sign in"]
    assert blocks("Ministry of Fisheries\nInformation Unit\nPress Communiqué No. 94") == [
        "Ministry of Fisheries",
        "Information Unit",
        "Press Communiqué No. 94",
    ]


def test_a_paragraph_a_line_without_blank_lines():
    long = "This sentence goes on for a good deal longer than anybody would ever wrap a line by hand " * 2
    assert len(blocks(f"{long}.\n{long}.\n{long}.")) == 3


def test_a_speakers_turn_begins_a_block():
    text = "Q: Will your government wait for the report, or is it bound to go ahead now?\nMR. HALE: We will wait."
    assert [b.split()[0] for b in blocks(text)] == ["Q:", "MR."]


@given(st.text(alphabet=st.sampled_from("aB .\n\r\t\f\"'“:-1\u2028\x85"), max_size=200))
def test_blocks_lose_and_double_nothing(text):
    spans = list(split_blocks(text))
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert "".join("".join(text[s:e].split()) for s, e in spans) == "".join(text.split())


def test_a_sentence_goes_on_in_the_next_line_however_ragged_the_lines_are():
    text = (
        "The delegates met in the early morning with the\n"
        "Prime Minister of Northland and the Secretary\n"
        "General, who spoke for long about what they\n"
        "wanted of us, and of Ostmark and\n"
        "Westmark: peace, that is, and a little time.\n"
    )
    assert len(blocks(text)) == 1


def test_one_line_that_a_joined_word_made_longer_does_not_part_the_others():
    lines = ["The people spoke at length of their self-determination and of independence, and of Ostmark"]
    lines += [
        "and its neighbours, who had waited a long time for",
        "Westmark to say what it wanted of them all, and for",
    ]
    lines += ["Northland to agree."]
    assert len(blocks("\n".join(lines))) == 1
