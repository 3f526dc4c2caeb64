"""What is known of a document, and of its sections: ``documents.csv`` and ``sections.csv``."""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from stance.errors import DataError
from stance.text.documents import decode

_LENGTH_OF_DAY = len("2002-09-20")
Facts = Mapping[str, str]


@dataclass(frozen=True)
class Metadata:
    """Facts about documents (register, date, giver, ...), and about the sections of those that have some.

    A section runs from its start to that of the next; a sentence before the first belongs to none.
    """

    documents: Mapping[str, Facts] = field(default_factory=dict)
    sections: Mapping[str, Sequence[tuple[int, Facts]]] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    """The names of all facts, those of documents first."""

    def of(self, document: str, start: int | None = None) -> Facts:
        """The facts about a document, or about its sentence that begins at ``start``, a section's first."""
        about = self.documents.get(document, {})
        sections = self.sections.get(document, ())
        section = -1 if start is None else bisect_right(sections, start, key=lambda s: s[0]) - 1
        if start is not None and "section" in self.columns:  # a document without sections is one
            about = {"section": document, **about}
        return about if section < 0 else {**about, **sections[section][1]}

    def day(self, document: str) -> date | None:
        """The date of a document, if it is known to the day; a year or month alone tells no office."""
        written = self.of(document).get("date") or ""
        try:
            return date.fromisoformat(written) if len(written) >= _LENGTH_OF_DAY else None
        except ValueError as error:
            raise DataError(
                f"documents.csv has {written!r} as the date of {document}; write it as 2002-09-20."
            ) from error


def read_metadata(folder: Path, taken: Sequence[str] = ()) -> Metadata:
    """Read ``documents.csv`` (document, and any facts) and ``sections.csv`` (document, start, and any facts).

    Either may be absent. No fact may be named like one of ``taken``.
    """
    documents = _read(folder / "documents.csv", ("document",), taken)
    sections = _read(folder / "sections.csv", ("document", "start"), taken)
    found: dict[str, list[tuple[int, Facts]]] = defaultdict(list)
    for number, row in enumerate(sections, 1):
        try:
            found[row.pop("document")].append((int(row.pop("start")), row))
        except ValueError as error:
            raise DataError(f"{folder / 'sections.csv'}, row {number}: {error}.") from error
    for starts in found.values():
        starts.sort(key=lambda section: section[0])
    facts = {row.pop("document"): row for row in documents}
    columns = dict.fromkeys([*next(iter(facts.values()), {}), *(sections[0] if sections else ())])
    return Metadata(facts, dict(found), tuple(columns))


def _read(path: Path, needed: Sequence[str], taken: Sequence[str]) -> list[dict[str, str]]:
    if not path.exists():
        return []
    rows = csv.DictReader(io.StringIO(decode(path.read_bytes(), str(path)), newline=""))
    names = list(rows.fieldnames or ())
    for name in needed:
        if name not in names:
            raise DataError(f"{path} must have a column named {name}.")
    if clash := set(taken) & set(names) - set(needed):
        raise DataError(f"{path} may not have a column named {min(clash)!r}, which labelled sentences have already.")
    return [dict(row) for row in rows]
