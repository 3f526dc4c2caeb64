import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import ConfigError, DataError
from stance.model import LinearModel, TermSettings, TermSpace, softmax


@given(st.text(alphabet=st.sampled_from("bridge stop now yes meeting. "), max_size=60), st.sampled_from([0, 1, 2]))
def test_contributions_sum_to_the_score(trained, text, at):
    label = trained.model.labels[at]
    explanation = trained.model.explain(text, label)
    total = sum(term.contribution for term in explanation.terms)
    assert total == pytest.approx(explanation.score, abs=1e-12)
    assert explanation.score == pytest.approx(trained.model.decision_function([text])[0, at], abs=1e-12)


def test_an_explanation_names_where_each_term_stands(trained):
    text = "Build the bridge, and build it now."
    explanation = trained.model.explain(text)
    spans = {term.term: [text[s:e] for s, e in term.spans] for term in explanation.terms}
    assert explanation.label == "for"
    assert spans["build"] == ["Build", "build"]
    assert spans["(intercept)"] == []


def two_labels() -> LinearModel:
    space = TermSpace(TermSettings(norm=None), ("no", "yes"), None)
    return LinearModel(("against", "for"), (space,), np.array([[[1.0, -2.0], [-1.0, 2.0]]]), np.array([[-0.25, 0.25]]))


def test_two_labels_have_the_shapes_and_the_logistic_function_of_scikit_learn():
    model = two_labels()
    decision = model.decision_function(["yes", "no no"])
    assert decision.tolist() == [4.5, -3.5]
    np.testing.assert_allclose(model.predict_proba(["yes"])[0, 1], 1 / (1 + np.exp(-4.5)))
    assert model.predict(["yes", "no"]).tolist() == ["for", "against"]
    assert model.explain("yes").score == 4.5
    assert model.explain("yes", "against").score == -4.5


def test_temperature_softens_probabilities_and_changes_no_label(trained):
    texts = ["Build the bridge.", "Stop the noise."]
    np.testing.assert_allclose(
        trained.model.predict_proba(texts), softmax(trained.model.scores(texts) / trained.model.temperature)
    )
    assert trained.model.temperature != 1


def test_texts_may_come_from_numpy_or_arrow(trained):
    texts = ["Build the bridge.", "Stop the noise."]
    expected = trained.model.scores(texts)
    for column in (np.array(texts), pa.array(texts), pa.chunked_array([texts])):
        assert (trained.model.scores(column) == expected).all()
    assert trained.model.scores([]).shape == (0, 3)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("one string", "wrap it in a list"),
        (["a", None], "Text 1 is not a string"),
        (pd.DataFrame({"text": ["a"]}), "choose its column of texts"),
    ],
)
def test_what_is_no_list_of_strings_is_refused(trained, texts, message):
    with pytest.raises(DataError, match=message):
        trained.model.predict(texts)


def test_an_unknown_label_cannot_be_explained(trained):
    with pytest.raises(ConfigError, match="no label 'maybe'; its labels are for, against, neither"):
        trained.model.explain("Stop.", "maybe")


def test_each_target_has_weights_of_its_own():
    space = TermSpace(TermSettings(norm=None), ("yes",), None)
    coef = np.array([[[-1.0], [1.0]], [[1.0], [-1.0]]])
    model = LinearModel(("against", "for"), (space,), coef, np.zeros((2, 2)), targets=("bridge", "tunnel"))
    assert model.predict(["yes", "yes"], ["bridge", "tunnel"]).tolist() == ["for", "against"]
    assert model.predict(["yes"], "tunnel").tolist() == ["against"]
    with pytest.raises(ConfigError, match="say which of bridge, tunnel"):
        model.predict(["yes"])
    with pytest.raises(DataError, match="2 targets for 1 texts"):
        model.predict(["yes"], ["bridge", "tunnel"])
    with pytest.raises(DataError, match="knows no target 'road'"):
        model.predict(["yes"], "road")
