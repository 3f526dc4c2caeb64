"""Columns of texts as UTF-8: an array of bytes, and where in it each text ends; Arrow's are taken as they lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stance.errors import DataError

if TYPE_CHECKING:
    import pyarrow

Texts: TypeAlias = "list[Any] | pyarrow.ChunkedArray"
"""A list that should have strings only, or an Arrow column of strings, none missing."""


class Utf8(NamedTuple):
    """Texts as bytes: text ``i`` stands from ``ends[i]`` to before ``ends[i + 1]`` of ``raw``."""

    raw: NDArray[np.uint8]
    ends: NDArray[np.int64]


def as_texts(texts: Iterable[Any]) -> Texts:
    """Strings, an array of them, or a column of Arrow, `datasets`, pandas or polars, as a list or an Arrow column.

    Raises
    ------
    DataError
        If it is one string, or a table, or an Arrow column of another type or with a text missing.
    """
    if isinstance(texts, str):
        raise DataError("A single string is not a list of texts; wrap it in a list.")
    if hasattr(texts, "columns") or hasattr(texts, "column_names"):
        raise DataError("A table is not a list of texts; choose its column of texts.")
    if type(texts).__module__.startswith("datasets."):
        texts = _of_datasets(texts)
    if hasattr(texts, "__arrow_c_array__") or hasattr(texts, "__arrow_c_stream__"):
        return _of_arrow(texts)
    if not isinstance(texts, Iterable):
        raise DataError(f"{type(texts).__name__} is no list of texts.")
    return list(texts)


def strings(texts: Texts) -> list[str]:
    """The texts as Python's strings.

    Raises
    ------
    DataError
        If one is no string; the message names its row.
    """
    return list(_checked(texts)) if isinstance(texts, list) else texts.to_pylist()


def n_characters(texts: Texts) -> int:
    """How long the texts are together, or about so."""
    if isinstance(texts, list):
        return sum(len(text) for text in texts if isinstance(text, str))
    return int(texts.nbytes)


def utf8_blocks(texts: Texts, size: int) -> Iterator[Utf8]:
    """The texts, at most ``size`` at once."""
    if isinstance(texts, list):
        for start in range(0, len(texts), size):
            yield encode(texts[start : start + size], start)
    else:
        for chunk in texts.chunks:
            for start in range(0, len(chunk), size):
                yield _lying(chunk[start : start + size])


def encode(texts: Sequence[Any], first: int = 0) -> Utf8:
    """Strings as UTF-8; ``first`` is the row of the first, for errors."""
    try:
        encoded = list(map(str.encode, texts))
    except UnicodeEncodeError:  # half of a surrogate pair
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    except TypeError:  # says which text is none, or makes strings of Arrow's scalars
        return encode(list(_checked(texts, first)))
    ends = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=ends[1:])
    return Utf8(np.frombuffer(b"".join(encoded) or b" ", dtype=np.uint8), ends)


def _checked(texts: Iterable[Any], first: int = 0) -> Iterator[str]:
    for row, text in enumerate(texts, first):
        value = text.as_py() if hasattr(text, "as_py") else text  # an Arrow scalar
        if not isinstance(value, str):
            missing = value is None or value != value  # NaN
            what = "drop or fill missing texts first" if missing else "convert or drop it"
            raise DataError(f"Text {row} is not a string but {type(value).__name__}; {what}.")
        yield value


def _of_datasets(column: Any) -> Any:
    """What a lazy column of a `datasets.Dataset` has in Arrow, its order and selection applied."""
    if not hasattr(column, "source") or not hasattr(column.source, "with_format"):
        return column
    return column.source.with_format("arrow")[column.column_name][:]


def _of_arrow(column: Any) -> Texts:
    import pyarrow as pa

    try:
        found = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array(_arrays(column))
    except pa.ArrowException:  # a column of Python's objects that are not alike
        return list(column)
    if not len(found):  # may be of no type yet
        return []
    kind = found.type.value_type if pa.types.is_dictionary(found.type) else found.type
    if kind not in (pa.string(), pa.large_string(), pa.string_view()):
        raise DataError(f"The column is of type {found.type} and not of strings; choose another, or convert it first.")
    if found.null_count:
        row = int(np.flatnonzero(found.is_null().to_numpy())[0])
        raise DataError(f"Text {row} is missing; drop or fill missing texts first.")
    plain = found if found.type in (pa.string(), pa.large_string()) else found.cast(pa.large_string())
    try:
        plain.validate(full=True)
    except pa.ArrowInvalid as error:
        raise DataError(f"The column of texts is no valid UTF-8: {str(error).rstrip('.')}.") from error
    return plain


def _arrays(column: Any) -> Any:
    import pyarrow as pa

    return [pa.array(column)] if hasattr(column, "__arrow_c_array__") else column


def _lying(array: Any) -> Utf8:
    """The buffers of an Arrow array of strings."""
    _, ends, raw = array.buffers()
    kind = np.int32 if array.type == "string" else np.int64
    found = np.frombuffer(ends, dtype=kind)[array.offset : array.offset + len(array) + 1].astype(np.int64)
    data = np.frombuffer(raw if raw else b" ", dtype=np.uint8)
    data.flags.writeable = False  # as those of a list are, so that code is compiled once for both
    return Utf8(data, found)
