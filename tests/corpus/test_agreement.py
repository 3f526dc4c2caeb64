import krippendorff
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.corpus import krippendorff_alpha

# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", sections A and B.
MEG, OWEN = "0100000010", "1110010000"
BEN, GERRY = "aabbdcccedda", "babbbccceddd"


def test_the_published_examples_come_out_as_published():
    assert krippendorff_alpha(MEG, OWEN) == pytest.approx(0.095, abs=5e-4)
    assert krippendorff_alpha(BEN, GERRY) == pytest.approx(0.692, abs=5e-4)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2).filter(
        lambda p: len(set(sum(p, ()))) > 1
    )
)
def test_it_agrees_with_an_independent_implementation(pairs):
    first, second = zip(*pairs, strict=True)
    codes = [["abc".index(v) for v in reading] for reading in (first, second)]
    assert krippendorff_alpha(first, second) == pytest.approx(krippendorff.alpha(codes, level_of_measurement="nominal"))
