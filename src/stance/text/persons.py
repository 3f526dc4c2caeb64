"""Persons whom a sentence mentions without reporting them, so that "he" can mean them later."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stance.text.cast import Cast
from stance.text.lexicon import words
from stance.text.mentions import Mention, MentionReader
from stance.text.register import fold
from stance.text.tokens import Token

_REACH = 20  # tokens of a mention
_TELLING = frozenset({"who", "whose", "whom", "a", "an"})
_PLACING = frozenset({"in", "at", "from", "near", "of"})


@dataclass(frozen=True, slots=True)
class Introduction:
    """A mention of a person, with the name that stands beside it in apposition; or of a country."""

    mention: Mention
    apposition: Mention | None = None
    country: str = ""
    opens: bool = False
    """Whether the sentence begins with it."""


def persons(reader: MentionReader, tokens: Sequence[Token], cast: Cast) -> Iterator[Introduction]:
    """The persons whom the tokens mention, and the countries, in order."""
    at = 0
    while at < len(tokens):
        if tokens[at].kind not in ("word", "number"):
            at += 1
            continue
        mention, after = reader.read(tokens[at : at + _REACH], 0)
        after += at
        if mention is not None:  # not past what follows the head: a person may stand there
            after = bisect_left(tokens, mention.end, at, key=lambda token: token.start)
            new = _introduction(reader, tokens, cast, mention, at, after)
            if new is not None:
                yield new
        at = max(after, at + 1)


def _introduction(
    reader: MentionReader, tokens: Sequence[Token], cast: Cast, mention: Mention, at: int, after: int
) -> Introduction | None:
    """What the mention in ``tokens[at:after]`` brings up, if anything."""
    before = tokens[at - 1] if at else None
    if mention.kind == "name":
        entry = cast.register.find(mention.name)
        if entry is not None and entry.kind == "country":
            return Introduction(mention, country=entry.name, opens=before is None)
        person = not mention.institution and _is_person(mention, before, tokens[after : after + 2], cast)
        return Introduction(mention) if person or (mention.institution and before is None) else None
    if mention.kind != "description" or mention.head not in words("roles"):
        return None
    if mention.determiner in ("a", "an", "one") and not (before and before.among("auxiliaries")):
        return Introduction(mention, _name_behind(reader, tokens, after))
    return Introduction(mention) if mention.determiner == "the" and not at else None


def _is_person(mention: Mention, before: Token | None, behind: Sequence[Token], cast: Cast) -> bool:
    entry = cast.register.find(mention.name)
    if entry is not None and entry.kind != "person":
        return False
    if mention.name.split()[-1].lower() in words("places") or (mention.name.isupper() and len(mention.name) > 3):
        return False
    told_of = _is_told_of(behind)
    placed = before is not None and before.lower in _PLACING and not mention.modifiers and not told_of
    known = fold(mention.name) in cast.names
    return not placed and (bool(mention.modifiers & words("titles")) or " " in mention.name or told_of or known)


def _is_told_of(behind: Sequence[Token]) -> bool:
    """Whether more is told of a name: "Hale (deputy head ...)", "Hale, who ...", "Hale, a first secretary"."""
    if not behind:
        return False
    return behind[0].text == "(" or (behind[0].kind == "comma" and behind[-1].lower in _TELLING)


def _name_behind(reader: MentionReader, tokens: Sequence[Token], at: int) -> Mention | None:
    """The name in "a Gulf delegate, Fahd Hale, ..."."""
    if at + 1 >= len(tokens) or tokens[at].kind != "comma":
        return None
    other, _ = reader.read(tokens[at + 1 : at + 1 + _REACH], 0)
    return other if other is not None and other.kind == "name" and " " in other.name else None
