import pytest

from stance.text import attribute_speakers, split_sentences


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
