import numpy as np
import pytest

import stance
from stance.errors import ArtifactError, DataError

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
