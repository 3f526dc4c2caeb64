"""How well sentences are attributed to their speakers, against gold."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from stance.corpus import DROPPED, GoldSentence, Metadata
from stance.evaluation.bootstrap import Estimate, bootstrap_mean
from stance.text import Attribution, Document, Register, Sentence, attribute_speakers, find_quotations
from stance.text.cleaning import clean_text
from stance.text.register import fold
from stance.text.sentences import split_paragraphs

Span = tuple[int, int]

_DETERMINER = re.compile(
    r"^(?:(?:the|a|an|one|another|some|most|many|several|his|her|their|its|our|my|this|these)\b\s*(?:of\s+)?)+"
)
_COMPLEMENT = re.compile(r"\s+(?:of|in|at|from|on|for|with|who|to|by)\s.*$")
_MARKS = "\"“”„«»‘’' \n\t"


@dataclass(frozen=True, slots=True)
class AttributionCase:
    """One gold sentence, and what the rules make of it."""

    document: str
    section: str
    """The document's section, or its name: what the bootstrap draws as one."""
    register: str
    half: str
    gold: GoldSentence
    found: Attribution
    text: str
    correct: bool


@dataclass(frozen=True, slots=True)
class AttributionScores:
    """Scores of some sentences.

    ``exact`` is the share whose canonical speaker is right, the narrator included; ``narrator`` that for which it is
    right whether anybody but the narrator speaks; ``mode`` that whose mode is right.
    """

    n: int
    exact: Estimate
    narrator: float
    mode: float


@dataclass(frozen=True, slots=True)
class AttributionReport:
    """Scores over all sentences and by part, by register, mode and rule; and precision and recall of quotations."""

    name: str
    overall: AttributionScores
    by_half: dict[str, AttributionScores]
    by_register: dict[str, AttributionScores]
    by_mode: dict[str, AttributionScores]
    by_rule: dict[str, AttributionScores]
    agreement: float | None
    """How often the two readers gave the same canonical speaker; none where nothing was read twice."""
    mode_agreement: float | None
    """How often they gave the same mode."""
    quotation_precision: float | None
    quotation_recall: float | None
    n_quotations: int

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON has it."""
        return asdict(self)


def attribute_gold(
    documents: Iterable[Document],
    gold: Mapping[str, Sequence[GoldSentence]],
    metadata: Metadata,
    register: Register,
) -> list[AttributionCase]:
    """Attribute the gold sentences of ``documents``; their date and register are taken from ``metadata``.

    Raises
    ------
    DataError
        If a sentence is not the one that was labelled.
    """
    cases = []
    for document in documents:
        rows = [row for row in gold.get(document.name, ()) if row.label != DROPPED]
        about, day = metadata.of(document.name), metadata.day(document.name)
        sentences = [Sentence(i, row.start, row.end, row.text(document)) for i, row in enumerate(rows)]
        found = attribute_speakers(document.text, sentences, register, day, about.get("giver") or None)
        for row, sentence, attribution in zip(rows, sentences, found, strict=True):
            correct = same_speaker(row, attribution.speaker, register, day)
            cases.append(
                AttributionCase(
                    document.name,
                    metadata.of(document.name, row.start).get("section") or document.name,
                    about.get("register", ""),
                    about.get("half", ""),
                    row,
                    attribution,
                    sentence.text,
                    correct,
                )
            )
    return cases


def same_speaker(gold: GoldSentence, found: str, register: Register, day: date | None) -> bool:
    """Whether ``found`` is the gold speaker, by canonical names.

    Where the readers meant the same and differed in the form only (the note says ``form``), either form will do.
    """
    names = {gold.speaker, *((gold.speaker_1, gold.speaker_2) if gold.note == "form" else ())}
    return any(_same(name, found, register, day) for name in names)


def _same(gold: str, found: str, register: Register, day: date | None) -> bool:
    if gold.startswith(("his ", "her ", "its ", "their ")):  # we name the owner
        found = re.split(r"['’]s ", found)[-1]
    return canonical_speaker(gold, register, day) == canonical_speaker(found, register, day)


def canonical_speaker(name: str, register: Register, day: date | None = None) -> Hashable:
    """A name as it is compared: the register's, else without case, determiners and what follows a head noun.

    "an engineer of the agency" is compared as "engineer"; of joint speakers the order does not count.
    """
    entry = register.find(name, day) if name else None
    if entry is not None:
        return fold(entry.name)
    parts = re.split(r", and |, | and ", name)
    if len(parts) > 1:
        return frozenset(canonical_speaker(part, register, day) for part in parts if part)
    bare = _DETERMINER.sub("", fold(name).replace("é", "e"))
    return _COMPLEMENT.sub("", bare).replace(" own ", " ")


def evaluate_attribution(
    name: str,
    cases: Sequence[AttributionCase],
    register: Register,
    quotations: tuple[set[tuple[str, int, int]], set[tuple[str, int, int]]] | None = None,
    random_state: int = 0,
) -> AttributionReport:
    """Scores of ``cases``; ``quotations`` are the spans in gold and those found, as (document, start, end)."""

    def by(key: Callable[[AttributionCase], str]) -> dict[str, AttributionScores]:
        groups: dict[str, list[AttributionCase]] = defaultdict(list)
        for case in cases:
            groups[key(case)].append(case)
        return {k: _scores(groups[k], random_state) for k in sorted(groups) if k}

    twice = [c.gold for c in cases if c.gold.label_1 and c.gold.label_2]
    agreed = [_same(row.speaker_1, row.speaker_2, register, None) or row.note == "form" for row in twice]
    precision = recall = None
    if quotations is not None:
        gold, found = quotations
        precision, recall = len(gold & found) / max(1, len(found)), len(gold & found) / max(1, len(gold))
    return AttributionReport(
        name,
        _scores(cases, random_state),
        by(lambda c: c.half),
        by(lambda c: c.register),
        by(lambda c: c.gold.mode),
        by(lambda c: c.found.rule),
        float(np.mean(agreed)) if agreed else None,
        float(np.mean([row.mode_1 == row.mode_2 for row in twice])) if twice else None,
        precision,
        recall,
        len(quotations[0]) if quotations is not None else 0,
    )


def _scores(cases: Sequence[AttributionCase], random_state: int) -> AttributionScores:
    correct = np.array([c.correct for c in cases], dtype=float)
    exact = bootstrap_mean(correct, np.array([c.section for c in cases]), random_state)
    narrator = float(np.mean([bool(c.found.speaker) == bool(c.gold.speaker) for c in cases]))
    mode = float(np.mean([c.found.mode == c.gold.mode for c in cases]))
    return AttributionScores(len(cases), exact, narrator, mode)


def found_quotations(document: Document, gold: Sequence[GoldSentence]) -> set[tuple[str, int, int]]:
    """The quotations found in the gold sentences of a document, without their marks, cut at sentence ends."""
    clean = clean_text(document.text)
    spans: list[Span] = []
    for paragraph in split_paragraphs(clean.text):
        spans += [
            clean.to_source(paragraph.start + start, paragraph.start + end)
            for start, end in find_quotations(clean.text[paragraph.start : paragraph.end])
        ]
    found = set()
    for row in gold:
        for start, end in spans:
            left, right = max(start, row.start), min(end, row.end)
            piece = document.text[left:right] if left < right else ""
            if row.label != DROPPED and piece.strip(_MARKS):
                left += len(piece) - len(piece.lstrip(_MARKS))
                found.add((document.name, left, left + len(piece.strip(_MARKS))))
    return found
