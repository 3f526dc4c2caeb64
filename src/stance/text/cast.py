"""The cast: the speakers that a document has brought up so far, and which of them a mention means."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from stance.text.lexicon import words
from stance.text.mentions import Mention
from stance.text.names import family_name, singular
from stance.text.register import Entry, Register, fold

_KEPT = 40  # speakers that a pronoun may mean
_COUNTRIES = 8  # mentions of countries that "both countries" may mean
_NEAR = 12  # speakers of one role among whom "the minister" is sought
_POSSESSIVES = {"his": "he", "her": "she", "its": "it", "their": "they"}
_LONGEST_TAIL = 6  # words of a description behind its head


@dataclass(eq=False)
class Speaker:
    """One speaker of a document, under all the names and descriptions met so far."""

    name: str = ""
    description: str = ""
    core: str = ""
    """The description without what follows its head."""
    heads: set[str] = field(default_factory=set)
    modifiers: set[str] = field(default_factory=set)
    gender: str = ""
    plural: bool = False
    body: bool = False
    entry: Entry | None = None
    owner: Speaker | None = None
    namesake: bool = False
    """Whether another speaker has the family name."""
    tails: list[str] = field(default_factory=list)
    fixed: str = ""
    """What it is called whatever else is known of it."""

    @property
    def is_person(self) -> bool:
        """Whether "he" or "she" can mean it."""
        return not self.body and not self.plural and (self.entry is None or self.entry.kind == "person")

    def label(self) -> str:
        """What the speaker is called: the canonical name, the family name, or the first description."""
        if self.fixed:
            return self.fixed
        if self.entry is not None:
            return self.entry.name
        if self.name:
            return self.name if self.body or self.namesake else family_name(self.name)
        if self.owner is not None:
            return f"{self.owner.core or self.owner.label()}'s {self.description}"
        return self.description

    def country(self, register: Register) -> str:
        """The country spoken for: the register's, else that of an adjective or complement, else the owner's."""
        if self.entry is not None:
            return self.entry.name if self.entry.kind == "country" else self.entry.country
        for word in sorted(self.modifiers | {w.lower() for w in self.description.split()}):
            if word in register.adjectives:
                return register.adjectives[word].name
        for tail in self.tails:
            named = re.match(r"(?:of|for|from) (?:the )?(.+)", tail)
            if named and (country := register.country_of(named[1])):
                return country
        return self.owner.country(register) if self.owner is not None else ""


class Cast:
    """The speakers of one document, and the order in which they were last brought up."""

    def __init__(self, register: Register, day: date | None) -> None:
        self.register, self.day = register, day
        self.floor: Speaker | None = None
        self._recent: list[Speaker] = []
        self._countries: list[str] = []
        self._by_name: dict[str, Speaker] = {}
        self._by_head: dict[str, list[Speaker]] = {}

    @property
    def names(self) -> Collection[str]:
        """The folded names and parts of names known so far."""
        return self._by_name.keys()

    @property
    def latest(self) -> Speaker | None:
        """The speaker brought up last."""
        return self._recent[-1] if self._recent else None

    def introduce(self, mention: Mention, apposition: Mention | None, country: str = "", opens: bool = False) -> None:
        """Bring up a person who is mentioned without being reported, or a country, which "both countries" may mean."""
        if country:
            self._countries.append(country)
            del self._countries[:-_COUNTRIES]
            if opens:
                self.bring_up(self.person(country))
            return
        speaker = self.resolve(mention, apposition)
        if speaker is not None:
            self.bring_up(speaker)

    def bring_up(self, speaker: Speaker) -> None:
        """Make ``speaker`` the one that a pronoun most likely means next."""
        if self.latest is not speaker:
            self._recent.append(speaker)
            del self._recent[:-_KEPT]

    def person(self, name: str) -> Speaker:
        """The speaker of this name, as a label or header gives it."""
        return self._named(Mention(0, 0, name, "name", name=name))

    def resolve(self, mention: Mention, apposition: Mention | None = None) -> Speaker | None:
        """The speaker that ``mention`` means here; none if it means nobody who is known."""
        if mention.kind == "first":
            return self.floor
        if mention.kind == "pronoun":
            return self._pronoun(mention.words)
        if _is_carrier(mention):
            return None  # a news agency passes on what others said
        if mention.kind == "description" and apposition is not None and apposition.kind == "name":
            mention, apposition = apposition, mention
        speaker = self._named(mention) if mention.kind == "name" else self._described(mention)
        if apposition is not None and speaker is not None:
            self._describe(speaker, apposition)
            if apposition.owner and speaker.owner is None:  # "Russia's envoy, Pavel Hale"
                speaker.owner = self._owner(apposition.owner)
        return speaker

    def _pronoun(self, word: str) -> Speaker | None:
        """Of those brought up last the first that the pronoun fits: a person of that gender, a body for "it"."""
        for speaker in reversed(self._recent):
            if word in ("he", "she"):
                gender = "m" if word == "he" else "f"
                if speaker.is_person and speaker.gender in ("", gender):
                    speaker.gender = gender
                    return speaker
            elif not speaker.is_person and (word == "they" or not speaker.plural):
                return speaker
        return None

    def _named(self, mention: Mention) -> Speaker:
        name = mention.name
        role = mention.modifiers | {mention.head}
        entry = self.register.find(name, self.day, role) or self.register.adjectives.get(name.lower())
        body = mention.institution or (entry is not None and entry.kind != "person")
        if mention.owner and body and entry is None:
            name = f"{mention.owner}'s {name}"
        last = fold(name.split()[-1])
        key = fold(entry.name if entry else name)
        found = self._by_name.get(key) or (None if body else self._by_name.get(last))
        namesake = found is not None and _is_namesake(found, name, entry)
        if namesake and found is not None and entry is None:
            found.namesake = True
        if found is None or found.body != body or namesake:
            found = Speaker(name=name, body=body, entry=entry, namesake=namesake and entry is None)
        elif len(name.split()) > len(found.name.split()):
            found.name = name
        elif found.name.split()[0] == name != found.name and not found.entry and mention.modifiers & words("titles"):
            found.fixed = name  # "Mr. Guo" after Guo Weimin: the family name stands first
        self._remember(found, key, name)
        self._describe(found, mention)
        return found

    def _remember(self, speaker: Speaker, key: str, name: str) -> None:
        self._by_name[key] = speaker
        if speaker.body:
            self._index(speaker, singular(name.split()[-1].lower()))
            return
        for word in name.split():
            if len(word) > 1 and word.lower() not in words("particles"):
                self._by_name.setdefault(fold(word), speaker)
        self._by_name[fold(name.split()[-1])] = speaker

    def _describe(self, speaker: Speaker, mention: Mention) -> None:
        if mention.head:
            self._index(speaker, mention.head)
        speaker.modifiers |= mention.modifiers
        if mention.tail:
            speaker.tails.append(mention.tail)
        traits = mention.modifiers | {mention.head}
        if not speaker.gender and not speaker.body:
            speaker.gender = "m" if traits & words("male") else "f" if traits & words("female") else ""
        speaker.description = speaker.description or mention.words

    def _index(self, speaker: Speaker, head: str) -> None:
        speaker.heads.add(head)
        group = self._by_head.setdefault(head, [])
        if speaker in group[-_NEAR:]:
            group.remove(speaker)
        group.append(speaker)

    def _described(self, mention: Mention) -> Speaker | None:
        """Whom a description means: somebody met already, an office of the register, else a new speaker."""
        if mention.owner in ("my", "our") and mention.head in words("own_bodies") and self.floor is not None:
            return self.floor  # "my delegation" is whoever speaks
        if mention.determiner in ("both", "two") and mention.head in words("parties") and not mention.modifiers:
            pair = self._pair()
            if pair is not None:
                return pair
        if mention.tail == "of them":
            return self._pronoun("they")
        owner = self._owner(mention.owner) if mention.owner else None
        if mention.head in words("documents") or (owner is not None and mention.head in words("owned_documents")):
            return owner
        return self._definite(mention, owner) or self._official(mention) or self._new(mention, owner)

    def _definite(self, mention: Mention, owner: Speaker | None) -> Speaker | None:
        if mention.determiner not in ("the", "this", "that", "our") and owner is None:
            return None
        found = self._earlier(mention, owner)
        if found is None and mention.head in words("anybody") and not mention.modifiers:
            found = self._pronoun("she" if mention.head in words("female") else "he")
        return found

    def _earlier(self, mention: Mention, owner: Speaker | None) -> Speaker | None:
        """The speaker already met to whom a definite description refers."""
        wanted = mention.modifiers - {"same", "own", "other"}
        for speaker in reversed(self._by_head.get(mention.head, [])[-_NEAR:]):
            if owner is not None and speaker.owner is not owner:
                continue
            if wanted <= speaker.modifiers | speaker.heads and mention.plural == speaker.plural:
                return speaker
        return None

    def _official(self, mention: Mention) -> Speaker | None:
        """Whom the register knows by a description: "the French foreign minister", "the British government"."""
        country = next(
            (self.register.adjectives[w] for w in sorted(mention.modifiers) if w in self.register.adjectives), None
        )
        if mention.head in words("stands_for_country") and mention.tail.startswith("of "):
            entry = self.register.find(mention.tail.removeprefix("of "))
            return self.person(entry.name) if entry is not None and entry.kind == "country" else None
        if country is None:
            return self._of_latest(mention)
        if mention.head in words("governments") and len(mention.modifiers) == 1:
            return self.person(country.name)
        adjective = mention.modifiers & set(self.register.adjectives)
        role = [
            w for w in mention.words.lower().split() if w in mention.modifiers | {mention.head} and w not in adjective
        ]
        holder = self.register.office_holder(country.name, " ".join(role), self.day)
        return self.person(holder.name) if holder is not None else None

    def _of_latest(self, mention: Mention) -> Speaker | None:
        """ "the defence minister", of the country whose view was given last."""
        latest = self.latest.country(self.register) if self.latest is not None else ""
        if not latest or mention.determiner != "the" or mention.tail or not mention.modifiers:
            return None
        role = " ".join(word for word in mention.words.lower().split() if word in mention.modifiers | {mention.head})
        holder = self.register.office_holder(latest, role, self.day)
        return self.person(holder.name) if holder is not None else None

    def _new(self, mention: Mention, owner: Speaker | None) -> Speaker:
        text = re.sub(r"^[Yy]our(?: own)? ", "the ", mention.words)
        entry = self.register.find(mention.words, self.day)
        plural = mention.plural or mention.head in words("several_persons")
        speaker = Speaker(plural=plural, body=mention.head in words("bodies"), entry=entry, owner=owner)
        if owner is not None:
            text = re.sub(r"^.*(?:['’]s|\b(?:my|our|his|her|its|their))(?: own)? ", "", text, flags=re.IGNORECASE)
        elif mention.determiner or (text[1:2].islower() and singular(text.split()[0].lower()) in words("roles")):
            text = text[0].lower() + text[1:]
        speaker.core = text if owner is None else ""
        if mention.tail and owner is None and len(mention.tail.split()) <= _LONGEST_TAIL:
            text = f"{text} {mention.tail}"
        speaker.description = text
        self._describe(speaker, mention)
        return speaker

    def _pair(self) -> Speaker | None:
        """ "both countries": the two that were mentioned last, or a giver who is two."""
        if self.floor is not None and " and " in self.floor.fixed:
            return self.floor
        last = list(dict.fromkeys(reversed(self._countries)))[:2]
        return Speaker(fixed=" and ".join(reversed(last)), plural=True) if len(last) == 2 else None

    def _owner(self, owner: str) -> Speaker | None:
        low = owner.lower()
        if low in ("my", "our"):
            return self.floor
        if low in _POSSESSIVES:
            return self._pronoun(_POSSESSIVES[low])
        if low in ("your", "one's", "whose"):
            return None
        found = self._by_name.get(fold(owner)) or self._by_name.get(fold(owner.split()[-1]))
        if found is None:
            entry = self.register.find(owner, self.day)
            found = Speaker(name=re.sub(r"^[Tt]he ", "", owner), body=True, entry=entry)
            self._by_name[fold(entry.name if entry else owner)] = found
        return found


def _is_namesake(speaker: Speaker, name: str, entry: Entry | None) -> bool:
    """Whether ``name`` is somebody else's who shares the family name: another first name, another entry."""
    if entry is not None and speaker.entry is not None:
        return speaker.entry.name != entry.name
    one, other = speaker.name.split(), name.split()
    if speaker.body or len(one) < 2 or len(other) < 2 or one[-1] != other[-1]:
        return False
    return one[0] != other[0] and not {len(one[0].strip(".")), len(other[0].strip("."))} & {1}


def _is_carrier(mention: Mention) -> bool:
    said = {mention.head, *mention.modifiers, *mention.name.lower().split()}
    return not mention.owner and not words("carriers").isdisjoint(said)
