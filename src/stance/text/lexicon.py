"""The word lists of ``lexicon.toml``, loaded once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def words(name: str) -> frozenset[str]:
    """The list called ``name`` in ``lexicon.toml``."""
    return frozenset(_lists()[name].split())


@cache
def _lists() -> dict[str, str]:
    return tomllib.loads(files("stance.text").joinpath("lexicon.toml").read_text("utf-8"))
