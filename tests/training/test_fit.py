from dataclasses import replace

import numpy as np
import pytest
from joblib import Memory
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, GroupShuffleSplit, StratifiedGroupKFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from stance.errors import ConfigError, DataError
from stance.training import FastTfidfVectorizer, train
from stance.training.fit import fit, out_of_fold_scores

SPLITTER = StratifiedGroupKFold(3, shuffle=True, random_state=0)


def test_out_of_fold_scores_are_scikit_learns(corpus):
    rows, scores = out_of_fold_scores(corpus, TfidfVectorizer(), LogisticRegression(), SPLITTER)
    expected = cross_val_predict(
        make_pipeline(TfidfVectorizer(), LogisticRegression()),
        list(corpus.texts),
        corpus.y,
        groups=corpus.groups,
        cv=SPLITTER,
        method="decision_function",
    )
    order = [sorted(corpus.labels).index(label) for label in corpus.labels]
    assert rows.tolist() == list(range(len(corpus)))
    np.testing.assert_allclose(scores, expected[:, order], atol=1e-9)


def test_folds_in_parallel_give_the_same_scores(corpus):
    one = out_of_fold_scores(corpus, TfidfVectorizer(), LogisticRegression(), SPLITTER)
    two = out_of_fold_scores(corpus, TfidfVectorizer(), LogisticRegression(), SPLITTER, n_jobs=2)
    assert (one[1] == two[1]).all()


def test_a_splitter_that_leaves_rows_out_scores_only_those_it_holds_out(corpus):
    splitter = GroupShuffleSplit(2, test_size=0.2, random_state=0)
    rows, scores = out_of_fold_scores(corpus, TfidfVectorizer(), LogisticRegression(), splitter)
    assert 0 < len(rows) == len(scores) < len(corpus)


def test_each_target_is_fitted_on_its_own_sentences(corpus):
    targets = np.where(np.arange(len(corpus)) % 2 == 0, "bridge", "tunnel")
    both = fit(replace(corpus, targets=targets), TfidfVectorizer(vocabulary=["build", "stop"]), LogisticRegression())
    alone = fit(
        corpus.select(np.flatnonzero(targets == "tunnel")),
        TfidfVectorizer(vocabulary=["build", "stop"]),
        LogisticRegression(),
    )
    assert both.targets == ("bridge", "tunnel")
    assert both.coef.shape == (2, 3, 2)
    assert np.sign(both.coef[1]).tolist() == np.sign(alone.coef[0]).tolist()


def test_a_target_that_lacks_a_label_is_refused(corpus):
    targets = np.where(corpus.y == "for", "bridge", "tunnel")
    targets[:3] = ["tunnel", "bridge", "bridge"]
    targets[corpus.y == "against"] = "tunnel"
    with pytest.raises(DataError, match="small, target bridge has no sentence labelled 'against'"):
        fit(replace(corpus, targets=targets), TfidfVectorizer(), LogisticRegression())


def test_texts_without_a_term_and_parameters_out_of_range_are_told_apart(corpus):
    with pytest.raises(DataError, match="small gives no features"):
        fit(replace(corpus, texts=("a",) * len(corpus)), TfidfVectorizer(), LogisticRegression())
    with pytest.raises(ConfigError, match=r"The vectorizer cannot be fitted: .*ngram_range"):
        fit(corpus, TfidfVectorizer(ngram_range=(2, 1)), LogisticRegression())
    with pytest.raises(ConfigError, match="LogisticRegression cannot be fitted: The 'C' parameter"):
        fit(corpus, TfidfVectorizer(), LogisticRegression(C=-1))


def test_a_target_that_stands_in_one_document_only_is_refused_and_never_scored(corpus):
    targets = np.where(corpus.groups == "doc00", "bridge", "tunnel")
    with pytest.raises(DataError, match="A fold of small has no 'bridge' left to train on"):
        out_of_fold_scores(replace(corpus, targets=targets), TfidfVectorizer(), LogisticRegression(), GroupKFold(3))


def test_sentences_of_no_weight_might_as_well_not_be_there(corpus):
    half = corpus.select(np.arange(45))
    upset = replace(
        corpus, y=np.where(np.arange(90) < 45, corpus.y, "for"), weights=np.where(np.arange(90) < 45, 1.0, 0.0)
    )
    vectorizer = CountVectorizer(vocabulary=sorted({w.lower().strip(".") for t in corpus.texts for w in t.split()}))
    classifier = LogisticRegression(tol=1e-10, max_iter=5000)
    alone, weighted = (fit(c, vectorizer, classifier).predict_proba(corpus.texts) for c in (half, upset))
    assert weighted == pytest.approx(alone, abs=1e-4)


def test_a_classifier_that_takes_no_weights_says_so(corpus):
    weighted = replace(corpus, weights=np.ones(len(corpus)))
    with pytest.raises(ConfigError, match="KNeighborsClassifier cannot be fitted"):
        fit(weighted, CountVectorizer(), KNeighborsClassifier())


def test_a_search_over_classifiers_computes_features_once(corpus, tmp_path, monkeypatch):
    fitted = []

    def fit_transform(self, texts, y=None, plain=FastTfidfVectorizer.fit_transform):
        fitted.append(len(texts))
        return plain(self, texts)

    monkeypatch.setattr(FastTfidfVectorizer, "fit_transform", fit_transform)
    memory = Memory(tmp_path, verbose=0)
    kept = [
        train(corpus, FastTfidfVectorizer(), LogisticRegression(C=C), SPLITTER, memory=memory).model for C in (1, 3)
    ]
    assert len(fitted) == 4  # three folds and the whole, for the first alone
    for C, model in zip((1, 3), kept, strict=True):
        anew = train(corpus, FastTfidfVectorizer(), LogisticRegression(C=C), SPLITTER).model
        np.testing.assert_array_equal(model.coef, anew.coef)
        assert model.temperature == anew.temperature
        assert model.spaces[0].vocabulary == anew.spaces[0].vocabulary
    assert len(fitted) == 12


def test_features_that_are_kept_are_of_the_same_texts_and_settings(corpus, tmp_path):
    memory = Memory(tmp_path, verbose=0)
    other = replace(corpus, texts=tuple(text.upper() for text in corpus.texts))
    for part, vectorizer in (
        (corpus, FastTfidfVectorizer()),
        (other, FastTfidfVectorizer(lowercase=False)),
        (corpus, FastTfidfVectorizer(ngram_range=(1, 2))),
    ):
        kept = fit(part, vectorizer, LogisticRegression(), memory=memory)
        assert kept.spaces[0].vocabulary == fit(part, vectorizer, LogisticRegression()).spaces[0].vocabulary
