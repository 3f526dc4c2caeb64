import pytest

from stance.text import attribute_speakers, default_register, split_sentences
from stance.text.giver import find_giver

BODY = (
    "We came here to listen to everybody. I have listened for two days now. My delegation wants a text that is short. "
    "Nobody can say that the matter is simple. We shall vote for what is right, and I thank you all."
)
TOLD = (
    "The bridge was closed on Tuesday. Two trains were late. The mayor went home. It rained all day. Shops were shut."
)


@pytest.mark.parametrize(
    ("header", "giver"),
    [
        ("Speech by Hugh Moss MP to the annual session", "Hugh Moss"),
        ("Remarks of Dr. Jan Oduya, Association of Millers", "Jan Oduya"),
        ("The Bishop's Address\n\nDelivered by the Right Reverend Colin Moss in the hall", "Colin Moss"),
        ("Colonel (ret.) Jan de Waal\n\nFounders' Day", "Jan de Waal"),
        ("THE HARBOUR REVIEW\n\nA case for patience\n\nMarta Oduya", "Marta Oduya"),
        ("THE HARBOUR GAZETTE\n\nEditorial", "the paper"),
        ("PERMANENT MISSION OF CHILE TO THE UNITED NATIONS\n\nStatement by H.E. Mr. Juan Oduya, Minister", "Chile"),
    ],
)
def test_a_text_in_the_first_person_belongs_to_whom_its_header_names(header, giver):
    body = BODY.replace("I have", "We have").replace("I thank", "we thank") if giver == "the paper" else BODY
    assert find_giver(f"{header}\n\n{body}", default_register(), False).name == giver


def test_a_statement_belongs_to_the_body_that_issues_it():
    text = "MINISTRY OF WORKS\nPress release\n\nThe Ministry has read the report with care. The Ministry sees no hurry."
    assert find_giver(text, default_register(), False).name == "the Ministry"


def test_a_joint_communique_belongs_to_both():
    text = f"JOINT COMMUNIQUE\non the visit to Jordan of the Assistant Minister of China\n\n{TOLD}"
    assert find_giver(text, default_register(), False).name == "Jordan and China"


def test_a_letter_belongs_to_who_signs_it():
    text = f"14 October 2002\n\nDear Jan,\n\n{BODY}\n\nYours ever,\n\nMarta Moss"
    assert find_giver(text, default_register(), False).name == "Marta Moss"


def test_each_letter_of_a_page_of_letters_has_its_writer():
    text = (
        "LETTERS TO THE EDITOR\n\nI worked on that bridge for ten years.\n\nJan Moss, Upper Dale\n\n"
        "My father built it, and I want it kept.\n\nMarta Oduya, Harbour"
    )
    assert [a.speaker for a in attribute_speakers(text, split_sentences(text))] == ["Moss", "Oduya"]


def test_a_speech_without_a_header_belongs_to_the_country_it_calls_its_own():
    text = f"Mr. President, {BODY} My country, Chile, is small. Chile welcomes the report."
    assert find_giver(text, default_register(), False).name == "Chile"


@pytest.mark.parametrize("header", ["", "HARBOUR, Oct 12 (TTA) - ", "By Jan Moss\n\n"])
def test_a_report_has_a_narrator(header):
    assert find_giver(f"{header}{TOLD}", default_register(), False).name == ""


def test_the_writer_of_a_cable_speaks_in_its_comment_only():
    text = (
        "CONFIDENTIAL\nTELNO 11\n\nI called on the minister on Monday. The minister said he would wait.\n\n"
        "COMMENT\n\nThe text is too soft.\n\nMOSS\n"
    )
    assert [a.speaker for a in attribute_speakers(text, split_sentences(text))] == ["", "the minister", "Moss"]


def test_whoever_is_named_by_the_caller_gives_the_text():
    (found, *_) = attribute_speakers(BODY, split_sentences(BODY), giver="Fiji")
    assert (found.speaker, found.country, found.mode, found.rule) == ("Fiji", "Fiji", "quotation", "giver")


@pytest.mark.xfail(reason="lines of one block are joined, and a name goes on into the next line", strict=True)
def test_a_name_ends_with_its_line():
    text = f"Speech by Hugh Moss\nTown Hall, 3 May\n\n{BODY}"
    assert find_giver(text, default_register(), False).name == "Hugh Moss"


@pytest.mark.xfail(reason="'my country' is not looked for at the beginning of a sentence", strict=True)
def test_a_speech_may_call_a_country_its_own_at_the_beginning_of_a_sentence():
    text = f"Mr. President, {BODY} My country, Chile, is small."
    assert find_giver(text, default_register(), False).name == "Chile"
