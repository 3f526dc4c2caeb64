"""From documents to labelled sentences: gold by reference, weak labels from cues where there is no gold."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stance.corpus.cues import CueLexicon
from stance.corpus.gold import DROPPED, GoldSentence
from stance.corpus.metadata import Metadata
from stance.text import Attribution, Document, Sentence, attribute_speakers, default_register, split_sentences

if TYPE_CHECKING:
    import datasets

GOLD, WEAK = "gold", "weak"


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """One row of a labelled corpus."""

    document: str
    index: int
    start: int
    end: int
    text: str
    speaker: str
    country: str
    """The country for which the speaker speaks, by the register; empty where it knows none."""
    mode: str
    """Whether the speaker is quoted, reported indirectly or by position, or nobody speaks; one of ``text.MODES``."""
    label: str
    source: str
    """``gold`` or ``weak``."""
    confidence: float
    """1 for gold; the probability that the cue lexicon gives its label for weak."""
    label_1: str = ""
    """What the first of two readers said, where two read."""
    label_2: str = ""


COLUMNS = ("id", *LabelledSentence.__slots__)
"""The columns of every table of labelled sentences."""


def label_documents(
    documents: Iterable[Document],
    gold: Mapping[str, Sequence[GoldSentence]],
    lexicon: CueLexicon,
    labels: Sequence[str],
    metadata: Metadata | None = None,
) -> Iterator[LabelledSentence]:
    """The labelled sentences of ``documents``, document by document.

    Where a document has gold, gold says what its sentences are, who speaks and on which side. Sentences that no gold
    span touches get their speaker from the attribution rules and a weak label from the cue lexicon. ``metadata`` may
    have a ``date`` and a ``giver`` for a document, which the rules then know.
    """
    model, metadata = lexicon.model(labels), metadata or Metadata()
    for document in documents:
        spans = sorted(gold.get(document.name, ()), key=lambda span: span.start)
        rest = _outside(split_sentences(document.text), spans)
        rows = [_gold_row(document, span) for span in spans if span.label != DROPPED]
        giver = metadata.of(document.name).get("giver") or None
        speakers = attribute_speakers(document.text, rest, day=metadata.day(document.name), giver=giver)
        for sentence, speaker, scores in zip(rest, speakers, model.predict_proba([s.text for s in rest]), strict=True):
            best = int(scores.argmax())
            rows.append(_row(document, sentence, speaker, labels[best], WEAK, round(float(scores[best]), 4)))
        rows.sort(key=lambda row: row.start)
        yield from (replace(row, index=i) for i, row in enumerate(rows))


def _outside(sentences: Sequence[Sentence], gold: Sequence[GoldSentence]) -> list[Sentence]:
    """The sentences that no span of ``gold``, which is in order and without overlap, touches."""
    ends = [g.end for g in gold]
    following = [bisect_right(ends, s.start) for s in sentences]
    return [s for s, i in zip(sentences, following, strict=True) if i == len(gold) or s.end <= gold[i].start]


def _gold_row(document: Document, gold: GoldSentence) -> LabelledSentence:
    sentence = Sentence(0, gold.start, gold.end, gold.text(document))
    spoken = Attribution(gold.speaker, default_register().country_of(gold.speaker), gold.mode)
    return replace(_row(document, sentence, spoken, gold.label, GOLD, 1.0), label_1=gold.label_1, label_2=gold.label_2)


def _row(
    document: Document, s: Sentence, a: Attribution, label: str, source: str, confidence: float
) -> LabelledSentence:
    return LabelledSentence(
        document.name, s.index, s.start, s.end, s.text, a.speaker, a.country, a.mode, label, source, confidence
    )


def to_dataset(
    rows: Sequence[LabelledSentence], labels: Sequence[str], metadata: Metadata | None = None
) -> datasets.Dataset:
    """The rows as a ``datasets`` table: labels as ``ClassLabel`` in this order, metadata as columns."""
    import datasets

    metadata = metadata or Metadata()
    columns = {name: [getattr(row, name) for row in rows] for name in LabelledSentence.__slots__}
    columns["id"] = [f"{row.document}:{row.start}-{row.end}" for row in rows]
    about = [metadata.of(row.document, row.start) for row in rows]
    columns |= {name: [facts.get(name, "") for facts in about] for name in metadata.columns}
    types = {"index": "int32", "start": "int64", "end": "int64", "confidence": "float64"}
    features = datasets.Features(
        {
            name: datasets.ClassLabel(names=list(labels))
            if name == "label"
            else datasets.Value(types.get(name, "string"))
            for name in [*COLUMNS, *metadata.columns]
        }
    )
    return datasets.Dataset.from_dict({name: columns[name] for name in features}, features=features)
