"""Characters are folded and divided as Python does it, every one of them."""

import re
import sys

import numpy as np
import pytest

from stance.model.alphabet import SPACE, WORD, alphabet
from stance.model.folding import decode, fold, fold_simply
from stance.model.terms import strip_character

EVERY = list(map(chr, range(sys.maxunicode + 1)))


def folded(text: str, lowercase: bool, strip_accents: str | None) -> str:
    """``text`` as the compiled code folds it."""
    raw = np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)
    codes, out = np.empty(len(text), dtype=np.int32), np.empty(18 * len(text), dtype=np.int32)
    chosen = alphabet(lowercase, strip_accents)
    n = fold_simply(raw, 0, len(raw), chosen.folds, out, 0)
    if n < 0:
        n = fold(codes, decode(raw, 0, len(raw), codes), *chosen, out, 0)
    return out[:n].tobytes().decode("utf-32-le", "surrogatepass")


def test_the_lower_case_of_every_character_is_pythons():
    text = " ".join(EVERY)
    assert folded(text, True, None) == text.lower()
    assert folded(text, False, None) == text


@pytest.mark.parametrize("around", ["A{}Σ ", "{}Σ ", "AΣ{}B", "AΣ{}", "Α{0}Σ{0}Β ", "a{0}{0}Σ{0}'b "])
def test_a_final_sigma_is_pythons_beside_every_character(around):
    text = "\n".join(around.format(c) for c in EVERY)
    assert folded(text, True, None) == text.lower()


@pytest.mark.parametrize("how", ["unicode", "ascii"])
@pytest.mark.parametrize("lowercase", [False, True])
def test_the_accents_of_every_character_go_as_in_scikit_learn(how, lowercase):
    text = "".join(c for c in EVERY if c != "Σ")
    expected = text.lower() if lowercase else text
    assert folded(text, lowercase, how) == "".join(strip_character(c, how) for c in expected)


def test_words_and_white_space_are_those_of_regular_expressions():
    classes = alphabet(True, None).classes
    assert [bool(classes[ord(c)] & WORD) for c in EVERY] == [re.match(r"\w", c) is not None for c in EVERY]
    assert [bool(classes[ord(c)] & SPACE) for c in EVERY] == [re.match(r"\s", c) is not None for c in EVERY]
