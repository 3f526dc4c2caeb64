"""Sources: who a sentence says that something is said or held by, outside its quotations.

A source is a cue and the mention that goes with it: the subject of a verb of saying or of position, the noun phrase
behind "according to" and its like, the agent of a passive. The reading is shallow, left to right, in linear time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stance.text.lexicon import Cue, cues, inflect, words
from stance.text.mentions import Mention, MentionReader, may_speak
from stance.text.names import singular
from stance.text.tokens import Token

_REACH = 60  # tokens before a cue in which its subject is sought
_BE = frozenset(inflect("be"))
_CONJUNCTIONS = frozenset({"and", "but", "or", "nor"})
_PRONOUN_OF = {"his": "he", "her": "she", "their": "they", "its": "it"}
_OBLIGATIONS = frozenset({"should", "must", "ought", "shall"})
_AFTER_PASSIVE = frozenset({"to", "as", "by", "that", "in", "on", "at"})


@dataclass(frozen=True, slots=True)
class Source:
    """Somebody whose words or view a sentence reports; ``others`` are those who share it ("Russia and France")."""

    mention: Mention
    mode: str
    rule: str
    cue: Cue | None
    cue_start: int
    cue_end: int
    others: tuple[Mention, ...] = ()
    apposition: Mention | None = None


def find_sources(reader: MentionReader, tokens: Sequence[Token]) -> list[Source]:
    """The sources in the tokens of one sentence, in the order of their cues."""
    found: list[Source] = []
    for i, token in enumerate(tokens):
        if token.kind == "word":
            found += _nominal(reader, tokens, i)
            if token.lower in cues() and not (token.capital and not token.initial):
                source = _verbal(reader, tokens, i)
                if source is not None:
                    found.append(source)
    return found


def _verbal(reader: MentionReader, tokens: Sequence[Token], i: int) -> Source | None:
    """The source of the verb at ``i``, if it is a cue and used as a finite verb."""
    cue = _cue(tokens, i)
    if cue is None:
        return None
    inverted = _inverted(reader, tokens, i, cue)
    if inverted is not None:
        return inverted
    if not i or _is_noun(tokens[i - 1], tokens[i]):
        return None
    k = _skip_auxiliaries(tokens, i)
    auxiliaries = _auxiliaries(tokens, k, i)
    passive = bool(auxiliaries & _BE) and cue.verb_class != "phrase" and tokens[i].among_participles()
    if passive and cue.lemma not in words("surface_passives"):
        return _agent(reader, tokens, i, cue)
    if not _is_finite(tokens, i, cue, auxiliaries) or _is_conditional(tokens, k + 1):
        return None
    subject, rule = _subject(reader, tokens, k + 1)
    if not subject or not _fits(subject[0], cue) or (passive and not _is_said_of(subject[0], tokens, i)):
        return None
    mode = "position" if passive and cue.lemma not in ("quoted", "cite") else cue.mode
    return Source(
        *(subject[0], mode, "passive" if passive else rule, cue, tokens[i].start, tokens[i].end),
        others=tuple(subject[1:]),
        apposition=_apposition(reader, tokens, subject[0]) or _named_aside(reader, tokens, subject[0], k + 1),
    )


def _named_aside(reader: MentionReader, tokens: Sequence[Token], mention: Mention, end: int) -> Mention | None:
    """The name between commas before a verb: "an inspector who now teaches, Ruth Ellery, warned"."""
    if mention.kind != "description" or not end or tokens[end - 1].kind != "comma":
        return None
    start = max((k for k in range(max(0, end - 8), end - 1) if tokens[k].kind == "comma"), default=-1) + 1
    other, after = reader.read(tokens[start : end - 1], 0) if 0 < start < end - 1 else (None, 0)
    named = other is not None and other.kind == "name" and " " in other.name and start + after == end - 1
    return other if named else None


def _is_noun(before: Token, token: Token) -> bool:
    """Whether a word that may be a cue is a noun or an infinitive, given the word before it."""
    if token.lower.endswith("s") and (before.among("verbs") or before.lower.endswith("ed")) and not before.capital:
        return True  # "issued notes"
    if before.among("determiners", "possessives") or before.kind in ("possessive", "number"):
        return True
    return before.among("prepositions") and before.lower != "of"


def _auxiliaries(tokens: Sequence[Token], k: int, i: int) -> set[str]:
    """The words between a subject and its verb; "'s" counts as "is" only before "said to"."""
    found = {token.lower for token in tokens[k + 1 : i]}
    if i + 1 >= len(tokens) or tokens[i + 1].lower != "to":
        found.discard("'s")  # "he's said the same": has
    return found


def _is_finite(tokens: Sequence[Token], i: int, cue: Cue, auxiliaries: set[str]) -> bool:
    """Whether the verb states something of its subject: no participle, no obligation."""
    token = tokens[i]
    if token.lower.endswith("ing") and not auxiliaries & _BE and cue.lemma != "be":
        return False
    if token.among_participles() and not auxiliaries and i + 1 < len(tokens) and tokens[i + 1].lower == "by":
        return False
    if cue.lemma in words("unsaid") and auxiliaries & words("negations"):
        return False  # "he did not comment"
    first_person = any(t.lower in ("i", "we") for t in tokens[max(0, i - len(auxiliaries) - 1) : i])
    return not (auxiliaries & _OBLIGATIONS) or first_person


def _is_said_of(mention: Mention, tokens: Sequence[Token], i: int) -> bool:
    """Whether a passive reports of somebody: "X is said to be", but not "it is said that", "a paper is expected"."""
    following = tokens[i + 1].lower if i + 1 < len(tokens) else ""
    return mention.words != "it" and following in _AFTER_PASSIVE and mention.head not in words("things")


def _is_conditional(tokens: Sequence[Token], end: int) -> bool:
    """Whether the verb group at ``end`` stands in a clause that states nothing: "if", "when", "should Iraq refuse"."""
    start = _boundary(tokens, end, verbs=False)
    if any(t.kind == "comma" for t in tokens[start:end]):
        return False
    if not start or not tokens[start - 1].among("subordinators", "relatives"):
        return start < end and tokens[start].initial and tokens[start].lower in ("should", "had", "were")
    opener = tokens[start - 1].lower
    if tokens[start - 1].among("relatives") and start > 1 and tokens[start - 2].among("prepositions"):
        return True  # "the letter by which Iraq offers"
    if opener == "what":
        return start > 1 and tokens[start - 2].lower not in ("is", "was", "but", "and")
    return opener in words("conditional")


def _cue(tokens: Sequence[Token], i: int) -> Cue | None:
    """The cue that a token is, given what follows it."""
    options = cues()[tokens[i].lower]
    after = [t.lower for t in tokens[i + 1 : i + 12] if t.kind == "word"]
    clause = _has_clause(after)
    negated = {"not", "never", "n't", "no"} & {f.split()[0] for cue in options for f in cue.followers}
    while after and after[0] not in negated and _is_passed_over(after[0]):
        after = after[1:]
    paused = i + 1 >= len(tokens) or tokens[i + 1].kind != "word"
    return next((cue for cue in options if _is_used_as(cue, after, paused or clause)), None)


def _is_passed_over(word: str) -> bool:
    if word in ("gladly", "happily"):
        return False
    return word in words("negations") or word in words("adverbs") or word.endswith("ly")


def _is_used_as(cue: Cue, after: list[str], clause: bool) -> bool:
    """Whether a form of ``cue`` followed by the words ``after`` reports; ``clause`` says that a clause or mark does."""
    if cue.lemma in words("needs_clause") and not clause and not _has_clause(after):
        return False
    if cue.lemma == "call" and after[:1] in (["on"], ["upon"]) and not {"to", "for"} & set(after[1:8]):
        return False  # a visit
    following = " ".join(after) + " "
    return not cue.followers or any(following.startswith(f + " ") for f in cue.followers)


def _has_clause(after: list[str]) -> bool:
    """Whether the words behind a verb open a clause: "that ...", or "to the minister that ..."."""
    if not after or after[0] in words("clause_openers"):
        return True
    return after[0] in words("prepositions") and "that" in after[1:9]


def _fits(mention: Mention, cue: Cue) -> bool:
    if mention.kind == "pronoun" and mention.words == "it" and cue.verb_class == "phrase" and cue.mode == "position":
        return False
    if mention.kind == "description" and not may_speak(mention):
        return bool(mention.owner) and mention.head in words("documents")
    return True


def _skip_auxiliaries(tokens: Sequence[Token], i: int) -> int:
    """The index of the last token before ``i`` that is neither auxiliary nor adverb."""
    k = i - 1
    while k >= 0 and not (tokens[k].capital and not tokens[k].initial) and _is_auxiliary(tokens[k]):
        k -= 1
    return k


def _is_auxiliary(token: Token) -> bool:
    if token.kind != "word":
        return False
    adverb = token.lower.endswith("ly") and not token.among("no_adverbs")
    return adverb or token.among("auxiliaries", "negations", "adverbs", "clitics")


def _boundary(tokens: Sequence[Token], end: int, verbs: bool) -> int:
    """The index behind the last boundary of a clause before ``end``."""
    k = end - 1
    while k >= max(0, end - _REACH):
        token = tokens[k]
        if token.kind in ("stop", "gap"):
            break
        if token.among("relatives", "subordinators") and token.lower not in ("so", "yet"):
            break
        if token.lower in ("and", "but", "or", "nor") and k and tokens[k - 1].kind == "comma":
            break
        if verbs and _is_verb(tokens, k):
            break
        k -= 1
    return k + 1


def _is_verb(tokens: Sequence[Token], k: int) -> bool:
    token = tokens[k]
    if token.kind != "word" or (token.capital and not token.initial):
        return False
    before = tokens[k - 1] if k else None
    if before is not None and (
        before.among("determiners", "possessives") or before.kind == "possessive" or before.lower == "of"
    ):
        return False
    if token.among("auxiliaries", "verbs") or token.lower in ("'d", "'ll", "'re", "'ve"):
        return True
    following = tokens[k + 1] if k + 1 < len(tokens) else None
    if following is not None and following.kind == "word" and singular(following.lower) in words("roles"):
        return False  # "a state secretary"
    return any(cue.verb_class != "phrase" for cue in cues().get(token.lower, ())) and not (
        before is not None and before.lower == "to"
    )


def _subject(reader: MentionReader, tokens: Sequence[Token], end: int) -> tuple[list[Mention], str]:
    """The subject of the verb group that begins at ``end``, and the rule that found it.

    It stands in the last piece between commas before the verb; if a comma stands right before the verb, that closes an
    aside, and the subject is sought in the pieces from the beginning of the clause.
    """
    if end and tokens[end - 1].lower in ("and", "but", "or", "nor"):
        return _of_first_verb(reader, tokens, end - 1), "coordinated"
    start = _boundary(tokens, end, verbs=True)
    pieces = _pieces(tokens[start:end])
    opener = tokens[start - 1] if start else None
    if pieces[-1]:
        found = _first(reader, pieces[-1])
        if found:
            return _listed(reader, pieces, found), "subject"
        if opener is not None and (opener.among("relatives") or opener.lower == "that"):
            return _antecedent(reader, tokens, start - 1), "relative"
    elif opener is not None and (opener.among("relatives") or opener.lower == "that") and start == end:
        return _antecedent(reader, tokens, start - 1), "relative"
    clause = _boundary(tokens, end, verbs=False)
    if not pieces[-1]:
        found = _first_of(reader, _pieces(tokens[_opening(tokens, end) : end]))
        if found:
            return found, "clause"
    if clause and tokens[clause - 1].among("relatives"):
        return _antecedent(reader, tokens, clause - 1), "relative"
    return [], ""


def _of_first_verb(reader: MentionReader, tokens: Sequence[Token], end: int) -> list[Mention]:
    """The subject that a verb behind "and" shares with the first verb of its clause."""
    clause = _boundary(tokens, end, verbs=False)
    if clause and tokens[clause - 1].among("relatives"):
        return _antecedent(reader, tokens, clause - 1)
    start = _opening(tokens, end)
    while start > 1 and tokens[start - 1].lower in ("and", "but", "or", "nor"):
        start = _opening(tokens, start - 1)
    first = next((k for k in range(start, end) if _is_verb(tokens, k)), end)
    pieces = _pieces(tokens[start:first])
    if pieces[-1] and (found := _first(reader, pieces[-1])):
        return _listed(reader, pieces, found)
    return _first_of(reader, pieces)


def _opening(tokens: Sequence[Token], end: int) -> int:
    """Where the clause before ``end`` opens; asides within commas may hold clauses of their own."""
    k = end - 1
    while k >= max(0, end - _REACH) and tokens[k].kind not in ("stop", "gap"):
        if tokens[k].lower in ("and", "but", "or", "nor") and k and tokens[k - 1].kind == "comma":
            break
        if tokens[k].lower == "that" and k and _is_verb(tokens, k - 1):
            break
        k -= 1
    return k + 1


def _first_of(reader: MentionReader, pieces: list[list[Token]]) -> list[Mention]:
    """The subject of a clause in pieces, those that cannot hold it passed over."""
    for piece in pieces:
        if piece and not piece[0].among("relatives", "subordinators") and (found := _first(reader, piece)):
            return found
    return []


def _listed(reader: MentionReader, pieces: list[list[Token]], found: list[Mention]) -> list[Mention]:
    """With the members of a list that stand before the last comma: "France, Russia and China"."""
    members: list[Mention] = []
    if len(found) > 1:
        for piece in reversed(pieces[:-1]):
            mention, after = reader.read(piece, 0) if piece else (None, 0)
            if mention is None or mention.kind != "name" or after < len(piece):
                break
            members.insert(0, mention)
    return [*members, *found]


def _pieces(region: Sequence[Token]) -> list[list[Token]]:
    pieces: list[list[Token]] = [[]]
    for token in region:
        if token.kind == "comma":
            pieces.append([])
        else:
            pieces[-1].append(token)
    return pieces


def _first(reader: MentionReader, region: list[Token]) -> list[Mention]:
    """The first mention that no preposition governs, with those joined to it by commas and "and"."""
    at = 0
    while at < len(region):
        token = region[at]
        if token.kind != "word" and token.kind != "number":
            at += 1
            continue
        if token.among("prepositions") and not (token.capital and not token.initial):
            at = _skip_phrase(reader, region, at + 1)
            continue
        if _opens_participle(region, at):
            while at < len(region) and region[at].kind != "comma":  # "Speaking for the Holy See, ..."
                at += 1
            continue
        mention, after = reader.read(region, at)
        if mention is not None and (may_speak(mention) or mention.owner) and mention.head not in words("times"):
            joined = _joined(reader, region, after)
            if mention.determiner == "both" and joined and joined[0].plural:  # "both Eastern and Western leaders"
                said = " ".join(reader.text[mention.start : joined[0].end].split())
                return [replace(joined[0], start=mention.start, words=said, determiner="both")]
            return [mention, *joined]
        at = max(after, at + 1)
    return []


def _opens_participle(region: list[Token], at: int) -> bool:
    """Whether a phrase such as "Speaking for the Holy See" begins here; "Downing Street" is none."""
    token = region[at]
    if token.initial:
        named = at + 1 < len(region) and region[at + 1].capital
        return token.lower.endswith(("ing", "ed")) and not named
    return token.lower.endswith("ing") and not token.capital


def _skip_phrase(reader: MentionReader, region: list[Token], at: int) -> int:
    while at < len(region) and region[at].among("prepositions"):
        at += 1
    if at >= len(region):
        return at
    _, after = reader.read(region, at)
    return max(after, at + 1) if region[at].kind != "comma" else at


def _joined(reader: MentionReader, region: list[Token], at: int) -> list[Mention]:
    found: list[Mention] = []
    while at < len(region) and (region[at].lower in ("and", "or") or region[at].kind == "comma"):
        step = at + 1 + (at + 1 < len(region) and region[at].kind == "comma" and region[at + 1].lower == "and")
        if step >= len(region):
            break
        mention, after = reader.read(region, step)
        if mention is None or not may_speak(mention) or mention.kind in ("pronoun", "first"):
            return []
        found.append(mention)
        joined_by_and = region[step - 1].lower in ("and", "or")
        at = after
        if joined_by_and:
            return found if at >= len(region) else []
    return []


def _antecedent(reader: MentionReader, tokens: Sequence[Token], end: int) -> list[Mention]:
    """The mention that a relative pronoun at ``end`` takes up; of a name and its apposition, the name."""
    while end and tokens[end - 1].kind == "comma":
        end -= 1
    pieces = _pieces(tokens[_boundary(tokens, end, verbs=True) : end])
    chosen: list[Mention] = []
    for piece in pieces[-2:]:
        mentions, at = [], 0
        while at < len(piece):
            mention, after = reader.read(piece, at) if piece[at].kind in ("word", "number") else (None, at + 1)
            if mention is not None and may_speak(mention) and mention.kind != "pronoun":
                mentions.append(mention)
            at = max(after, at + 1)
        if mentions and not (chosen and chosen[0].kind == "name" and mentions[0].kind == "description"):
            chosen = mentions[:1]
    return chosen


def _inverted(reader: MentionReader, tokens: Sequence[Token], i: int, cue: Cue) -> Source | None:
    """'"...," said X': the subject stands behind the verb, a quotation or a comma before it."""
    if cue.mode != "indirect" or cue.verb_class == "phrase" or i + 1 >= len(tokens) or not _is_set_off(tokens, i, cue):
        return None
    mention, after = _ahead(reader, tokens, i + 1)
    if mention is None or not may_speak(mention):
        return None
    if (mention.kind == "first" and tokens[i - 1].kind != "gap") or (after < len(tokens) and _is_verb(tokens, after)):
        return None
    if cue.lemma in words("addressing") and mention.kind == "description" and mention.plural:
        return None  # "told reporters"
    others: list[Mention] = []
    if after + 1 < len(tokens) and tokens[after].lower == "and":
        other, behind = _ahead(reader, tokens, after + 1)
        if other is not None and other.kind == "name" and (behind >= len(tokens) or tokens[behind].kind != "word"):
            others.append(other)
    return Source(
        *(mention, "indirect", "inverted", cue, tokens[i].start, tokens[i].end),
        others=tuple(others),
        apposition=_apposition(reader, tokens, mention),
    )


def _is_set_off(tokens: Sequence[Token], i: int, cue: Cue) -> bool:
    """Whether a verb stands where its subject may follow it: behind a quotation, a comma, or before a quotation."""
    if tokens[i].lower.endswith("ing"):
        return False
    if not i:
        return tokens[i].text.islower() or any(token.kind == "gap" for token in tokens[:_REACH])
    return tokens[i - 1].kind == "gap" or (tokens[i - 1].kind == "comma" and cue.lemma not in words("addressing"))


def _agent(reader: MentionReader, tokens: Sequence[Token], i: int, cue: Cue) -> Source | None:
    """ "was rejected by X"."""
    for k in range(i + 1, min(i + 6, len(tokens) - 1)):
        if tokens[k].lower == "by":
            mention, _ = _ahead(reader, tokens, k + 1)
            if mention is not None and may_speak(mention):
                return Source(mention, cue.mode, "agent", cue, tokens[i].start, tokens[i].end)
        if tokens[k].kind != "word":
            break
    return None


def _apposition(reader: MentionReader, tokens: Sequence[Token], mention: Mention) -> Mention | None:
    """The name in "the French envoy, Luc Maurel, ..." or the role in "Luc Maurel, the French envoy, ..."."""
    if mention.kind not in ("name", "description"):
        return None
    at = bisect_left(tokens, mention.end, key=lambda token: token.start)
    if mention.tail and at < len(tokens):
        at = bisect_left(tokens, tokens[at].start + len(mention.tail), key=lambda token: token.start)
    if at + 1 >= len(tokens) or tokens[at].kind != "comma":
        return None
    other, after = _ahead(reader, tokens, at + 1)
    if other is None or (after < len(tokens) and not _ends_apposition(tokens[after])):
        return None
    if other.kind == "name" and mention.kind == "description":
        return other if " " in other.name or other.modifiers else None
    return other if other.kind == "description" and mention.kind == "name" and other.head in words("roles") else None


def _ends_apposition(token: Token) -> bool:
    return (
        token.kind != "word"
        or token.among("prepositions", "relatives", "auxiliaries", "verbs")
        or token.lower in cues()
    )


def _nominal(reader: MentionReader, tokens: Sequence[Token], i: int) -> Iterator[Source]:
    """ "according to X", "in X's view", "in the view of X", "X's position is", "as X sees it"."""
    token = tokens[i]
    if token.lower == "according" and i + 2 < len(tokens) and tokens[i + 1].lower == "to":
        mention, _ = _ahead(reader, tokens, i + 2)
        if mention is not None and may_speak(mention):
            span = (token.start, tokens[i + 1].end)
            yield Source(mention, "indirect", "according", None, *span, apposition=_apposition(reader, tokens, mention))
    elif token.lower == "from" and i < 2 and i + 1 < len(tokens):  # 'And from Paris: "..."'
        mention, after = _ahead(reader, tokens, i + 1)
        quoted = after + 1 < len(tokens) and tokens[after].text == ":" and tokens[after + 1].kind == "gap"
        if mention is not None and may_speak(mention) and quoted:
            yield Source(mention, "indirect", "according", None, token.start, token.end)
    elif token.among("opinions") and i and _is_opinion(tokens, i):
        mention = _holder(reader, tokens, i)
        if mention is not None and may_speak(mention):
            yield Source(mention, "indirect", "opinion", None, token.start, token.end)
    elif token.among("stances") and i and _is_stated(tokens, i):
        mention = _owner(reader, tokens, i)
        if mention is not None and may_speak(mention):
            yield Source(mention, "indirect", "stated", None, token.start, token.end)


def _is_opinion(tokens: Sequence[Token], i: int) -> bool:
    """Whether "view", "account" or the like stands behind "in" or "by", or "words" in "were his words"."""
    return any(t.lower in ("in", "by") for t in tokens[max(0, i - 8) : i]) or (
        i > 1 and tokens[i - 2].lower in ("is", "was", "were")
    )


def _is_stated(tokens: Sequence[Token], i: int) -> bool:
    """Whether "is" follows a noun such as "position", at most a prepositional phrase between them."""
    k = i + 1
    if k < len(tokens) and tokens[k].among("prepositions"):
        while k < min(i + 6, len(tokens)) and tokens[k].kind == "word" and not tokens[k].among("auxiliaries"):
            k += 1
    return k < len(tokens) and (
        tokens[k].lower in ("is", "was", "remains", "remained", "has", "'s") or tokens[k].kind == "possessive"
    )


def _holder(reader: MentionReader, tokens: Sequence[Token], i: int) -> Mention | None:
    """Whose the opinion at ``i`` is: "in the view of X", "in X's view"."""
    if i + 2 < len(tokens) and tokens[i + 1].lower == "of":
        return _ahead(reader, tokens, i + 2)[0]
    return _owner(reader, tokens, i)


def _owner(reader: MentionReader, tokens: Sequence[Token], i: int) -> Mention | None:
    """Whose the noun at ``i`` is: "his view", "the staff's view", "the French position"."""
    for k in range(i - 1, max(-1, i - 5), -1):
        token = tokens[k]
        if token.lower in ("my", "our"):
            return Mention(token.start, token.end, token.text, "first")
        if token.lower in _PRONOUN_OF:
            word = _PRONOUN_OF[token.lower]
            return Mention(token.start, token.end, word, "pronoun", plural=word == "they")
        if token.kind == "possessive":
            start = _owner_start(tokens, k)
            return reader.read(tokens[start:k], 0)[0]
        if token.among("prepositions") or token.kind != "word":
            return None
    if i >= 2 and tokens[i - 1].lower in reader.adjectives and tokens[i - 2].lower in ("the", "in"):
        token = tokens[i - 1]
        return Mention(token.start, token.end, token.text, "name", name=token.text)
    return None


def _owner_start(tokens: Sequence[Token], k: int) -> int:
    start = k - 1
    while start > max(0, k - 8) and tokens[start - 1].kind == "word":
        if tokens[start - 1].among("prepositions", "subordinators", "verbs", "auxiliaries", "conjunctions"):
            break
        start -= 1
    return start


def _ahead(reader: MentionReader, tokens: Sequence[Token], at: int) -> tuple[Mention | None, int]:
    """The mention that begins at ``tokens[at]``, and the index behind it."""
    mention, after = reader.read(tokens[at : at + _REACH], 0)
    return mention, at + after
