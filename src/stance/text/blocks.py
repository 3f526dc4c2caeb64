"""Blocks: the paragraphs and stand-alone lines of a document, with hard-wrapped lines joined."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LINE = re.compile(r"[^\r\n\f\v\x85\u2028\u2029]+")
_BULLET = re.compile(r"[ \t]*(?:[•*–—-]|\(?[0-9]{1,3}[.)]|\(?[a-z]\))[ \t]+\S")
_SPEAKER_LABEL = re.compile(r"[ \t]*(?:Q|A|[A-Z][^:\n]{1,60}):(?:[ \t]|$)")

_ENDING = ".!?:;…\"”’'"
_CLOSING = _ENDING + ",—–-"

# Nobody wraps by hand beyond this; a longer line is a paragraph of its own.
_WIDEST_WRAP = 120
# A wrapped line may end this much (of the paragraph's width) short of where the next word would have fitted: less where
# a sentence ends with it, since a paragraph may too.
_RAGGED, _RAGGED_INSIDE = 0.12, 0.35

# A line this much longer than half of the others was not wrapped to their width.
_LONGER = 1.25


def split_blocks(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the blocks of ``text``: runs of lines that were wrapped, divided by blank lines and real line breaks."""
    paragraph: list[tuple[int, int]] = []
    end_of_last = 0
    for line in _LINE.finditer(text):
        if not line.group().strip():
            continue
        if paragraph and _blank_line_between(text, end_of_last, line.start()):
            yield from _unwrap(text, paragraph)
            paragraph = []
        paragraph.append(line.span())
        end_of_last = line.end()
    yield from _unwrap(text, paragraph)


def _blank_line_between(text: str, start: int, end: int) -> bool:
    breaks = text[start:end].replace("\r\n", "\n")
    return "\f" in breaks or sum(breaks.count(c) for c in "\n\r\v\x85\u2028\u2029") > 1


def _unwrap(text: str, lines: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join the lines of one paragraph wherever a break was made only because the next word did not fit."""
    if not lines:
        return
    width = _width([end - start for start, end in lines])
    if _is_list(text, lines):
        yield from lines
        return
    start, last_end = lines[0]
    previous = lines[0]
    for line in lines[1:]:
        if not _is_wrap(text, previous, line, width):
            yield start, last_end
            start = line[0]
        previous, last_end = line, line[1]
    yield start, last_end


def _width(lengths: list[int]) -> int:
    """The width that lines were wrapped to; a joined word may have made one of them longer."""
    if max(lengths) > _WIDEST_WRAP:
        return max(lengths)
    usual = sorted(lengths)[len(lengths) // 2]
    return max(length for length in lengths if length <= usual * _LONGER)


def _is_list(text: str, lines: list[tuple[int, int]]) -> bool:
    """Whether the lines are headings or an address: all begin with a capital or a digit, and the last just stops."""
    first = (text[slice(*line)].lstrip()[0] for line in lines)
    return text[slice(*lines[-1])].rstrip()[-1] not in _CLOSING and not any(c.islower() for c in first)


def _is_wrap(text: str, line: tuple[int, int], following: tuple[int, int], width: int) -> bool:
    this, following_text = text[slice(*line)].rstrip(), text[slice(*following)]
    if width > _WIDEST_WRAP or _BULLET.match(following_text):
        return False
    if _SPEAKER_LABEL.match(following_text) and (
        this[-1] in _ENDING or following_text.lstrip().startswith(("Q:", "A:"))
    ):
        return False
    next_word = following_text.split(maxsplit=1)[0]
    if next_word[0].islower() and this[-1] not in ".!?":
        return True
    ragged = _RAGGED if this[-1] in _ENDING else _RAGGED_INSIDE
    return len(this) + 1 + len(next_word) > width * (1 - ragged) and width > 40
