"""The roll-up: what each speaker or country says in a set of documents, and the sentences behind every figure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stance.annotation import AnnotatedSentence
from stance.shares import Share, clustered_share

NO_COUNTRY = "(no known country)"
BY = ("speaker", "country")


@dataclass(frozen=True, slots=True)
class RollUp:
    """One speaker or country: its sentences, as (document, sentence) in order, and the share of each label."""

    name: str
    country: str
    sentences: tuple[tuple[str, AnnotatedSentence], ...]
    shares: dict[str, Share]

    @property
    def n_documents(self) -> int:
        """The number of documents in which it speaks."""
        return len({document for document, _ in self.sentences})


def roll_up(
    annotated: Iterable[tuple[str, Sequence[AnnotatedSentence]]], labels: Sequence[str], by: str = "speaker"
) -> list[RollUp]:
    """Group the sentences of annotated documents, given as (name, sentences), by who speaks in them.

    The narrator stands last, under the empty name; with ``by="country"`` speakers of no known country are under
    ``NO_COUNTRY``. The order is that of the number of sentences, then of the name.
    """
    groups: dict[str, list[tuple[str, AnnotatedSentence]]] = defaultdict(list)
    for document, sentences in annotated:
        for sentence in sentences:
            unknown = NO_COUNTRY if by == "country" and sentence.speaker else ""
            groups[getattr(sentence, by) or unknown].append((document, sentence))
    order = sorted(groups, key=lambda name: (not name, name == NO_COUNTRY, -len(groups[name]), name))
    return [
        RollUp(name, _country(name, groups[name], by), tuple(groups[name]), shares(groups[name], labels))
        for name in order
    ]


def shares(sentences: Sequence[tuple[str, AnnotatedSentence]], labels: Sequence[str]) -> dict[str, Share]:
    """The share of each label, with an interval that takes documents as clusters."""
    sizes = Counter(document for document, _ in sentences)
    return {
        label: clustered_share(Counter(document for document, s in sentences if s.label == label), sizes)
        for label in labels
    }


def _country(name: str, sentences: Sequence[tuple[str, AnnotatedSentence]], by: str) -> str:
    if by == "country":
        return name
    return Counter(s.country for _, s in sentences).most_common(1)[0][0]
