import numpy as np
import pytest
from sklearn.metrics import f1_score

from stance.corpus import GoldSentence, Metadata, krippendorff_alpha
from stance.errors import DataError
from stance.evaluation import measure_agreement

LABELS = ("against", "for", "neither")


def row(first: str, second: str, at: int, document: str = "d", note: str = "") -> GoldSentence:
    return GoldSentence(document, at, at + 1, "", "", second, "", "", first, "", "", second, "", note)


RNG = np.random.default_rng(3)
FIRST = [LABELS[i] for i in RNG.integers(0, 3, 200)]
SECOND = [label if RNG.random() < 0.9 else LABELS[RNG.integers(0, 3)] for label in FIRST]
ROWS = [row(a, b, i, f"d{i // 10}") for i, (a, b) in enumerate(zip(FIRST, SECOND, strict=True))]


def test_one_reader_is_scored_against_the_other_as_a_model_is_against_gold():
    found = measure_agreement(ROWS, LABELS, "neither")
    assert found.macro_f1.value == pytest.approx(f1_score(FIRST, SECOND, average="macro"))
    assert found.macro_f1.value == pytest.approx(f1_score(SECOND, FIRST, average="macro"))
    assert found.stance_f1.value == pytest.approx(f1_score(FIRST, SECOND, average="macro", labels=["for", "against"]))
    assert found.alpha.value == pytest.approx(krippendorff_alpha(FIRST, SECOND))
    assert found.accuracy.value == pytest.approx(np.mean(np.array(FIRST) == np.array(SECOND)))
    assert found.confusion[0][1] == sum(a == "against" and b == "for" for a, b in zip(FIRST, SECOND, strict=True))
    assert (found.n_sentences, found.n_groups) == (200, 20)


def test_intervals_come_from_whole_sections_or_documents():
    wide = measure_agreement(ROWS, LABELS, "neither")
    assert wide.alpha.low < wide.alpha.value < wide.alpha.high
    one = measure_agreement([row(a, b, i) for i, (a, b) in enumerate(zip(FIRST, SECOND, strict=True))], LABELS, None)
    assert one.alpha.low is None
    sections = Metadata({}, {"d": [(0, {"section": "a"}), (100, {"section": "b"})]}, ("section",))
    rows = [row(a, b, i) for i, (a, b) in enumerate(zip(FIRST, SECOND, strict=True))]
    assert measure_agreement(rows, LABELS, None, sections).n_groups == 2


def test_what_one_reader_drops_counts_as_a_difference_and_not_as_a_label():
    rows = [*ROWS[:20], row("dropped", "for", 900, note="rule 9; form"), row("dropped", "dropped", 901)]
    found = measure_agreement(rows, LABELS, None)
    assert found.n_sentences == 20
    assert found.settled_by["rule 9"] == 1


def test_differences_are_counted_by_the_rule_that_settled_them():
    rows = [
        row("for", "for", 0),
        row("for", "against", 1, note="rule 6: a vote"),
        row("for", "neither", 2, note="rule 6; mode"),
        row("for", "neither", 3, note="definition; speaker"),
        row("for", "neither", 4, note="as he says himself"),
    ]
    found = measure_agreement(rows, LABELS, "neither")
    assert found.settled_by == {"rule 6": 2, "definition": 1, "other grounds": 1}
    assert found.n_adjudicated == 4


def test_gold_with_one_reading_has_no_agreement():
    with pytest.raises(DataError, match="No sentence of this gold was read twice"):
        measure_agreement([row("for", "", 0)], LABELS, None)
