import pytest

from stance.text.names import label_name, speaker_name


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Foreign Minister Igor Sokolin", "Sokolin"),
        ("Mr. Thamir al-Jubouri", "al-Jubouri"),
        ("the Quai d'Orsay", "Quai d'Orsay"),
        ("The State Department", "State Department"),
        ("Saudi Arabia", "Saudi Arabia"),
        ("a senior French official in Paris", "a senior French official"),
        ("Russia's deputy representative", "Russia's deputy representative"),
        ("Plans for the bridge", ""),
        ("the bridge", ""),
        ("they", ""),
    ],
)
def test_a_name_is_cut_to_the_shortest_form_without_title(phrase, name):
    assert speaker_name(phrase) == name


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("MR. HALE", "Hale"),
        ("Mr. Gerald Moss (Upper Dale) (Ind)", "Moss"),
        ("The Under-Secretary of State (Mr. Colin Thackwray)", "Thackwray"),
        ("Q", "Q"),
        ("Senator PELLERIN", "Pellerin"),
    ],
)
def test_a_transcripts_label_names_a_speaker(label, name):
    assert label_name(label) == name
