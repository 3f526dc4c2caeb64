"""Gold labels by reference: which characters of which document, what their digest is, who speaks, on which side.

A gold file holds none of the text, so labels can be published for documents that cannot be, and a document that has
changed is found out.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path

from stance.errors import DataError
from stance.text import MODES
from stance.text.cleaning import clean_text
from stance.text.documents import Document, decode

DROPPED = "dropped"
"""The label of a span that is no sentence: page furniture, a heading, a signature."""


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """One row of a gold file: the resolved speaker, label and mode, and what each of the two readers said.

    A mode is one of ``text.MODES``, empty where it was not read.
    """

    document: str
    start: int
    end: int
    digest: str
    speaker: str
    label: str
    mode: str
    speaker_1: str
    label_1: str
    mode_1: str
    speaker_2: str
    label_2: str
    mode_2: str
    note: str = ""

    def text(self, document: Document) -> str:
        """The sentence, cleaned, its white space folded, once the digest of the document's characters is checked."""
        source = document.text[self.start : self.end]
        if source_digest(source) != self.digest:
            raise DataError(
                f"{document.name}, characters {self.start}-{self.end}: the text is not what was labelled "
                f"(digest {source_digest(source)} instead of {self.digest}); restore the document."
            )
        clean = clean_text(document.text)
        return " ".join(clean.text[slice(*clean.from_source(self.start, self.end))].split())


GOLD_COLUMNS = tuple(field.name for field in fields(GoldSentence))


def source_digest(source: str) -> str:
    """The first 16 hexadecimal digits of the sha256 of a span of text, white space folded."""
    return hashlib.sha256(" ".join(source.split()).encode()).hexdigest()[:16]


def read_gold(path: Path, labels: Sequence[str] | None = None) -> Mapping[str, list[GoldSentence]]:
    """The gold sentences of each document, in order.

    Raises
    ------
    DataError
        If a row is malformed, its label is neither one of ``labels`` (any will do without them) nor ``dropped``, or two
        rows overlap.
    """
    try:
        text = decode(path.read_bytes(), str(path))
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(rows.fieldnames or ()) != GOLD_COLUMNS:
        raise DataError(f"{path} must have the columns {', '.join(GOLD_COLUMNS)}.")
    found: dict[str, list[GoldSentence]] = defaultdict(list)
    for number, row in enumerate(rows, 1):
        try:
            sentence = GoldSentence(**{**row, "start": int(row["start"]), "end": int(row["end"])})  # type: ignore[arg-type]
        except (TypeError, ValueError) as error:
            raise DataError(f"{path}, row {number}: {error}.") from error
        _check(sentence, f"{path}, row {number}", labels)
        found[sentence.document].append(sentence)
    for sentences in found.values():
        sentences.sort(key=lambda s: s.start)
        for before, after in pairwise(sentences):
            if after.start < before.end:
                raise DataError(f"{path}: {after.document} is labelled twice at characters {after.start}-{before.end}.")
    return found


def _check(sentence: GoldSentence, where: str, labels: Sequence[str] | None) -> None:
    """Raise unless the labels and modes of a row are known."""
    for label in (sentence.label, sentence.label_1 or DROPPED, sentence.label_2 or DROPPED):
        if labels is not None and label not in (*labels, DROPPED):
            raise DataError(f"{where}: unknown label {label!r}; there are {', '.join(labels)} and {DROPPED}.")
    for mode in (sentence.mode, sentence.mode_1, sentence.mode_2):
        if mode and mode not in MODES:
            raise DataError(f"{where}: unknown mode {mode!r}; there are {', '.join(MODES)}.")
