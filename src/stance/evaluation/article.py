"""Documents as a page: each sentence marked with its stance and speaker, and the terms behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from stance.annotation import AnnotatedSentence
from stance.evaluation.errors import driving_terms
from stance.evaluation.html import environment
from stance.evaluation.plots import plot_shares
from stance.model import ABSTAINED, LinearModel, TermContribution
from stance.rollup import RollUp, roll_up

_PLOTTED = 20
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a document: a sentence with what is said of it, or what stands between sentences."""

    text: str
    sentence: AnnotatedSentence | None = None
    terms: tuple[TermContribution, ...] = ()
    new_speaker: bool = False
    """Whether somebody else speaks than in the sentence before."""


@dataclass(frozen=True, slots=True)
class Article:
    """A document as paragraphs of pieces, and who says what in it."""

    name: str
    paragraphs: tuple[tuple[Piece, ...], ...]
    rolled: tuple[RollUp, ...]
    chart: Markup


def render_article(
    documents: Sequence[tuple[str, str, Sequence[AnnotatedSentence]]], model: LinearModel, target: str | None = None
) -> str:
    """A page of annotated documents, given as (name, text, sentences): self-contained, readable without script."""
    articles = [_article(name, text, sentences, model, target) for name, text, sentences in documents]
    sides = {label: i for i, label in enumerate(model.labels)}
    title = articles[0].name if len(articles) == 1 else f"{len(articles)} documents"
    return (
        environment()
        .get_template("article.html.jinja")
        .render(title=title, articles=articles, sides=sides, abstained=ABSTAINED)
    )


def _article(
    name: str, text: str, sentences: Sequence[AnnotatedSentence], model: LinearModel, target: str | None
) -> Article:
    rolled = tuple(roll_up([(name, sentences)], model.labels))
    shown = [(f"{one.name or 'narrator'} ({len(one.sentences)})", one) for one in rolled if one.shares]
    rows = [(who, {label: share.share for label, share in one.shares.items()}) for who, one in shown[:_PLOTTED]]
    chart = (
        plot_shares(rows, f"Shares of stances by speaker in {name}; the table below has the figures.") if rows else ""
    )
    return Article(name, tuple(_paragraphs(text, sentences, model, target)), rolled, Markup(chart))  # noqa: S704


def _paragraphs(
    text: str, sentences: Sequence[AnnotatedSentence], model: LinearModel, target: str | None
) -> list[tuple[Piece, ...]]:
    """The pieces of ``text`` in order; a blank line between two begins a paragraph."""
    paragraphs: list[list[Piece]] = [[]]
    at, speaker = 0, ""
    for sentence in sentences:
        _add_between(paragraphs, text[at : sentence.start])
        label = max(sentence.scores, key=sentence.scores.__getitem__)
        terms = driving_terms(model, sentence.text, label, target)
        paragraphs[-1].append(
            Piece(text[sentence.start : sentence.end], sentence, terms, bool(sentence.speaker != speaker))
        )
        at, speaker = sentence.end, sentence.speaker
    _add_between(paragraphs, text[at:])
    return [tuple(paragraph) for paragraph in paragraphs if paragraph]


def _add_between(paragraphs: list[list[Piece]], between: str) -> None:
    for i, part in enumerate(_BLANK_LINE.split(between)):
        if i:
            paragraphs.append([])
        if part.strip():
            paragraphs[-1].append(Piece(" ".join(part.split())))
