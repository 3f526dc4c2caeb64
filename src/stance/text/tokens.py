"""Tokens: the words of a sentence outside its quotations, with what the reading of clauses needs to know of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stance.text.lexicon import lists_of, words

_TOKEN = re.compile(
    r"(?P<word>[^\W\d_]+(?:[-'’.&][^\W\d_]+)*(?:\.|['’](?=\s))?)|(?P<number>[$£€]?\d[\d.,]*)|(?P<comma>,)"
    r"|(?P<stop>--+|[;:()\[\]—–…!?]|\.{2,})"
)
_CLITIC = re.compile(r"(?<=\w)(?:n['’]t|['’](?:s|d|ll|re|ve|m))$", re.IGNORECASE)
_INITIAL = re.compile(r"(?:[A-Z][a-z]?\.)+[A-Z]?$|(?:[A-Z]\.)+$")
_IS = frozenset({"he", "she", "it", "that", "there", "who", "what", "here", "one"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark of ``text[start:end]``; ``kind`` is word, number, comma, stop, gap or possessive.

    A gap is a quotation, however long; a possessive is the "'s" of an owner.
    """

    text: str
    lower: str
    start: int
    end: int
    kind: str
    initial: bool = False
    """Whether it begins a sentence, so that its capital says nothing."""

    @property
    def capital(self) -> bool:
        """Whether it is written with a capital, "al-Jubouri" and "d'Orsay" included."""
        return self.kind == "word" and (
            self.text[0].isupper()
            or (
                self.text[:3].lower() in ("al-", "el-", "as-", "an-", "ash", "ad-")
                and "-" in self.text
                and self.text.split("-")[1][:1].isupper()
            )
            or (self.text[1:2] in "'’" and self.text[2:3].isupper())
        )

    def among_participles(self) -> bool:
        """Whether it may be a past participle."""
        return self.lower.endswith("ed") or self.among("participles")

    def among(self, *names: str) -> bool:
        """Whether it is a word of one of these lists of the lexicon."""
        return self.kind in ("word", "possessive") and not lists_of(self.lower).isdisjoint(names)


def tokenize(text: str, start: int, end: int, gaps: Sequence[tuple[int, int]] = ()) -> list[Token]:
    """The tokens of ``text[start:end]``; each of ``gaps``, spans within it and ascending, is one token."""
    found: list[Token] = []
    at = start
    for left, right in gaps:
        found += _words(text, at, left, at == start or _ends_sentence(text, at))
        found.append(Token("", "", left, right, "gap"))
        at = right
    found += _words(text, at, end, at == start)
    return found


def _ends_sentence(text: str, at: int) -> bool:
    return text[max(0, at - 2) : at].strip("\"”’'").endswith((".", "!", "?"))


def _words(text: str, start: int, end: int, initial: bool) -> Iterator[Token]:
    previous = ""
    for match in _TOKEN.finditer(text, start, end):
        kind, word = match.lastgroup or "", match.group()
        left, right = match.span()
        if (
            kind == "word"
            and word.endswith(".")
            and not (_INITIAL.match(word) or word[:-1].lower() in words("abbreviations"))
        ):
            word, right = word[:-1], right - 1
            closes = True
        else:
            closes = False
        clitic = _CLITIC.search(word) if kind == "word" else None
        if clitic:
            body = word[: clitic.start()]
            yield Token(body, body.lower(), left, left + len(body), kind, initial)
            tail = clitic.group().replace("’", "'")
            owner = tail.lower() == "'s" and body.lower() not in _IS
            yield Token(tail, tail.lower(), left + len(body), right, "possessive" if owner else "word")
            previous = tail
        else:
            if kind == "word" and word[-1] in "'’":  # "the ministers' view"
                body = word[:-1]
                yield Token(body, body.lower(), left, right - 1, "word", initial)
                if body.endswith("s"):
                    yield Token("'", "'s", right - 1, right, "possessive")
            else:
                low = "u.s." if word == "US" else word.lower().rstrip(".")  # no "us"
                yield Token(word, low, left, right, kind, initial)
            previous = word
        if closes and right + 1 < end:
            yield Token(".", ".", right, right + 1, "stop")
        initial = closes or (kind == "stop" and previous in {"!", "?"})
