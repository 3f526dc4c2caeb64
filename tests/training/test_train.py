from dataclasses import replace

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from stance.model import model_to_files
from stance.training import train

SPLITTER = StratifiedGroupKFold(3, shuffle=True, random_state=1)


def test_a_model_learns_what_there_is_to_learn(trained):
    assert trained.report.metrics.macro_f1.value > 0.8 > 0.4 > trained.report.baselines["majority"].macro_f1.value


def test_the_report_is_of_the_sentences_held_out_and_of_no_others(trained, corpus):
    assert trained.report.n_sentences == len(trained.split.test)
    assert trained.report.corpus_digest == corpus.select(trained.split.test).digest


def test_the_test_sentences_leave_no_trace_in_the_model(trained, corpus):
    """Training again with every test sentence replaced gives the same model, byte for byte."""
    texts = list(corpus.texts)
    for i in trained.split.test:
        texts[i] = "Entirely different words stand here now."
    again = train(replace(corpus, texts=tuple(texts)), TfidfVectorizer(), LogisticRegression(), SPLITTER)
    assert model_to_files(again.model) == model_to_files(trained.model)


def test_the_given_objects_stay_unfitted(corpus):
    vectorizer, classifier = TfidfVectorizer(), LogisticRegression()
    train(corpus, vectorizer, classifier, SPLITTER)
    assert not hasattr(vectorizer, "vocabulary_")
    assert not hasattr(classifier, "coef_")


def test_labels_keep_the_order_of_the_corpus(trained, corpus):
    assert trained.model.labels == corpus.labels
    assert [row.label for row in trained.report.metrics.by_label] == list(corpus.labels)


def test_random_state_moves_intervals_and_nothing_else(trained, corpus):
    other = train(corpus, TfidfVectorizer(), LogisticRegression(), SPLITTER, random_state=9)
    ours, theirs = other.report.cross_validated.macro_f1, trained.report.cross_validated.macro_f1
    assert ours.value == theirs.value
    assert ours != theirs
    assert (np.asarray(other.model.coef) == trained.model.coef).all()
