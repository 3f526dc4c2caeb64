from dataclasses import replace

import numpy as np
import pytest

from stance.corpus import Corpus, TrainingRecord, near_duplicates

WORDS = [
    "bridge",
    "harbour",
    "clerk",
    "minutes",
    "vote",
    "tunnel",
    "noise",
    "trees",
    "agenda",
    "hall",
    "report",
    "room",
    "page",
    "item",
]


def sentences(n: int, seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, 14)) for _ in range(n)]


def make(texts: list[str], groups: str, speakers: str = "", day: str = "") -> Corpus:
    n = len(texts)
    return Corpus(
        "made",
        tuple(texts),
        np.array(["for", "against"] * n)[:n],
        ("for", "against"),
        np.array([groups] * n),
        speakers=np.array([speakers] * n),
        dates=np.array([day] * n),
    )


TRAINED = make(sentences(40, 1), "a", "Hale", "2002-10-01")
RECORD = TrainingRecord.of(TRAINED)


def test_a_test_set_that_has_nothing_in_common_has_no_leak():
    found = RECORD.leaks(make(sentences(30, 2), "b", "Ruiz", "2002-10-02"))
    assert found.n_test == 30
    assert not any((found.same_sentence, found.near_sentence, found.same_group, found.same_speaker, found.earlier))


def test_each_way_of_knowing_a_sentence_is_counted():
    new = sentences(3, 2)
    texts = [TRAINED.texts[0], TRAINED.texts[1] + " indeed", *new]
    found = RECORD.leaks(make(texts, "a", "Hale", "2002-10-01"))
    assert (found.same_sentence, found.near_sentence) == (1, 1)
    assert (found.same_group, found.same_speaker, found.earlier) == (5, 5, 5)


def test_narration_has_no_speaker_in_common():
    trained = TrainingRecord.of(make(sentences(5, 3), "a"))
    assert trained.leaks(make(sentences(5, 4), "b")).same_speaker == 0


@pytest.mark.parametrize("lost", range(0, 10, 2))
def test_near_duplicates_are_estimated_about_as_they_are_found_exactly(lost):
    rng = np.random.default_rng(5)
    changed = []
    for text in TRAINED.texts:
        words = text.split()
        for at in rng.choice(len(words), lost, replace=False):
            words[at] = "other"
        changed.append(" ".join(words))
    both = [*TRAINED.texts, *changed]
    exact = {j for i, j, _ in near_duplicates(both, quoted=1.1) if i < len(TRAINED) <= j}
    found = RECORD.leaks(make(changed, "b"))
    assert abs(found.same_sentence + found.near_sentence - len(exact)) <= 4


def test_the_record_is_read_as_it_was_written():
    again = TrainingRecord.from_arrays(RECORD.to_arrays())
    test_set = make([*sentences(3, 2), TRAINED.texts[3]], "a", "Hale", "2002-09-30")
    assert again is not None
    assert again.leaks(test_set) == RECORD.leaks(test_set)


def test_a_model_saved_without_a_record_has_none():
    assert TrainingRecord.from_arrays({"train": np.array([1], dtype=np.uint64)}) is None


def test_a_corpus_without_speakers_and_days_is_held_against_the_record_all_the_same():
    bare = replace(TRAINED, speakers=None, dates=None)
    assert TrainingRecord.of(bare).leaks(bare).same_sentence == len(bare)
    assert RECORD.leaks(bare).same_speaker == 0
