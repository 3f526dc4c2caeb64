from dataclasses import replace

import pytest

from stance.corpus import GoldSentence
from stance.evaluation.attribution import canonical_speaker, same_speaker
from stance.text import default_register

ROW = GoldSentence("d", 0, 1, "", "Ruiz", "for", "indirect", "Ana Ruiz", "for", "indirect", "Ruiz", "for", "indirect")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the Ministry", "Ministry"),
        ("a senior official", "the senior official"),
        ("an engineer of the agency", "an engineer"),
        ("Paris", "France"),
        ("Russia and France", "France and Russia"),
        ("China, France and Russia", "France, Russia and China"),
    ],
)
def test_forms_of_one_name_are_one_speaker(one, other):
    register = default_register()
    assert canonical_speaker(one, register) == canonical_speaker(other, register)


@pytest.mark.parametrize(("one", "other"), [("a senior official", "an official"), ("Ruiz", ""), ("France", "Russia")])
def test_other_names_are_others(one, other):
    register = default_register()
    assert canonical_speaker(one, register) != canonical_speaker(other, register)


def test_either_reading_will_do_where_readers_differed_in_the_form_only():
    register = default_register()
    assert not same_speaker(ROW, "Ana Ruiz", register, None)
    assert same_speaker(replace(ROW, note="form"), "Ana Ruiz", register, None)


def test_an_owner_may_be_named_or_meant():
    row = replace(ROW, speaker="his colleague")
    assert same_speaker(row, "Oduya's colleague", default_register(), None)
