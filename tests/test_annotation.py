import numpy as np
import pytest

import stance
from stance.annotation import StanceModel
from stance.errors import ArtifactError, DataError
from stance.model import TermSettings, TermSpace
from stance.text import split_sentences

DOCUMENT = "Share\n\n“We will build. It is better,” said Minister Ana Ruiz.\n\nThe meeting is on Tuesday."


@pytest.fixture
def model(stance, table, tmp_path):
    assert stance("train", "corpus=table", f"corpus.path={table}", "corpus.labels=[for,against,neither]").code == 0
    return tmp_path / "models" / "table"


def test_a_model_is_loaded_by_folder_version_or_name(model, corpus):
    by_folder, by_version, by_name = stance.load(model), stance.load(model / "1"), stance.load("table")
    expected = by_folder.predict_proba(corpus.texts)
    for other in (by_version, by_name, stance.load("table", store=model.parent)):
        assert (other.predict_proba(corpus.texts) == expected).all()
    with pytest.raises(ArtifactError, match="There is no model 'absent'"):
        stance.load("absent")


def test_a_document_is_annotated_sentence_by_sentence(model):
    loaded = stance.load(model)
    found = loaded.annotate(DOCUMENT)
    assert [(s.index, s.speaker) for s in found] == [(0, "Ruiz"), (1, "Ruiz"), (2, "")]
    for s in found:
        assert DOCUMENT[s.start : s.end] == s.text
        assert s.label == loaded.predict([s.text])[0]
        assert list(s.scores) == ["for", "against", "neither"]
        np.testing.assert_allclose(list(s.scores.values()), loaded.predict_proba([s.text])[0])
        assert s.score == s.scores[s.label]


def test_a_document_without_sentences_has_no_annotations(model):
    assert stance.load(model).annotate("") == []


@pytest.mark.parametrize(
    ("document", "message"), [(None, "and not NoneType"), (b"x", "and not bytes"), ("a.txt", "is a path")]
)
def test_what_is_no_text_is_refused(model, tmp_path, document, message):
    (tmp_path / "a.txt").write_text("We will build.")
    with pytest.raises(DataError, match=message):
        stance.load(model).annotate(document)


def test_a_model_in_a_notebook_shows_itself_in_a_line(model):
    shown = repr(stance.load(model))
    assert shown.startswith("StanceModel(labels=('for', 'against', 'neither'), ")
    assert len(shown) < 80


def unsure() -> StanceModel:
    """Says "for" of "build" with a probability of 0.8, of "dig" with one of 0.6, and of any other word with 0.5."""
    space = TermSpace(TermSettings(norm=None), ("build", "dig"), None)
    coef = np.array([[[np.log(4), np.log(1.5)], [0.0, 0.0]]])
    return StanceModel(("for", "against"), (space,), coef, np.zeros((1, 2)))


TALK = "We will build. They may dig. It is noon.\n\n“We build,” said Minister Ana Ruiz."


@pytest.mark.parametrize(
    ("least", "labels"),
    [
        (0.0, ["for", "for", "for", "for"]),
        (0.5, ["for", "for", "for", "for"]),
        (0.55, ["for", "for", "abstained", "for"]),
        (0.7, ["for", "abstained", "abstained", "for"]),
        (0.9, ["abstained"] * 4),
    ],
)
def test_the_model_abstains_where_no_label_has_the_probability_asked(least, labels):
    answered, found = unsure().annotate(TALK), unsure().annotate(TALK, abstain_below=least)
    assert [s.label for s in found] == labels
    for s, always in zip(found, answered, strict=True):  # and all else is as it was
        assert (s.score, s.scores, s.speaker) == (always.score, always.scores, always.speaker)
        assert s.score == max(s.scores.values())


def test_a_probability_that_is_just_what_is_asked_is_enough():
    at = unsure().annotate("They may dig.")[0].score
    assert [s.label for s in unsure().annotate("They may dig.", abstain_below=at)] == ["for"]
    assert [s.label for s in unsure().annotate("They may dig.", abstain_below=np.nextafter(at, 1))] == ["abstained"]


def test_sentences_that_are_divided_already_are_abstained_from_alike():
    sentences = split_sentences(TALK)
    found = unsure().annotate_sentences(sentences, abstain_below=0.7)
    assert [s.label for s in found] == ["for", "abstained", "abstained", "for"]
    assert [s.label for s in unsure().annotate_sentences(sentences)] == ["for"] * 4
