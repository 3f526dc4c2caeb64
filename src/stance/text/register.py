"""The register: who the names in a text stand for, and for which country they speak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from stance.errors import ConfigError

_KINDS = ("country", "body", "institution", "person")
_KEYS = {"name", "kind", "aliases", "adjectives", "country", "role", "blocs", "from", "until"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A speaker of the register; for a person, one spell in one office.

    ``name`` is the canonical name, ``aliases`` the other names, ``adjectives`` those of a country, ``roles`` the usual
    names of the office, ``start`` and ``end`` the first and last day in it where they are known.
    """

    name: str
    kind: str = "person"
    aliases: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    country: str = ""
    roles: tuple[str, ...] = ()
    blocs: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None

    def holds_on(self, day: date | None) -> bool:
        """Whether the office was held on ``day``; so it was if either is unknown."""
        return day is None or ((self.start is None or self.start <= day) and (self.end is None or day <= self.end))


@dataclass(frozen=True)
class Register:
    """Speakers by name. Where several entries share a name the one in office on the day counts, else the first."""

    entries: tuple[Entry, ...] = ()
    _names: dict[str, list[Entry]] = field(default_factory=dict, repr=False, compare=False)
    _overruled: list[Register] = field(default_factory=list, repr=False, compare=False)

    def __post_init__(self) -> None:
        for entry in self.entries:
            for name in (entry.name, *entry.aliases):
                self._names.setdefault(fold(name), []).append(entry)

    def __add__(self, other: Register) -> Register:
        """Both registers; what ``other`` says of a name overrules."""
        both = Register((*other.entries, *self.entries))
        both._names.update(other._names)
        both._overruled.append(self)
        return both

    @cached_property
    def adjectives(self) -> Mapping[str, Entry]:
        """The country that each adjective of nationality, lower case, stands for."""
        return {a.lower(): entry for entry in self.entries for a in entry.adjectives}

    def find(self, name: str, day: date | None = None, role: Iterable[str] = ()) -> Entry | None:
        """The entry called ``name`` on ``day``; words of its ``role`` decide between persons of one name."""
        found = [entry for entry in self._names.get(fold(name), ())]
        held = [entry for entry in found if entry.holds_on(day)] or found
        words = set(role)
        ranked = sorted(held, key=lambda entry: -len(words & set(" ".join(entry.roles).split())))
        if not ranked:
            return None
        if len({entry.name for entry in ranked}) > 1 and not words & set(" ".join(ranked[0].roles).split()):
            return None  # two persons of this name, and nothing to tell them apart
        return ranked[0]

    def office_holder(self, country: str, role: str, day: date | None) -> Entry | None:
        """Who held ``role`` ("foreign minister") for ``country`` on ``day``; none if that is not one person."""
        if day is None:
            return None
        own = self.entries[: len(self.entries) - sum(len(register.entries) for register in self._overruled)]
        found = {e.name: e for e in own if e.country == country and role in e.roles and e.holds_on(day) and e.start}
        if not found and self._overruled:
            return self._overruled[0].office_holder(country, role, day)
        return next(iter(found.values())) if len(found) == 1 else None

    def country_of(self, name: str) -> str:
        """The country for which ``name`` speaks, or empty."""
        entry = self.find(name)
        if entry is None:
            return ""
        return entry.name if entry.kind == "country" else entry.country

    def canonical(self, name: str, day: date | None = None) -> str:
        """The canonical name of a speaker; ``name`` itself if the register does not know it."""
        entry = self.find(name, day)
        return entry.name if entry else name


def fold(name: str) -> str:
    """A name without case, article and typographic apostrophes, by which names are compared."""
    folded = " ".join(name.lower().replace("’", "'").split())
    return folded.removeprefix("the ")


def read_register(path: str | Path) -> Register:
    """Read a register from a YAML file: a list of entries, see docs/speakers.md.

    Raises
    ------
    ConfigError
        If the file cannot be read, or an entry is no mapping, lacks a name, or has an unknown key or a wrong value.
    """
    try:
        text = Path(path).read_text("utf-8")
    except OSError as error:
        raise ConfigError(f"The register {path} cannot be read: {error.strerror}; check the path.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"The register {path} is not UTF-8; save it as UTF-8.") from error
    return _parse(text, str(path))


@cache
def default_register() -> Register:
    """The register that ships with the package: countries, bodies, and who held office in the debate of 2002."""
    folder = files("stance.text").joinpath("registers")
    return sum(
        (_parse(folder.joinpath(n).read_text("utf-8"), n) for n in ("debate2002.yaml", "world.yaml")), Register()
    )


def _parse(text: str, where: str) -> Register:
    try:
        loaded = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (both are safe)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"The register {where} is not YAML, line {line}: {error.problem}.") from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that does not exist
        raise ConfigError(f"The register {where} is not YAML: {' '.join(str(error).split())}.") from error
    if not isinstance(loaded, list):
        raise ConfigError(f"The register {where} is not a list of entries; begin each with '- name: ...'.")
    return Register(tuple(_entry(item, f"Entry {i} of the register {where}") for i, item in enumerate(loaded, 1)))


def _entry(item: Any, where: str) -> Entry:
    if not isinstance(item, dict) or not isinstance(item.get("name"), str) or not item["name"].strip():
        raise ConfigError(f"{where} has no name; write '- name: France'.")
    unknown = sorted(str(key) for key in item.keys() - _KEYS)
    if unknown:
        raise ConfigError(
            f"{where} ({item['name']}) has the unknown key {unknown[0]!r}; known are {', '.join(sorted(_KEYS))}."
        )
    kind = item.get("kind", "person")
    if kind not in _KINDS:
        raise ConfigError(f"{where} ({item['name']}) is of kind {kind!r}; give one of {', '.join(_KINDS)}.")
    for key in ("from", "until"):
        if item.get(key) is not None and not isinstance(item[key], date):
            raise ConfigError(
                f"{where} ({item['name']}) has {item[key]!r} as {key!r}; write a date such as 2002-09-12."
            )
    return Entry(
        item["name"],
        kind,
        _strings(item, "aliases", where),
        _strings(item, "adjectives", where),
        str(item.get("country") or ""),
        tuple(role.lower() for role in _strings(item, "role", where)),
        _strings(item, "blocs", where),
        item.get("from"),
        item.get("until"),
    )


def _strings(item: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = item.get(key) or []
    values = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else None
    if values is None or not all(isinstance(v, str) for v in values):
        raise ConfigError(f"{where} ({item['name']}) has {value!r} as {key!r}; give a name or a list of names.")
    return values
