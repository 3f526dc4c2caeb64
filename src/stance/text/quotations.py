"""Quotations: the spans of a paragraph between quotation marks."""

from __future__ import annotations

import re

_OPENING = {"“": "”", "„": "“”", "«": "»", "‘": "’"}
_MARK = re.compile(r"[\"“”„«»‘’']")


def find_quotations(paragraph: str) -> list[tuple[int, int]]:
    """Spans of the outermost quotations, marks included.

    A mark that nothing closes opens a quotation that runs to the end of the paragraph and no further: that is how a
    quotation of several paragraphs is set, and it keeps a stray mark from swallowing the document. Apostrophes are
    told from single quotation marks by the letters around them.
    """
    spans: list[tuple[int, int]] = []
    start, closers = -1, ""
    for match in _MARK.finditer(paragraph):
        at, mark = match.start(), match.group()
        if start < 0:
            if mark == '"' or (mark in _OPENING and mark != "‘") or (mark in "‘'" and _opens(paragraph, at)):
                start, closers = at, _OPENING.get(mark, mark)
        elif mark in closers and (mark not in "'’" or _closes(paragraph, at)):
            spans.append((start, at + 1))
            start = -1
    if start >= 0 and paragraph[start] not in "'‘":
        spans.append((start, len(paragraph)))
    return spans


def _opens(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return (not before or before.isspace() or before in "([—–-") and (after.isalnum() or after == "[")


def _closes(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    # "the ministers' view" looks like a close too: a plural possessive has an s before and a lower-case word behind.
    possessive = before == "s" and re.match(r"['’] [a-z]", text[at : at + 3]) is not None
    return not before.isspace() and not after.isalnum() and not possessive
