"""Who speaks: the attribution of each sentence of a document to the speaker whose view it gives.

The reading goes once through the document, in linear time, and keeps who holds the floor (the turn of a transcript, the
giver of a speech; else a narrator, who is nobody) and who has been brought up so far. For each sentence the rules are,
in this order: the innermost source that it names outside its quotation marks; for a quotation without one, the source
of the same quotation, else of its paragraph, else the last one; the floor. docs/speakers.md explains every rule.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from stance.errors import DataError
from stance.text.cast import Cast, Speaker
from stance.text.cleaning import clean_text
from stance.text.floor import Floor, is_transcript
from stance.text.giver import Giver, find_giver
from stance.text.innermost import innermost
from stance.text.lexicon import confidence
from stance.text.mentions import MentionReader
from stance.text.persons import Introduction, persons
from stance.text.quotations import find_quotations
from stance.text.register import Register, default_register, read_register
from stance.text.sentences import Paragraph, Sentence, split_paragraphs
from stance.text.sources import Source, find_sources
from stance.text.tokens import tokenize

_OPENING = frozenset("\"“„«‘'")
_CLOSING = frozenset("\"”»’'")
_CLAUSE = 3  # words; fewer in quotation marks are words taken up, no quotation

MODES = ("quotation", "indirect", "position", "narration")

# A paragraph that may belong to whoever announced it: an item of a list, or a quotation.
_LISTED = re.compile(r"[•*–—-]\s|[“\"„«‘]")

# "VIENNA, Oct 1 (TTA) - "
_DATELINE = re.compile(
    r"[A-Z][A-Z .,'’-]{2,40}(?:, (?:[A-Z][a-z]+ ?)+)?(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?,?(?: \([^()]{1,40}\))? ?"
    r"(?:[–—]|-{1,2}) "
)
_WORD = re.compile(r"(?<![\w'’-])[^\W\d_A-Z][\w'’-]*")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who a sentence gives the view of, and how that is known.

    ``speaker`` is the canonical name, empty for the narrator; ``country`` the one spoken for, where the register knows
    it; ``mode`` one of ``MODES``; ``rule`` what decided, and ``confidence`` the share of the attributions by that rule
    that were right on the development half of the bundled corpus; ``speaker_span`` and ``cue_span`` are the characters
    of the document that the rule rests on, none where it rests on no words of the sentence.
    """

    speaker: str = ""
    country: str = ""
    mode: str = "narration"
    rule: str = "narration"
    confidence: float = 0.0
    speaker_span: tuple[int, int] | None = None
    cue_span: tuple[int, int] | None = None


def attribute_speakers(
    text: str,
    sentences: Sequence[Sentence],
    register: Register | str | Path | None = None,
    day: date | str | None = None,
    giver: str | None = None,
) -> list[Attribution]:
    """Attribute each of ``sentences`` of the document ``text``, in order.

    Parameters
    ----------
    text : the whole document, of which ``sentences`` are spans
    register : names, aliases and offices to resolve speakers with, by default those that ship with the package; the
        path of a YAML file adds to them
    day : the date of the document (or "2002-09-20"), which tells who was in office
    giver : whose first person the text is, where that is known; by default it is read off the document
    """
    if not isinstance(register, Register):
        register = default_register() if register is None else default_register() + read_register(register)
    clean = clean_text(text)
    moved = [replace(s, start=start, end=end) for s in sentences for start, end in [clean.from_source(s.start, s.end)]]
    found = _Reading(clean.text, register, _day(day), giver).attribute(moved)
    return [
        replace(
            a,
            speaker_span=a.speaker_span and clean.to_source(*a.speaker_span),
            cue_span=a.cue_span and clean.to_source(*a.cue_span),
        )
        for a in found
    ]


def _day(day: date | str | None) -> date | None:
    if isinstance(day, str):
        try:
            return date.fromisoformat(day)
        except ValueError:
            raise DataError(f"{day!r} is no date; write it as 2002-09-20.") from None
    return day.date() if isinstance(day, datetime) else day


@dataclass(slots=True)
class _Line:
    """One sentence while its paragraph is read."""

    sentence: Sentence
    quotations: range
    """The quotations of the paragraph that it overlaps, by index."""
    quoted: float
    """The share of it that is quoted."""
    is_quotation: bool
    """Whether it gives what is said in the speaker's own words: most of it, or a clause of it."""
    mode: str = "narration"
    """How it reports what it does not quote."""
    source: Source | None = None
    speaker: Speaker | None = None
    others: list[Speaker] = field(default_factory=list)
    subject: Speaker | None = None
    """The person whom it names first, whether or not it gives a view of his."""


_Decision = tuple[Speaker | None, list[Speaker], str, str, Source | None]


class _Reading:
    """One document while it is read."""

    def __init__(self, text: str, register: Register, day: date | None, giver: str | None) -> None:
        self.text, self.register = text, register
        self.paragraphs = list(split_paragraphs(text))
        self.reader = MentionReader(text, frozenset(_WORD.findall(text)), frozenset(register.adjectives))
        self.cast = Cast(register, day)
        self.transcript = is_transcript([p.label for p in self.paragraphs])
        known = find_giver(text, register, self.transcript) if giver is None else Giver(giver)
        self.floor = Floor(known, self.cast)
        self.last_source: Speaker | None = None
        self.last_quoted: Speaker | None = None
        self.announced: Speaker | None = None
        """Whose words or points the paragraphs to come are: the last one ended "She added:"."""

    def attribute(self, sentences: Sequence[Sentence]) -> list[Attribution]:
        starts = [s.start for s in sentences]
        found: dict[int, _Decision] = {}
        open_since: list[int] = []
        for paragraph in self.paragraphs:
            inside = sentences[bisect_left(starts, paragraph.start) : bisect_left(starts, paragraph.end)]
            here = dict(self._paragraph(paragraph, inside))
            found.update(here)
            open_since = self._carry_back(paragraph, here, open_since, found)
        # Names are given last: whom the text first calls "an official" it may name further on.
        return [self._attribution(*found[start]) if start in found else self._narrated() for start in starts]

    def _narrated(self) -> Attribution:
        return Attribution(confidence=confidence("narration"))

    def _attribution(
        self, speaker: Speaker | None, others: list[Speaker], mode: str, rule: str, source: Source | None
    ) -> Attribution:
        if speaker is None:
            return self._narrated()
        names = list(dict.fromkeys([speaker.label(), *(other.label() for other in others)]))
        label = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        country = speaker.country(self.register) if len(names) == 1 else ""
        span = (source.mention.start, source.mention.end) if source else None
        cue = (source.cue_start, source.cue_end) if source else None
        return Attribution(label, country, mode, rule, confidence(rule), span, cue)

    def _paragraph(self, paragraph: Paragraph, sentences: Sequence[Sentence]) -> Iterator[tuple[int, _Decision]]:
        self.floor.enter(paragraph.start)
        if paragraph.label and self.transcript:
            self.floor.turn(paragraph.label, self.text[paragraph.start : paragraph.end])
        quotations = [
            (paragraph.start + start, paragraph.start + end)
            for start, end in find_quotations(self.text[paragraph.start : paragraph.end])
        ]
        text = self.text[paragraph.start : paragraph.end].strip()
        if not _LISTED.match(text):
            self.announced = None
        announced = self.announced
        earlier = announced or self.last_quoted or self.last_source
        lines = [self._line(s, quotations) for s in sentences]
        if lines and text.endswith(":"):
            self.announced = lines[-1].speaker or lines[-1].subject
        for line, (speaker, how) in zip(lines, self._quoted(lines, earlier), strict=True):
            if announced is not None and line.speaker is None:
                mode = "quotation" if line.is_quotation else "indirect"
                yield line.sentence.start, (announced, [], mode, "announced", None)
            else:
                yield line.sentence.start, self._decide(line, speaker, how)
            if line.quoted > 0.5:
                self.last_quoted = line.speaker or speaker
            elif line.speaker is not None and line.speaker is not self.floor.holder:
                self.last_quoted = None  # whoever was quoted is no longer the last to be heard

    def _carry_back(
        self, paragraph: Paragraph, here: dict[int, _Decision], open_since: list[int], found: dict[int, _Decision]
    ) -> list[int]:
        """Give a quotation of several paragraphs to whom the last of them names; returns what is still open."""
        if self.text[paragraph.start : paragraph.end].lstrip()[:1] not in _OPENING:
            return []
        named = next((d for d in here.values() if d[4] is not None and d[2] == "quotation"), None)
        if named is not None:
            found.update({start: (named[0], [], "quotation", "same quotation", None) for start in open_since})
            return []
        closed = self.text[paragraph.start : paragraph.end].rstrip()[-1:] in _CLOSING
        guessed = [start for start, d in here.items() if d[3] in ("last source", "last mentioned", "narration")]
        return [] if closed else [*open_since, *guessed]

    def _decide(self, line: _Line, quoted_by: Speaker | None, how: str) -> _Decision:
        if line.speaker is not None and line.source is not None:
            own = line.source.mention.kind == "first"
            rule = "first person" if own else line.source.rule
            quoted = own or line.is_quotation or (self.floor.speaks and line.speaker is self.floor.holder)
            return line.speaker, line.others, "quotation" if quoted else line.mode, rule, line.source
        if quoted_by is not None:
            return quoted_by, [], "quotation", how, None
        if self.floor.speaks:
            return self.floor.holder, [], "quotation", "turn" if self.transcript else "giver", None
        return None, [], "narration", "narration", None

    def _quoted(self, lines: Sequence[_Line], earlier: Speaker | None) -> Iterator[tuple[Speaker | None, str]]:
        """For each sentence that is mostly quoted and names no source: who is quoted, and the rule that says so."""
        spoken: dict[int, Speaker] = {}
        for line in lines:  # a source beside a quotation speaks all of it, forwards and backwards
            for quotation in line.quotations if line.speaker is not None else ():
                assert line.speaker is not None
                spoken.setdefault(quotation, line.speaker)
        before: Speaker | None = None
        ahead = next((line.speaker for line in lines if line.speaker is not None and line.quoted), None)
        for line in lines:
            before = line.speaker or before
            if line.speaker is not None or line.quoted <= 0.5:
                yield None, ""
            elif same := next((spoken[q] for q in line.quotations if q in spoken), None):
                yield same, "same quotation"
            elif before or ahead:
                yield before or ahead, "same paragraph"
            elif earlier is not None:
                yield earlier, "last source"
            else:
                yield self.cast.latest, "last mentioned"

    def _line(self, sentence: Sentence, quotations: Sequence[tuple[int, int]]) -> _Line:
        first = bisect_right(quotations, sentence.start, key=lambda span: span[1])
        behind = bisect_left(quotations, sentence.end, key=lambda span: span[0])
        gaps = [(max(a, sentence.start), min(b, sentence.end)) for a, b in quotations[first:behind]]
        quoted = sum(b - a for a, b in gaps) / max(1, sentence.end - sentence.start)
        line = _Line(sentence, range(first, behind), quoted, quoted > 0.5 or any(map(self._is_clause, gaps)))
        dateline = _DATELINE.match(self.text, sentence.start, sentence.end)
        start = dateline.end() if dateline else sentence.start
        tokens = tokenize(self.text, start, sentence.end, [gap for gap in gaps if gap[0] >= start])
        introduced = list(persons(self.reader, tokens, self.cast))
        self._choose(line, find_sources(self.reader, tokens), introduced)
        if introduced:
            line.subject = self.cast.resolve(introduced[0].mention)
        if line.speaker is not None:
            self.last_source = line.speaker
        return line

    def _is_clause(self, gap: tuple[int, int]) -> bool:
        """Whether a quotation opens its sentence, or follows a comma or colon, and has the length of a clause."""
        before = self.text[max(0, gap[0] - 2) : gap[0]].strip()[-1:]
        return before in ("", ".", ",", ":", "?", "!") and len(self.text[slice(*gap)].split()) >= _CLAUSE

    def _introduce(self, new: Introduction) -> None:
        self.cast.introduce(new.mention, new.apposition, new.country, new.opens)

    def _choose(self, line: _Line, sources: list[Source], introduced: list[Introduction]) -> None:
        """Resolve the sources from left to right, after the persons whom the sentence brings up before them."""
        resolved = []
        pending = iter([*introduced, None])
        following = next(pending)
        for source in sources:
            while following is not None and following.mention.start < source.mention.start:
                self._introduce(following)
                following = next(pending)
            if self.floor.speaks or not _is_told(source):
                speaker = self.cast.resolve(source.mention, source.apposition)
                if speaker is not None:
                    resolved.append((source, speaker))
        while following is not None:
            self._introduce(following)
            following = next(pending)
        if resolved:
            line.mode = "indirect" if any(source.mode == "indirect" for source, _ in resolved) else "position"
            line.source, line.speaker = innermost(self.text, resolved, line.sentence.start)
            line.others = [other for m in line.source.others if (other := self.cast.resolve(m)) is not None]
            for speaker in (line.speaker, *line.others):
                if speaker is not self.floor.holder:
                    self.cast.bring_up(speaker)


def _is_told(source: Source) -> bool:
    """Whether it is an act of the writer of a report ("I called on the minister") and no view."""
    return (
        source.mention.kind == "first"
        and source.mode == "indirect"
        and (source.cue is None or source.cue.verb_class != "argue")
    )
