"""Alphabets: for each character what folding makes of it, and whether words are made of it, as arrays.

The arrays say what Python's own ``str.lower``, ``unicodedata`` and ``re`` do, asked once a process; so compiled code
folds and divides texts as scikit-learn does.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.model.terms import strip_character

WORD, SPACE, CASED, IGNORABLE = 1, 2, 4, 8
"""Classes of characters, as bits; the last two are those that a final sigma depends on."""
SIGMA = -(1 << 31)
"""What a capital sigma folds to: one small letter at the end of a word, another elsewhere."""

_N = sys.maxunicode + 1
_PAGE = 256


class Alphabet(NamedTuple):
    """How texts are folded.

    ``folds`` has for each code point the one that it becomes, or ``-1 - i`` where it becomes those (or none) from
    ``ends[i]`` to before ``ends[i + 1]`` of ``pieces``.
    """

    folds: NDArray[np.int32]
    pieces: NDArray[np.int32]
    ends: NDArray[np.int64]
    classes: NDArray[np.uint8]


@cache
def alphabet(lowercase: bool, strip_accents: str | None) -> Alphabet:
    """The alphabet of a vectorizer with these settings."""
    folds = np.arange(_N, dtype=np.int32)
    pieces: dict[str, int] = {}
    for codes, folded in _changes(lowercase, strip_accents):
        folds[codes] = ord(folded) if len(folded) == 1 else -1 - pieces.setdefault(folded, len(pieces))
    if lowercase:
        folds[ord("Σ")] = SIGMA
    ends = np.cumsum([0, *map(len, pieces)], dtype=np.int64)
    return Alphabet(folds, _codes("".join(pieces) or " "), ends, _classes())


def _changes(lowercase: bool, strip_accents: str | None) -> Iterator[tuple[int | slice, str]]:
    """The code points that folding changes, and to what."""
    for start in range(0, _N, _PAGE):
        page = _everything()[start : start + _PAGE]
        lowered = page.lower() if lowercase else page
        plain = not strip_accents or unicodedata.normalize("NFKD", lowered) == lowered
        if plain and strip_accents == "ascii" and start:  # none is made of ASCII
            yield slice(start, start + _PAGE), ""
        elif lowered != page or not plain or (strip_accents and any(map(unicodedata.combining, page))):
            for code, character in enumerate(page, start):
                folded = character.lower() if lowercase else character
                if strip_accents:
                    folded = "".join(strip_character(c, strip_accents) for c in folded)
                if folded != character:
                    yield code, folded


@cache
def _everything() -> str:
    """Every character there is, in order."""
    return np.arange(_N, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _codes(text: str) -> NDArray[np.int32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<i4")


@cache
def _classes() -> NDArray[np.uint8]:
    found = np.zeros(_N, dtype=np.uint8)
    for pattern, value in ((r"\w+", WORD), (r"\s+", SPACE)):
        for match in re.finditer(pattern, _everything()):
            found[slice(*match.span())] |= value
    # A sigma is final after a cased character, those to be ignored between them left out. No character of the planes
    # that are not looked at is either.
    for plane in (slice(0, 0x20000), slice(0xE0000, 0xE1000)):
        few = _everything()[plane].replace("İ", "I")  # which alone would become two, and is as cased
        cased, ignored = (_codes("".join(f"{before}{c}Σ " for c in few).lower())[2::4] == ord("ς") for before in " A")
        found[plane] |= np.where(cased, CASED, np.where(ignored, IGNORABLE, 0)).astype(np.uint8)
    return found
