"""What ``stance predict`` takes from a model's out-of-fold predictions: when to abstain, and how it errs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from stance.errors import ArtifactError, ConfigError
from stance.model import FILES, abstention_threshold, read_artifact
from stance.shares import Floats


def abstain_below(artifact: Path, asked: float, target_accuracy: float | None) -> float:
    """Below which confidence the model abstains: as asked, or as learnt for the accuracy asked."""
    if target_accuracy is None:
        return asked
    arrays = _out_of_fold(artifact)
    if arrays is None:
        raise ArtifactError(
            f"{artifact} was saved before models kept out-of-fold scores; give --abstain-below, or train it again."
        )
    confidence, right = arrays["confidence"].astype(float), arrays["right"]
    found = abstention_threshold(confidence, right, target_accuracy)
    if found is None:
        raise ConfigError(
            f"No confidence makes {target_accuracy:.0%} of the answers right on sentences like those trained "
            "on; ask for less (the model's report.html has accuracy against coverage)."
        )
    kept = confidence >= found
    print(
        f"abstaining below {found:.3f}: of sentences like those trained on, {kept.mean():.0%} are answered, "
        f"{right[kept].mean():.0%} of them rightly",
        file=sys.stderr,
    )
    return found


def saved_confusions(artifact: Path) -> Floats | None:
    """How the model errs, by group; none for a model saved before this was kept."""
    arrays = _out_of_fold(artifact)
    return None if arrays is None else arrays["confusion"].astype(float)


def _out_of_fold(artifact: Path) -> dict[str, Any] | None:
    found = read_artifact(artifact)
    return found.arrays(FILES.out_of_fold) if FILES.out_of_fold in found.contents else None
