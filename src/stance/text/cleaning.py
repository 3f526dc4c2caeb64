"""Cleaning: what printing and extraction put into a text is taken out, and every character keeps its source."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from stance.text.pages import Edit, page_edits

_CHARACTERS = {
    "\u2010": "-",  # hyphen
    "\u2011": "-",  # non-breaking hyphen
    "\u00ad": "",  # soft hyphen
    "\u200b": "",  # zero-width space
    "\u2060": "",  # word joiner
    "\ufeff": "",  # a byte order mark inside the text
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
}
_CHARACTER = re.compile(f"[{''.join(_CHARACTERS)}]")
_LINE_END_HYPHEN = re.compile(r"\b([^\W\d_]+)-([ \t]*\r?\n[ \t]*)([^\W\d_]+)[^\s]*")
# A blank line in the middle of a sentence.
_BROKEN = re.compile(r"(?<=[\w,–—-])[ \t]*\r?\n(?:[ \t]*\r?\n)+(?=[a-z])(?![a-z][.)])")
# Extraction sets the first lines of list items under each other and their rests below: which goes on where is lost.
_SCATTERED = re.compile(r"^[ \t]*•.*[\w,–—-][ \t]*\r?\n[ \t]*•", re.MULTILINE)
# Windows-1252 that was read as Mac Roman: a capital or a sign where only a small letter can stand ("dÈtente").
_MISREAD = re.compile(r"(?<=[a-z])[ÈÍÎÏÁËÊÀÛÙ˙¸Ò‰ÓÔˆ·‚](?=[a-z]|\b)|(?<=[a-z])[·‡]|(?<=-)‡(?=-)|(?<= )Ö(?= )")


@dataclass(frozen=True)
class CleanText:
    """A text without what printing added, and where each of its runs of characters stands in the source."""

    text: str
    _starts: tuple[int, ...]
    """Where each run begins in ``text``."""
    _sources: tuple[tuple[int, int], ...]
    """The characters of the source that each run stands for."""

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """The span of the source that ``text[start:end]`` (not empty) comes from, with what was taken out inside."""
        return self._source_of(start)[0], self._source_of(end - 1)[1]

    def from_source(self, start: int, end: int) -> tuple[int, int]:
        """The span of ``text`` that is left of the characters ``start`` to ``end`` of the source."""
        return self._clean_of(start), self._clean_of(end)

    def _source_of(self, at: int) -> tuple[int, int]:
        run = bisect_right(self._starts, at) - 1
        start, end = self._sources[run]
        if end - start != self._length(run):  # a replacement stands for all that it replaces
            return start, end
        at += start - self._starts[run]
        return at, at + 1

    def _clean_of(self, at: int) -> int:
        run = bisect_right(self._sources, at, key=lambda source: source[0]) - 1
        if run < 0:
            return 0
        return self._starts[run] + min(at - self._sources[run][0], self._length(run))

    def _length(self, run: int) -> int:
        return (self._starts[run + 1] if run + 1 < len(self._starts) else len(self.text)) - self._starts[run]


@lru_cache(maxsize=2)  # a document is divided into sentences and then searched for speakers
def clean_text(text: str) -> CleanText:
    """``text`` without running heads, page numbers, footnotes and their markers; sentences parted by a blank line and
    words parted by a line end joined; odd hyphens, ligatures and misread letters made plain.
    """
    pages = list(page_edits(text))
    return _apply(text, [*pages, *_outside(_character_edits(text), pages)])


def _character_edits(text: str) -> Iterator[Edit]:
    for found in _CHARACTER.finditer(text):
        yield Edit(*found.span(), _CHARACTERS[found.group()])
    for found in _MISREAD.finditer(text):
        yield Edit(*found.span(), found.group().encode("mac_roman").decode("cp1252"))
    for found in _BROKEN.finditer(text):
        paragraph = text.rfind("\n\n", 0, found.start()) + 1
        if not _SCATTERED.search(text, paragraph, found.start()) and not text[paragraph : found.start()].isupper():
            yield Edit(*found.span(), "\n")
    for found in _LINE_END_HYPHEN.finditer(text):
        parts = found[1], found[3]
        spelt_together = "".join(parts) in text and "-".join(parts) not in text
        yield Edit(found.end(1) if spelt_together else found.start(2), found.end(2), "")
        if text.startswith(" ", found.end()):  # the line now ends after the whole word
            yield Edit(found.end(), found.end() + 1, "\n")


def _outside(edits: Iterable[Edit], pages: list[Edit]) -> Iterator[Edit]:
    """The edits that touch nothing which ``pages`` takes out."""
    pages = sorted(pages)
    ends = [page.end for page in pages]
    for edit in edits:
        following = bisect_right(ends, edit.start)
        if following == len(pages) or edit.end <= pages[following].start:
            yield edit


def _apply(text: str, edits: list[Edit]) -> CleanText:
    pieces: list[str] = []
    starts: list[int] = []
    sources: list[tuple[int, int]] = []
    at = length = 0

    def add(piece: str, start: int, end: int) -> None:
        nonlocal length
        if piece:
            pieces.append(piece)
            starts.append(length)
            sources.append((start, end))
            length += len(piece)

    for edit in sorted(edits):
        add(text[at : edit.start], at, edit.start)
        add(edit.replacement, edit.start, edit.end)
        at = edit.end
    add(text[at:], at, len(text))
    return CleanText("".join(pieces), tuple(starts), tuple(sources))
