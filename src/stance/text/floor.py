"""The floor: who speaks wherever nobody else is named, the turn of a transcript or the giver of a text."""

from __future__ import annotations

import re
from bisect import bisect_left

from stance.text.cast import Cast, Speaker
from stance.text.giver import Giver
from stance.text.lexicon import words
from stance.text.names import label_name

_TITLED = re.compile(
    r"(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lord|Lady|The|THE|MR|MRS|MS|DR|H\.E|Ambassador|Minister|President|Senator|Secretary)\b"
)
_SELF = re.compile(r"\b(?:I'm|I’m|I am|[Tt]his is|[Mm]y name is) (?P<name>[A-Z][\w'’-]+ [A-Z][\w'’-]+)")
_QUESTION = frozenset({"q", "question", "journalist", "reporter", "correspondent", "interviewer", "press"})
_ANSWER = frozenset(
    {"a", "answer", "spokesperson", "spokesman", "spokeswoman", "the spokesperson", "the spokesman", "briefer"}
)
_TURN = 20  # paragraphs
_INTRODUCTION = 300  # characters of a turn in which its speaker may give a name


def is_transcript(labels: list[str]) -> bool:
    """Whether the labels of paragraphs, empty where one has none, make a document a transcript.

    One in twenty must have one: a lone colon in a long report opens no turn.
    """
    found = [label for label in labels if label]
    return len(found) * _TURN >= len(labels) and (len(found) >= 2 or any(_TITLED.match(label) for label in found))


class Floor:
    """Who holds the floor of a document, paragraph by paragraph; ``holder`` is none for a narrator."""

    def __init__(self, giver: Giver, cast: Cast) -> None:
        self._giver, self._cast = giver, cast
        self._offices: dict[str, Speaker] = {}
        self.holder: Speaker | None = self._given(giver.name) if giver.name else None
        self._paper = self.holder
        self._own_words_only = giver.own_words_only
        for name in giver.persons:
            cast.person(name)
        cast.floor = self.holder

    def enter(self, start: int) -> None:
        """Go on to the paragraph at ``start``: into the next letter of a page of them, or a cable's comment."""
        commenting = self._giver.comment is not None and start >= self._giver.comment
        self._own_words_only = self._giver.own_words_only and not commenting
        signatures = self._giver.signatures
        if signatures:
            signed = bisect_left(signatures, start, key=lambda signature: signature[0])
            signer = self._cast.person(signatures[signed][1]) if signed < len(signatures) else self._paper
            self.holder = self._cast.floor = signer

    @property
    def speaks(self) -> bool:
        """Whether sentences that name nobody are the holder's."""
        return self.holder is not None and not self._own_words_only

    def _given(self, name: str) -> Speaker:
        if " and " in name or name.lower().startswith(("the ", "this ")):
            return Speaker(fixed=name, body=True, plural=" and " in name)
        return self._cast.person(name)

    def turn(self, label: str, beginning: str) -> None:
        """Pass the floor to whom ``label`` names; ``beginning`` is the text of the turn."""
        key = re.sub(r"\([^()]*\)", "", label).lower().strip(". ")
        introduced = _SELF.search(beginning, 0, _INTRODUCTION)
        if introduced and _is_office(label):
            self._offices.setdefault(key, self._cast.person(introduced["name"]))
        if key in _QUESTION:
            asking = self._giver.interviewer
            self.holder = self._cast.person(asking) if asking else Speaker(fixed="reporter")
        elif key in _ANSWER and self._giver.persons:
            self.holder = self._cast.person(self._giver.persons[0])
        elif key in ("a", "answer"):
            pass  # whoever answered before
        elif len(key) == 2 and label.isupper() and (named := self._with_initials(label)):
            self.holder = self._cast.person(named)
        else:
            self.holder = self._labelled(label)
        self._cast.floor = self.holder

    def _labelled(self, label: str) -> Speaker:
        """Who a label names; "The SPEAKER (Mr. Hale)" tells who "The SPEAKER" is from then on."""
        bare = re.sub(r"\([^()]*\)", "", label).strip(" .,").lower()
        inside = re.search(r"\(([^()]*)\)\s*\.?$", label)
        if bare in self._offices and not inside:
            return self._offices[bare]
        entry = self._cast.register.find(inside[1]) if inside else None
        if entry is not None and entry.kind == "country":
            return self._cast.person(entry.name)
        if not _is_office(bare):
            return self._cast.person(label_name(label))
        name = label_name(inside[1] if inside else label)
        self._offices[bare] = Speaker(fixed=name) if name.startswith("the ") else self._cast.person(name)
        return self._offices[bare]

    def _with_initials(self, label: str) -> str:
        """The person of the header whose initials are the label: "VB" of "Vera Brandt"."""
        named = (name.split() for name in self._giver.persons)
        return next((" ".join(parts) for parts in named if parts[0][0] + parts[-1][0] == label), "")


def _is_office(label: str) -> bool:
    known = words("titles") | words("roles") | words("places") | words("office_words")
    return all(word.lower().strip(".") in known for word in re.findall(r"[\w.]+", label))
