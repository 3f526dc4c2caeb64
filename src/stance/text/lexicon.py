"""What reading a document needs to know of English: the word lists of ``lexicon.toml``, the cues of ``cues.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_SILENT_E = re.compile(r"[^aeou]e$|[aeiou][^aeiou]e$")


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb that reports: its lemma, its class, the mode it reports in, and the side it takes where that is known.

    ``followers`` are the words one of which must follow, for verbs that report only with them ("let it be known").
    """

    lemma: str
    verb_class: str
    mode: str
    polarity: int | None = None
    followers: tuple[str, ...] = ()


@cache
def words(name: str) -> frozenset[str]:
    """The list called ``name`` in ``lexicon.toml``."""
    return frozenset(_read("lexicon.toml")[name].split())


@cache
def _memberships() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name in _read("lexicon.toml"):
        for word in words(name):
            found.setdefault(word, set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}


_NOWHERE: frozenset[str] = frozenset()


def lists_of(word: str) -> frozenset[str]:
    """The names of the lists of ``lexicon.toml`` that hold a word."""
    return _memberships().get(word, _NOWHERE)


@cache
def cues() -> Mapping[str, tuple[Cue, ...]]:
    """Every form of every cue of ``cues.toml``, lower case, with the cues that it may be."""
    table = _read("cues.toml")
    found: dict[str, list[Cue]] = {}
    for mode, phrases in table["phrases"].items():
        for lemma, followers in phrases.items():
            cue = Cue(lemma, "phrase", mode, followers=tuple(followers))
            for form in inflect(lemma):
                found.setdefault(form, []).append(cue)
    for name, group in table.items():
        if name in ("phrases", "irregular"):
            continue
        for lemma in dict.fromkeys(group["verbs"].split()):
            cue = Cue(lemma, name, group["mode"], group.get("polarity"))
            for form in inflect(lemma):
                found.setdefault(form, []).append(cue)
    return {form: tuple(group) for form, group in found.items()}


@cache
def reporting_verbs() -> frozenset[str]:
    """The finite forms of the verbs that report by themselves, without plain forms that are as often nouns."""
    return frozenset(
        form
        for form, group in cues().items()
        if not form.endswith("ing")
        and form not in words("also_nouns")
        and any(cue.verb_class != "phrase" for cue in group)
    )


@cache
def inflect(lemma: str) -> tuple[str, ...]:
    """The forms of a verb: ``("deny", "denies", "denied", "denying")``."""
    irregular: dict[str, str] = _read("cues.toml")["irregular"]
    if lemma in irregular:
        return tuple(dict.fromkeys([*([lemma] if lemma != "modal" else []), *irregular[lemma].split()]))
    stem = lemma[:-1] if lemma.endswith("e") else lemma
    if re.search(r"[^aeiou]y$", lemma):
        return lemma, lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"
    if re.search(r"(?:s|x|ch|sh)$", lemma):
        return lemma, lemma + "es", lemma + "ed", lemma + "ing"
    if lemma in words("doubling"):
        return lemma, lemma + "s", lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing"
    return lemma, lemma + "s", stem + "ed", stem + "ing"


_NO_RECORD = 0.5  # the confidence of a rule that was never measured


def confidence(rule: str) -> float:
    """How often a rule was right where that was measured; see ``rules.toml``."""
    record = _read("rules.toml").get(rule, {})
    return float(record.get("confidence", _NO_RECORD))


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("stance.text").joinpath(name).read_text("utf-8"))
