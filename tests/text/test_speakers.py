from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import DataError
from stance.text import MODES, Attribution, Register, attribute_speakers, default_register, split_sentences
from stance.text.register import Entry

AUTUMN = date(2002, 9, 20)


def attributions(document: str) -> list[Attribution]:
    return attribute_speakers(document, split_sentences(document), day=AUTUMN)


def speakers(document: str) -> list[str]:
    return [a.speaker for a in attribute_speakers(document, split_sentences(document))]


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ('"We will wait," said Foreign Minister Igor Sokolin.', "Sokolin"),
        ("President Hale told reporters that the text was ready.", "Hale"),
        ("A senior official, speaking on condition of anonymity, said the text was ready.", "a senior official"),
        ("Oslo remains unconvinced.", "Norway"),
        ("The ministry wants more time.", "the ministry"),
        ("According to a Mexican diplomat, four members are undecided.", "a Mexican diplomat"),
        ("Russia's deputy envoy, Pavel Lisitsyn, told the Council that the text was too hard.", "Lisitsyn"),
        ("But Minister Ana Ruiz argued that the text was too soft, Interfax news agency said.", "Ruiz"),
        ("In their half-hour meeting, President Hale told the envoy to wait.", "Hale"),
        ("WASHINGTON, Oct 12 (TTA) - Senator John McRay said the text was ready.", "McRay"),
        ("VIENNA, Oct. 1 – France said the text was ready.", "France"),
        ("Ms. Elena Petrova, a spokeswoman for the mission, disagreed.", "Petrova"),
        ("The White House said that the talks were useful.", "White House"),
        ("The defence chief was quoted by the Harbour Gazette as saying that he would wait.", "the defence chief"),
        ("The text, Hale added, would be short.", "Hale"),
        ("The text (Maurel told reporters) would be short.", "Maurel"),
        ("Officials in Washington said the text was ready.", "officials in Washington"),
        ("In the view of Minister Ana Ruiz the text was too soft.", "Ruiz"),
        ("The draft was rejected by Minister Ana Ruiz.", "Ruiz"),
        ("The envoy is said to be content with the draft.", "the envoy"),
        ("Oslo's position is that the old text will do.", "Norway"),
        ("An inspector who now teaches chemistry, Dr. Ruth Oduya, warned against haste.", "Oduya"),
        ("Despite what the ministry wants, Hale said he would wait.", "Hale"),
        ("France, Norway and Chile oppose the draft.", "France, Norway and Chile"),
        ('And from Oslo: "We need no new text."', "Norway"),
        ('"We will wait until May," said the envoy.', "the envoy"),
        ("Secretary of State Ana Ruiz said the deadline was short.", "Ruiz"),
    ],
)
def test_the_source_that_a_sentence_names_is_its_speaker(sentence, speaker):
    assert speakers(sentence) == [speaker]


@pytest.mark.parametrize(
    "sentence",
    [
        "The bridge was closed on Tuesday.",
        "Plans for the bridge are moving ahead.",
        "Both sides met for an hour.",
        "Plans for the bridge are moving ahead, reports TTA News Correspondent Lou Marsh.",
        "Norway and Chile issued notes.",
        "Minister Ana Ruiz did not comment.",
        "Minister Ana Ruiz should say more.",
        "A report is expected in May.",
        "It is said that the bridge will close.",
    ],
)
def test_the_narrators_own_words_are_charged_to_nobody(sentence):
    assert speakers(sentence) == [""]


def test_a_pronoun_is_whoever_spoke_last():
    document = "Minister Ana Ruiz said the text was too soft. It runs to five pages. She wants a deadline."
    assert speakers(document) == ["Ruiz", "", "Ruiz"]


def test_a_quotation_goes_on_until_its_mark_closes():
    document = '"We will wait," said Envoy Luc Maurel. "Nobody is ready. It will be spring."'
    assert speakers(document) == ["Maurel"] * 3


def test_a_transcript_gives_each_turn_to_its_label():
    document = "MR. HALE: We will wait.\n\nQ: For how long?\n\nMR. HALE: Until the report. It is due in May."
    assert speakers(document) == ["Hale", "reporter", "Hale", "Hale"]


def test_a_speech_belongs_to_whoever_gives_it():
    document = "Statement by H.E. Mr. Ndongo Abega, Minister\n\nWe came here to listen. My delegation wants a text."
    assert speakers(document)[0] == "Abega"


@pytest.mark.parametrize(
    "piece", ["said ", "X said. ", "“He said ", "According to ", "“Go now.” ", '"Hello there," he said. ', "in "]
)
def test_hostile_repetition_is_read_to_the_end(piece):
    document = piece * 20_000
    assert len(speakers(document)) == len(split_sentences(document))


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("The ambassador reported that France would object.", "France"),
        ("Minister Ana Ruiz said Oslo wanted more time.", "Norway"),
        ("France would object, the ambassador said.", "France"),
        ("TTA reported that Oslo would abstain.", "Norway"),
    ],
)
def test_of_nested_reports_the_innermost_view_counts(sentence, speaker):
    assert speakers(sentence) == [speaker]


@pytest.mark.parametrize(
    ("sentence", "speaker", "country"),
    [
        ("Paris remains opposed.", "France", "France"),
        ("The Quai d'Orsay welcomed the offer.", "Quai d'Orsay", "France"),
        ("Downing Street was unimpressed.", "Downing Street", "United Kingdom"),
        ("The British government wants a deadline.", "United Kingdom", "United Kingdom"),
        ("A senior French official said the text was ready.", "a senior French official", "France"),
        ("The US said it would wait.", "United States", "United States"),
        ("US officials said they would wait.", "US officials", "United States"),
        ("The UK said it would wait.", "United Kingdom", "United Kingdom"),
        ("Ingrid Moss, foreign minister of Norway, said she would wait.", "Moss", "Norway"),
    ],
)
def test_institutions_and_offices_speak_for_their_country(sentence, speaker, country):
    (found,) = attributions(sentence)
    assert (found.speaker, found.country) == (speaker, country)


def test_an_office_is_whoever_the_register_has_in_it_on_the_day():
    holder = Entry(
        "Oduya", country="Chile", roles=("foreign minister",), start=date(2002, 1, 1), end=date(2002, 12, 31)
    )
    document = "The Chilean foreign minister said he would wait. Santiago wants time. The foreign minister left."
    sentences = split_sentences(document)
    found = attribute_speakers(document, sentences, default_register() + Register((holder,)), AUTUMN)
    assert [(a.speaker, a.country) for a in found] == [("Oduya", "Chile"), ("Chile", "Chile"), ("", "")]


def test_name_office_and_pronoun_are_one_speaker():
    document = (
        "Foreign Minister Igor Sokolin arrived on Monday. Sokolin wants time. The foreign minister said so twice. "
        "He rejected the draft."
    )
    assert speakers(document) == ["", "Sokolin", "Sokolin", "Sokolin"]


def test_two_bearers_of_a_family_name_are_two_speakers():
    document = "Ana Ruiz said the draft was good. Pedro Ruiz said the draft was bad. Ana Ruiz disagreed."
    assert speakers(document) == ["Ana Ruiz", "Pedro Ruiz", "Ana Ruiz"]


def test_a_register_may_be_a_path_and_a_date_a_string(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("- {name: Ana Ruiz, aliases: [Ruiz], country: Spain}\n")
    text = "Ruiz wants more time."
    (found,) = attribute_speakers(text, split_sentences(text), register=path, day="2002-09-20")
    assert (found.speaker, found.country) == ("Ana Ruiz", "Spain")
    with pytest.raises(DataError, match="'soon' is no date; write it as 2002-09-20"):
        attribute_speakers(text, split_sentences(text), day="soon")


def test_both_countries_are_the_two_that_were_mentioned_last():
    document = "Chile, along with Norway, is a member. Both countries have voiced reservations to the draft."
    assert speakers(document)[1] == "Chile and Norway"


@pytest.mark.parametrize(
    "document",
    [
        '"We will wait.\n\n"Nobody is ready.\n\n"It will be spring," said Envoy Luc Maurel.',
        "Envoy Luc Maurel told us: “We will wait.\n\n“Nobody is ready.\n\n“It will be spring.”",
        "‘We will wait,’ said Envoy Luc Maurel. ‘Nobody’s ready.’",
        "'We will wait,' said Envoy Luc Maurel. 'Nobody is ready.'",
        "«We will wait», said Envoy Luc Maurel. «Nobody is ready.»",
        '"We will wait," Luc Maurel said, "until the report is here."',
    ],
)
def test_a_quotation_is_whole_whatever_its_marks_and_paragraphs(document):
    assert {(a.speaker, a.mode) for a in attributions(document)} == {("Maurel", "quotation")}


def test_a_mark_that_nothing_closes_swallows_no_more_than_its_paragraph():
    document = '"An unclosed mark.\n\nMinister Ana Ruiz wants time.\n\nThe bridge was closed.'
    assert speakers(document)[1:] == ["Ruiz", ""]


@pytest.mark.parametrize(
    ("sentence", "mode"),
    [
        ("“We will wait,” said Hale.", "quotation"),
        ("Hale said he “cannot accept” the draft.", "indirect"),
        ("Hale remains opposed.", "position"),
        ("The bridge was closed.", "narration"),
    ],
)
def test_the_mode_says_how_a_view_is_given(sentence, mode):
    assert [a.mode for a in attributions(sentence)] == [mode]


def test_spans_are_the_words_that_the_rule_rests_on():
    document = "On Monday Foreign Minister Ana Ruiz told reporters that the text was ready."
    (found,) = attributions(document)
    assert found.speaker_span
    assert found.cue_span
    assert document[slice(*found.speaker_span)] == "Foreign Minister Ana Ruiz"
    assert document[slice(*found.cue_span)] == "told"
    assert 0 < found.confidence < 1


PIECES = [
    *"“”\"'‘’«»—:,.()? \n",
    "Hale ",
    "said ",
    "who ",
    "France ",
    "and ",
    "Q: ",
    "of ",
    "the ",
    "’s ",
    "was ",
    "by ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_text_is_attributed_without_an_exception(document):
    sentences = split_sentences(document)
    found = attribute_speakers(document, sentences)
    assert len(found) == len(sentences)
    assert all(a.mode in MODES and (a.speaker == "") == (a.mode == "narration") for a in found)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(
            "An engineer from Leeds came to see us. The man said he would wait. The younger one would not.",
            ["", "an engineer from Leeds", "the younger one"],
            marks=pytest.mark.xfail(reason="'the younger one' needs somebody to be younger than", strict=True),
        ),
        pytest.param(
            "Minister Ana Ruiz spoke for an hour. There was no hurry. The old text would do.",
            ["", "Ruiz", "Ruiz"],
            marks=pytest.mark.xfail(reason="free indirect speech has no cue to find it by", strict=True),
        ),
        pytest.param(
            "Of Norway, the same envoy reported that it would not be hurried.",
            ["Norway"],
            marks=pytest.mark.xfail(reason="'it' is taken for a body spoken of before, not for the topic", strict=True),
        ),
        pytest.param(
            "“My neighbours ask for time,” said a delegate.",
            ["the delegate's neighbours"],
            marks=pytest.mark.xfail(reason="views told inside a quotation are left to whoever is quoted", strict=True),
        ),
        pytest.param(
            "A letter from the clergy lies before us.\n\n“We ask you to look.”",
            ["", "the clergy"],
            marks=pytest.mark.xfail(reason="a document is not yet a source of the quotation after it", strict=True),
        ),
    ],
)
def test_cases_that_we_do_not_read_yet(document, expected):
    assert speakers(document) == expected


def test_what_a_paragraph_announces_belongs_to_whom_it_names():
    text = (
        "Minister Ana Ruiz met the committee on Tuesday.\n\n"
        "Mr Luc Maurel of the opposition asked:\n\n"
        "“Why must the bridge be built before the harbour is dredged?”\n\n"
        "Ms Ruiz listed three points:\n\n"
        "•  the ferry was old;\n\n"
        "•  the tunnel would cost more; and\n\n"
        "•  nobody had another plan.\n\n"
        "The committee rose at noon.\n"
    )
    found = {
        s.text[:12]: a
        for s, a in zip(split_sentences(text), attribute_speakers(text, split_sentences(text)), strict=True)
    }
    assert found["“Why must th"].speaker == "Maurel"
    assert {found[start].speaker for start in ("the ferry wa", "the tunnel w", "nobody had a")} == {"Ruiz"}
    assert found["the ferry wa"].rule == "announced"
    assert found["The committe"].speaker == ""
