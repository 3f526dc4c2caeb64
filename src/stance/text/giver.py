"""The giver: to whom the first person of a document belongs, read off its header, its signature and its voice.

A speech or a statement belongs to whoever gives it, an editorial to the paper, a letter to who signs it. A report has
a narrator, who is nobody.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from stance.text.blocks import split_blocks
from stance.text.lexicon import words
from stance.text.names import singular, strip_titles
from stance.text.register import Register

_HEADER_LINES = 16
_HEADER_LENGTH = 1800
_LONG = 25  # words; a block of so many is running text
_SENTENCE = 7  # words; so is a full sentence of so many
_FEW = 5  # sentences; of fewer the voice says nothing
_GIVEN_VOICE = 0.2  # share of sentences in the first person from which a text is given and not narrated
_REPORTED = 0.3  # share of the characters between quotation marks from which a text reports what others say
_OWN_VOICE = 0.3  # share of sentences with "I" from which an opinion is a writer's and not the paper's

_TITLE = r"""(?:H\.\s?E\.|Mr|Mrs|Ms|Miss|Dr|Prof(?:essor)?|Sir|Dame|Lord|Lady|Rt|Right|Hon(?:ou?rable)?|Rev(?:erend)?
    |Bishop|Archbishop|Cardinal|Father|Rabbi|Imam|Sheikh|Senator|Sen|Congress(?:man|woman)|Representative|Ambassador
    |Minister|President|Secretary|Chancellor|Governor|Mayor|Chief|General|Gen|Colonel|Col|Major|Maj|Captain|Capt|Admiral
    |Adm|Brigadier|Judge|Justice|Pastor|Deputy|Comrade|Archdeacon|Dean|Canon|Moderator)"""
_NAME_WORD = r"(?:[A-ZÀ-ÖØ-ÞŠŽ][\w.'’-]+|[A-Z]\.|al-[A-Z]\w+|de|da|del|van|von|der|bin|el|al|la)"
_NAME = rf"{_NAME_WORD}(?:[ ]{_NAME_WORD}){{0,4}}"
_TITLES = rf"(?:(?i:{_TITLE})\.?,?\s+(?:\(ret\.?d?\)\s+)?)"
_SPOKEN = r"""(?:statement|speech|address|remarks|lecture|sermon|homily|testimony|evidence|intervention|talk|keynote
    |oration|toast|explanation[ ]of[ ](?:vote|position)|essay|column|comment|op-ed|contribution|message|eulogy|charge
    |presentation|opening[ ]words)"""
_IS_SPOKEN = re.compile(rf"\b{_SPOKEN}\b|\b(?:delivered|preached)[ ]by\b", re.IGNORECASE | re.VERBOSE)
_BY = re.compile(
    rf"""(?i:\b{_SPOKEN}\b[^,;:()]{{0,60}}?\s(?:by|of|from)\s+(?:the\s+)?
        |\b(?:delivered|given|spoken|made|preached|presented|written|signed)(?:[ ][a-z]+)?[ ]by\s+(?:the\s+)?)
    (?P<name>{_TITLES}*{_NAME})""",
    re.VERBOSE,
)
_TITLED_LINE = re.compile(
    rf"^(?i:by\s+|speaker:\s+|the\s+)?(?P<name>{_TITLES}+{_NAME})(?=$|[,(:;–—]|[ ]MP\b|[ ]-)", re.MULTILINE | re.VERBOSE
)
_BARE_LINE = re.compile(rf"^(?i:by\s+)?(?P<name>{_NAME})(?:$|,.*|:.*|\s*\(.*|\s+[–—-]+\s.*)", re.MULTILINE | re.VERBOSE)
_TURN = re.compile(r"(?:Q|A|QUESTION|ANSWER|HOST|[A-Z]{2})[:.]\s")
_BRIEFER = re.compile(
    r"^\s*(?:briefers?|presenters?|spokes(?:man|woman|person)|speakers?|guests?|witness(?:es)?):\s*"
    r"(?P<name>[^\n,;(]{3,60})",
    re.IGNORECASE | re.MULTILINE,
)
_PERSON = r"(?:[A-ZÀ-Þ][\w'’-]+ ){1,2}[A-ZÀ-Þ][\w'’-]+"
_TALKS_TO = re.compile(rf"({_PERSON}) (?:talks to|speaks to|interviews|in conversation with|meets) ({_PERSON})")
_INTERVIEWER = re.compile(rf"^\s*(?:[Ii]nterview|[Ii]nterviewed|[Qq]uestions|[Tt]ext) by ({_PERSON})", re.MULTILINE)
_INTERVIEW = re.compile(rf"[Ii]nterview (?:with|of) (?:[a-z ]+)?({_PERSON})")
_DATELINE = re.compile(
    r"""^[A-Z][A-Z .,'’-]{2,40}(?:,[ ][A-Z][A-Za-z .]{1,20})?,?[ ](?:[A-Z][a-z]{2,8}\.?[ ]\d{1,2}[ ])?
    (?:\([^()]{1,40}\)[ ]?)?(?:[–—]|-{1,2})[ ]""",
    re.MULTILINE | re.VERBOSE,
)
# Cables and records are told by an official who reports what others said.
_RECORD = re.compile(
    r"""\b(?:telno|telegram|cable|confidential|restricted|secret|classified|note[ ]for[ ]the[ ](?:file|record)
    |minutes?[ ]of|record[ ]of[ ](?:a[ ])?(?:conversation|meeting)|notes?[ ]of[ ](?:a[ ])?(?:conversation|meeting)
    |memorandum[ ]of[ ]conversation|e\.o\.[ ]12958|situation[ ]report|sitrep|reporting
    |outcome[ ]of[ ]proceedings|summary[ ]record)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SIGNED_OFF = re.compile(
    r"\b(?:yours (?:ever|sincerely|faithfully|truly)|sincerely|best wishes|(?:kind |warm )?regards|respectfully),?\s*$",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\b(?:I|we|We|our|Our|my|My|us)\b(?!\.)")
_SINGULAR = re.compile(r"\b(?:I|my|My|me)\b(?!\.)")
_EDITORIAL = re.compile(r"\b(?:editorials?|our view|leaders?|leading article|letters to the editor)\b", re.IGNORECASE)
_OPINION = re.compile(r"\b(?:opinion|comment|viewpoint)\b", re.IGNORECASE)
_OWN_PAPER = re.compile(
    r"\b(?:this|our) (?P<noun>newspaper|paper|magazine|journal|review|weekly|page)\b", re.IGNORECASE
)
_ISSUED = re.compile(
    r"""\b(?:(?:press|news|media)[ ](?:release|statement|notice|note)|communiqu[eé]|statement|declaration|note[ ]verbale
    |information[ ]note|resolution|petition|open[ ]letter|manifesto|bulletin|notice|position[ ]paper|pastoral[ ]letter
    |appeal)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_JOINT = re.compile(r"\bjoint (?:press )?(?:communiqu[eé]|statement|declaration)\b", re.IGNORECASE)
_UN = re.compile(r"united nations|general assembly|security council|general debate", re.IGNORECASE)
_OF_COUNTRY = re.compile(
    r"""\b(?:mission|embassy|delegation|republic|kingdom|representative|government|behalf|state|commonwealth)[ ]of[ ]
    (?:the[ ])?(?P<country>[^\n,;()]{3,60})|\((?P<inside>[A-Z][A-Za-z .]+)\)""",
    re.IGNORECASE | re.VERBOSE,
)
_STATE_FORM = re.compile(
    r"^(?:the )?(?:people['’]s )?(?:democratic )?(?:republic|kingdom|state|commonwealth) of (?:the )?", re.IGNORECASE
)
_CAPITALS = r"[A-Z][\w'’-]+(?:\s(?:and\s|of\s|the\s)?[A-Z][\w'’-]+){0,4}"
_MY_COUNTRY = re.compile(
    rf"""\b(?:(?:my|our)\s(?:own\s)?(?:country|nation|delegation|Government|people)|(?:we|We|us)\sin
    |behalf\sof\s(?:the\s)?(?:people|Government|delegation)(?:\sand\s(?:the\s)?(?:people|Government))?\sof
    |[Tt]he\s(?:delegation|Government|people)\s(?:and\speople\s)?of),?\s(?:the\s)?(?P<country>{_CAPITALS})""",
    re.VERBOSE,
)
_ACTS = re.compile(
    rf"""(?:^|[.,;:]\s+|\bthat\s+)(?:[Tt]he\s)?(?P<country>{_CAPITALS})\s(?:also\s|therefore\s|fully\s|strongly\s|too\s)?
    (?:welcomes|believes|supports|calls|attaches|wishes|considers|joins|shares|reaffirms|urges|hopes|congratulates|reiterates
    |remains|continues|is\s(?:committed|convinced|ready|proud|pleased|of\sthe\sview|determined)|stands|commends|attaches)""",
    re.VERBOSE | re.MULTILINE,
)
_ADDRESS = re.compile(
    r"""\b(?:(?:Mr|Madam)\.?\sPresident|Mr\.?\sChair(?:man)?|Excellenc(?:y|ies)|[Ll]adies\sand\sgentlemen
    |General\s+Assembly|presidency|distinguished\s(?:delegates|colleagues|guests)|[Ff]riends|[Mm]embers\sof)\b""",
    re.VERBOSE,
)
_WRAP = re.compile(r"(?<!\n)\n(?!\n)")
_CONTENTS = re.compile(r"(?:\.\s?){4,}\s*\d+")
_COMMENT = re.compile(r"^\W*(?:\d{1,2}\W+)?(?:COMMENT|Comment)\W*$|^\W*(?:\d{1,2}\W+)?COMMENT[.:]\s", re.MULTILINE)
_LETTERS = re.compile(r"\bletters\b", re.IGNORECASE)
_SIGNED = re.compile(rf"^\s*(?:[—–-]+\s*)?(?:\(?{_TITLES}\)?\s*)?(?P<name>{_NAME}),\s[A-Z][^!?]{{2,40}}$", re.VERBOSE)
_SALUTATION = re.compile(r"^\s*dear\b", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gives a document: a name, or none if a narrator tells it; ``own_words_only`` if only its "I" and "we" do."""

    name: str = ""
    own_words_only: bool = False
    persons: tuple[str, ...] = ()
    """Persons whom the header names, the first of whom answers in an interview or a briefing."""
    signatures: tuple[tuple[int, str], ...] = ()
    """Where each letter of a page of letters is signed, and by whom."""
    comment: int | None = None
    """Where the comment of a cable begins, which is all its writer's."""
    interviewer: str = ""


def find_giver(text: str, register: Register, transcript: bool) -> Giver:
    """Read who gives the document ``text``; in a transcript the labels say that, and only persons are looked for."""
    header = _header(text)
    persons = tuple(_persons(header))
    if transcript:
        asking = _INTERVIEWER.search(header)
        if asking and not persons:  # whoever the introduction names first answers
            persons = tuple(re.findall(_PERSON, text[text.find(asking[1]) + len(asking[1]) :])[:1])
        return Giver(persons=tuple(map(strip_titles, persons)), interviewer=asking[1] if asking else "")
    if _SALUTATION.search(text[:2500]) and (signed := _signature(text)):
        return Giver(signed, persons=persons)
    if _DATELINE.search(text[:2500]) or _RECORD.search(header):
        comment = _COMMENT.search(text)
        return Giver(_signature(text), True, persons, comment=comment.end() if comment else None)
    if _LETTERS.search(header) and len(signed_letters := tuple(_letters(text))) > 1:
        return Giver("the paper", persons=persons, signatures=signed_letters)
    if not _IS_SPOKEN.search(header) and not _OPINION.search(header) and _quoted_share(text) > _REPORTED:
        return Giver(persons=persons)  # a report, even if its writer says "I"
    evidence = _Evidence(text, header, register, *_voices(text))
    return Giver(next(filter(None, (clue(evidence) for clue in _CLUES)), ""), persons=persons)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What tells the giver of a text that is neither transcript nor report."""

    text: str
    header: str
    register: Register
    voice: float
    """The share of sentences in the first person."""
    own_voice: float
    """The share of sentences with an "I"."""

    @property
    def is_given(self) -> bool:
        return self.voice >= _GIVEN_VOICE


def _pair(e: _Evidence) -> str:
    """The two countries of a joint communiqué."""
    found = _countries(e.header, e.register) if _JOINT.search(e.header) else []
    return " and ".join(found) if len(found) == 2 else ""


def _delegation(e: _Evidence) -> str:
    """The country for which a speech is given at the United Nations."""
    spoken = e.is_given or (_IS_SPOKEN.search(e.header) and _BY.search(e.header.replace("\n", " ")))
    if not (spoken and _UN.search(e.header)):
        return ""
    for match in _OF_COUNTRY.finditer(e.header):
        phrase = (match["country"] or match["inside"] or "").strip()
        phrase = re.split(r"\s+(?:to|in|at|before|and|on)\s+", phrase, flags=re.IGNORECASE)[0]
        if country := _country(phrase, e.register):
            return country
    return ""


def _by_line(e: _Evidence) -> str:
    """The name in "Speech by Hugh Hale"."""
    given = _BY.search(e.header.replace("\n", " ")) if _IS_SPOKEN.search(e.header) else None
    return _person(given["name"], e.register) if given else ""


def _titled_line(e: _Evidence) -> str:
    """A line of the header that begins with a titled name: "Colonel (ret.) Jan Moss"."""
    titled = _TITLED_LINE.search(e.header) if e.is_given else None
    return _person(titled["name"], e.register) if titled else ""


def _editorial(e: _Evidence) -> str:
    return "the paper" if _EDITORIAL.search(e.header) and e.own_voice < _OWN_VOICE else ""


def _opinion(e: _Evidence) -> str:
    return "the paper" if _OPINION.search(e.header) and e.own_voice < _OWN_VOICE else ""


def _issuer(e: _Evidence) -> str:
    """The body that issues a statement: the noun of its header by which it speaks of itself."""
    if not _ISSUED.search(e.header):
        return ""
    best, most = "", 0
    for noun in dict.fromkeys(word.lower() for word in re.findall(r"[A-Za-zé]{4,}", e.header)):
        if any(noun in words(name) for name in ("documents", "times")) or not _may_issue(noun):
            continue
        count = len(re.findall(rf"(?:^|[.!?\n\d]\s+)(?:The|This|Our) {noun}\b", e.text, re.IGNORECASE))
        if count > most or not best:
            best, most = noun, count
    if not best:
        return ""
    this, the = (len(re.findall(rf"\b{word} {best}\b", e.text, re.IGNORECASE)) for word in ("this", "the"))
    return f"this {best}" if this > the else f"the {best.capitalize()}"


def _may_issue(noun: str) -> bool:
    return noun in words("issuers") or noun in words("institutions") or singular(noun) in words("roles")


def _bare_line(e: _Evidence) -> str:
    """A line of the header, behind the masthead, that is a name: the author of an essay."""
    for line in _BARE_LINE.finditer(e.header, e.header.find("\n") + 1) if e.is_given else ():
        masthead = line["name"].isupper() or line["name"].lower().startswith("the ")
        if " " in line["name"] and not masthead and (name := _person(line["name"], e.register)):
            return name
    return ""


def _signed(e: _Evidence) -> str:
    return _signature(e.text) if e.is_given else ""


def _home(e: _Evidence) -> str:
    """The country that a speech calls its own ("my country, Zambia") or speaks for ("Fiji believes")."""
    if not e.is_given or not _ADDRESS.search(e.text[:3000]):
        return ""
    named: Counter[str] = Counter()
    for pattern, weight in ((_MY_COUNTRY, 4), (_ACTS, 1)):
        for match in pattern.finditer(e.text):
            named[_country(match["country"], e.register)] += weight
    del named[""]
    return named.most_common(1)[0][0] if named else ""


def _own_paper(e: _Evidence) -> str:
    """The paper that speaks of itself: "this magazine"."""
    paper = _OWN_PAPER.search(e.text)
    if paper is None:
        return ""
    noun = paper["noun"].lower()
    return "the paper" if noun in ("newspaper", "page") else f"the {noun}"


def _somebody(e: _Evidence) -> str:
    """A text in the first person that does not say whose: "the author" of an "I", "the paper" of a "we"."""
    if not e.is_given:
        return ""
    spoken = _ADDRESS.search(e.text[:3000]) is not None
    return "the author" if spoken or 2 * e.own_voice >= e.voice else "the paper"


# In the order in which they are asked.
_CLUES = (
    *(_pair, _delegation, _by_line, _titled_line, _editorial, _issuer, _bare_line, _opinion, _signed, _home),
    _own_paper,
    _somebody,
)


def _header(text: str) -> str:
    """The lines before the first block of running text."""
    lines: list[str] = []
    for start, end in split_blocks(text[:_HEADER_LENGTH]):
        block = " ".join(text[start:end].split())
        size = len(block.split())
        if _CONTENTS.search(block):  # a table of contents names speeches that others give
            return "\n".join(lines)
        running = _TURN.match(block) or size >= _LONG or (size >= _SENTENCE and block.endswith((".", "?", "!")))
        if running or len(lines) >= _HEADER_LINES:
            return "\n".join(lines)
        lines.append(block)
    return ""  # all that there is


def _persons(header: str) -> list[str]:
    """The persons that a header says will speak, who answers first."""
    found = [strip_titles(m["name"]) for m in _BRIEFER.finditer(header)]
    for talk in _TALKS_TO.finditer(header):
        found += [talk[2], talk[1]]
    return [name for name in (*found, *_INTERVIEW.findall(header)) if name]


def _person(name: str, register: Register) -> str:
    """A person's name without titles; empty if it is no person's."""
    name = strip_titles(name)
    entry = register.find(name)
    if not name or (entry is not None and entry.kind != "person"):
        return ""
    never = ("institutions", "times", "places", "auxiliaries", "documents", "prepositions")
    parts = [word.lower().strip(".,") for word in name.split()]
    if len(parts) == 1 and (parts[0] in words("titles") or singular(parts[0]) in words("roles")):
        return ""
    return "" if any(part in words(lexicon) for part in parts for lexicon in never) else name


def _country(phrase: str, register: Register) -> str:
    """The country with which ``phrase`` begins."""
    parts = phrase.split()
    for size in range(len(parts), 0, -1):
        guess = _STATE_FORM.sub("", " ".join(parts[:size]))
        entry = register.find(guess)
        if entry is not None and entry.kind == "country":
            return entry.name
    return ""


def _countries(header: str, register: Register) -> list[str]:
    """The countries that a header names, by name or adjective, in order."""
    found: list[str] = []
    for match in re.finditer(r"[A-Z][A-Za-z'’]+(?: (?:of |the )*[A-Z][A-Za-z'’]+){0,3}", header):
        parts = match.group().split()
        for i, part in enumerate(parts):
            adjective = register.adjectives.get(part.lower())
            name = _country(" ".join(parts[i:]), register) or (adjective.name if adjective else "")
            if name:
                found.append(name)
    return list(dict.fromkeys(found))


def _letters(text: str) -> Iterator[tuple[int, str]]:
    """The signatures of a page of letters: lines such as "Jan Moss, Upper Dale"."""
    for start, end in split_blocks(text):
        signed = _SIGNED.match(" ".join(text[start:end].split()).rstrip("."))
        if signed and (name := strip_titles(signed["name"])):
            yield start, name


def _signature(text: str) -> str:
    """The name under a letter or cable."""
    lines = [" ".join(line.split()) for line in text.rstrip()[-900:].splitlines() if line.strip()]
    for line, following in pairwise(lines):
        if _SIGNED_OFF.search(line):
            return strip_titles(re.sub(r"[,(].*", "", following))
    for line in reversed(lines[-10:]):
        bare = re.sub(r"^\((?:signed|sgd)\)\s*", "", line, flags=re.IGNORECASE)
        if re.fullmatch(r"[A-ZÀ-Þ][A-ZÀ-Þ'’-]{3,20}", bare) and bare.lower() not in words("cable_words"):
            return bare.capitalize()
        if re.fullmatch(r"(?:[A-Z]\. ?){1,3}[A-Z][a-zà-ÿ'’-]+", bare):
            return bare.split()[-1]
    return ""


def _quoted_share(text: str) -> float:
    return sum(map(len, re.findall(r"[“\"][^“”\"\n]*[”\"]", _WRAP.sub(" ", text)))) / max(1, len(text))


def _voices(text: str) -> tuple[float, float]:
    """The shares of sentences with a first person, and with one in the singular, outside quotation marks."""
    plain = re.sub(r"[“\"][^”\"\n]*[”\"]?", "", _WRAP.sub(" ", text))
    pieces = [piece for piece in re.split(r"(?<=[.!?])\s", plain) if len(piece.split()) > 4]
    if len(pieces) < _FEW:
        return 0.0, 0.0
    first, singular_first = (sum(bool(p.search(piece)) for piece in pieces) for p in (_FIRST, _SINGULAR))
    return first / len(pieces), singular_first / len(pieces)
