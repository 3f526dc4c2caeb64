from datetime import date
from itertools import combinations

import pytest

from stance.errors import ConfigError
from stance.text import attribute_speakers, default_register, read_register, split_sentences

OWN = """
- name: Ana Ruiz
  aliases: [Ruiz, Señora Ruiz]
  country: Spain
  role: [foreign minister, minister of foreign affairs]
  from: 2001-01-01
  until: 2002-06-30
- name: Berta Ruiz
  aliases: [Ruiz]
  country: Spain
  role: foreign minister
  from: 2002-07-01
- name: Works
  kind: body
  aliases: [the Ministry of Works]
- name: Tirana
  kind: institution
  country: Italy
"""


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(OWN, "utf-8")
    return read_register(path)


def test_two_persons_of_a_name_are_told_apart_by_the_day(own):
    assert [own.canonical("Ruiz", day) for day in (date(2002, 6, 1), date(2002, 8, 1))] == ["Ana Ruiz", "Berta Ruiz"]
    assert own.canonical("Ruiz") == "Ruiz"  # nothing tells which


def test_an_office_is_whoever_holds_it_on_the_day(own):
    assert own.office_holder("Spain", "foreign minister", date(2002, 8, 1)).name == "Berta Ruiz"
    assert own.office_holder("Spain", "foreign minister", None) is None
    assert own.office_holder("Spain", "prime minister", date(2002, 8, 1)) is None


def test_articles_case_and_apostrophes_do_not_matter(own):
    assert {own.canonical(name) for name in ("the ministry of works", "Ministry of Works", "WORKS")} == {"Works"}
    assert default_register().canonical("the Quai d’Orsay") == default_register().canonical("Quai d'Orsay")


def test_a_register_of_ones_own_overrules_the_one_that_ships(own):
    joined = default_register() + own
    assert joined.country_of("Tirana") == "Italy"
    assert default_register().country_of("Tirana") == "Albania"
    text = "Señora Ruiz told reporters that the text was ready."
    (found,) = attribute_speakers(text, split_sentences(text), register=joined, day=date(2002, 6, 1))
    assert (found.speaker, found.country) == ("Ana Ruiz", "Spain")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: Ruiz", "is not a list of entries"),
        ("- [", "is not YAML"),
        ("- {kind: person}", "Entry 1 of the register .* has no name"),
        ("- {name: A}\n- {name: B, party: x}", r"Entry 2 .*\(B\) has the unknown key 'party'; known are adjectives"),
        ("- {name: A, kind: planet}", "is of kind 'planet'; give one of country"),
        ("- {name: A, from: soon}", "has 'soon' as 'from'; write a date such as 2002-09-12"),
        ("- {name: A, aliases: {b: c}}", "as 'aliases'; give a name or a list of names"),
    ],
)
def test_a_fault_is_one_sentence_that_names_the_entry(tmp_path, text, message):
    path = tmp_path / "own.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=message) as raised:
        read_register(path)
    assert "own.yaml" in str(raised.value)
    assert str(raised.value).count("\n") == 0


def test_a_register_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"absent.yaml cannot be read"):
        read_register(tmp_path / "absent.yaml")


def test_the_register_that_ships_is_consistent():
    register = default_register()
    countries = {entry.name for entry in register.entries if entry.kind == "country"}
    assert len(countries) >= 191
    for entry in register.entries:
        assert not entry.country or entry.country in countries, entry
        assert not (entry.start and entry.end) or entry.start <= entry.end, entry
    by_name: dict[str, list] = {}
    for entry in register.entries:
        for name in {n.lower().removeprefix("the ") for n in (entry.name, *entry.aliases)}:
            by_name.setdefault(name, []).append(entry)
    shared = {n: es for n, es in by_name.items() if len({e.name for e in es}) > 1}
    for name, entries in shared.items():  # only persons, whom role or date can tell apart
        assert all(a.kind == b.kind == "person" for a, b in combinations(entries, 2)), name


@pytest.mark.parametrize(
    ("name", "canonical", "country"),
    [
        ("Paris", "France", "France"),
        ("the Russians", "Russia", "Russia"),
        ("Igor Ivanov", "Igor Ivanov", "Russia"),
        ("Downing Street", "Downing Street", "United Kingdom"),
    ],
)
def test_metonyms_and_persons_resolve(name, canonical, country):
    register = default_register()
    assert (register.canonical(name), register.country_of(name)) == (canonical, country)
