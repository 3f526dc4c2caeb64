from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from stance.errors import ConfigError
from stance.evaluation import predict_corpus
from stance.training.diagnostics import learning_curve, leave_one_out
from stance.training.fit import fit

PARTS = (TfidfVectorizer(), LogisticRegression(), False)


class Recorder(CountVectorizer):
    """Keeps the texts of each fit."""

    fits: list[list[str]]

    def fit_transform(self, raw_documents, y=None):
        type(self).fits.append(list(raw_documents))
        return super().fit_transform(raw_documents, y)


@pytest.fixture
def recorder():
    Recorder.fits = []
    return Recorder()


@pytest.fixture
def sides(corpus):
    """Ten documents to train on, five to test on."""
    test = np.isin(corpus.groups, [f"doc{i:02d}" for i in range(5)])
    return corpus.select(np.flatnonzero(~test)), corpus.select(np.flatnonzero(test))


@pytest.fixture
def whole(sides):
    """What the model fitted on all of the training side says of the other."""
    train_set, test_set = sides
    return predict_corpus(fit(train_set, *PARTS[:2]), test_set)


@pytest.fixture
def spoken(corpus):
    """The small corpus, as said by six speakers of fifteen sentences each."""
    speakers = np.array([f"Speaker {i // 15}" for i in range(90)])
    return replace(corpus, speakers=speakers)


def macro_f1(model, corpus) -> float:
    return predict_corpus(model, corpus).metrics().macro_f1.value


def test_the_last_point_of_a_learning_curve_is_the_whole_model(sides, whole):
    points = learning_curve(sides[0], whole, *PARTS)
    assert (points[-1].n, points[-1].macro_f1) == (60, whole.metrics().macro_f1)
    assert points[-1].stance_f1 == whole.metrics().stance_f1
    assert learning_curve(sides[0], whole, *PARTS, shares=()) == (replace(points[-1], gain=None),)


def test_each_point_is_that_of_a_model_fitted_on_a_share_of_whole_documents_within_the_next(sides, whole, recorder):
    train_set, test_set = sides
    points = learning_curve(train_set, whole, recorder, *PARTS[1:], shares=(0.1, 0.3, 0.5, 0.8))
    assert [p.n for p in points] == [6, 18, 30, 48, 60]
    nested = [set(texts) for texts in Recorder.fits]
    assert all(a < b for a, b in pairwise(nested))
    for texts, point in zip(Recorder.fits, points, strict=False):
        groups = set(train_set.groups[np.isin(train_set.texts, texts)].tolist())
        part = train_set.select(np.flatnonzero(np.isin(train_set.groups, sorted(groups))))
        assert list(part.texts) == texts  # whole documents
        assert point.macro_f1.value == macro_f1(fit(part, CountVectorizer(), PARTS[1]), test_set)
    for before, point in pairwise(points):
        assert point.gain.value == pytest.approx(point.macro_f1.value - before.macro_f1.value)
    assert points[0].gain is None


def test_another_seed_draws_other_documents_and_the_same_one_the_same(sides, whole, recorder):
    for seed in (0, 0, 1):
        learning_curve(sides[0], whole, recorder, *PARTS[1:], shares=(0.5,), random_state=seed)
    first, again, other = Recorder.fits
    assert first == again != other


def test_a_share_without_one_of_the_labels_is_skipped(sides, whole, recorder):
    """All that is neither stands in one document, which a share may lack."""
    train_set, _ = sides
    rare = replace(train_set, groups=np.where(train_set.y == "neither", "doc99", train_set.groups))
    shares, numbers = (0.1, 0.3, 0.5, 0.7, 0.9), []
    for seed in range(4):
        Recorder.fits = []
        points = learning_curve(rare, whole, recorder, *PARTS[1:], shares=shares, random_state=seed)
        for texts in Recorder.fits:
            assert set(train_set.y[np.isin(train_set.texts, texts)].tolist()) == set(train_set.labels)
        assert [p.n for p in points] == [*map(len, Recorder.fits), 60]
        numbers.append(len(Recorder.fits))
    assert 0 < min(numbers) < len(shares)  # some were skipped, and some were not


def test_a_share_in_which_one_of_the_targets_lacks_a_label_is_skipped(sides):
    """For the tunnel there is but one document, so most shares lack a label for it, though the bridge has them all."""
    train_set, test_set = (replace(c, targets=np.where(np.arange(len(c)) % 6 < 3, "bridge", "tunnel")) for c in sides)
    lonely = (train_set.targets == "tunnel") & (train_set.y == "for") & (train_set.groups != "doc14")
    train_set = train_set.select(np.flatnonzero(~lonely))
    whole = predict_corpus(fit(train_set, *PARTS[:2]), test_set)
    for seed in range(4):
        assert learning_curve(train_set, whole, *PARTS, random_state=seed)[-1].n == len(train_set)


def test_a_share_too_small_for_the_vectorizer_is_skipped(sides, whole):
    often = TfidfVectorizer(min_df=8)
    points = learning_curve(sides[0], whole, often, *PARTS[1:], shares=(0.1, 0.8))
    assert [p.n for p in points] == [48, 60]


@pytest.mark.parametrize("by", ["groups", "speakers"])
def test_each_group_or_speaker_is_left_out_once_and_judged_by_a_model_of_the_others(spoken, by):
    if by == "groups":
        spoken = replace(spoken, groups=spoken.speakers)
    found = leave_one_out(spoken, *PARTS, by)
    names = [f"Speaker {i}" for i in range(6)]
    assert [(s.fact, s.value, s.n) for s in found] == [(by, name, 15) for name in names]
    for name, slice_ in zip(names, found, strict=True):
        out = spoken.speakers == name
        others = fit(spoken.select(np.flatnonzero(~out)), *PARTS[:2])
        assert slice_.macro_f1.value == macro_f1(others, spoken.select(np.flatnonzero(out)))


def test_what_is_left_out_is_not_trained_on(spoken):
    """One speaker says each thing in a word of his own, which a model that had seen them would know."""
    own = spoken.speakers == "Speaker 2"
    texts = tuple(
        f"{'Zig' if label == 'for' else 'Zag' if label == 'against' else 'Zog'} {i}." if out else text
        for i, (text, label, out) in enumerate(zip(spoken.texts, spoken.y.tolist(), own.tolist(), strict=True))
    )
    private = replace(spoken, texts=texts)
    seen = fit(private, *PARTS[:2])
    assert macro_f1(seen, private.select(np.flatnonzero(own))) == 1
    before, after = ({s.value: s for s in leave_one_out(c, *PARTS, "speakers")} for c in (spoken, private))
    assert after["Speaker 2"].accuracy.value == pytest.approx(1 / 3)  # one answer for words that it does not know
    assert before["Speaker 2"].accuracy.value > 0.5


def test_nothing_of_what_is_left_out_is_fitted_on_nor_what_repeats_it(spoken, recorder):
    said, repeated = spoken.texts[0], spoken.texts[0].upper()
    doubled = replace(spoken, texts=(*spoken.texts[:60], repeated, *spoken.texts[61:]))
    assert doubled.speakers[60] == "Speaker 4"
    assert leave_one_out(doubled, recorder, *PARTS[1:], "speakers")[0].value == "Speaker 0"
    assert len(Recorder.fits) == 6
    for i, texts in enumerate(Recorder.fits):
        left_out = {t for t, s in zip(doubled.texts, doubled.speakers.tolist(), strict=True) if s == f"Speaker {i}"}
        assert not left_out & set(texts)
        assert len(texts) == 75 - (i in (0, 4))
    assert repeated not in Recorder.fits[0]
    assert said not in Recorder.fits[4]


def test_who_says_little_is_not_left_out_nor_nobody_and_who_says_most_comes_first(spoken):
    speakers = spoken.speakers.copy()
    speakers[:9] = "Brief"
    speakers[9:20] = ""
    speakers[20:30] = "Ten"
    found = leave_one_out(replace(spoken, speakers=speakers), *PARTS, "speakers")
    assert [(s.value, s.n) for s in found] == [*((f"Speaker {i}", 15) for i in range(2, 6)), ("Ten", 10)]


def test_whoever_takes_a_label_along_is_passed_over(spoken):
    alone = spoken.speakers == "Speaker 3"
    y = np.where(spoken.y == "neither", "for", spoken.y)
    y[alone] = np.where(spoken.y[alone] == "neither", "neither", y[alone])
    found = leave_one_out(replace(spoken, y=y), *PARTS, "speakers")
    assert [s.value for s in found] == ["Speaker 0", "Speaker 1", "Speaker 2", "Speaker 4", "Speaker 5"]


def test_whoever_takes_a_label_of_one_target_along_is_passed_over(spoken):
    targets = np.where(np.arange(90) % 6 < 3, "bridge", "tunnel")
    lonely = (targets == "tunnel") & (spoken.y == "for") & (spoken.speakers != "Speaker 3")
    rest = replace(spoken, targets=targets).select(np.flatnonzero(~lonely))
    assert "Speaker 3" not in [s.value for s in leave_one_out(rest, *PARTS, "speakers")]


def test_weak_labels_are_trained_on_and_never_tested_on(spoken):
    weak = np.arange(90) % 15 >= 11
    found = leave_one_out(replace(spoken, weak=weak), *PARTS, "speakers")
    assert [s.n for s in found] == [11] * 6


def test_names_of_speakers_may_be_hidden_from_the_models_of_the_others(spoken):
    """Two speakers of one name hold one view, and each sentence tells the name."""
    names = {"for": "Hale", "against": "Oduya", "neither": "Quist"}
    speakers = np.array([f"{names[label]} {i // 45}" for i, label in enumerate(spoken.y.tolist())])
    texts = tuple(f"{names[label]} {i}." for i, label in enumerate(spoken.y.tolist()))
    told = replace(spoken, texts=texts, speakers=speakers)
    kept, hidden = (
        leave_one_out(told, TfidfVectorizer(), LogisticRegression(), hide, "speakers") for hide in (False, True)
    )
    assert [s.accuracy.value for s in kept] == [1.0] * 6  # by the name alone
    assert np.mean([s.accuracy.value for s in hidden]) < 0.5


def test_a_column_that_is_not_there_is_an_error_of_one_sentence(corpus):
    for by in ("speakers", "texts", "dates", "absent"):
        with pytest.raises(ConfigError, match=rf"^small has no {by} to leave out one by one; there are groups\.$"):
            leave_one_out(corpus, *PARTS, by)


def test_a_fact_of_the_sentences_can_be_left_out_too(corpus):
    parts = replace(corpus, facts={"corpus": np.where(np.arange(len(corpus)) < 45, "first", "second")})
    found = leave_one_out(parts, *PARTS, "corpus")
    assert [(s.fact, s.value, s.n) for s in found] == [("corpus", "first", 45), ("corpus", "second", 45)]
