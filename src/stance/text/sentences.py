"""Sentences: a document's text cut into sentences whose offsets are true to the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import sentencex

from stance.text.blocks import split_blocks
from stance.text.cleaning import clean_text
from stance.text.furniture import is_furniture
from stance.text.lexicon import reporting_verbs
from stance.text.quotations import find_quotations

_STAGE_DIRECTION = re.compile(r"[(\[][^()\[\]]{1,60}[)\]]")  # "(Laughter.)"
_SPACE = re.compile(r"\s")
# What stands before the first word of a block and is no part of what is said: bullets, paragraph numbers, the
# speaker's label in a transcript.
_LEAD = re.compile(
    r"\s*(?:(?:[•*–—-]|\(?[0-9]{1,3}[.)]|[0-9]{4}\.(?=\s\s)|\([A-Za-z]{1,3}\))\s+){0,2}"
    r"(?:(?P<label>[A-ZÀ-ÖØ-Þ][\w.'’-]*"
    r"(?:,? (?:[A-ZÀ-ÖØ-ÞŠŽ][\w.'’-]*|\([^()\n]{1,60}\)|of|for|and|the|to|at|pro|tempore|de|la|van|von|hon\.)){0,14})"
    r":(?=\s|$)\s*|(?P<turn>[QA])\.\s+"
    # The Congressional Record sets a name in capitals and a full stop: "Mr. CASTLOW."
    r"|(?P<record>(?:The|Mr\.|Mrs\.|Ms\.|Dr\.|Senator|Chairman|Chairwoman) [A-Z][A-Z'’ -]{2,}[^.(\n]{0,30}"
    r"(?:\([^()\n]*\))?)\.\s+"
    # Other records set a dash: "Senator HALE (Northland) (12.51 p.m.) - I rise".
    r"|(?P<dashed>(?:The|Mr|Mrs|Ms|Dr|Senator|Deputy|Lord|Baroness)\.? [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,4}"
    r"(?: \([^()\n]{1,40}\)){0,2}) [-–—] (?=\S))?"
)
# Titles that sentencex does not know everywhere, and initials transcribed with two letters.
_ABBREVIATION = re.compile(
    r"\b(?:M[rs]s?|Dr|Mme|Mlle|Messrs|Prof|Hon|Rev|Gen|Col|Maj|Capt|Lt|Sgt|Sen|Rep|Gov|St|Yu|Ye|Ya)\.\s+$"
)
_SAID_NO = re.compile(r"\b(?:no|No)\.[\"”’']?\s+(?=[“‘\"A-Z])")
_MARKS = frozenset("\"“”„«»‘’'")
_MASK = str.maketrans(dict.fromkeys('"“”„«»‘', " "))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a document: ``document_text[start:end]``; ``text`` is that cleaned, its white space folded."""

    index: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The sentences of one block, and the label that a transcript sets before it (``"THE CHAIRMAN"``, or empty)."""

    start: int
    end: int
    label: str
    spans: tuple[tuple[int, int], ...]


def split_sentences(text: str) -> list[Sentence]:
    """The sentences of ``text`` without page furniture, in order; their offsets are those of ``text`` as it is.

    A quotation of several sentences gives several; a quotation and the words that attribute it stay together. A
    sentence that runs over the foot of a page spans what is printed there, and its own text leaves that out.
    """
    clean = clean_text(text)
    spans = (span for paragraph in split_paragraphs(clean.text) for span in paragraph.spans)
    return [
        Sentence(i, *clean.to_source(start, end), " ".join(clean.text[start:end].split()))
        for i, (start, end) in enumerate(spans)
    ]


def split_lines(text: str) -> list[Sentence]:
    """One sentence a line, for text that is divided already; blank lines give none."""
    found = re.finditer(r"[^\s](?:[^\r\n]*[^\s])?", text)
    return [Sentence(i, m.start(), m.end(), " ".join(m.group().split())) for i, m in enumerate(found)]


def split_paragraphs(text: str) -> Iterator[Paragraph]:
    """The paragraphs of ``text``, which is clean already, with their sentences, page furniture left out."""
    for start, end in split_blocks(text):
        if is_furniture(text[start:end]):
            continue
        lead = _LEAD.match(text, start, end)
        assert lead is not None  # every part of the pattern is optional
        label = lead["label"] or lead["turn"] or lead["record"] or lead["dashed"] or ""
        spans = tuple(_sentence_spans(text, lead.end(), end))
        if label or spans:
            yield Paragraph(start, end, " ".join(label.split()), spans)


def _sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    block = _SPACE.sub(" ", text[start:end])
    for left, right in _split(block):
        piece = block[left:right]
        left += len(piece) - len(piece.lstrip())
        right = left + len(piece.strip())
        if any(c.isalnum() for c in block[left:right]) and not _STAGE_DIRECTION.fullmatch(block, left, right):
            yield start + left, start + right


def _split(block: str) -> Iterator[tuple[int, int]]:
    """Cut a block at sentencex's boundaries, found with the quotation marks masked.

    With the marks in view sentencex keeps a quotation of several sentences whole, and takes quadratic time over
    unbalanced ones. Masked, it would part a quotation from the words that attribute it; that is mended here.
    """
    masked = list(block.translate(_MASK))
    for start, end in find_quotations(block):  # single marks: an apostrophe is no mark
        for at in (start, end - 1):
            if block[at] in _MARKS:
                masked[at] = " "
    edges = [0]
    for boundary in sentencex.get_sentence_boundaries("en", "".join(masked)):
        at = boundary["start_index"]
        while at and block[at - 1] in _MARKS:  # the mark that opens the next sentence belongs to it
            at -= 1
        if (
            at
            and block[at - 1].isspace()
            and not _ABBREVIATION.search(block, max(0, at - 10), at)
            and not _cuts_off_attribution(block, at)
        ):
            edges.append(at)
    edges = sorted({*edges, *(no.end() for no in _SAID_NO.finditer(block))})  # to sentencex "no." is a number
    yield from zip(edges, [*edges[1:], len(block)], strict=True)


def _cuts_off_attribution(block: str, at: int) -> bool:
    """Whether ``at`` parts '"Is it?"' from 'he asked.' or '"Enough!"' from 'Dr. Hale said.'"""
    before = at
    while before and block[before - 1].isspace():
        before -= 1
    if not before or block[before - 1] not in _MARKS:
        return False
    following = re.findall(r"[\w'’-]+", block[at : at + 60])[:6]
    return bool(following) and (following[0][0].islower() or any(word in reporting_verbs() for word in following))
