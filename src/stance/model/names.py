"""Hidden names: speakers' names that a model is not to learn from, so that it labels the view and not who holds it."""

from __future__ import annotations

import re
from collections.abc import Sequence

HIDDEN = "__"
"""What stands for any hidden name: a word to scikit-learn's token pattern."""


def name_pattern(names: Sequence[str]) -> re.Pattern[str] | None:
    """A pattern of ``names``, as they are and in capitals, each a whole word; none without names."""
    forms = sorted({form for name in names for form in (name, name.upper())}, key=lambda form: (-len(form), form))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)") if forms else None


def hide_names(text: str, pattern: re.Pattern[str] | None) -> str:
    """``text`` with each name replaced by ``HIDDEN`` and blanks, as long as before, so that offsets stay true."""
    return text if pattern is None else pattern.sub(_hide, text)


def _hide(match: re.Match[str]) -> str:
    return HIDDEN.ljust(len(match.group()))[: max(len(HIDDEN), len(match.group()))]
