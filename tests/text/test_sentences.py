from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import shared

from stance.text import read_document, split_lines, split_sentences
from stance.text.cleaning import clean_text


def texts(document: str) -> list[str]:
    return [s.text for s in split_sentences(document)]


def test_a_quotation_and_the_words_that_attribute_it_stay_together():
    assert texts('"Is it ready?" he asked. "Enough!" Dr. Hale said. They left.') == [
        '"Is it ready?" he asked.',
        '"Enough!" Dr. Hale said.',
        "They left.",
    ]


@pytest.mark.parametrize("marks", ['""', "“”", "''", "‘’"])
def test_a_quotation_of_three_sentences_gives_three(marks):
    opening, closing = marks
    document = f"{opening}We shall wait. Nobody is ready. It will be spring,{closing} she said."
    assert [t.strip(marks) for t in texts(document)] == [
        "We shall wait.",
        "Nobody is ready.",
        f"It will be spring,{closing} she said.",
    ]


def test_the_mark_that_opens_a_sentence_belongs_to_it():
    assert texts("“We agree. They do not.” He left. “So be it.”") == [
        "“We agree.",
        "They do not.”",
        "He left.",
        "“So be it.”",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "The text was shown to Ms. Rhona Tillie of the U.N. Secretariat.",
        "He thanked Sen. Oakley, Gen. Pike and Dr. A. B. Moss for coming.",
        "The clerk read out No. 5 on the list.",
    ],
)
def test_abbreviations_end_no_sentence(sentence):
    assert texts(sentence) == [sentence]


def test_labels_numbers_and_bullets_are_no_part_of_a_sentence():
    document = "MR. HALE: We will wait.\n\nQ. And then?\n\n12. The envoy disagreed.\n\n• They all went home.\n\n"
    document += "Mr. CASTLOW. Mr. Speaker, I object.\n\nMr. Gerald Moss (Upper Dale, North) (Ind): I do not object."
    assert texts(document) == [
        "We will wait.",
        "And then?",
        "The envoy disagreed.",
        "They all went home.",
        "Mr. Speaker, I object.",
        "I do not object.",
    ]


def test_stage_directions_are_no_sentences():
    assert texts("MR. HALE: That was a joke. (Laughter.)") == ["That was a joke."]


def test_lines_are_sentences_when_the_text_is_divided_already():
    found = split_lines("One line\r\n\r\n  another.  With two. \n")
    assert [(s.index, s.text, s.start, s.end) for s in found] == [
        (0, "One line", 0, 8),
        (1, "another. With two.", 14, 33),
    ]


@given(st.text(alphabet=st.sampled_from("aB .!?\n\r\t\"'“”‘’:()1-é\u00a0"), max_size=300))
def test_offsets_are_true_and_sentences_in_order(document):
    found = split_sentences(document)
    clean = clean_text(document)
    for s in found:
        assert s.text == " ".join(clean.text[slice(*clean.from_source(s.start, s.end))].split()) != ""
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert [s.index for s in found] == list(range(len(found)))


@pytest.mark.parametrize("piece", ["“Go. ", '"Go. It." ', "'Go. ", '("', "Go (now. ", "a\n", "X: y\n", "- "])
def test_hostile_repetition_is_read_to_the_end(piece):
    assert isinstance(split_sentences(piece * 20_000), list)


def test_a_line_of_ten_megabytes_is_read():
    assert len(split_sentences("We will wait for the report. " * 350_000)) == 350_000


def test_a_scraped_article_gives_its_sentences_and_none_of_its_furniture():
    document = read_document(shared("seeds/000_bbdf086b642d9ff2.txt")).text
    found = split_sentences(document)
    assert len(found) == 37
    assert (found[0].start, found[-1].end) == (16, 5113)  # after the navigation above, before that below
