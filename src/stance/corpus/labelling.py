"""From documents to labelled sentences: gold by reference, weak labels from cues where there is no gold."""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from stance.corpus.cues import CueLexicon
from stance.corpus.gold import DROPPED, GoldSentence
from stance.errors import DataError
from stance.text import Attribution, Document, Sentence, attribute_speakers, split_sentences
from stance.text.documents import decode

if TYPE_CHECKING:
    import datasets

GOLD, WEAK = "gold", "weak"
_LENGTH_OF_DAY = len("2002-09-20")


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """One row of a labelled corpus."""

    document: str
    index: int
    start: int
    end: int
    text: str
    speaker: str
    mode: str
    """Whether the speaker is quoted, reported indirectly or by position, or nobody speaks; one of ``text.MODES``."""
    label: str
    source: str
    """``gold`` or ``weak``."""
    confidence: float
    """1 for gold; the probability that the cue lexicon gives its label for weak."""


def label_documents(
    documents: Iterable[Document],
    gold: Mapping[str, Sequence[GoldSentence]],
    lexicon: CueLexicon,
    labels: Sequence[str],
    metadata: Mapping[str, Mapping[str, str]] | None = None,
) -> Iterator[LabelledSentence]:
    """The labelled sentences of ``documents``, document by document.

    Where a document has gold, gold says what its sentences are, who speaks and on which side. Sentences that no gold
    span touches get their speaker from the attribution rules and a weak label from the cue lexicon. ``metadata`` may
    have a ``date`` and a ``giver`` for a document, which the rules then know.
    """
    model = lexicon.model(labels)
    for document in documents:
        spans = sorted(gold.get(document.name, ()), key=lambda span: span.start)
        rest = _outside(split_sentences(document.text), spans)
        rows = [_gold_row(document, span) for span in spans if span.label != DROPPED]
        about = (metadata or {}).get(document.name, {})
        speakers = attribute_speakers(
            document.text, rest, day=_day(about, document.name), giver=about.get("giver") or None
        )
        for sentence, speaker, scores in zip(rest, speakers, model.predict_proba([s.text for s in rest]), strict=True):
            best = int(scores.argmax())
            rows.append(_row(document, sentence, speaker, labels[best], WEAK, round(float(scores[best]), 4)))
        rows.sort(key=lambda row: row.start)
        yield from (replace(row, index=i) for i, row in enumerate(rows))


def _day(about: Mapping[str, str], name: str) -> date | None:
    """The date of a document, if its metadata has one that tells the day; a year or month alone tells no office."""
    written = about.get("date") or ""
    try:
        return date.fromisoformat(written) if len(written) >= _LENGTH_OF_DAY else None
    except ValueError as error:
        raise DataError(f"documents.csv has {written!r} as the date of {name}; write it as 2002-09-20.") from error


def _outside(sentences: Sequence[Sentence], gold: Sequence[GoldSentence]) -> list[Sentence]:
    """The sentences that no span of ``gold``, which is in order and without overlap, touches."""
    ends = [g.end for g in gold]
    following = [bisect_right(ends, s.start) for s in sentences]
    return [s for s, i in zip(sentences, following, strict=True) if i == len(gold) or s.end <= gold[i].start]


def _gold_row(document: Document, gold: GoldSentence) -> LabelledSentence:
    sentence = Sentence(0, gold.start, gold.end, gold.text(document))
    return _row(document, sentence, Attribution(gold.speaker, mode=gold.mode), gold.label, GOLD, 1.0)


def _row(
    document: Document, s: Sentence, a: Attribution, label: str, source: str, confidence: float
) -> LabelledSentence:
    return LabelledSentence(
        document.name, s.index, s.start, s.end, s.text, a.speaker, a.mode, label, source, confidence
    )


def read_metadata(path: Path) -> dict[str, dict[str, str]]:
    """The columns of ``documents.csv`` (register, date, ...) for each document."""
    rows = csv.DictReader(io.StringIO(decode(path.read_bytes(), str(path)), newline=""))
    names = list(rows.fieldnames or ())
    if "document" not in names:
        raise DataError(f"{path} must have a column named document.")
    taken = {"id", *LabelledSentence.__slots__} & set(names) - {"document"}
    if taken:
        raise DataError(f"{path} may not have a column named {min(taken)!r}, which labelled sentences have already.")
    return {row.pop("document"): row for row in rows}


def to_dataset(
    rows: Sequence[LabelledSentence], labels: Sequence[str], metadata: Mapping[str, Mapping[str, str]]
) -> datasets.Dataset:
    """The rows as a ``datasets`` table: labels as ``ClassLabel`` in this order, documents' metadata as columns."""
    import datasets

    extra = list(next(iter(metadata.values()), {}))
    columns = {name: [getattr(row, name) for row in rows] for name in LabelledSentence.__slots__}
    columns["id"] = [f"{row.document}:{row.start}-{row.end}" for row in rows]
    columns |= {name: [metadata.get(row.document, {}).get(name, "") for row in rows] for name in extra}
    types = {"index": "int32", "start": "int64", "end": "int64", "confidence": "float64"}
    features = datasets.Features(
        {
            name: datasets.ClassLabel(names=list(labels))
            if name == "label"
            else datasets.Value(types.get(name, "string"))
            for name in ["id", *LabelledSentence.__slots__, *extra]
        }
    )
    return datasets.Dataset.from_dict({name: columns[name] for name in features}, features=features)
