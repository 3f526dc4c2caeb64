from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score

from stance.corpus import Corpus
from stance.evaluation import Predictions, measure_slice
from stance.evaluation.slices import measure_slices, slice_facts

LABELS = ("for", "against", "neither")
RNG = np.random.default_rng(9)


def words(n):
    return " ".join(["word"] * n)


def predictions(n=300, seed=0, lengths=None, **columns):
    """Sentences in documents of ten, and a model that is right two times in three."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, n)
    predicted = np.where(rng.random(n) < 2 / 3, y, rng.integers(0, 3, n))
    documents = np.array([f"d{i // 10:02d}" for i in range(n)])
    texts = tuple(words(k) for k in (lengths if lengths is not None else [5] * n))
    corpus = Corpus("bridge", texts, np.array(LABELS)[y], LABELS, documents, neutral="neither")
    return Predictions(replace(corpus, **columns), LABELS, np.eye(3)[predicted] * 0.97 + 0.01)


WHOLE = predictions(
    lengths=RNG.integers(1, 45, 300),
    speakers=RNG.choice(["Ada Lind", "Bo Ek", ""], 300, p=[0.5, 0.45, 0.05]),
    dates=RNG.choice(["2021-03-04", "2020-11-30", "2021-01-01", "2021-01-31", ""], 300),
    targets=RNG.choice(["bridge", "tunnel"], 300),
    facts={"country": RNG.choice(["NO", "SE", ""], 300), "mode": np.array(["spoken"] * 300)},
)
SLICES = measure_slices(WHOLE)


def values(slices, fact):
    return [s.value for s in slices if s.fact == fact]


def test_there_are_slices_for_all_that_is_known_of_a_sentence_and_differs():
    assert list(dict.fromkeys(s.fact for s in SLICES)) == ["speaker", "length", "month", "target", "country"]
    assert "mode" in slice_facts(WHOLE.corpus)


def test_a_corpus_of_which_nothing_is_known_is_sliced_by_length_only():
    plain = replace(WHOLE, corpus=replace(WHOLE.corpus, speakers=None, dates=None, targets=None, facts={}))
    assert {s.fact for s in measure_slices(plain)} == {"length"}
    assert measure_slices(predictions()) == ()


@pytest.mark.parametrize("fact", ["speaker", "length", "month", "target", "country"])
def test_the_slices_of_a_fact_add_up_to_the_whole(fact):
    slices = [s for s in SLICES if s.fact == fact]
    assert sum(s.n for s in slices) == 300
    right = sum(s.n * s.accuracy.value for s in slices)
    assert right == pytest.approx(accuracy_score(WHOLE.y, WHOLE.predicted, normalize=False))


def test_the_figures_of_a_slice_are_scikit_learns_on_its_sentences():
    for name, column in (("speaker", WHOLE.corpus.speakers), ("target", WHOLE.corpus.targets)):
        for value in sorted(set(column.tolist()) - {""}):
            inside = column == value
            (found,) = (s for s in SLICES if (s.fact, s.value) == (name, value))
            y, predicted = WHOLE.y[inside], WHOLE.predicted[inside]
            assert found.macro_f1.value == pytest.approx(f1_score(y, predicted, average="macro"))
            assert found.accuracy.value == pytest.approx(accuracy_score(y, predicted))
            assert (found.n, found.n_groups) == (inside.sum(), len(set(WHOLE.corpus.groups[inside].tolist())))
            assert found.macro_f1.low < found.macro_f1.value < found.macro_f1.high


def test_a_label_that_does_not_occur_in_a_slice_is_no_part_of_its_macro_f1():
    made = predictions()
    (row,) = np.flatnonzero(made.right)[:1]
    found = measure_slice(made.select(np.array([row])), "speaker", "Ada Lind")
    assert found.macro_f1.value == 1


def test_what_is_not_known_has_a_name():
    assert set(values(SLICES, "speaker")) == {"Ada Lind", "Bo Ek", "(nobody)"}
    assert set(values(SLICES, "country")) == {"NO", "SE", "(not known)"}
    assert set(values(SLICES, "month")) == {"(not known)", "2020-11", "2021-01", "2021-03"}
    (nobody,) = (s for s in SLICES if s.value == "(nobody)")
    assert nobody.n == sum(name == "" for name in WHOLE.corpus.speakers.tolist())


def test_larger_slices_come_first_and_equal_ones_by_name():
    column = np.repeat(["SE", "DK", "NO", "FI"], [50, 100, 50, 100])
    assert values(measure_slices(predictions(facts={"country": column})), "country") == ["DK", "FI", "NO", "SE"]


def test_months_are_in_order_whatever_their_size():
    days = np.repeat(["2021-03-04", "2020-11-30", "2021-01-01", "2021-01-31"], [150, 20, 30, 100])
    slices = measure_slices(predictions(dates=days))
    assert [(s.value, s.n) for s in slices] == [("2020-11", 20), ("2021-01", 130), ("2021-03", 150)]


def test_lengths_are_in_order_whatever_their_size():
    lengths = np.repeat([1, 10, 11, 20, 21, 30, 31, 90], [10, 10, 20, 20, 30, 30, 90, 90])
    assert [(s.value, s.n) for s in measure_slices(predictions(lengths=lengths))] == [
        ("up to 10 words", 20),
        ("11–20 words", 40),
        ("21–30 words", 60),
        ("more than 30 words", 180),
    ]


def test_lengths_that_do_not_occur_are_left_out():
    lengths = np.repeat([40, 3], 150)
    assert values(measure_slices(predictions(lengths=lengths)), "length") == ["up to 10 words", "more than 30 words"]


def test_of_many_values_the_twelve_most_frequent_are_shown():
    speakers = np.random.default_rng(1).permutation(
        np.repeat([f"Speaker {i:02d}" for i in range(20)], np.arange(5, 25))
    )
    slices = measure_slices(predictions(290, speakers=speakers))
    expected = [name for name, _ in Counter(speakers.tolist()).most_common(12)]
    assert values(slices, "speaker") == expected == [f"Speaker {i:02d}" for i in range(19, 7, -1)]


def test_of_many_months_the_largest_are_shown_in_order():
    days = np.array([f"2020-{m:02d}-15" for m in range(1, 13)] + [f"2021-{m:02d}-15" for m in range(1, 4)])
    sizes = np.array([30, 2, 30, 2, 30, 2, *[30] * 9])
    found = values(measure_slices(predictions(int(sizes.sum()), dates=np.repeat(days, sizes))), "month")
    assert found == [day[:7] for day, size in zip(days, sizes, strict=True) if size == 30]


def test_slices_of_fewer_than_thirty_sentences_are_marked():
    speakers = np.repeat(["Ada Lind", "Bo Ek", "Cy Dahl"], [29, 30, 241])
    slices = measure_slices(predictions(speakers=speakers))
    assert {s.value: s.small for s in slices} == {"Ada Lind": True, "Bo Ek": False, "Cy Dahl": False}


def test_a_slice_of_one_document_has_no_interval_and_others_have():
    speakers = np.array(["Ada Lind"] * 10 + ["Bo Ek"] * 290)
    bo, ada = measure_slices(predictions(speakers=speakers))
    assert (ada.value, ada.n, ada.n_groups, ada.small) == ("Ada Lind", 10, 1, True)
    assert ada.macro_f1.low is ada.macro_f1.high is ada.accuracy.low is ada.accuracy.high is None
    assert (bo.n_groups, bo.small) == (29, False)
    assert bo.macro_f1.low < bo.macro_f1.high


def test_the_interval_of_a_slice_is_that_of_its_own_documents():
    """All that is said elsewhere is of no account."""
    speakers = np.array(["Ada Lind"] * 100 + ["Bo Ek"] * 200)
    made = predictions(speakers=speakers)
    (ada,) = (s for s in measure_slices(made) if s.value == "Ada Lind")
    (alone,) = (measure_slice(made.select(np.arange(100)), "speaker", "Ada Lind"),)
    assert ada == alone
    wrong = np.bincount(np.arange(100) // 10, weights=~made.right[:100]) / 10
    assert ada.accuracy.high - ada.accuracy.low == pytest.approx(2 * 1.96 * wrong.std() / np.sqrt(10), rel=0.15)
