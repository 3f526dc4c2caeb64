"""Cue lexicons: phrases that speak for a label. They give weak labels where there is no gold, and a baseline."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stance.errors import ConfigError
from stance.model import LinearModel, TermSettings, TermSpace

_CHOICE = re.compile(r"\{([^{}]*)\}")
_WORDS = r"(?u)\b\w+\b"
_DEFAULT_EVIDENCE = 0.5
"""What the default label scores with no cue at all: a side needs cues of more weight than this."""


@dataclass(frozen=True)
class CueLexicon:
    """Weighted phrases for each label.

    Parameters
    ----------
    cues : for each label its phrases, each with a weight; ``{a,b} c`` stands for the phrases ``a c`` and ``b c``
    default : the label of a sentence without a cue
    """

    cues: Mapping[str, Mapping[str, float]]
    default: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that the lexicon can give, the default last."""
        return (*(label for label in self.cues if label != self.default), self.default)

    def phrases(self) -> dict[str, dict[str, float]]:
        """The weights of each phrase for each label, choices spelt out, cased and spaced as the model counts them."""
        found: dict[str, dict[str, float]] = {}
        for label, cues in self.cues.items():
            for cue, weight in cues.items():
                for phrase in spell_out(cue):
                    found.setdefault(phrase, {})[label] = float(weight)
        return dict(sorted(found.items()))

    def model(self, labels: Sequence[str] | None = None) -> LinearModel:
        """The lexicon as a linear model: a phrase counts once a sentence, and the label with the most evidence wins."""
        labels = tuple(labels or self.labels)
        if missing := set(self.labels) - set(labels):
            raise ConfigError(f"The cue lexicon is for other labels: {min(missing)!r} is none of {', '.join(labels)}.")
        phrases = self.phrases()
        if not phrases:
            raise ConfigError("The cue lexicon has no phrase; give some under labeling.cues.")
        coef = np.array([[[weights.get(label, 0.0) for weights in phrases.values()] for label in labels]])
        intercept = np.array([[_DEFAULT_EVIDENCE if label == self.default else 0.0 for label in labels]])
        longest = max(len(phrase.split()) for phrase in phrases)
        settings = TermSettings(ngram_range=(1, longest), token_pattern=_WORDS, binary=True, norm=None)
        return LinearModel(labels, (TermSpace(settings, tuple(phrases), None),), coef, intercept)


def spell_out(cue: str) -> list[str]:
    """``{new,second} resolution`` as the phrases that it stands for; an empty choice leaves the words out."""
    pieces = _CHOICE.split(cue.lower())
    choices = [piece.split(",") if i % 2 else [piece] for i, piece in enumerate(pieces)]
    phrases = ("".join(chosen) for chosen in itertools.product(*choices))
    tokens = (re.findall(_WORDS, phrase) for phrase in phrases)
    return sorted({" ".join(found) for found in tokens if found})
