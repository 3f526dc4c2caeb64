import pytest

from stance.text.names import family_name, label_name, strip_titles


@pytest.mark.parametrize(
    ("name", "stripped", "family"),
    [
        ("H.E. Mr. ALVARO RUIZ, MP", "Alvaro Ruiz", "Ruiz"),
        ("the Right Reverend Colin Moss", "Colin Moss", "Moss"),
        ("Colonel (ret.) Jan de Waal", "Jan de Waal", "de Waal"),
        ("Mr. Thamir al-Jubouri", "Thamir al-Jubouri", "al-Jubouri"),
        ("Dr. Lin Haoran", "Lin Haoran", "Lin"),
    ],
)
def test_a_name_loses_its_titles_and_then_all_but_the_family_name(name, stripped, family):
    assert strip_titles(name) == stripped
    assert family_name(stripped) == family


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("MR. HALE", "Hale"),
        ("Mr. Gerald Moss (Upper Dale) (Ind)", "Moss"),
        ("The Under-Secretary of State (Mr. Colin Thackwray)", "Thackwray"),
        ("Q", "Q"),
        ("Senator PELLERIN", "Pellerin"),
        ("THE CHAIRMAN", "the Chairman"),
        ("MR. DE WAAL", "de Waal"),
    ],
)
def test_a_transcripts_label_names_a_speaker(label, name):
    assert label_name(label) == name
