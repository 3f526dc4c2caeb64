from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.corpus import Corpus
from stance.evaluation import Predictions, predict_corpus
from stance.evaluation.errors import TermWeight, driving_terms, heaviest_terms, label_suspects, ranked_errors
from stance.model import LinearModel, TermSettings, TermSpace

LABELS = ("for", "against", "neither")
WORDS = ("build", "stop", "now", "page")
WEIGHTS = st.lists(st.integers(-20, 20).map(lambda n: n / 4), min_size=12, max_size=12)


def model(weights, n_labels=3, **more) -> LinearModel:
    """Counts words; ``weights`` are those of each word for each label."""
    coef = np.array(weights, dtype=float).reshape(-1, n_labels, len(WORDS))
    space = TermSpace(TermSettings(norm=None), WORDS, None)
    return LinearModel(LABELS[:n_labels], (space,), coef, np.full(coef.shape[:2], 0.25), **more)


def predictions(probabilities, y, labels=LABELS, **columns) -> Predictions:
    n = len(y)
    names = np.array([f"doc{i}" for i in range(n)])
    texts = tuple(f"Sentence {i}." for i in range(n))
    corpus = Corpus("small", texts, np.array([labels[k] for k in y]), labels, names, ids=names, **columns)
    return Predictions(corpus, labels, np.array(probabilities, dtype=float).reshape(n, len(labels)))


def drawn(seed, n=60, sharp=1.0, n_labels=3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.full(n_labels, sharp), size=n), rng.integers(n_labels, size=n)


def test_the_errors_shown_are_those_of_which_the_model_is_surest():
    p, y = drawn(1)
    found = ranked_errors(model([0] * 12), predictions(p, y), n=7)
    wrong = [(row.max(), i) for i, row in enumerate(p) if row.argmax() != y[i]]
    expected = [i for _, i in sorted(wrong, reverse=True)[:7]]
    assert [e.id for e in found] == [f"doc{i}" for i in expected]
    for error, i in zip(found, expected, strict=True):
        assert (error.text, error.speaker) == (f"Sentence {i}.", "")
        assert (error.label, error.predicted, error.score) == (LABELS[y[i]], LABELS[p[i].argmax()], p[i].max())


def test_all_errors_are_shown_where_there_are_few_and_none_where_there_is_none():
    right = [[0.8, 0.1, 0.1], [0.3, 0.4, 0.3]]
    assert len(ranked_errors(model([0] * 12), predictions(right, [0, 2]))) == 1
    assert ranked_errors(model([0] * 12), predictions(right, [0, 1])) == ()


def test_an_error_names_the_speaker_and_the_terms_for_the_answer_of_its_target():
    word = np.zeros((3, 4))
    word[:2, :2] = 2 * np.eye(2)
    two = model([word, word[[1, 0, 2]]], targets=("bridge", "tunnel"))
    corpus = Corpus(
        "small",
        ("Build, stop.", "Build, stop, stop."),
        np.array(["against", "against"]),
        LABELS,
        np.array(["a", "b"]),
        targets=np.array(["bridge", "tunnel"]),
        speakers=np.array(["Hale", ""]),
    )
    tunnel, bridge = ranked_errors(two, predict_corpus(two, corpus))
    assert (bridge.speaker, bridge.predicted, [t.term for t in bridge.terms]) == ("Hale", "for", ["build"])
    assert (tunnel.speaker, tunnel.predicted, [t.term for t in tunnel.terms]) == ("", "for", ["stop"])


@settings(deadline=None)
@given(WEIGHTS, st.lists(st.sampled_from(WORDS), max_size=6), st.integers(0, 2))
def test_of_three_labels_a_term_drives_one_by_what_it_adds_beyond_the_mean_of_the_others(weights, words, at):
    text = " ".join(words)
    found = {t.term: t.contribution for t in driving_terms(model(weights), text, LABELS[at], n=20)}
    w = np.array(weights).reshape(3, 4)
    expected = {
        word: words.count(word) * (w[at, i] - (w[at - 1, i] + w[at - 2, i]) / 2) for i, word in enumerate(WORDS)
    }
    assert found == pytest.approx({word: value for word, value in expected.items() if value > 0})


@settings(deadline=None)
@given(WEIGHTS.map(lambda w: w[:8]), st.lists(st.sampled_from(WORDS), max_size=6), st.integers(0, 1))
def test_of_two_labels_a_term_drives_one_by_its_part_in_the_decision(weights, words, at):
    two, text = model(weights, n_labels=2), " ".join(words)
    found = driving_terms(two, text, LABELS[at], n=20)
    against = driving_terms(two, text, LABELS[1 - at], n=20)
    w = np.array(weights).reshape(2, 4)
    expected = {word: words.count(word) * (w[at, i] - w[1 - at, i]) for i, word in enumerate(WORDS)}
    assert {t.term: t.contribution for t in found} == pytest.approx({k: v for k, v in expected.items() if v > 0})
    both = sum(t.contribution for t in found) - sum(t.contribution for t in against)
    assert both == pytest.approx(two.decision_function([text])[0] * (1 if at else -1))  # the intercepts are equal


@pytest.mark.parametrize("label", LABELS)
def test_terms_of_a_trained_model_sum_to_its_score_less_the_mean_of_the_others(trained, label):
    text = "Stop the bridge, never build it: the clerk's report, page by page, says no."
    one_sided = replace(trained.model, coef=np.abs(trained.model.coef) * (trained.model.classes_ == label)[:, None])
    found = driving_terms(one_sided, text, label, n=100)
    others = [i for i, name in enumerate(LABELS) if name != label]
    part = (one_sided.scores([text]) - one_sided.intercept)[0]
    total = part[LABELS.index(label)] - part[others].mean()
    assert total > 0
    assert sum(t.contribution for t in found) == pytest.approx(total)
    assert [t.contribution for t in found] == sorted((t.contribution for t in found), reverse=True)


def test_a_driving_term_has_the_characters_where_it_stands():
    text = "STOP: build it, and build it now."
    terms = driving_terms(model([3, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]), text, "for")
    assert {t.term: [text[a:b] for a, b in t.spans] for t in terms} == {"build": ["build", "build"], "now": ["now"]}


def test_the_strongest_driving_terms_come_first_and_the_weak_are_left_out():
    weights = [1, 4, 3, 2, *[0] * 8]
    found = driving_terms(model(weights), "Build now, page two, stop.", "for", n=3)
    assert [t.term for t in found] == ["stop", "now", "page"]


def separated(n=240, sure=0.9) -> tuple[np.ndarray, np.ndarray]:
    """Sure and right on every sentence, each a little differently."""
    rng, y = np.random.default_rng(4), np.arange(n) % 3
    p = np.full((n, 3), (1 - sure) / 2)
    p[np.arange(n), y] = sure
    p += rng.uniform(0, 0.02, p.shape)
    return p / p.sum(axis=1, keepdims=True), y


def test_labels_that_were_flipped_are_suspects_and_no_others():
    p, y = separated()
    flipped, true = np.arange(5, 240, 20), y.copy()
    y[flipped] = (y[flipped] + 1) % 3
    found = label_suspects(predictions(p, y))
    assert sorted(s.id for s in found) == sorted(f"doc{i}" for i in flipped)
    for s in found:
        i = int(s.id.removeprefix("doc"))
        assert (s.text, s.label, s.suggested) == (f"Sentence {i}.", LABELS[y[i]], LABELS[true[i]])
        assert (s.label_score, s.suggested_score) == (p[i, y[i]], p[i, true[i]])


def test_where_the_labels_are_perfectly_separated_none_is_suspect():
    assert label_suspects(predictions(*separated())) == ()


def test_a_label_that_no_sentence_has_is_suggested_for_none():
    p = [[0.25, 0.05, 0.7], [0.05, 0.25, 0.7], [0.4, 0.1, 0.5]]
    assert label_suspects(predictions(p, [0, 1, 0])) == ()


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 40), st.sampled_from([0.3, 1.0, 5.0]), st.integers(2, 3))
def test_suspects_are_those_of_confident_learning(seed, n, sharp, n_labels):
    """Equation 2 of Northcutt et al. 2021, sentence by sentence; of these, those likelier to have the other label."""
    p, y = drawn(seed, n, sharp, n_labels)
    average = {j: np.mean([p[i][j] for i in range(n) if y[i] == j]) for j in set(y.tolist())}
    expected = []
    for i in range(n):
        reached = {j: p[i][j] for j in average if p[i][j] >= average[j]}
        if reached:
            best = max(reached, key=reached.__getitem__)
            if best != y[i] and p[i][best] > p[i][y[i]]:
                expected.append((p[i][best] - p[i][y[i]], f"doc{i}", LABELS[best]))
    found = label_suspects(predictions(p, y, LABELS[:n_labels]), n=n)
    assert [(s.id, s.suggested) for s in found] == [(name, label) for _, name, label in sorted(expected, reverse=True)]
    assert label_suspects(predictions(p, y, LABELS[:n_labels]), n=3) == found[:3]


def test_the_heaviest_terms_of_a_label_are_those_that_weigh_least_for_the_others():
    found = heaviest_terms(model([3, 1, 0, -1, 1, 5, 0, -1, 1, 1, 0, -4]), n=2)
    assert found == {
        "for": (TermWeight("build", 2.0), TermWeight("page", 1.5)),
        "against": (TermWeight("stop", 4.0), TermWeight("page", 1.5)),
        "neither": (),  # nothing weighs more for it than for the others
    }


def test_terms_weigh_what_they_do_on_average_over_targets_and_of_two_labels_one_against_the_other():
    weights = np.zeros((2, 8))
    weights[0, 0], weights[1, 2], weights[1, 5] = 4, 2, 6
    found = heaviest_terms(model(weights, n_labels=2, targets=("bridge", "tunnel")))
    assert found["for"] == (TermWeight("build", 2.0), TermWeight("now", 1.0))
    assert found["against"] == (TermWeight("stop", 3.0),)


def test_a_model_without_terms_has_no_heaviest():
    empty = LinearModel(LABELS, (), np.zeros((1, 3, 0)), np.zeros((1, 3)))
    assert heaviest_terms(empty) == {"for": (), "against": (), "neither": ()}
    assert driving_terms(empty, "Build.", "for") == ()
