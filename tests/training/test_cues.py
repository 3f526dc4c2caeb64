import numpy as np
import pytest
from sklearn.pipeline import make_pipeline

from stance.corpus import CueLexicon
from stance.errors import ConfigError
from stance.training import CueClassifier, cue_vectorizer
from stance.training.fit import fit

LEXICON = CueLexicon({"for": {"build": 1.0, "approve {it,this}": 1.0}, "against": {"stop": 1.0}}, "neither")


def test_as_a_classifier_the_lexicon_answers_as_it_does_as_a_model(corpus):
    pipeline = make_pipeline(cue_vectorizer(LEXICON), CueClassifier(LEXICON)).fit(corpus.texts, corpus.y)
    direct = LEXICON.model(corpus.labels)
    order = [list(pipeline.classes_).index(label) for label in direct.labels]
    np.testing.assert_allclose(pipeline.decision_function(corpus.texts)[:, order], direct.scores(corpus.texts))
    assert set(pipeline.predict(corpus.texts)) == {"for", "against", "neither"}
    saved = fit(corpus, cue_vectorizer(LEXICON), CueClassifier(LEXICON))
    np.testing.assert_allclose(saved.scores(corpus.texts), direct.scores(corpus.texts))


def test_it_works_on_its_own_phrases_only(corpus):
    with pytest.raises(ConfigError, match="works on vectorizer=cues alone"):
        CueClassifier(LEXICON).fit(np.zeros((3, 2)), ["for", "against", "neither"])
    with pytest.raises(ConfigError, match="needs a cue lexicon"):
        cue_vectorizer({})
