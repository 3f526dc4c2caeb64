"""Naming a speaker: the noun phrase of a source, cut down to the shortest form that tells who it is."""

from __future__ import annotations

import re
from itertools import dropwhile

from stance.text.lexicon import words

_TOKEN = re.compile(r"[^\W_][\w.'’-]*|&")
_PREFIXED = re.compile(r"(?:al|el|as|ad|an|ash|d|l)[-'’][A-Z]")  # al-Jubouri, d'Orsay
_PRONOUNS = frozenset({"he", "she", "they", "it"})
_FIRST_PERSON = frozenset({"i", "we"})
_LONGEST = 12  # words; a longer phrase is a clause


def is_pronoun(phrase: str) -> bool:
    """Whether ``phrase`` points back at an earlier speaker."""
    return phrase.lower() in _PRONOUNS


def is_first_person(phrase: str) -> bool:
    """Whether ``phrase`` is whoever speaks in the first person."""
    return phrase.lower() in _FIRST_PERSON


def speaker_name(phrase: str) -> str:
    """The shortest form of a source's noun phrase, without title; empty if it is not one that speaks.

    "Foreign Minister Igor Sokolin" is "Sokolin", "a senior official in Oslo" is "a senior official", "Paris" is itself.
    """
    tokens = list(dropwhile(lambda token: token.lower() in words("openers"), _TOKEN.findall(phrase)))
    if not tokens or len(tokens) > _LONGEST or tokens[0].lower() in _PRONOUNS | _FIRST_PERSON:
        return ""
    if re.search(r"['’]s$", tokens[0]) and len(tokens) > 1:  # "Russia's deputy representative"
        return _role_phrase(tokens)
    if tokens[0].lower() not in words("determiners") and _is_proper(tokens[0]):
        name = _proper_name(tokens)
        # "Plans for the inspections", "Fourteen members": a capital that begins a sentence and not a name.
        return "" if len(tokens) > 1 and name == tokens[0] else name
    proper = _trailing_name(tokens)
    if proper and len(tokens) > len(proper) and tokens[-len(proper) - 1].lower() in words("roles") | words("titles"):
        return _proper_name(proper)
    if tokens[0].lower() == "the" and len(tokens) > 1 and all(_is_proper(t) for t in tokens[1:]):
        return _proper_name(tokens[1:])
    return _role_phrase(tokens)


def label_name(label: str) -> str:
    """The speaker that a transcript's label names: ``Mr. Gerald Aldwinter (Thornmere) (Lab)`` is ``Aldwinter``."""
    inside = re.search(r"\(([^()]*)\)\s*$", label)
    bare = re.sub(r"\([^()]*\)", "", label).split(",")[0].strip()
    name = speaker_name(_capitalise(bare)) or bare
    if inside and re.match(r"(?:Mr|Mrs|Ms|Dr|Sir|Lord|Lady)\b", inside[1]):
        return speaker_name(inside[1])
    return name


def _capitalise(text: str) -> str:
    return " ".join(word.capitalize() if word.isupper() and len(word) > 3 else word for word in text.split())


def _is_proper(token: str) -> bool:
    return token[0].isupper() or _PREFIXED.match(token) is not None


def _trailing_name(tokens: list[str]) -> list[str]:
    start = len(tokens)
    while start and (_is_proper(tokens[start - 1]) or tokens[start - 1].lower() in words("particles")):
        start -= 1
    return tokens[start:]


def _proper_name(tokens: list[str]) -> str:
    name = tokens
    for i, token in enumerate(tokens):  # stop at "of", "in", "for" and the like
        if not (_is_proper(token) or token.lower() in words("particles") or token == "&"):
            name = tokens[:i]
            break
    if any(token.lower().strip(".") in words("institutions") for token in name):
        return _without_possessive(" ".join(name))
    kept = list(name)
    while len(kept) > 1 and kept[0].lower().strip(".") in words("titles"):
        kept = kept[1:]
    while (len(kept) > 2 and kept[0].endswith(("an", "ish", "ese", "ch"))) or (
        len(kept) > 1 and kept[0].lower() in words("titles")
    ):
        kept = kept[1:]
    titled = len(kept) < len(name)
    if (
        len(kept) == 2
        and not titled
        and kept[0].lower() in {"new", "saudi", "south", "north", "united", "great", "sri", "downing", "los", "san"}
    ):
        return " ".join(kept)
    start = len(kept) - 1
    while start and kept[start - 1].lower() in words("particles"):
        start -= 1
    return _without_possessive(" ".join(kept[start:]))


def _role_phrase(tokens: list[str]) -> str:
    """A description as far as its head noun, if that is somebody who speaks."""
    for i, token in enumerate(tokens):
        following = tokens[i + 1].lower() if i + 1 < len(tokens) else ""
        if token.lower() in words("roles") and following not in words("roles"):
            phrase = " ".join(tokens[: i + 1])
            return phrase[0].lower() + phrase[1:] if tokens[0].lower() in words("determiners") else phrase
        if i and token.lower() in words("openers"):
            return ""
    return ""


def _without_possessive(name: str) -> str:
    return re.sub(r"['’]s$", "", name).rstrip(".") if not re.search(r"\.[A-Z]\.$", name) else name
