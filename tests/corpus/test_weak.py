import numpy as np
import pytest

from stance.corpus import (
    CueLexicon,
    LabellingFunction,
    cast_votes,
    dawid_skene,
    labelling_functions,
    majority,
    summarise_functions,
)

LEXICON = CueLexicon({"for": {"{build,make} it": 1.0, "now": 1.0}, "against": {"stop": 1.0}}, "neither")
LABELS = ("for", "against", "neither")
TEXTS = ["Build it now.", "Stop it now!", "MAKE it.", "The clerk read.", "Do not stop."]
GOLD = ["for", "against", "for", "neither", None]


def test_a_function_votes_wherever_one_of_its_phrases_stands():
    assert labelling_functions(LEXICON)[0] == LabellingFunction("{build,make} it", "for")
    assert cast_votes(TEXTS, LEXICON).astype(int).tolist() == [[1, 1, 0], [0, 1, 1], [1, 0, 0], [0, 0, 0], [0, 0, 1]]


def test_each_function_is_summarised_against_the_others_and_against_gold():
    build, now, stop = summarise_functions(cast_votes(TEXTS, LEXICON), LEXICON, GOLD)
    assert (build.coverage, build.overlap, build.conflict, build.accuracy, build.n_gold) == (0.4, 0.5, 0.0, 1.0, 2)
    assert (now.coverage, now.overlap, now.conflict, now.accuracy, now.n_gold) == (0.4, 1.0, 0.5, 0.5, 2)
    assert (stop.coverage, stop.overlap, stop.conflict, stop.accuracy, stop.n_gold) == (0.4, 0.5, 0.5, 1.0, 1)


def test_a_function_that_never_votes_on_gold_has_no_accuracy():
    (*_, stop) = summarise_functions(cast_votes(TEXTS[-1:], LEXICON), LEXICON, [None])
    assert stop.accuracy is None


def test_the_majority_is_the_lexicon_and_its_default_where_nobody_votes():
    found = majority(TEXTS, LEXICON, LABELS).argmax(axis=1)
    assert [LABELS[i] for i in found[[0, 2, 3, 4]]] == ["for", "for", "neither", "against"]


def simulate(n=6000, seed=0):
    """Votes of seven functions with known rates on sentences of known labels."""
    rng = np.random.default_rng(seed)
    prior = np.array([0.25, 0.25, 0.5])
    y = rng.choice(3, n, p=prior)
    own, other, neutral = [0.6, 0.5, 0.4], [0.05, 0.1, 0.02], [0.05, 0.1, 0.02]
    rates = np.array(
        [
            [own[j % 3], other[j % 3], neutral[j % 3]] if j < 4 else [other[j % 3], own[j % 3], neutral[j % 3]]
            for j in range(8)
        ]
    )
    votes = rng.random((n, 8)) < rates[:, y].T
    functions = [LabellingFunction(str(j), LABELS[0 if j < 4 else 1]) for j in range(8)]
    return votes, functions, y, rates


def test_dawid_skene_finds_the_rates_that_votes_were_drawn_from():
    votes, functions, y, rates = simulate()
    probabilities, found = dawid_skene(votes, functions, LABELS, "neither")
    assert np.abs(found - rates).max() < 0.05
    assert (probabilities.argmax(axis=1) == y).mean() > 0.8
    assert probabilities.sum(axis=1) == pytest.approx(1)


def test_dawid_skene_weighs_functions_by_what_they_are_worth():
    """A function that speaks at random is outvoted by those that agree; for a majority all are equal."""
    votes, functions, y, _ = simulate()
    noise = np.random.default_rng(1).random((len(votes), 3)) < 0.5
    noisy = np.hstack([votes, noise])
    all_functions = [*functions, *(LabellingFunction(f"noise {i}", "for") for i in range(3))]
    probabilities, found = dawid_skene(noisy, all_functions, LABELS, "neither")
    counted = np.stack(
        [noisy[:, [f.label == label for f in all_functions]].sum(axis=1) for label in LABELS[:2]], axis=1
    )
    by_count = np.where(counted.sum(axis=1) == 0, 2, counted.argmax(axis=1))
    assert (probabilities.argmax(axis=1) == y).mean() > (by_count == y).mean() + 0.1
    assert np.ptp(found[-3:], axis=1).max() < 0.1


def test_sentences_on_which_nobody_votes_are_the_default():
    votes = np.zeros((5, 3), dtype=bool)
    probabilities, _ = dawid_skene(votes, labelling_functions(LEXICON), LABELS, "neither")
    assert (probabilities.argmax(axis=1) == 2).all()
