"""Page furniture: lines that no one speaks, such as navigation, running heads, page numbers and bylines."""

from __future__ import annotations

import re

from stance.text.lexicon import reporting_verbs, words

_CLOSED = re.compile(r"[.!?…:;,—–-][\"”’'»)\]]*$|[.!?,][\"”’'»)\]]*\s*\[?\d{1,3}\]?$")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_HEADLINE_LENGTH = 30  # words; longer lines without closing punctuation are prose that lost its full stop

# Furniture even where it is punctuated like a sentence.
_ALWAYS = re.compile(
    r"""^(?:
      [(\[].*[)\]]                                             # all in brackets: (more), [Time: 1445]
    | [\W\d_]*                                                 # page numbers, rules
    | .*(?:\.[ ]?){4,}[ ]*[\dxvi]+                             # a line of a table of contents
    | (?:page|p\.|col(?:umn|\.)?|vol(?:ume|\.)?|no\.)\s*[\dxvi]+\b.*
    | [A-Z]{1,4}/[\w./]+                                       # a document's symbol
    | \d+\s*[|/].*                                             # 203 | Report
    | .*\bpage\s+\d+(?:\s+of\s+\d+)?[.)]?
    | (?:by|from|photos?(?:graph)?|picture|image|illustration)(?:\s+by)?:?\s+(?-i:[A-Z]).{0,60}(?<![.!?])
    | (?:.*\b)?(?:©|\(c\)\s*\d{4}|copyright\b|all\s+rights\s+reserved).*
    | (?:-+\s*)?(?:ends?|more|30|cont(?:inue)?d?\.?)(?:\s*-+)?(?:[,\s].{0,30})?
    | (?:related|share|print|e-?mail|subscribe|sign\s+(?:in|up)|log\s+in|click|read\s+more|see\s+also|next|previous|
         home|back\s+to|advertisement|watch|view|follow\s+us|comments?|download|tags?|filed\s+under|return\s+to|skip\s+to|send
      )\b.{0,60}(?<![.!?])
    | (?:tel|fax|phone|(?:press\s+|media\s+)?contact|enquiries|e-?mail|http|www|for\s+(?:more|further)\s+information)
      \b.*\d.*
    | .{0,40}(?:https?://|www\.|\S@\S+\.\w).*
    | (?:for\s+immediate\s+release|embargo|not\s+for\s+publication|check\s+against\s+delivery|unofficial\s+translation|
         unclassified|confidential|restricted|secret|distribution|distr|cc|ref|reference|subject|summary|comment|file
      )\b(?:[:.,/\s-].*)?(?<![!?])
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
# Furniture words that also begin sentences ("Summary justice ...") count only on a short line.
_SHORT = 12  # words


def is_furniture(block: str) -> bool:
    """Whether a block (one paragraph or stand-alone line) is page furniture.

    A block that ends like a sentence is one, unless it has the form of a page number, byline, contact line and the
    like. A block without closing punctuation is kept only if it has a finite verb: a headline that says something.
    """
    line = " ".join(block.split())
    found = _WORD.findall(line)
    if not found or (len(found) <= _SHORT and _ALWAYS.match(line)):
        return True
    if _CLOSED.search(line):
        return len(found) == 1 and not line[0].isalpha()
    return len(found) < _HEADLINE_LENGTH and not _has_finite_verb(found)


def _has_finite_verb(found: list[str]) -> bool:
    verbs = words("auxiliaries") | words("verbs") | reporting_verbs()
    return any(word.lower() in verbs for word in found[1:-1])
