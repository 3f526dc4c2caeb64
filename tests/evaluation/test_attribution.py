from dataclasses import replace
from datetime import date

import pytest

from stance.corpus import DROPPED, GoldSentence, Metadata, source_digest
from stance.errors import DataError
from stance.evaluation import attribute_gold, evaluate_attribution, found_quotations
from stance.evaluation.attribution import canonical_speaker, same_speaker
from stance.text import Document, default_register, read_register

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


def test_the_day_tells_which_of_two_persons_of_a_name_is_meant(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(
        "- {name: Jan Moss, aliases: [Moss], until: 2002-06-30}\n"
        "- {name: Carol Moss, aliases: [Moss], from: 2002-07-01}\n"
    )
    register = read_register(path)
    for day, name in ((date(2002, 6, 1), "Jan Moss"), (date(2002, 8, 1), "Carol Moss")):
        assert canonical_speaker("Moss", register, day) == canonical_speaker(name, register, day)


TEXT = "“We will wait,” said Ana Ruiz.\nNobody smiled. The envoy told us that the text was short. Menu"


def gold(said, speaker, mode, second=None, note="", label="for"):
    """A gold sentence of the text; both readers said what is resolved, unless told of the second."""
    start, reading = TEXT.index(said), (speaker, label, mode)
    other = (speaker if second is None else second, label, mode)
    return GoldSentence("d", start, start + len(said), source_digest(said), *reading, *reading, *other, note)


ROWS = [
    gold("“We will wait,” said Ana Ruiz.", "Ruiz", "quotation"),
    gold("Nobody smiled.", "the clerk", "narration", second=""),
    gold("The envoy told us that the text was short.", "the aide", "indirect"),
    gold("Menu", "", "", label=DROPPED),
]


def cases(rows=ROWS, text=TEXT, **about):
    return attribute_gold([Document("d", text)], {"d": rows}, Metadata({"d": about}), default_register())


def report(rows=ROWS, quotations=None):
    return evaluate_attribution("small", cases(rows, half="development"), default_register(), quotations)


def test_what_is_found_is_set_beside_gold_and_what_is_no_sentence_is_left_out():
    assert [(c.gold.speaker, c.found.speaker, c.correct) for c in cases()] == [
        ("Ruiz", "Ruiz", True),
        ("the clerk", "", False),
        ("the aide", "the envoy", False),
    ]


def test_the_giver_is_known_from_the_metadata_of_the_document():
    assert [c.found.speaker for c in cases(giver="Norway")] == ["Ruiz", "Norway", "the envoy"]


def test_a_document_that_has_changed_is_found_out():
    with pytest.raises(DataError, match=r"d, characters 31-45: the text is not what was labelled"):
        cases(text=TEXT.replace("smiled", "sighed"))


def test_speaker_narrator_and_mode_are_scored_apart():
    scores = report().overall
    assert (scores.n, scores.exact.value, scores.narrator, scores.mode) == (3, *map(pytest.approx, (1 / 3, 2 / 3, 1)))
    assert scores.exact.low is None  # of one document nothing can be said
    assert {mode: s.exact.value for mode, s in report().by_mode.items()} == {
        "indirect": 0,
        "narration": 0,
        "quotation": 1,
    }
    assert list(report().by_half) == ["development"]
    assert sum(s.n for s in report().by_rule.values()) == 3


def test_readers_who_differ_in_the_form_only_agree():
    assert report().agreement == pytest.approx(2 / 3)
    assert report([gold("Nobody smiled.", "Ruiz", "narration", second="the minister", note="form")]).agreement == 1


@pytest.mark.parametrize(
    ("marked", "found", "precision", "recall"),
    [
        ({("d", 0, 3), ("d", 5, 9)}, {("d", 0, 3)}, 1, 0.5),
        ({("d", 0, 3)}, {("d", 0, 3), ("d", 0, 4)}, 0.5, 1),
    ],
)
def test_a_quotation_is_right_if_it_begins_and_ends_where_gold_has_it(marked, found, precision, recall):
    scored = report(quotations=(marked, found))
    assert (scored.quotation_precision, scored.quotation_recall) == (precision, recall)
    assert scored.n_quotations == len(marked)


def test_quotations_are_without_their_marks_and_end_where_sentences_end():
    text = "“We wait. We hope,” said Ana Ruiz."
    rows = [replace(ROW, start=start, end=end) for start, end in ((0, 9), (10, len(text)))]
    spans = found_quotations(Document("d", text), rows)
    assert {text[start:end] for _, start, end in spans} == {"We wait.", "We hope,"}
