"""Mentions: the noun phrases by which a text names those who may speak."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from stance.text.lexicon import cues, words
from stance.text.names import singular
from stance.text.tokens import Token

_AGENT = re.compile(r"(?:ist|ician|ian|eer|man|woman|crat|yst|(?<=\w{4})er|(?<=\w{4})or)s?$|men$|women$")
_LONGEST = 14  # words; a longer phrase is a clause
_LONGEST_TAIL = 3  # prepositional phrases
_PRONOUNS = frozenset({"he", "she", "they", "it"})
_SEVERAL = frozenset({"two", "both", "several", "some", "many", "most"})
_AFTER_NAME = ("auxiliaries", "verbs", "adverbs", "conjunctions", "relatives", "prepositions", "negations")
_NOT_FIRST = ("prepositions", "subordinators", "relatives", "conjunctions", "adverbs", "openers", "auxiliaries")
_NEVER_INSIDE = ("prepositions", "conjunctions", "subordinators", "relatives", "auxiliaries", "verbs", "negations")


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun phrase, ``text[start:end]``, of one of the kinds name, description, pronoun and first (person).

    ``name`` is the proper name in it, without titles; ``head`` its noun, singular and lower case; ``modifiers`` the
    words beside them, lower case; ``owner`` the words before a possessive, or a possessive pronoun; ``tail`` what
    follows the head with a preposition ("of the missile forces").
    """

    start: int
    end: int
    words: str
    kind: str
    name: str = ""
    head: str = ""
    modifiers: frozenset[str] = frozenset()
    determiner: str = ""
    owner: str = ""
    tail: str = ""
    plural: bool = False
    institution: bool = False


def may_speak(mention: Mention) -> bool:
    """Whether the mention is of somebody, or of a body, that can hold a view."""
    if mention.kind != "description":
        return True
    if not (mention.determiner or mention.owner or mention.plural or mention.words[0].isupper()):
        return False  # a bare singular: no subject in English
    head = mention.head
    if any(head in words(name) for name in ("documents", "times", "things")):
        return False
    return head in words("roles") or head in words("peoples") or bool(_AGENT.search(head))


@dataclass(frozen=True)
class MentionReader:
    """Reads mentions in the tokens of one document.

    ``common`` holds the words that the document also writes without a capital; ``adjectives`` those of nations.
    """

    text: str
    common: frozenset[str]
    adjectives: frozenset[str]

    def read(self, tokens: Sequence[Token], at: int) -> tuple[Mention | None, int]:
        """The mention that begins at ``tokens[at]``, or none; and the index behind it."""
        token = tokens[at]
        if token.lower in ("i", "we"):
            return Mention(token.start, token.end, token.text, "first", plural=token.lower == "we"), at + 1
        if token.lower in _PRONOUNS:
            return Mention(token.start, token.end, token.lower, "pronoun", plural=token.lower == "they"), at + 1
        first, determiner = self._determiner(tokens, at)
        if not determiner and not self._core(tokens, at, at):
            return None, at + 1
        behind = first
        while behind < len(tokens) and behind - first < _LONGEST and self._core(tokens, behind, first):
            behind += 1
        if behind == first:
            return self._partitive(tokens, at, behind, determiner)
        return self._owned(tokens, at, first, behind, determiner)

    def _determiner(self, tokens: Sequence[Token], at: int) -> tuple[int, str]:
        """The index behind the determiners at ``at``, and the first of them."""
        token = tokens[at]
        if not (token.among("determiners", "possessives") or token.kind == "number"):
            return at, ""
        behind = at + 1
        while behind < len(tokens) and (
            tokens[behind].among("determiners") or tokens[behind].lower in ("own", "same", "other")
        ):
            behind += 1
        return behind, token.lower

    def _core(self, tokens: Sequence[Token], at: int, first: int) -> bool:
        """Whether a token may stand inside a noun phrase that begins at ``first``, before its head or as its head."""
        token = tokens[at]
        if token.kind in ("possessive", "number"):
            return at > first or token.kind == "number"
        if token.kind != "word" or token.among("pronouns", "first_person", "possessives"):
            return False
        if at > first and tokens[at - 1].capital and (token.among("times") or tokens[at - 1].among("times")):
            return False  # "President Hale Friday", "On Monday Minister Hale"
        if token.capital and not (token.initial and self._is_common(token)):
            return not (token.initial and token.among(*_NOT_FIRST))
        if token.among("particles") and at > first and at + 1 < len(tokens) and tokens[at + 1].capital:
            return True
        if self._is_portfolio(tokens, at, first):
            return True
        if token.among(*_NEVER_INSIDE) or token.among("adverbs", "determiners") or _is_adverb(token):
            return False
        return at == first or self._may_follow(tokens, at)

    def _is_portfolio(self, tokens: Sequence[Token], at: int, first: int) -> bool:
        """Whether "of" stands inside a title: "Secretary of State Ana Ruiz"."""
        if at == first or tokens[at].lower not in ("of", "for") or at + 1 >= len(tokens):
            return False
        office = tokens[at - 1].capital and singular(tokens[at - 1].lower) in words("roles")
        return office and tokens[at + 1].capital and tokens[at + 1].among("portfolios")

    def _may_follow(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a lower-case word goes on with a noun phrase, and is not its verb."""
        token, before = tokens[at], tokens[at - 1]
        if any(cue.verb_class != "phrase" for cue in cues().get(token.lower, ())):
            following = tokens[at + 1] if at + 1 < len(tokens) else None  # "a state secretary"
            if following is None or following.kind != "word" or following.capital or before.kind != "word":
                return False
            return singular(following.lower) in words("roles")
        participle = token.lower.endswith("ed") and not before.among("determiners")
        return not (participle and (before.capital or singular(before.lower) in words("roles")))

    def _is_common(self, token: Token) -> bool:
        return token.lower in self.common and not token.among("titles")

    def _partitive(self, tokens: Sequence[Token], start: int, at: int, determiner: str) -> tuple[Mention | None, int]:
        """ "one of them", "most of his friends": the whole stands behind "of"."""
        if not (determiner in words("quantities") or determiner in words("numbers")):
            return None, max(at, start + 1)
        if at + 1 < len(tokens) and tokens[at].lower == "of":
            if tokens[at + 1].lower in ("them", "us", "these", "those", "you"):
                of_them = self._say(tokens[start].start, tokens[at + 1].end)
                return (
                    Mention(
                        *(tokens[start].start, tokens[at + 1].end, of_them, "description"),
                        head="one",
                        determiner=determiner,
                        tail="of them",
                    ),
                    at + 2,
                )
            inner, end = self.read(tokens, at + 1)
            if inner is not None and inner.kind in ("name", "description"):
                head = inner.head or singular((inner.name or inner.words).split()[-1].lower())
                said = self._say(tokens[start].start, inner.end)
                whole = replace(inner, start=tokens[start].start, words=said, kind="description", name="", head=head)
                return replace(whole, plural=determiner != "one", determiner=determiner), end
        token = tokens[start]
        return Mention(token.start, token.end, token.text, "description", head="one", determiner=determiner), start + 1

    def _owned(
        self, tokens: Sequence[Token], start: int, first: int, behind: int, determiner: str
    ) -> tuple[Mention | None, int]:
        """A phrase whose core is ``tokens[first:behind]``; in "the Ministry's Director" the owner goes before."""
        owner = determiner if determiner in words("possessives") else ""
        marks = [k for k in range(first, behind) if tokens[k].kind == "possessive"]
        if marks and marks[-1] + 1 == behind:
            return None, behind
        if marks:
            owner = owner or self._say(tokens[start].start, tokens[marks[-1] - 1].end)
            first = marks[-1] + 1
        core = list(tokens[first:behind])
        run = len(core)
        while run and (core[run - 1].capital or (run < len(core) and core[run - 1].among("particles"))):
            if core[run - 1].initial and self._is_common(core[run - 1]):
                break
            run -= 1
        while run < len(core) and not core[run].capital:
            run += 1
        if run < len(core):
            return self._proper(tokens, start, behind, core, run, determiner, owner)
        return self._description(tokens, start, behind, core, determiner, owner)

    def _description(
        self, tokens: Sequence[Token], start: int, behind: int, core: list[Token], determiner: str, owner: str
    ) -> tuple[Mention, int]:
        tail, end = self._tail(tokens, behind)
        head = singular(core[-1].lower.strip("."))
        mention = Mention(
            *(tokens[start].start, core[-1].end, self._say(tokens[start].start, core[-1].end), "description"),
            head=head,
            modifiers=frozenset(token.lower.strip(".") for token in core[:-1]),
            determiner=determiner,
            owner=owner,
            tail=tail,
            plural=core[-1].lower != head or determiner in _SEVERAL,
        )
        return mention, end

    def _proper(
        self,
        tokens: Sequence[Token],
        start: int,
        behind: int,
        core: list[Token],
        run: int,
        determiner: str,
        owner: str,
    ) -> tuple[Mention | None, int]:
        """A phrase that ends in capitals, ``core[run:]``: a name, with or without titles, or a title alone."""
        if self._is_no_name(tokens, behind, core, run, determiner):
            return None, behind
        institution = core[-1].among("institutions")
        if institution:
            core, behind = self._of_institution(tokens, behind, core)
        cut = run if institution else run + self._titles(core[run:])
        bare = core[cut:]
        people = len(bare) == 1 and determiner and not bare[0].text.isupper()
        if not bare or (people and {bare[0].lower, singular(bare[0].lower)} & self.adjectives):
            return self._description(tokens, start, behind, core, determiner, owner)  # "the Minister", "the French"
        before = frozenset(token.lower.strip(".") for token in core[:cut])
        roles = [word for token in core[:cut] if (word := token.lower.strip(".")) in words("roles")]
        mention = Mention(
            *(tokens[start].start, core[-1].end, self._say(tokens[start].start, core[-1].end), "name"),
            name=self._say(bare[0].start, bare[-1].end),
            head=roles[-1] if roles else "",
            modifiers=before,
            determiner=determiner,
            owner=owner,
            institution=institution,
        )
        if not institution and not roles:
            return mention, behind
        tail, end = self._tail(tokens, behind)
        return replace(mention, tail=tail), end

    def _is_no_name(self, tokens: Sequence[Token], behind: int, core: list[Token], run: int, determiner: str) -> bool:
        """Whether capitals name a date or document, or only begin a sentence ("Send us back")."""
        first = core[run]
        if first.among("times", "documents") or (first.initial and first.lower.endswith("ly")) or first.lower == "you":
            return True
        if len(core) == 1 and first.initial and not determiner and first.lower in cues():
            return True  # "Welcome back"
        if len(core) > 1 or determiner or not first.initial or behind >= len(tokens) or tokens[behind].kind != "word":
            return False
        return not (tokens[behind].among(*_AFTER_NAME) or tokens[behind].lower in cues())

    def _of_institution(self, tokens: Sequence[Token], behind: int, core: list[Token]) -> tuple[list[Token], int]:
        """With "of Arab States" behind "League", as far as the capitals go."""
        while behind + 1 < len(tokens) and tokens[behind].lower in ("of", "for"):
            at = behind + 1 + (tokens[behind + 1].lower == "the")
            if at >= len(tokens) or not tokens[at].capital:
                break
            while at < len(tokens) and (
                tokens[at].capital or (tokens[at].lower == "and" and at + 1 < len(tokens) and tokens[at + 1].capital)
            ):
                core = [*core, tokens[at]]
                at += 1
            behind = at
        return core, behind

    def _titles(self, run: list[Token]) -> int:
        """How many of the capitals are titles, roles or adjectives of nations before a name."""
        cut = 0
        for k, token in enumerate(run, 1):
            low = token.lower.strip(".")
            nation = low in self.adjectives and k < len(run)
            if (
                token.among("titles", "portfolios")
                or low in words("titles")
                or singular(low) in words("roles")
                or nation
            ):
                cut = k
        return cut

    def _tail(self, tokens: Sequence[Token], at: int) -> tuple[str, int]:
        """ "of the missile forces", "in Oslo": prepositional phrases behind a head, and the index behind them."""
        start, phrases = at, 0
        while at + 1 < len(tokens) and tokens[at].among("joining_prepositions") and phrases < _LONGEST_TAIL:
            first, _ = self._determiner(tokens, at + 1)
            behind = first
            while behind < len(tokens) and self._core(tokens, behind, first):
                behind += 1
            if behind == first:
                break
            at, phrases = behind, phrases + 1
        return (self._say(tokens[start].start, tokens[at - 1].end), at) if at > start else ("", at)

    def _say(self, start: int, end: int) -> str:
        return " ".join(self.text[start:end].split())


def _is_adverb(token: Token) -> bool:
    return token.lower.endswith("ly") and not token.among("no_adverbs")
