"""What the tests share: a small labelled corpus, a model trained on it, and the command line."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from stance.cli.main import main
from stance.corpus import Corpus
from stance.training import TrainingResult, train

CHECKOUT = Path(__file__).parents[1]
LABELS = ("for", "against", "neither")

_WORDS = {
    "for": "bridge build now better faster approve support tunnel vote yes",
    "against": "stop never cost noise oppose reject halt wrong trees no",
    "neither": "meeting Tuesday agenda page minutes room clerk report item hall",
}


def shared(path: str) -> Path:
    """A document that is not in the repository; a test that needs it is skipped where it is absent."""
    found = CHECKOUT.parent / "shared" / path
    if not found.exists():
        pytest.skip(f"needs {path}, which is not part of the repository")
    return found


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """90 sentences in 15 documents, learnable but not trivially so."""
    rng = np.random.default_rng(7)
    texts, y, groups = [], [], []
    for i in range(90):
        label = LABELS[i % 3]
        own = rng.choice(_WORDS[label].split(), 3).tolist()
        other = rng.choice(" ".join(_WORDS.values()).split(), 3).tolist()
        texts.append(" ".join([*own, *other]).capitalize() + ".")
        y.append(label)
        groups.append(f"doc{i // 6:02d}")
    return Corpus("small", tuple(texts), np.array(y), LABELS, np.array(groups), neutral="neither")


@pytest.fixture(scope="session")
def trained(corpus: Corpus) -> TrainingResult:
    splitter = StratifiedGroupKFold(3, shuffle=True, random_state=1)
    return train(corpus, TfidfVectorizer(), LogisticRegression(), splitter, random_state=1)


@dataclass
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture
def stance(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[..., Outcome]]:
    """Runs ``stance ...`` in an empty folder and gives exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.argv", ["stance"])

    def run(*arguments: str | Path) -> Outcome:
        capsys.readouterr()
        try:
            code = main([str(a) for a in arguments])
        except SystemExit as exit_:  # argparse
            code = exit_.code if isinstance(exit_.code, int) else 1
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    yield run
    for handler in logging.getLogger().handlers[:]:  # Hydra's log file
        if isinstance(handler, logging.FileHandler):
            handler.close()
            logging.getLogger().removeHandler(handler)
    os.environ.pop("HYDRA_FULL_ERROR", None)


@pytest.fixture
def stance_command(stance: Callable[..., Outcome]) -> Callable[..., Outcome]:
    """The command under another name, where the package itself is imported as ``stance``."""
    return stance


@pytest.fixture
def table(corpus: Corpus, tmp_path: Path) -> Path:
    """The small corpus as a CSV."""
    path = tmp_path / "table.csv"
    rows = [f'{g},"{t}",{label}' for g, t, label in zip(corpus.groups, corpus.texts, corpus.y, strict=True)]
    path.write_text("\n".join(["document,text,label", *rows]) + "\n")
    return path
