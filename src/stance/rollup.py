"""The roll-up: what each speaker or country says in a set of documents, and the sentences behind every figure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from stance.annotation import AnnotatedSentence
from stance.model import ABSTAINED
from stance.shares import AdjustedShare, Floats, Share, adjusted_shares, clustered_share

NO_COUNTRY = "(no known country)"
NO_MONTH = "(no known month)"
BY = ("speaker", "country", "month")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])(?![0-9])")


@dataclass(frozen=True, slots=True)
class RollUp:
    """One speaker, country or month: its sentences, as (document, sentence) in order, and the share of each label.

    ``shares`` are those of the sentences that the model answered; ``adjusted`` the same corrected for its errors, empty
    where it abstained or its errors are not known.
    """

    name: str
    country: str
    sentences: tuple[tuple[str, AnnotatedSentence], ...]
    shares: dict[str, Share]
    adjusted: dict[str, AdjustedShare] = field(default_factory=dict)

    @property
    def n_documents(self) -> int:
        """The number of documents in which it speaks."""
        return len({document for document, _ in self.sentences})

    @property
    def n_abstained(self) -> int:
        """The number of sentences on which the model abstained."""
        return sum(s.label == ABSTAINED for _, s in self.sentences)


def roll_up(
    annotated: Iterable[tuple[str, Sequence[AnnotatedSentence]]],
    labels: Sequence[str],
    by: str = "speaker",
    *,
    dates: Mapping[str, str] | None = None,
    confusions: Floats | None = None,
) -> list[RollUp]:
    """Group the sentences of annotated documents, given as (name, sentences), by who speaks in them, or when.

    The order is that of the number of sentences, then of the name; the narrator stands last, under the empty name. With
    ``by="country"`` speakers of no known country are under ``NO_COUNTRY``. With ``by="month"`` the months are in order.

    Parameters
    ----------
    dates : the day or month of each document, as 2002-09-20 or 2002-09
    confusions : how the model errs, by which shares are corrected; see :func:`stance.shares.adjusted_shares`
    """
    groups: dict[str, list[tuple[str, AnnotatedSentence]]] = defaultdict(list)
    for document, sentences in annotated:
        for sentence in sentences:
            groups[_key(document, sentence, by, dates or {})].append((document, sentence))
    if by == "month":
        order = sorted(groups, key=lambda name: (name == NO_MONTH, name))
    else:
        order = sorted(groups, key=lambda name: (not name, name == NO_COUNTRY, -len(groups[name]), name))
    return [
        RollUp(
            name,
            _country(name, groups[name], by),
            tuple(groups[name]),
            shares(groups[name], labels),
            {} if confusions is None else adjusted(groups[name], labels, confusions),
        )
        for name in order
    ]


def _key(document: str, sentence: AnnotatedSentence, by: str, dates: Mapping[str, str]) -> str:
    if by == "month":
        month = _MONTH.match(dates.get(document, ""))
        return month.group() if month else NO_MONTH
    if by == "country":
        return sentence.country or (NO_COUNTRY if sentence.speaker else "")
    return sentence.speaker


def shares(sentences: Sequence[tuple[str, AnnotatedSentence]], labels: Sequence[str]) -> dict[str, Share]:
    """The share of each label among the sentences answered, with an interval that takes documents as clusters."""
    answered = [(document, s.label) for document, s in sentences if s.label != ABSTAINED]
    sizes = Counter(document for document, _ in answered)
    if not answered:
        return {}
    return {
        label: clustered_share(Counter(document for document, found in answered if found == label), sizes)
        for label in labels
    }


def adjusted(
    sentences: Sequence[tuple[str, AnnotatedSentence]], labels: Sequence[str], confusions: Floats
) -> dict[str, AdjustedShare]:
    """The shares corrected for the model's errors; empty where it abstained, which it did not when these were
    counted.
    """
    if any(s.label == ABSTAINED for _, s in sentences):
        return {}
    predicted = [(document, labels.index(s.label)) for document, s in sentences]
    return dict(zip(labels, adjusted_shares(predicted, confusions), strict=True))


def _country(name: str, sentences: Sequence[tuple[str, AnnotatedSentence]], by: str) -> str:
    if by == "country":
        return name
    return "" if by == "month" else Counter(s.country for _, s in sentences).most_common(1)[0][0]
