"""The predictor that users load: a linear model that also reads documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from stance.errors import DataError
from stance.model import ABSTAINED, DEFAULT_STORE, LinearModel, read_artifact, resolve
from stance.text import Attribution, Register, Sentence, attribute_speakers, split_sentences

_LONGEST_PATH = 250  # characters


@dataclass(frozen=True, slots=True)
class AnnotatedSentence:
    """A sentence of a document, who speaks in it, and the stance of that speaker.

    ``document[start:end]`` is the sentence in the source; ``score`` is the probability of ``label``, ``scores`` that of
    every label. Where the model abstains ``label`` is ``"abstained"``, and ``score`` what its answer would have.
    ``speaker`` is the canonical name, empty for the narrator; ``country``, ``mode``, ``rule``, ``confidence``,
    ``speaker_span`` and ``cue_span`` are those of its :class:`~stance.text.Attribution`.
    """

    index: int
    start: int
    end: int
    text: str
    speaker: str
    country: str
    mode: str
    rule: str
    confidence: float
    speaker_span: tuple[int, int] | None
    cue_span: tuple[int, int] | None
    label: str
    score: float
    scores: dict[str, float]


class StanceModel(LinearModel):
    """A trained stance model: ``predict`` for sentences, ``annotate`` for documents, ``explain`` for either."""

    def annotate(
        self,
        document: str,
        target: str | None = None,
        *,
        register: Register | str | Path | None = None,
        day: date | str | None = None,
        giver: str | None = None,
        abstain_below: float = 0.0,
    ) -> list[AnnotatedSentence]:
        """The sentences of a document (its text, not its path) with offsets, speaker, label and scores, in order.

        Page furniture is left out. The narrator's sentences have an empty speaker. ``register``, ``day`` and ``giver``
        are those of :func:`stance.attribute_speakers`. The model abstains where no label has a probability of
        ``abstain_below``.

        Raises
        ------
        DataError
            If ``document`` is no string, or the path of a file instead of its text.
        """
        if not isinstance(document, str):
            raise DataError(f"A document is a string and not {type(document).__name__}; read it and decode it first.")
        if len(document) < _LONGEST_PATH and "\n" not in document and Path(document).is_file():
            raise DataError(f"{document} is a path and not a text; pass what the file contains.")
        sentences = split_sentences(document)
        spoken = attribute_speakers(document, sentences, register=register, day=day, giver=giver)
        return self.annotate_sentences(sentences, target, spoken, abstain_below)

    def annotate_sentences(
        self,
        sentences: Sequence[Sentence],
        target: str | None = None,
        attributions: Sequence[Attribution] | None = None,
        abstain_below: float = 0.0,
    ) -> list[AnnotatedSentence]:
        """Label and scores for sentences that are divided already; without ``attributions`` nobody speaks in them."""
        rows = self.predict_proba([s.text for s in sentences], target).tolist()
        speakers = [Attribution()] * len(sentences) if attributions is None else attributions
        return [
            self._annotated(s, a, dict(zip(self.labels, row, strict=True)), abstain_below)
            for s, a, row in zip(sentences, speakers, rows, strict=True)
        ]

    def _annotated(
        self, s: Sentence, a: Attribution, scores: dict[str, float], abstain_below: float
    ) -> AnnotatedSentence:
        best = max(scores, key=scores.__getitem__)
        label = best if scores[best] >= abstain_below else ABSTAINED
        spoken = (a.speaker, a.country, a.mode, a.rule, a.confidence, a.speaker_span, a.cue_span)
        return AnnotatedSentence(s.index, s.start, s.end, s.text, *spoken, label, scores[best], scores)


def load(model: str | Path | None = None, store: str | Path = DEFAULT_STORE) -> StanceModel:
    """Load a saved model.

    Parameters
    ----------
    model : the folder of a version (``models/iraq2002/1``) or of a model (its latest version is taken), or the name of
        one in ``store``; by default the reference model that ships with the package
    store : the folder of models, ``models`` in the current folder by default

    Raises
    ------
    ArtifactError
        If there is no such model, or it is damaged or of a newer format.
    """
    parts = read_artifact(resolve(model, Path(store))).model()
    return StanceModel(**{field.name: getattr(parts, field.name) for field in fields(parts)})
