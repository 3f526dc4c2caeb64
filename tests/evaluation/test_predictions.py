from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, f1_score, log_loss

from stance.corpus import Corpus
from stance.errors import ConfigError, DataError
from stance.evaluation import Predictions, group_confusions, predict_corpus, prior_model
from stance.evaluation.predictions import check_known

LABELS = ("for", "against", "neither")


@pytest.fixture
def predictions(corpus):
    rng = np.random.default_rng(8)
    return Predictions(corpus, ("neither", "for", "against"), rng.dirichlet([1, 1, 1], len(corpus)))


def test_columns_are_in_the_order_of_the_labels_of_the_predictions(predictions):
    labels = np.array(predictions.labels)
    assert labels[predictions.y].tolist() == predictions.corpus.y.tolist()
    for row, column, confidence in zip(
        predictions.probabilities.tolist(), predictions.predicted, predictions.confidence, strict=True
    ):
        assert confidence == max(row) == row[column]
    found = labels[predictions.predicted]
    assert predictions.right.tolist() == [a == b for a, b in zip(found, predictions.corpus.y, strict=True)]
    assert len(predictions) == 90


def test_their_metrics_are_scikit_learns_whatever_the_order_of_the_labels(predictions):
    found, y = predictions.metrics(), predictions.corpus.y
    predicted = np.array(predictions.labels)[predictions.predicted]
    assert found.macro_f1.value == pytest.approx(f1_score(y, predicted, average="macro"))
    assert found.stance_f1.value == pytest.approx(f1_score(y, predicted, average="macro", labels=["for", "against"]))
    alphabetical = predictions.probabilities[:, [2, 1, 0]]
    assert found.log_loss.value == pytest.approx(log_loss(y, alphabetical, labels=["against", "for", "neither"]))
    assert [label.label for label in found.by_label] == ["neither", "for", "against"]


def test_their_intervals_come_from_the_groups_of_the_corpus(predictions):
    assert predictions.metrics().accuracy.low is not None
    one = replace(predictions, corpus=replace(predictions.corpus, groups=np.array(["d"] * 90)))
    assert one.metrics().accuracy.low is None
    assert predictions.metrics(1) == predictions.metrics(1) != predictions.metrics(2)


def test_a_selection_keeps_sentences_and_probabilities_together(predictions):
    rows = np.array([40, 3, 88])
    found = predictions.select(rows)
    assert found.corpus.texts == tuple(predictions.corpus.texts[i] for i in rows)
    assert found.labels == predictions.labels
    for name in ("y", "predicted", "confidence", "right"):
        assert getattr(found, name).tolist() == getattr(predictions, name)[rows].tolist()


def test_confusions_by_group_are_scikit_learns(predictions):
    found = group_confusions(predictions)
    assert found.shape == (15, 3, 3)
    for i, group in enumerate(sorted(set(predictions.corpus.groups.tolist()))):
        inside = predictions.corpus.groups == group
        expected = confusion_matrix(predictions.y[inside], predictions.predicted[inside], labels=[0, 1, 2])
        assert found[i].tolist() == expected.tolist()
    assert tuple(map(tuple, found.sum(axis=0).astype(int).tolist())) == predictions.metrics().confusion


def test_groups_need_not_stand_together():
    corpus = Corpus("x", ("A.", "B.", "C."), np.array(["for"] * 3), LABELS, np.array(["b", "a", "b"]))
    found = group_confusions(Predictions(corpus, LABELS, np.eye(3)[[0, 1, 2]]))
    assert found[:, 0].tolist() == [[0, 1, 0], [1, 0, 1]]
    assert not found[:, 1:].any()


def test_a_model_says_of_a_corpus_what_it_says_of_its_sentences(trained, corpus):
    found = predict_corpus(trained.model, corpus)
    assert found.labels == trained.model.labels
    np.testing.assert_allclose(found.probabilities, trained.model.predict_proba(corpus.texts))
    assert [found.labels[i] for i in found.predicted] == trained.model.predict(corpus.texts).tolist()


def test_columns_follow_the_labels_that_are_asked_for(trained, corpus):
    own, turned = (
        predict_corpus(trained.model, corpus),
        predict_corpus(trained.model, corpus, trained.model.labels[::-1]),
    )
    assert turned.labels == own.labels[::-1]
    np.testing.assert_array_equal(turned.probabilities, own.probabilities[:, ::-1])
    assert turned.metrics().macro_f1.value == pytest.approx(own.metrics().macro_f1.value)
    assert turned.metrics().log_loss.value == pytest.approx(own.metrics().log_loss.value)


def test_each_sentence_is_predicted_for_its_own_target(corpus):
    targets = np.where(np.isin(corpus.y, ["for", "neither"]), "bridge", "tunnel")
    about = replace(corpus, targets=targets, y=np.where(corpus.y == "against", "against", "for"))
    found = predict_corpus(prior_model(about), about)
    assert found.right.all()
    shuffled = about.select(np.random.default_rng(0).permutation(len(about)))
    assert predict_corpus(prior_model(about), shuffled).right.all()


def test_a_model_of_one_target_takes_a_corpus_of_several_and_not_the_other_way_round(corpus):
    about = replace(corpus, targets=np.array(["bridge", "tunnel"] * 45))
    plain = predict_corpus(prior_model(corpus), about)
    np.testing.assert_allclose(plain.probabilities, np.full((90, 3), 1 / 3))
    with pytest.raises(ConfigError, match="say which of bridge, tunnel is meant"):
        predict_corpus(prior_model(about), corpus)


def test_a_label_that_the_model_does_not_know_is_an_error(trained, corpus):
    strange = replace(corpus, y=np.array(["maybe", *corpus.y[1:]]))
    message = "small has the label 'maybe', and the model knows for, against, neither only; map it"
    with pytest.raises(DataError, match=message):
        predict_corpus(trained.model, strange)
    check_known(corpus, [*LABELS, "maybe"])
