import pytest

from stance.text import attribute_speakers, split_sentences


@pytest.mark.parametrize(
    ("transcript", "speakers"),
    [
        (
            "THE PRESIDENT: We wait.\n\nQ: Until when?\n\nSecretary Hale: Until May.",
            ["the President", "reporter", "Hale"],
        ),
        ("Briefer: Ana Ruiz, Deputy Spokesman\n\nQ: Until when?\n\nA: Until May.", ["reporter", "Ruiz"]),
        (
            "The SPEAKER (Mr. Moss). Order.\n\nMr. HALE. I rise to object.\n\nThe SPEAKER. Order, order.",
            ["Moss", "Hale", "Moss"],
        ),
        ("Jan Moss talks to Vera Hale\n\nJM: Until when?\n\nVH: Until May.", ["Moss", "Hale"]),
        ("HOST: Hello, I'm Carol Moss.\n\nHALE: Hello there.\n\nHOST: Until when?", ["Moss", "Hale", "Moss"]),
        ("Senator HALE (Northland) (12.51 p.m.) - I rise.\n\nSenator Moss - Order.", ["Hale", "Moss"]),
        ("Mr. Juan Oduya (Chile):\n\nWe came to listen. We shall vote.", ["Chile", "Chile"]),
        ("Interview by Jan Moss\n\nVera Hale lives here.\n\nQ. Until when?\n\nA. Until May.", ["", "Moss", "Hale"]),
    ],
)
def test_a_turn_is_whose_label_opens_it(transcript, speakers):
    assert [a.speaker for a in attribute_speakers(transcript, split_sentences(transcript))] == speakers


def test_a_heading_with_a_colon_is_no_turn():
    text = "Iraq: the letter\n\nThe bridge was closed on Tuesday."
    assert {a.speaker for a in attribute_speakers(text, split_sentences(text))} == {""}


@pytest.mark.xfail(reason="without persons in a header 'A' is left to whoever asked", strict=True)
def test_an_answer_is_that_of_whoever_answered_before():
    transcript = "Secretary Hale: It is late.\n\nQ: Until when?\n\nA: Until May."
    found = attribute_speakers(transcript, split_sentences(transcript))
    assert [a.speaker for a in found] == ["Hale", "reporter", "Hale"]
