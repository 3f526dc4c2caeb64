"""The quality gate: floors below which a model is not good enough."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stance.errors import ConfigError
from stance.evaluation.comparison import Comparison
from stance.evaluation.metrics import Metrics

FLOORS = ("macro_f1", "stance_f1", "accuracy", "mcc")


@dataclass(frozen=True)
class Gate:
    """What a model must reach.

    Parameters
    ----------
    macro_f1, stance_f1, accuracy, mcc : floors of these figures
    not_worse_than : names of baselines or saved models than which it must not be shown to be worse
    better_than : names of those than which it must be shown to be better, in macro-F1
    """

    macro_f1: float | None = None
    stance_f1: float | None = None
    accuracy: float | None = None
    mcc: float | None = None
    not_worse_than: tuple[str, ...] = ()
    better_than: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("not_worse_than", "better_than"):
            if isinstance(getattr(self, name), str):
                raise ConfigError(f"gate.{name} is a list of names; write it as gate.{name}=[NAME].")
        for name in FLOORS:
            if not isinstance(getattr(self, name), float | int | None) or isinstance(getattr(self, name), bool):
                raise ConfigError(f"gate.{name} is {getattr(self, name)!r}; give a number, or null for no floor.")

    @property
    def compared_with(self) -> tuple[str, ...]:
        """Everything that a comparison is needed with."""
        return tuple(dict.fromkeys([*self.not_worse_than, *self.better_than]))

    def failures(self, metrics: Metrics, comparisons: Iterable[Comparison]) -> list[str]:
        """What the model fails, each as part of a sentence; empty if it passes.

        There must be a comparison with everything in ``compared_with``.
        """
        by_name = {c.second: c for c in comparisons}
        found = []
        for name in FLOORS:
            floor, value = getattr(self, name), getattr(metrics, name).value
            if floor is not None and value < floor:
                found.append(f"{name} is {value:.3f}, below {floor}")
        for name in self.not_worse_than:
            difference = by_name[name].differences["macro_f1"]
            if (difference.high if difference.high is not None else difference.value) < 0:
                found.append(f"it is worse than {name} by {-difference.value:.3f} macro-F1")
        for name in self.better_than:
            difference = by_name[name].differences["macro_f1"]
            if difference.low is None or difference.low <= 0:
                found.append(f"it is not shown to be better than {name} ({difference.value:+.3f} macro-F1)")
        return found
