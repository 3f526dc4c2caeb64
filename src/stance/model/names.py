"""Hidden names: speakers' names that a model is not to learn from, so that it labels the view and not who holds it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

HIDDEN = "__"
"""What stands for any hidden name: a word to scikit-learn's token pattern."""


def name_pattern(names: Sequence[str]) -> re.Pattern[str] | None:
    """A pattern of ``names``, as they are and in capitals, each a whole word, the longest first; none without names."""
    forms = {form for name in names for form in (name, name.upper())}
    return re.compile(rf"(?<!\w){_alternatives(forms)}(?!\w)") if forms else None


def _alternatives(forms: Collection[str]) -> str:
    """A pattern of any of ``forms`` that looks at each character once, where a plain list would try name after name."""
    by_first: dict[str, set[str]] = {}
    for form in forms:
        if form:
            by_first.setdefault(form[0], set()).add(form[1:])
    branches = [re.escape(first) + _alternatives(rest) for first, rest in sorted(by_first.items())]
    if not branches:
        return ""
    pattern = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{pattern})?" if "" in forms else pattern


def hide_names(text: str, pattern: re.Pattern[str] | None) -> str:
    """``text`` with each name replaced by ``HIDDEN`` and blanks, as long as before, so that offsets stay true."""
    return text if pattern is None else pattern.sub(_hide, text)


def _hide(match: re.Match[str]) -> str:
    return HIDDEN.ljust(len(match.group()))[: max(len(HIDDEN), len(match.group()))]
