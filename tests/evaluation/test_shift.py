import itertools
import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.corpus import Corpus
from stance.evaluation import Predictions, Profile, evaluate
from stance.evaluation.shift import Shift, measure_profile, unknown_share
from stance.model import LinearModel, TermSettings, TermSpace

LABELS = ("for", "against", "neither")
NO_WORDS = LinearModel(LABELS, (), np.zeros((1, 3, 0)), np.zeros((1, 3)))
PLAIN = Profile(10, 0.1, 12.0, {"for": 1.0}, {"for": 1.0}, 0.7, (0.0,) * 7 + (1.0, 0.0, 0.0))


def reads(*vocabularies, hidden=(), **settings) -> LinearModel:
    spaces = tuple(TermSpace(TermSettings(**settings | own), words, None) for words, own in vocabularies)
    n = sum(len(words) for words, _ in vocabularies)
    return LinearModel(LABELS, spaces, np.zeros((1, 3, n)), np.zeros((1, 3)), hidden_names=hidden)


def shares(counts) -> dict[str, float]:
    return {name: n / max(sum(counts.values()), 1) for name, n in counts.items()}


COUNTS = st.dictionaries(st.sampled_from(["for", "against", "neither", "maybe"]), st.integers(1, 9), min_size=1)


def test_sentences_have_not_shifted_from_themselves(trained, corpus):
    report = evaluate(trained.model, corpus, {})
    again = evaluate(trained.model, corpus, {}, trained_profile=report.profile).shift
    assert (again.unknown_words, again.labels, again.predicted, again.confidence) == (0, 0, 0, 0)
    assert report.shift is None


def test_a_profile_comes_back_from_a_saved_report(trained):
    saved = json.loads(json.dumps(trained.report.to_dict()))["profile"]
    assert Profile.from_dict(saved) == trained.report.profile
    assert asdict(Profile.from_dict(saved)) == asdict(trained.report.profile)


def test_words_that_the_vocabulary_lacks_are_unknown():
    model = reads((("build", "stop", "stop now", "the"), {"ngram_range": (1, 2)}))
    assert unknown_share(model, ["Stop the noise now."]) == 0.5  # noise, now
    assert unknown_share(model, ["Stop the noise now.", "Build, build, build, build!"]) == 0.25
    assert unknown_share(model, ["Nobody came."]) == 1
    assert unknown_share(model, ["", "?"]) == 0


def test_what_is_unknown_is_counted_in_words_where_a_model_has_words_and_characters():
    characters = (("ab", "abc"), {"analyzer": "char", "ngram_range": (2, 3)})
    assert unknown_share(reads(characters), ["abx"]) == 0.5  # bx; abx is longer
    assert unknown_share(reads(characters, (("abx",), {})), ["abx"]) == 0
    assert unknown_share(reads(characters, (("xyz",), {})), ["abx"]) == 1
    padded = ((" st", "sto", "top", "op "), {"analyzer": "char_wb", "ngram_range": (3, 4)})
    assert unknown_share(reads(padded), ["Stop"]) == 0


def test_hidden_names_are_no_unknown_words_to_a_model_that_hides_names():
    words = (("stop", "__"), {})
    assert unknown_share(reads(words, hidden=("Hale",)), ["Stop, Hale"]) == 0
    assert unknown_share(reads(words), ["Stop, Hale"]) == 0.5


def test_a_model_without_words_knows_of_none_that_is_unknown():
    assert unknown_share(NO_WORDS, ["Stop."]) == 0


def test_a_profile_is_what_is_counted_by_hand():
    corpus = Corpus(
        "small",
        ("Build it.", "Stop it now, please.", "Page two."),
        np.array(["for", "for", "against"]),
        LABELS,
        np.array(["a", "a", "b"]),
    )
    p = np.array([[1.0, 0.0, 0.0], [0.25, 0.5, 0.25], [0.15, 0.3, 0.55]])
    profile = measure_profile(reads((("build", "it", "two"), {})), Predictions(corpus, LABELS, p))
    assert profile.n_sentences == 3
    assert profile.unknown_words == 0.5  # stop, now, please, page of eight
    assert profile.words == pytest.approx((2 + 4 + 2) / 3)
    assert profile.labels == pytest.approx({"for": 2 / 3, "against": 1 / 3, "neither": 0})
    assert profile.predicted == pytest.approx({"for": 1 / 3, "against": 1 / 3, "neither": 1 / 3})
    assert profile.confidence == pytest.approx((1 + 0.5 + 0.55) / 3)
    assert profile.confidence_bins == pytest.approx((0, 0, 0, 0, 0, 2 / 3, 0, 0, 0, 1 / 3))


def test_distances_are_what_is_reckoned_by_hand():
    now = replace(
        PLAIN,
        unknown_words=0.35,
        labels={"for": 0.5, "against": 0.3, "neither": 0.2},
        predicted={"against": 1.0},
        confidence_bins=(0.0,) * 6 + (0.25, 0.5, 0.0, 0.25),
    )
    trained = replace(PLAIN, labels={"for": 0.2, "against": 0.4, "neither": 0.4}, predicted={"for": 1.0})
    shift = Shift(now, trained)
    assert shift.labels == pytest.approx(0.3)  # half of 0.3 + 0.1 + 0.2
    assert shift.predicted == 1
    assert shift.confidence == 0.5
    assert shift.unknown_words == pytest.approx(0.25)
    assert Shift(trained, now).unknown_words == pytest.approx(-0.25)


@settings(deadline=None)
@given(COUNTS.map(shares), COUNTS.map(shares))
def test_a_distance_is_the_largest_by_which_the_share_of_any_set_of_labels_differs(p, q):
    """That is what total variation is, as it is defined."""
    names = sorted(p.keys() | q.keys())
    sets = itertools.chain.from_iterable(itertools.combinations(names, k) for k in range(len(names) + 1))
    expected = max(abs(sum(p.get(n, 0) - q.get(n, 0) for n in chosen)) for chosen in sets)
    assert Shift(replace(PLAIN, labels=p), replace(PLAIN, labels=q)).labels == pytest.approx(expected)
    assert Shift(replace(PLAIN, predicted=p), replace(PLAIN, predicted=q)).predicted == pytest.approx(expected)


def test_other_sentences_show_as_a_shift(trained, corpus):
    """Of one label only, in words that the model has not seen."""
    report = evaluate(trained.model, corpus, {})
    upset = corpus.select(np.flatnonzero(corpus.y == "against"))
    upset = replace(upset, texts=tuple(f"Zounds {i}, quoth ye." for i in range(len(upset))))
    shift = evaluate(trained.model, upset, {}, trained_profile=report.profile).shift
    assert shift.unknown_words > 0.5
    assert shift.labels == pytest.approx(2 / 3)
    assert shift.predicted > 0.3
    assert shift.confidence > 0.3
