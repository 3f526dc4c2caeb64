"""The innermost source: "the envoy reported that France would object" gives the view of France."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from stance.text.cast import Speaker
from stance.text.lexicon import words
from stance.text.sources import Source

Resolved = tuple[Source, Speaker]

# What may stand between the cue of the outer source and the inner one: "that", or a few words without a mark.
_COMPLEMENT = re.compile(r"[^,;:—]{0,40}\bthat\s+|\s*(?:\w+\s){0,2}")


def innermost(text: str, resolved: Sequence[Resolved], start: int) -> Resolved:
    """Of the sources of the sentence that begins at ``start``, in order, the one whose view it gives."""
    first = re.match(r"\w+", text[start : start + 30])
    opening = first is not None and first.group().lower() in words("adjuncts")
    main = _main(text, resolved, opening)
    if main[0].rule == "according":  # "France, according to a diplomat, would object"
        return next((pair for pair in resolved if pair[1].body and pair[0] is not main[0]), main)
    if main[0].mode != "indirect" and main[0].mention.kind != "first":
        return main
    return next((pair for pair in resolved if _is_within(text, pair, main, pair is resolved[0] and not opening)), main)


def _main(text: str, resolved: Sequence[Resolved], opening: bool) -> Resolved:
    """The source that tells the sentence: one set off by commas, or the first, but not a speaker's "I think"."""
    told = [pair for pair in resolved if not _is_aside(text, pair[0]) and not _is_asking(pair[0])] or list(resolved)
    if resolved[0][0].rule == "subject" and opening:  # "Despite what the ministry wants, Hale said"
        told = [pair for pair in told if _follows_comma(text, pair[0])] or told
    set_off = [pair for pair in told if pair[0].rule in ("inverted", "according")]
    set_off += [pair for pair in told[1:] if _is_parenthetical(text, pair[0])]
    return (set_off or told)[0]


def _is_within(text: str, inner: Resolved, main: Resolved, first: bool) -> bool:
    """Whether ``inner`` is told by ``main``: a name, or a body, in what is said."""
    source, speaker = inner
    if (
        source is main[0]
        or speaker is main[1]
        or source.mention.kind not in ("name", "description")
        or (source.mention.head and not speaker.fixed)
    ):
        return False
    if source.rule not in ("subject", "clause", "opinion") or not (speaker.body or speaker.entry is not None):
        return False
    if source.mode != "position" and (source.cue is None or source.cue.verb_class not in ("say", "urge")):
        return False
    if source.cue_start < main[0].cue_start:
        return first and source.mode == "position"
    return _COMPLEMENT.fullmatch(text, main[0].cue_end, source.mention.start) is not None


def _follows_comma(text: str, source: Source) -> bool:
    return text[max(0, source.mention.start - 2) : source.mention.start] == ", "


def _is_parenthetical(text: str, source: Source) -> bool:
    """Whether "the ministry said" stands between commas or at the end."""
    before = text[max(0, source.mention.start - 3) : source.mention.start].rstrip()[-1:]
    behind = text[source.cue_end : source.cue_end + 2].lstrip()[:1]
    return source.mode == "indirect" and before in (*",;”\"’'",) and behind in ("", *",.;:?!")


def _is_asking(source: Source) -> bool:
    """Whether it is a speaker's "I asked", behind which the answer is told."""
    return source.mention.kind == "first" and source.cue is not None and source.cue.verb_class == "ask"


def _is_aside(text: str, source: Source) -> bool:
    return source.mention.kind == "first" and _is_parenthetical(text, replace(source, mode="indirect"))
