"""The roll-up: what each speaker or country says in a set of documents, and the sentences behind every figure."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from stance.annotation import AnnotatedSentence

NO_COUNTRY = "(no known country)"
BY = ("speaker", "country")
_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Share:
    """How many sentences have a label, what share of all that is, and its 95 % interval."""

    count: int
    share: float
    low: float
    high: float


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
    """The share of each label, with Wilson's score interval.

    Sentences of one document are alike, so the number of sentences is divided by the design effect of the documents as
    clusters (at least 1; 1 for a single document), as in Korn and Graubard, "Confidence intervals for proportions with
    small expected number of positive counts estimated from survey data", Survey Methodology 24 (1998); the interval is
    that of Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
    """
    found = {}
    sizes = Counter(document for document, _ in sentences)
    for label in labels:
        hits = Counter(document for document, s in sentences if s.label == label)
        n, count = len(sentences), hits.total()
        share = count / n
        low, high = wilson(share, n / _design_effect(share, sizes, hits))
        found[label] = Share(count, share, low, high)
    return found


def wilson(share: float, n: float) -> tuple[float, float]:
    """Wilson's 95 % score interval of a share among ``n`` independent draws."""
    centre = share + _Z**2 / (2 * n)
    reach = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    scale = 1 + _Z**2 / n
    # At the ends the formula gives exactly 0 and 1, but for rounding.
    return min(share, max(0.0, (centre - reach) / scale)), max(share, min(1.0, (centre + reach) / scale))


def _design_effect(share: float, sizes: Counter[str], hits: Counter[str]) -> float:
    """The variance of a share with documents as clusters, over that of independent sentences."""
    k, n = len(sizes), sizes.total()
    independent = share * (1 - share) / n
    if k < 2 or independent == 0:
        return 1.0
    clustered = k / (k - 1) * sum((hits[d] - share * size) ** 2 for d, size in sizes.items()) / n**2
    return min(max(1.0, clustered / independent), n / k if n > k else 1.0)


def _country(name: str, sentences: Sequence[tuple[str, AnnotatedSentence]], by: str) -> str:
    if by == "country":
        return name
    return Counter(s.country for _, s in sentences).most_common(1)[0][0]
