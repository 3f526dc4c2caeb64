"""Pages: running heads, page numbers, footnotes and the markers that point to them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_LINE = re.compile(r"[^\r\n\f]*[^\s][^\r\n\f]*")
_NOTE = re.compile(r"(\d{1,3})[ \t]+[^\W\d_]|(\d{1,3})[ \t]+[‘“\"'\[(]")
_NUMBER = r"[ \t]*(?:\d{1,4}|[-–—]\s?\d{1,4}\s?[-–—])[ \t]*"
# A page number or document symbol on a line of its own with a blank line on one side of it.
_BARE = re.compile(
    rf"(?:(?<=\n)|\A)(?:{_NUMBER}|[A-Z]{{1,3}}/[\w.]+/[\w./]+)\r?\n(?:[ \t]*(?:{_NUMBER})?\r?\n)+"
    rf"|(?<=\n\n){_NUMBER}\r?\n"
)
_CLOSED = re.compile(r"[.!?:;…][\"”’')\]]*\d{0,3}\s*\Z")
_FEWEST = 3
"""A line is a running head from this many pages on."""
# What a marker may be glued to; a capital ("P5", "OP10") and "No." have numbers of their own.
_MARKED = r"(?<=[a-zß-öø-ÿ.,;:!?”’\"')\]…])(?<!\bNo\.)(?<!\d[.,:])"

Span = tuple[int, int]


class Edit(NamedTuple):
    """These characters of a text give way to that one replacement; edits of one text do not overlap."""

    start: int
    end: int
    replacement: str


def page_edits(text: str) -> Iterator[Edit]:
    """What takes the furniture of pages out of ``text``, the sentence before joined to its rest on the page after.

    Pages are parted by form feeds; a text without them may still have page numbers on lines of their own. A running
    head is a line, its digits aside, that stands at the edge of three or more pages. Footnotes stand last on a page,
    each on a line that begins with its number, in one sequence through the text.
    """
    pages = [found.span() for found in re.finditer(r"[^\f]+", text)] if "\f" in text else []
    if len(pages) < _FEWEST:
        yield from _bare_numbers(text)
        return
    lines = [[found.span() for found in _LINE.finditer(text, *page)] for page in pages]
    heads = _running_heads(text, lines)
    bodies: list[Span] = []
    note = 0
    for page, found in zip(pages, lines, strict=True):
        body = _without_heads(text, found, heads)
        first, last, body = _without_notes(text, body, note)
        bodies.append((body[0][0], body[-1][1]) if body else (page[0], page[0]))
        yield from _markers(text, bodies[-1], range(first, last + 1))
        note = last
    yield from _between(text, bodies)


def _bare_numbers(text: str) -> Iterator[Edit]:
    for found in _BARE.finditer(text):
        yield Edit(*found.span(), _join(text[max(0, found.start() - 10) : found.start()]))


def _join(before: str) -> str:
    """What stands between the end of a page and the next: a new paragraph only where a sentence has ended."""
    if re.search(r"[^\W\d_]-\s*\Z", before):
        return ""
    return "\n\n" if _CLOSED.search(before) or not before.strip() else "" if before.endswith("\n") else "\n"


def _running_heads(text: str, pages: Sequence[Sequence[Span]]) -> set[str]:
    edges = (_folded(text, line) for page in pages for line in {*page[:2], *page[-2:]})
    return {line for line, count in Counter(edges).items() if count >= _FEWEST}


def _folded(text: str, line: Span) -> str:
    return re.sub(r"\d+", "#", " ".join(text[slice(*line)].split()))


def _without_heads(text: str, lines: Sequence[Span], heads: set[str]) -> list[Span]:
    body = list(lines)
    while body and _folded(text, body[-1]) in heads:
        body.pop()
    while body and _folded(text, body[0]) in heads:
        body.pop(0)
    return body


def _without_notes(text: str, lines: Sequence[Span], last_note: int) -> tuple[int, int, list[Span]]:
    """The first and last footnote of a page, given the last before it, and the lines above them."""
    first = note = last_note + 1
    start = None
    for i, line in enumerate(lines):
        found = _NOTE.match(text, *line)
        if found and int(found[1] or found[2]) == note and (start is not None or _after_blank_line(text, line)):
            start = i if start is None else start
            note += 1
    return (first, last_note, list(lines)) if start is None else (first, note - 1, list(lines[:start]))


def _after_blank_line(text: str, line: Span) -> bool:
    return bool(re.search(r"\n[ \t\r]*\n\Z", text[max(0, line[0] - 8) : line[0]]))


def _markers(text: str, body: Span, notes: range) -> Iterator[Edit]:
    """The digits glued to words that point to ``notes``, which follow each other in the text."""
    at = body[0]
    for note in notes:
        found = re.compile(rf"{_MARKED}{note}(?=[\s,;.:)”’]|\Z)").search(text, at, body[1])
        found = found or re.compile(rf"(?<=\d[.,;:]){note}(?=\s|\Z)").search(text, at, body[1])
        if found:
            yield Edit(*found.span(), "")
            at = found.end()


def _between(text: str, bodies: Sequence[Span]) -> Iterator[Edit]:
    start = 0
    for body in [*(body for body in bodies if body[0] < body[1]), (len(text), len(text))]:
        if body[0] > start:
            before = text[max(0, start - 10) : start]
            yield Edit(start, body[0], _join(before) if start and body[0] < len(text) else "")
        start = body[1]
