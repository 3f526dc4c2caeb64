"""Arrow types for JSON values: those of the first batch hold for the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

MISFITS = (pa.ArrowException, ValueError, TypeError, OverflowError)
"""What Arrow raises where values are of no one type, or not of the type asked for."""


def converted(values: Sequence[Any], kind: Any) -> Any:
    """As an array of that type; Arrow would cut fractions off, and drop members that a type has not, without a word."""
    if (pa.types.is_nested(kind) or pa.types.is_integer(kind)) and not _within(pa.array(values).type, kind):
        raise TypeError(kind)
    return pa.array(values, kind)


def _within(found: Any, kind: Any) -> bool:
    if pa.types.is_struct(found) and pa.types.is_struct(kind):
        known = {field.name: field.type for field in kind}
        return all(field.name in known and _within(field.type, known[field.name]) for field in found)
    if pa.types.is_list(found) and pa.types.is_list(kind):
        return _within(found.value_type, kind.value_type)
    return not (pa.types.is_floating(found) and pa.types.is_integer(kind))


def first_misfit(values: Sequence[Any], convert: Callable[[Sequence[Any]], Any]) -> int:
    """The first row with which the rows up to it cannot be converted."""
    good, bad = 0, len(values)  # so many rows can be, so many cannot
    while bad - good > 1:
        middle = (good + bad) // 2
        try:
            convert(values[:middle])
            good = middle
        except MISFITS:
            bad = middle
    return bad - 1
