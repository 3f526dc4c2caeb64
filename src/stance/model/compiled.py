"""Functions that numba compiles: without the interpreter's lock, and kept on disk from one process to the next."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """``function`` compiled when it is first called, or taken from the cache of an earlier process.

    The cache is beside the code, else where numba keeps its own for this user; where neither can be written, every
    process compiles anew.
    """
    options = {"nogil": True, "error_model": "numpy"}
    try:
        made = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # numba found no folder to write to
        return numba.njit(**options)(function)  # type: ignore[no-any-return]
    # numba compiles anew when a function's own file has changed, and not when one has that it calls into.
    made._cache._cache_file._source_stamp = _sources()
    return made  # type: ignore[no-any-return]


def in_thread(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a compiled function gives, called in a thread of its own.

    Ctrl-C comes to the main thread. If it comes there while numba makes Python's objects of arrays, numba 0.68 does not
    see it, and ends in a SystemError, or the process in a crash where a tuple is a named one.
    """
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *arguments).result()


@cache
def _sources() -> str:
    """A digest of all files that compiled code is made of."""
    names = ("alphabet", "compiled", "counting", "folding", "ngrams", "trie", "vocabulary")
    return sha256(b"".join(Path(__file__).with_name(f"{name}.py").read_bytes() for name in names)).hexdigest()


def inlined(function: F) -> F:
    """As ``compiled``, as part of every compiled function that calls it: arrays are costly to hand over."""
    return numba.njit(nogil=True, error_model="numpy", forceinline=True)(function)  # type: ignore[no-any-return]
