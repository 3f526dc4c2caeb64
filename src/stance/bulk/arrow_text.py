"""Values of Arrow columns as text, for files that have no types."""

from __future__ import annotations

import base64
import json
import math
from typing import Any

import pyarrow as pa

_BYTES = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary, pa.types.is_binary_view)
_JSON_OWN = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_null)
"""Types whose values JSON has, too; a date, say, is spelled as text."""


def spelled(column: Any) -> list[Any]:
    """Each value as the text of a field; lists and structs as JSON."""
    if pa.types.is_nested(column.type):
        return [None if value is None else as_json(value) for value in column.to_pylist()]
    return _as_text(column)


def json_values(column: Any) -> list[Any]:
    """Each value as one that JSON has, or that ``as_json`` knows."""
    if pa.types.is_nested(column.type) or any(own(column.type) for own in _JSON_OWN):
        return list(column.to_pylist())
    return _as_text(column)


def _as_text(column: Any) -> list[str | None]:
    if not any(are(column.type) for are in _BYTES):
        try:
            return list(column.cast(pa.large_string()).to_pylist())
        except pa.ArrowNotImplementedError:  # an extension's type
            pass
    return [None if value is None else _text(value) for value in column.to_pylist()]


def as_json(value: Any) -> str:
    """JSON in which what is no number is null, bytes are base64, and dates are as Python spells them."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_text)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=False, default=_text)


def _text(value: Any) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {name: _finite(inner) for name, inner in value.items()}
    return [_finite(inner) for inner in value] if isinstance(value, list | tuple) else value
