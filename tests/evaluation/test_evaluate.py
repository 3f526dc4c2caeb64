import json
from dataclasses import replace

import numpy as np
import pytest

from stance.errors import DataError
from stance.evaluation import evaluate, prior_model


def test_the_prior_gives_everyone_the_label_frequencies(corpus):
    uneven = corpus.select(np.flatnonzero((corpus.y != "for") | (np.arange(len(corpus)) < 30)))
    model = prior_model(uneven)
    assert model.predict_proba(["anything at all"])[0].tolist() == pytest.approx([10 / 70, 30 / 70, 30 / 70])


def test_the_prior_of_a_corpus_with_targets_is_one_for_each(corpus):
    targets = np.where(corpus.y == "for", "bridge", "tunnel")
    model = prior_model(replace(corpus, targets=targets))
    assert model.predict(["x", "x"], ["bridge", "tunnel"]).tolist() == ["for", "against"]


def test_labels_may_be_fewer_but_not_unknown(trained, corpus):
    some = corpus.select(np.flatnonzero(corpus.y != "neither"))
    assert evaluate(trained.model, some, {}).n_sentences == 60
    with pytest.raises(DataError, match="has the label 'maybe', and the model knows for, against, neither only"):
        evaluate(trained.model, replace(corpus, y=np.full(len(corpus), "maybe")), {})


def test_nothing_left_to_evaluate_is_an_error(trained, corpus):
    with pytest.raises(DataError, match="the model was trained on all of them"):
        evaluate(trained.model, corpus.select(np.array([], dtype=np.intp)), {})


def test_the_report_is_json(trained):
    loaded = json.loads(json.dumps(trained.report.to_dict(), allow_nan=False))
    assert loaded["schema_version"] == 3
    assert loaded["leaks"]["same_sentence"] == 0
    assert loaded["metrics"]["macro_f1"]["value"] == trained.report.metrics.macro_f1.value
    assert loaded["cross_validated"]["by_label"][0]["label"] == "for"
