import pytest

from stance.text.lexicon import words


@pytest.mark.parametrize(
    "name",
    [
        "auxiliaries",
        "carriers",
        "titles",
        "roles",
        "institutions",
        "openers",
        "particles",
        "determiners",
    ],
)
def test_every_list_holds_lower_case_words(name):
    assert words(name)
    assert all(word == word.lower() for word in words(name))
