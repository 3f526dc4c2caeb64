"""The names of speakers that training is not to see."""

from __future__ import annotations

import re
from dataclasses import replace

from stance.corpus import Corpus
from stance.model import hide_names, name_pattern

_WORD = re.compile(r"[^\W\d_][\w'’-]*[^\W_]")
_POSSESSIVE = re.compile(r"['’]s$")


def speaker_names(corpus: Corpus) -> tuple[str, ...]:
    """The words of the corpus's speakers that are names: capitals that its texts never write in lower case, sorted.

    "Foreign Ministry" gives nothing where a text has "foreign" and "ministry".
    """
    if corpus.speakers is None:
        return ()
    common = {word for text in corpus.texts for word in _WORD.findall(text) if word.islower()}
    said = {_POSSESSIVE.sub("", word) for name in set(corpus.speakers.tolist()) for word in _WORD.findall(name)}
    return tuple(sorted(word for word in said if len(word) > 1 and not word.islower() and word.lower() not in common))


def without_names(corpus: Corpus, names: tuple[str, ...]) -> Corpus:
    """The corpus with these names hidden in its texts."""
    if not names:
        return corpus
    pattern = name_pattern(names)
    return replace(corpus, texts=tuple(hide_names(text, pattern) for text in corpus.texts))
