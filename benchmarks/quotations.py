"""Direct quotations: what stance and textacy make of the bundled corpus, scored by the same rules.

textacy is no dependency: where it, spaCy or a pipeline is missing, our own figures are printed, and why it was not run.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from stance.cli.tables import add_row, new_table, print_table
from stance.corpus import DROPPED, GoldSentence, read_gold, read_metadata, source_digest
from stance.errors import DataError, StanceError
from stance.evaluation.attribution import found_quotations, same_speaker
from stance.evaluation.bootstrap import bootstrap_mean
from stance.text import (
    Document,
    Register,
    attribute_speakers,
    default_register,
    find_documents,
    find_quotations,
    read_document,
    split_sentences,
)
from stance.text.documents import decode
from stance.text.sentences import split_paragraphs

ROOT = Path(__file__).resolve().parents[1]
DATA, DOCUMENTS = ROOT / "data" / "iraq2002", ROOT / "seeds" / "iraq2002"
PIPELINE = "en_core_web_sm"
RUNS = 3

Span = tuple[int, int]

_BLOCK = re.compile(r"\S.*?(?=\n\s*\n|\s*\Z)", re.DOTALL)
_SPACE = re.compile(r"\s")
_MARKS = "\"“”„«»‘’' \n\t"


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation that a system found, and its speaker in one form or several, of which any right one will do."""

    start: int
    end: int
    speaker: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a system made of one document, and the name of the exception that it raised on it, or empty."""

    quotations: list[Quotation]
    raised: str = ""


@dataclass(frozen=True, slots=True)
class System:
    """One way to read a document; ``last_names`` says whether a right last name is enough."""

    name: str
    read: Callable[[Document, date | None], Reading]
    last_names: bool = False


@dataclass(frozen=True, slots=True)
class Gold:
    """The documents and what was read in them."""

    documents: list[Document]
    sentences: Mapping[str, Sequence[GoldSentence]]
    """Without the rows that are no sentences."""
    spans: Mapping[str, Sequence[Span]]
    metadata: Mapping[str, Mapping[str, str]]
    register: Register

    def day(self, document: str) -> date | None:
        """The date of a document."""
        day = self.metadata.get(document, {}).get("date")
        return date.fromisoformat(day) if day else None

    def quoted(self, document: str) -> Iterator[tuple[GoldSentence, list[Span]]]:
        """The sentences of mode ``quotation`` that contain a quotation, with the spans of it."""
        for row in self.sentences[document]:
            spans = [(a, b) for a, b in self.spans[document] if row.start <= a and b <= row.end]
            if row.mode == "quotation" and spans:
                yield row, spans


@dataclass(frozen=True, slots=True)
class Score:
    """The measures of one system; ``correct`` has one entry for each quoted gold sentence, in order."""

    precision: float
    recall: float
    correct: list[bool]
    raised: list[str]
    seconds: float


def main(arguments: list[str] | None = None) -> int:
    """Print the comparison, or our own figures and why there is no other."""
    parser = argparse.ArgumentParser(description="Compare stance with textacy on the quotations of the bundled corpus.")
    parser.add_argument(
        "--pipeline",
        metavar="NAME_OR_PATH",
        default=PIPELINE,
        help=f"the English spaCy pipeline that textacy reads with ({PIPELINE})",
    )
    options = parser.parse_args(arguments)
    try:
        gold = read_corpus(default_register())
        systems = [System("stance", lambda document, day: read_with_stance(document, day, gold.register))]
        peers, remark = textacy_systems(options.pipeline)
        report(gold, [*systems, *peers])
    except StanceError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(f"\n{remark}")
    return 0


def read_corpus(register: Register) -> Gold:
    """The bundled corpus, once the digests of its sentences and quotations are checked."""
    gold = read_gold(DATA / "gold.csv")
    documents = [document for p in find_documents([DOCUMENTS]) if (document := read_document(p)).name in gold]
    texts = {document.name: document.text for document in documents}
    for document in documents:
        for row in gold[document.name]:
            row.text(document)
    path = DATA / "quotations.csv"
    spans: dict[str, list[Span]] = defaultdict(list)
    for line in csv.DictReader(io.StringIO(decode(path.read_bytes(), str(path)), newline="")):
        name, start, end = line["document"], int(line["start"]), int(line["end"])
        if source_digest(texts[name][start:end]) != line["digest"]:
            raise DataError(f"{path}: {name}, characters {start}-{end}, is not what was read; restore it.")
        spans[name].append((start, end))
    sentences = {name: [row for row in gold[name] if row.label != DROPPED] for name in texts}
    return Gold(documents, sentences, spans, read_metadata(DATA / "documents.csv"), register)


def read_with_stance(document: Document, day: date | None, register: Register) -> Reading:
    """The quotations of our own sentences, each with the speaker of the sentence.

    Gold is not looked at: like textacy, we get the raw text. The date is what ``documents.csv`` says.
    """
    sentences = split_sentences(document.text)
    found = attribute_speakers(document.text, sentences, register, day)
    spans = own_spans(document)
    return Reading(
        [
            Quotation(max(start, sentence.start), min(end, sentence.end), (attribution.speaker,))
            for sentence, attribution in zip(sentences, found, strict=True)
            for start, end in spans
            if max(start, sentence.start) < min(end, sentence.end)
        ]
    )


def own_spans(document: Document) -> list[Span]:
    """The quotations that stance finds in a document, whole and with their marks."""
    return [
        (paragraph.start + start, paragraph.start + end)
        for paragraph in split_paragraphs(document.text)
        for start, end in find_quotations(document.text[paragraph.start : paragraph.end])
    ]


def textacy_systems(name: str) -> tuple[list[System], str]:
    """textacy by document and by paragraph, and its versions; or no system, and why."""
    advice = (
        f"install textacy and spaCy with pip, and {PIPELINE} with python -m spacy download {PIPELINE}, "
        "or give another English pipeline with --pipeline"
    )
    try:
        import spacy
        from textacy.extract import direct_quotations
    except ImportError as error:
        return [], f"textacy was not run ({error}); {advice}."
    try:
        pipeline = spacy.load(name)
    except (ImportError, OSError, ValueError) as error:
        reason = " ".join(str(error).split()).split(". ")[0].rstrip(".")
        return [], f"textacy was not run, since spaCy cannot load {name} ({reason}); {advice}."
    probe = pipeline("He said so.")
    lacking = [
        a
        for a, full in (("parts of speech", "POS"), ("lemmas", "LEMMA"), ("a parse", "DEP"))
        if not probe.has_annotation(full)
    ]
    if pipeline.lang != "en" or lacking:
        reason = f"does not give {', '.join(lacking)}" if lacking else "is not for English"
        return [], f"textacy was not run, since the pipeline {name} {reason}; {advice}."

    def reader(blocks: Callable[[str], list[tuple[int, str]]]) -> Callable[[Document, date | None], Reading]:
        return lambda document, day: read_with_textacy(document, pipeline, direct_quotations, blocks)

    systems = [
        System("textacy, document", reader(whole), last_names=True),
        System("textacy, paragraph", reader(paragraphs), last_names=True),
    ]
    meta = pipeline.meta
    used = f"textacy {version('textacy')}, spaCy {version('spacy')}, pipeline {meta['name']} {meta['version']}"
    return systems, f"{used}; speakers of textacy are also right by the last name alone."


def whole(text: str) -> list[tuple[int, str]]:
    """The text in one block."""
    return [(0, _BLOCK.sub(lambda block: _SPACE.sub(" ", block[0]), text))]


def paragraphs(text: str) -> list[tuple[int, str]]:
    """The blocks between blank lines, and where they start."""
    return [(block.start(), _SPACE.sub(" ", block[0])) for block in _BLOCK.finditer(text)]


def read_with_textacy(
    document: Document,
    pipeline: Callable[[str], Any],
    direct_quotations: Callable[[Any], Any],
    blocks: Callable[[str], list[tuple[int, str]]],
) -> Reading:
    """textacy's quotations in each of the ``blocks``; one with an odd number of marks, where it raises, gives none.

    The documents are set in lines of fixed length. The line ends within paragraphs are blanks here, as whoever runs a
    parser on such text would have it.
    """
    quotations, raised = [], ""
    for offset, text in blocks(document.text):
        doc = pipeline(text)
        try:
            triples = list(direct_quotations(doc))
        except ValueError as error:
            raised = type(error).__name__
            continue
        for triple in triples:
            start, end = offset + triple.content.start_char, offset + triple.content.end_char
            quotations.append(Quotation(start, end, forms(doc, triple.speaker)))
    return Reading(quotations, raised)


def forms(doc: Any, speaker: Sequence[Any]) -> tuple[str, ...]:
    """The speaker as textacy gives it, a list of tokens, in every way that it may fairly be read as a name.

    The tokens leave out what stands between them ("France", "Germany" of "France and Germany"), so they are read as
    one name, as several joined by "and", and as the text from the first to the last.
    """
    joined = speaker[0].text
    for before, token in pairwise(speaker):
        joined += f" {token.text}" if token.i == before.i + 1 else f" and {token.text}"
    plain = " ".join(token.text for token in speaker)
    return tuple(dict.fromkeys((plain, joined, doc[speaker[0].i : speaker[-1].i + 1].text)))


def report(gold: Gold, systems: Sequence[System]) -> None:
    """Print the measures of the systems, and the share of right speakers by part of the corpus."""
    scores = {system.name: score(system, gold) for system in systems}
    rows = [(d.name, row) for d in gold.documents for row, _ in gold.quoted(d.name)]
    n_spans = sum(len(gold.spans[d.name]) for d in gold.documents)
    print(
        f"{len(gold.documents)} documents, {n_spans:,} gold quotation spans, "
        f"{len(rows):,} gold sentences of mode quotation with one\n"
    )
    table = new_table("", "precision", "recall", "exact speaker", "raised", "seconds")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, s in scores.items():
        exact = bootstrap_mean(np.array(s.correct, dtype=float), np.array([document for document, _ in rows]))
        figures = (f"{s.precision:.3f}", f"{s.recall:.3f}", str(exact), f"{len(s.raised)}", f"{s.seconds:.2f}")
        add_row(table, (name, *figures))
    print_table(table)
    for name, s in scores.items():
        for kind, n in sorted(Counter(s.raised).items()):
            print(f"{name}: {kind} raised on {n} of {len(gold.documents)} documents")

    print()
    table = new_table("exact speaker by", "n", *scores)
    for column in table.columns[1:]:
        column.justify = "right"
    for key in ("half", "register"):
        parts = [gold.metadata.get(document, {}).get(key, "") for document, _ in rows]
        for part in sorted(set(parts)):
            chosen = [i for i, p in enumerate(parts) if p == part]
            shares = [sum(s.correct[i] for i in chosen) / len(chosen) for s in scores.values()]
            add_row(table, (part, f"{len(chosen):,}", *(f"{share:.3f}" for share in shares)))
    print_table(table)


def score(system: System, gold: Gold) -> Score:
    """Score the answers of ``system``, check them, then time as many runs as ``RUNS`` says."""
    readings = read_all(system, gold)
    marked = {(name, a, b) for name, spans in gold.spans.items() for a, b in spans}
    found: set[tuple[str, int, int]] = set()
    correct = []
    for document, reading in zip(gold.documents, readings, strict=True):
        found |= cut(document, reading.quotations, gold.sentences[document.name])
        for row, spans in gold.quoted(document.name):
            answer = said(spans, reading.quotations)
            correct.append(answer is not None and is_speaker(row, answer, system, gold))
    check(system, gold, readings)
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        again = read_all(system, gold)
        seconds.append(time.perf_counter() - start)
        if again != readings:
            raise DataError(f"{system.name} does not give the same answers in every run; its time means nothing.")
    hits = len(marked & found)
    raised = [reading.raised for reading in readings if reading.raised]
    return Score(hits / max(1, len(found)), hits / max(1, len(marked)), correct, raised, median(seconds))


def read_all(system: System, gold: Gold) -> list[Reading]:
    """What ``system`` makes of each document; nothing, where it raises an exception."""
    readings = []
    for document in gold.documents:
        try:
            readings.append(system.read(document, gold.day(document.name)))
        except Exception as error:  # whatever it is, it is counted
            readings.append(Reading([], type(error).__name__))
    return readings


def check(system: System, gold: Gold, readings: Sequence[Reading]) -> None:
    """Raise unless the answers lie within the documents, and are cut here as ``stance attribution`` cuts ours."""
    for document, reading in zip(gold.documents, readings, strict=True):
        for q in reading.quotations:
            if not 0 <= q.start < q.end <= len(document.text):
                raise DataError(f"{system.name}: characters {q.start}-{q.end} are not in {document.name}.")
        rows, own = gold.sentences[document.name], [Quotation(*span, ()) for span in own_spans(document)]
        if cut(document, own, rows) != found_quotations(document, rows):
            raise DataError(f"{document.name}: quotations are not cut as stance.evaluation does; mend one of the two.")


def cut(document: Document, quotations: Sequence[Quotation], rows: Sequence[GoldSentence]) -> set[tuple[str, int, int]]:
    """The quotations without their marks, cut at the ends of the gold sentences, as gold has them."""
    found = set()
    for row in rows:
        for q in quotations:
            left, right = max(q.start, row.start), min(q.end, row.end)
            piece = document.text[left:right] if left < right else ""
            if piece.strip(_MARKS):
                left += len(piece) - len(piece.lstrip(_MARKS))
                found.add((document.name, left, left + len(piece.strip(_MARKS))))
    return found


def said(spans: Sequence[Span], quotations: Sequence[Quotation]) -> Quotation | None:
    """The found quotation that covers most of the quoted words of a gold sentence; none if none touches them."""

    def covered(q: Quotation) -> int:
        return sum(max(0, min(q.end, end) - max(q.start, start)) for start, end in spans)

    best = max(quotations, key=covered, default=None)
    return best if best is not None and covered(best) else None


def is_speaker(row: GoldSentence, answer: Quotation, system: System, gold: Gold) -> bool:
    """Whether the speaker of ``answer`` is that of the gold sentence."""
    day = gold.day(row.document)
    if any(same_speaker(row, name, gold.register, day) for name in answer.speaker):
        return True
    # This helps textacy, and only textacy: it gives no name beyond the words at the verb, so "Porshakov" passes for
    # "Gennady Porshakov", as anybody else of that last name would. Ours must be the whole canonical name.
    names = {row.speaker, gold.register.canonical(row.speaker, day)}
    return system.last_names and bool(last_names(names) & last_names(answer.speaker))


def last_names(names: Iterable[str]) -> set[str]:
    """The last word of each of the ``names``, lower case, where it begins with a capital."""
    last = [words[-1] for name in names if (words := name.split())]
    return {word.lower() for word in last if word[0].isupper()}


if __name__ == "__main__":
    sys.exit(main())
