"""The learning curve: what more labels are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stance.evaluation.bootstrap import Estimate
from stance.evaluation.comparison import compare
from stance.evaluation.predictions import Predictions


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A model fitted on ``n`` sentences, on the same test set as all points of a curve.

    ``gain`` is its macro-F1 less that of the point before, with the interval of the paired bootstrap.
    """

    n: int
    macro_f1: Estimate
    stance_f1: Estimate
    gain: Estimate | None = None


def learning_curve_points(fitted: Sequence[tuple[int, Predictions]], random_state: int = 0) -> tuple[CurvePoint, ...]:
    """The points of the models whose predictions are given, each with the number of sentences fitted on, ascending."""
    points: list[CurvePoint] = []
    for i, (n, predictions) in enumerate(fitted):
        before = fitted[i - 1][1] if i else predictions
        c = compare(predictions, before, (f"{n}", "fewer"), random_state, sentences=False)
        macro, stance = c.scores["macro_f1"][0], c.scores["stance_f1"][0]
        points.append(CurvePoint(n, macro, stance, c.differences["macro_f1"] if i else None))
    return tuple(points)


def would_more_help(points: Sequence[CurvePoint]) -> str:
    """What the last step of a learning curve says about labelling more, in a sentence."""
    if len(points) < 2 or points[-1].gain is None:
        return ""
    last, before = points[-1], points[-2]
    gain = last.gain
    assert gain is not None
    step = f"From {before.n:,} to {last.n:,} sentences the macro-F1 changes by {gain.value:+.3f}"
    if gain.low is None or gain.high is None:
        return f"{step}, on a single group."
    said = "more labels of this kind should still help" if gain.low > 0 else "a gain from more labels is not shown"
    return f"{step} [{gain.low:+.3f}, {gain.high:+.3f}]: {said}."
