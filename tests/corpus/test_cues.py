import pytest

from stance.corpus import CueLexicon
from stance.corpus.cues import spell_out
from stance.errors import ConfigError

LEXICON = CueLexicon(
    {"for": {"{build,dig} {it,the bridge} now": 1.0, "better": 0.3}, "against": {"stop": 1.0}}, "neither"
)


def test_choices_are_spelt_out_and_an_empty_one_leaves_words_out():
    assert spell_out("{new,second} {,draft }text") == ["new draft text", "new text", "second draft text", "second text"]


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        ("Build the bridge now!", "for"),
        ("We must STOP.", "against"),
        ("It would be better.", "neither"),  # too little evidence
        ("Build it now or stop.", "for"),  # a tie goes to the first label
        ("The clerk read the minutes.", "neither"),
    ],
)
def test_the_label_with_the_most_evidence_wins(sentence, label):
    assert LEXICON.model().predict([sentence]) == [label]


def test_a_cue_counts_once_a_sentence():
    model = LEXICON.model()
    assert (model.scores(["stop stop stop"]) == model.scores(["stop"])).all()


def test_a_lexicon_for_other_labels_is_refused():
    with pytest.raises(ConfigError, match="'against' is none of for, neither"):
        LEXICON.model(["for", "neither"])
