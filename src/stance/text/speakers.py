"""Who speaks: a first, simple attribution of each sentence to the speaker whose view it gives.

The rules, in order: a reported source ("X said", "according to X", "X wants") in the sentence itself, outside its
quotation marks; for a quotation without one, the source of the same paragraph, else the last one; the turn of a
transcript or the giver of a speech; else the narrator, written as empty.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from stance.text.lexicon import words
from stance.text.names import is_first_person, is_pronoun, label_name, speaker_name
from stance.text.quotations import find_quotations
from stance.text.sentences import Paragraph, Sentence, split_paragraphs

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_ACCORDING = re.compile(r"\b[Aa]ccording to ([^,;.]{1,200})")
_GIVER = re.compile(
    r"(?:Statement|Speech|Address|Remarks|Lecture)\s+(?:given\s+|delivered\s+)?by\s+(?P<name>[^\n,;(]{3,80})",
    re.IGNORECASE,
)
_HOLDS_VIEW = re.compile(
    r"(?:is|are|was|were|has|have|had) (?:sticking|looking for|opposed|against|in favou?r|ready|prepared"
    r"|willing|reluctant|convinced|unconvinced|voiced|called|urged|told|said)\b"
)
_FULL_NAME = re.compile(r"(?:[A-Z][\w.'’-]+ (?:[a-z]{2,3} )?)+[A-Z][\w'’-]+")
_CLAUSE = re.compile(r"[;:—]|,? (?:that|which|who|but|and|while|because|although|though|if|when) ")
_CONJUNCTIONS = frozenset({"but", "and", "so", "yet"})
# "VIENNA, Oct 1 (TTA) - "
_DATELINE = re.compile(
    r"[A-Z][A-Z .,'’-]{2,40}(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?(?: \([^()]{1,40}\))? ?(?:[–—]|-{1,2}) "
)
_REACH = 300  # characters on either side of a verb in which its subject is sought
_HEADER = 600  # characters in which a speech says who gives it


@dataclass
class _Memory:
    """What has been read so far of one document."""

    turn: str = ""
    last: str = ""
    known: dict[str, str] = field(default_factory=dict)

    def resolve(self, phrase: str) -> str:
        """The speaker that ``phrase`` means here, remembered; empty if it names none."""
        if is_first_person(phrase):
            return self.turn
        if is_pronoun(phrase):
            return self.last
        if not words("carriers").isdisjoint(phrase.lower().split()):
            return ""  # a news agency passes on what others said
        name = speaker_name(phrase)
        if name and name[0].isupper():  # "Foreign Minister Igor Sokolin" is "the minister" from here on
            self.known |= {f"the {role}": name for role in phrase.lower().split() if role in words("roles")}
        return self.known.get(name, name)


def attribute_speakers(text: str, sentences: Sequence[Sentence]) -> list[Sentence]:
    """``sentences`` of the document ``text``, in order, each with its speaker; the narrator is empty."""
    memory = _Memory(turn=_giver(text))
    speakers: dict[int, str] = {}
    starts = [s.start for s in sentences]
    for paragraph in split_paragraphs(text):
        inside = sentences[bisect_left(starts, paragraph.start) : bisect_left(starts, paragraph.end)]
        speakers.update(_read_paragraph(text, paragraph, inside, memory))
    return [replace(s, speaker=speakers.get(s.start, "")) for s in sentences]


def _giver(text: str) -> str:
    found = _GIVER.search(text, 0, _HEADER)
    return label_name(re.sub(r"\bH\.\s?E\.\s*", "", found["name"])) if found else ""


def _read_paragraph(
    text: str, paragraph: Paragraph, sentences: Sequence[Sentence], memory: _Memory
) -> Iterator[tuple[int, str]]:
    if paragraph.label:
        memory.turn = label_name(paragraph.label)
    quotations = [
        (paragraph.start + start, paragraph.start + end)
        for start, end in find_quotations(text[paragraph.start : paragraph.end])
    ]
    sources = []
    for sentence in sentences:
        source = _source(_unquoted(text, sentence, quotations), memory)
        sources.append(source)
        memory.last = source or memory.last
    before, first = "", next(filter(None, sources), "")
    for i, sentence in enumerate(sentences):
        before = sources[i] or before
        if sources[i] or not _is_quoted(sentence, quotations):
            yield sentence.start, sources[i] or memory.turn
        else:  # the source before it in the paragraph, else the one behind it, else whoever spoke last
            yield sentence.start, before or first or memory.last or memory.turn


def _overlap(sentence: Sentence, quotations: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    first = bisect_right(quotations, sentence.start, key=lambda span: span[1])
    behind = bisect_left(quotations, sentence.end, key=lambda span: span[0])
    for start, end in quotations[first:behind]:
        yield max(start, sentence.start), min(end, sentence.end)


def _is_quoted(sentence: Sentence, quotations: Sequence[tuple[int, int]]) -> bool:
    return 2 * sum(end - start for start, end in _overlap(sentence, quotations)) > sentence.end - sentence.start


def _unquoted(text: str, sentence: Sentence, quotations: Sequence[tuple[int, int]]) -> str:
    """The sentence without its dateline, its quotations replaced by a comma-like gap."""
    dateline = _DATELINE.match(text, sentence.start, sentence.end)
    pieces, at = [], dateline.end() if dateline else sentence.start
    for start, end in _overlap(sentence, quotations):
        pieces.append(text[at : max(at, start)])
        at = end
    return " ; ".join([*pieces, text[at : sentence.end]])


def _source(outside: str, memory: _Memory) -> str:
    """The first source that the words outside the quotations name, or empty."""
    return next(filter(None, _candidates(outside, memory)), "")


def _candidates(outside: str, memory: _Memory) -> Iterator[str]:
    if according := _ACCORDING.search(outside):
        yield memory.resolve(according[1])
    for verb in _WORD.finditer(outside):
        before = outside[max(0, verb.start() - _REACH) : verb.start()]
        if verb.group() in words("speech_verbs"):
            after = outside[verb.end() : verb.end() + _REACH]
            yield _subject(before, memory) or _inverted(before, after, memory)
        elif verb.group() in words("position_verbs") or _HOLDS_VIEW.match(outside, verb.start()):
            yield _subject(before, memory)


def _subject(before: str, memory: _Memory) -> str:
    """The subject of a verb, from the words before it: the noun phrase that its clause begins with."""
    pieces = [piece.strip() for piece in _CLAUSE.split(before)[-1].split(",")]
    for i, piece in enumerate(pieces):
        words_in = _WORD.findall(piece)
        if not words_in or (len(words_in) > 4 and words_in[0].lower() in words("openers") - _CONJUNCTIONS):
            continue  # "In their 30-minute exchange, ...": the subject is yet to come
        if is_first_person(words_in[-1]) or is_pronoun(words_in[-1]):
            return memory.resolve(words_in[-1])
        if source := memory.resolve(piece):
            return _apposition(pieces[i + 1 :], source, memory)
    return ""


def _apposition(pieces: Sequence[str], source: str, memory: _Memory) -> str:
    """The name in "the French envoy, Luc Maurel, ...", which also says who "the French envoy" is from here on."""
    for piece in pieces:
        if _FULL_NAME.fullmatch(piece) and (name := memory.resolve(piece)):
            memory.known[source] = name
            head = source.split()[-1]
            if head in words("roles"):
                memory.known[f"the {head}"] = name
            return name
    return source


def _inverted(before: str, after: str, memory: _Memory) -> str:
    """The subject of '"…," said X': it stands behind the verb, and a quotation or comma before it."""
    if before.rstrip()[-1:] not in {";", ",", ""}:
        return ""
    return memory.resolve(re.split(r"[,;.]", after)[0].strip())
