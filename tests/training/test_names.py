from dataclasses import replace

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from stance.training import train
from stance.training.linearize import to_pipeline
from stance.training.names import speaker_names


@pytest.fixture
def spoken(corpus):
    """The small corpus with a speaker in each sentence, whose name gives the label away."""
    names = {"for": "Hale", "against": "Oduya", "neither": "the Ministry of Works"}
    speakers = np.array([names[label] for label in corpus.y])
    texts = tuple(f"{who} spoke for the ministry of works: {t}" for who, t in zip(speakers, corpus.texts, strict=True))
    return replace(corpus, texts=texts, speakers=speakers)


def test_names_are_the_words_of_speakers_that_are_no_words_of_the_text(spoken):
    assert speaker_names(spoken) == ("Hale", "Oduya")
    assert speaker_names(replace(spoken, speakers=None)) == ()


@pytest.mark.parametrize("analyzer", ["word", "char_wb"])
def test_a_model_learns_nothing_from_names_unless_asked(spoken, analyzer):
    settings = (TfidfVectorizer(analyzer=analyzer, ngram_range=(1, 3)), LogisticRegression(C=10), GroupKFold(4))
    hidden = train(spoken, *settings)
    kept = train(spoken, *settings, hide_names=False)
    assert hidden.model.hidden_names == ("Hale", "Oduya")
    assert (kept.model.hidden_names, set(kept.report.baselines)) == ((), {"majority", "names hidden"})
    assert set(hidden.report.baselines) == {"majority", "names kept"}
    swapped = ["Hale said nothing.", "Oduya said nothing."]
    assert len({tuple(row) for row in hidden.model.predict_proba(swapped)}) == 1
    assert len({tuple(row) for row in kept.model.predict_proba(swapped)}) == 2
    if analyzer == "word":
        assert not {"hale", "oduya"} & {word for s in hidden.model.spaces for t in s.vocabulary for word in t.split()}


def test_the_exported_pipeline_hides_the_same_names(spoken):
    model = train(spoken, TfidfVectorizer(), LogisticRegression(C=10), GroupKFold(4)).model
    texts = [*spoken.texts[:5], "Hale and Oduya said nothing."]
    np.testing.assert_allclose(to_pipeline(model).predict_proba(texts), model.predict_proba(texts), atol=1e-9)
