"""Behaviour: what a model should do with sentences made to tell, whatever its average score.

Minimal pairs and invariances after Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP Models with
CheckList", https://aclanthology.org/2020.acl-main.442/.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from stance.corpus import Corpus
from stance.errors import ConfigError, DataError
from stance.model import LinearModel
from stance.shares import wilson
from stance.text import default_register
from stance.text.documents import decode

_BLANK = re.compile(r"\{(\w+)\}")
_MARKS = re.compile('["“”„«»]')
_MOST = 500
"""Sentences of a corpus that an invariance is tried on."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Variant:
    """A sentence of a case, and the label that it must get, if one is named."""

    text: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class BehaviourTest:
    """Cases that show one thing; a case passes if each variant gets its label, and all the same if ``same``."""

    name: str
    cases: tuple[tuple[Variant, ...], ...]
    same: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that did not pass: each text, the label that it should have got if one is named, and the one it got."""

    variants: tuple[tuple[str, str | None, str], ...]


@dataclass(frozen=True, slots=True)
class BehaviourResult:
    """How many cases of a test passed, the 95 % interval of that share (Wilson), and some that did not."""

    name: str
    n: int
    n_passed: int
    low: float
    high: float
    failures: tuple[Failure, ...]

    @property
    def rate(self) -> float:
        """The share of cases passed."""
        return self.n_passed / self.n


@dataclass(frozen=True)
class BehaviourSuite:
    """Tests as a configuration has them.

    Parameters
    ----------
    tests : by name, ``cases`` and, where all variants of a case must get the same label, ``same: true``. A case is a
        list of variants, each a text, or ``{label: text}`` where it must get a label. ``fill`` names words for blanks:
        of a text with ``{country}`` and ``fill: {country: [France, Kenya]}``, one variant is made for each
    files : YAML files of more such tests
    labels : those that ``tests`` are about; they are left out for a model of other labels
    """

    tests: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    files: Sequence[str] = ()
    labels: Sequence[str] = ()

    def read(self, labels: Sequence[str] | None = None) -> tuple[BehaviourTest, ...]:
        """The tests, checked, for a model of these ``labels`` (of any, by default).

        Raises
        ------
        ConfigError, DataError
            If a file cannot be read, or a test is not made as it must be.
        """
        if not isinstance(self.tests, Mapping) or not isinstance(self.files, list | tuple):
            raise ConfigError("Behaviour takes tests, a mapping of names to cases, and files, a list of paths.")
        theirs = labels is None or set(self.labels) <= set(labels)
        found = {name: _read_test(name, test) for name, test in self.tests.items()} if theirs else {}
        for file in self.files:
            for name, test in _read_yaml(Path(file)).items():
                found[name] = _read_test(name, test)
                _check_labels(found[name], labels, file)
        return tuple(found.values())


def _check_labels(test: BehaviourTest, labels: Sequence[str] | None, file: str) -> None:
    asked = {variant.label for case in test.cases for variant in case if variant.label is not None}
    if labels is not None and (unknown := asked - set(labels)):
        raise ConfigError(
            f"{file}: the test {test.name!r} asks for {min(unknown)!r}, and the model knows {', '.join(labels)} only."
        )


def _read_yaml(path: Path) -> Mapping[str, Any]:
    import yaml

    try:
        read = yaml.safe_load(decode(path.read_bytes(), str(path)))
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that does not exist
        raise DataError(f"{path} is no YAML: {' '.join(str(error).split())}.") from error
    tests = read.get("tests", read) if isinstance(read, dict) else None
    if not isinstance(tests, dict):
        raise DataError(f"{path} has no tests; write a mapping from their names to their cases.")
    return tests


def _read_test(name: str, test: Any) -> BehaviourTest:
    wrong = (
        f"The behaviour test {name!r} must have `cases`, lists of texts or {{label: text}}, and may have `same`, `fill`"
    )
    if not isinstance(test, Mapping) or set(test) - {"cases", "same", "fill"} or not test.get("cases"):
        raise ConfigError(f"{wrong}.")
    cases, same, fill = test["cases"], test.get("same", False), test.get("fill") or {}
    if not isinstance(cases, list | tuple) or not isinstance(same, bool) or not _are_words(fill):
        raise ConfigError(f"{wrong}: `same` true or false, `fill` a list of words for each blank.")
    read = []
    for number, case in enumerate(cases, 1):
        variants = [_read_variant(v) for v in case] if isinstance(case, list | tuple) and case else [None]
        if None in variants:
            raise ConfigError(f"{wrong}; look at case {number}.")
        read.append(tuple(filled for v in variants if v for filled in _filled(v, fill, name)))
    return BehaviourTest(name, tuple(read), same)


def _are_words(fill: Any) -> bool:
    return isinstance(fill, Mapping) and all(isinstance(words, list | tuple) and words for words in fill.values())


def _read_variant(variant: Any) -> Variant | None:
    if isinstance(variant, str):
        return Variant(variant)
    if isinstance(variant, Mapping) and len(variant) == 1:
        ((label, text),) = variant.items()
        return Variant(text, str(label)) if isinstance(text, str) else None
    return None


def _filled(variant: Variant, fill: Mapping[str, Sequence[str]], name: str) -> Iterator[Variant]:
    blanks = list(dict.fromkeys(_BLANK.findall(variant.text)))
    if unknown := set(blanks) - set(fill):
        raise ConfigError(f"The behaviour test {name!r} has no words for {{{min(unknown)}}}; name some under fill.")
    for words in itertools.product(*(fill[blank] for blank in blanks)):
        text = variant.text
        for blank, word in zip(blanks, words, strict=True):
            text = text.replace(f"{{{blank}}}", str(word))
        yield Variant(text, variant.label)


def invariances(corpus: Corpus) -> tuple[BehaviourTest, ...]:
    """Changes to the sentences of a corpus that should change no label: other countries, no quotation marks."""
    texts = list(dict.fromkeys(corpus.texts))
    tests = []
    for name, changed in (
        ("corpus: another country in place of the one named", _other_countries(texts)),
        (
            "corpus: quotation marks dropped",
            [(t, " ".join(_MARKS.sub("", t).split())) for t in texts if _MARKS.search(t)],
        ),
    ):
        if changed:
            cases = tuple((Variant(a), Variant(b)) for a, b in changed[:_MOST])
            tests.append(BehaviourTest(name, cases, same=True))
    return tuple(tests)


def _other_countries(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Each text that names a country (but Iraq, which is no speaker here like others) with the next one in its
    place.
    """
    names = [e.name for e in default_register().entries if e.kind == "country" and e.name != "Iraq"]
    following = dict(zip(names, [*names[1:], names[0]], strict=True))
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})\b")
    return [(t, pattern.sub(lambda m: following[m.group()], t)) for t in texts if pattern.search(t)]


def run_behaviour(model: LinearModel, tests: Sequence[BehaviourTest]) -> tuple[BehaviourResult, ...]:
    """Run the tests whose labels the model has; a model of several targets is asked about the first."""
    known = [t for t in tests if {v.label for case in t.cases for v in case if v.label} <= set(model.labels)]
    return tuple(_run(model, test) for test in known)


def _run(model: LinearModel, test: BehaviourTest) -> BehaviourResult:
    flat = [v.text for case in test.cases for v in case]
    target = model.targets[0] if model.targets else None
    got = iter(model.predict(flat, target).tolist())
    answers = [[(v, next(got)) for v in case] for case in test.cases]
    passed = np.array(
        [
            all(v.label in (None, label) for v, label in case)
            and (not test.same or len({label for _, label in case}) == 1)
            for case in answers
        ]
    )
    failed = [Failure(tuple((v.text, v.label, label) for v, label in answers[i])) for i in np.flatnonzero(~passed)]
    low, high = wilson(float(passed.mean()), len(passed))
    return BehaviourResult(test.name, len(passed), int(passed.sum()), low, high, tuple(failed[:_SHOWN]))
