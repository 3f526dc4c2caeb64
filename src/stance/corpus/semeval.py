"""SemEval-2016 Task 6 (stance in tweets), laid out by target as TweetEval has it.

Mohammad et al. 2016, "SemEval-2016 Task 6: Detecting Stance in Tweets", https://aclanthology.org/S16-1003/.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from stance.corpus.corpus import TEST, Corpus
from stance.errors import DataError
from stance.text.documents import decode

_PARTS = {"train": "train", "val": "train", "test": TEST}


def read_semeval(path: str | Path, neutral: str = "none", name: str = "semeval2016") -> Corpus:
    """Read ``<target>/{train,val,test}_{text,labels}.txt`` below ``path``, with the label names of ``mapping.txt``.

    Training and validation sets are trained on; the test sets, pooled over the targets, are the test set. Each tweet is
    a group of its own.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder; corpus.path must be that of the data as TweetEval lays it out.")
    names = _read_mapping(folder / "mapping.txt")
    rows = [row for target in sorted(p for p in folder.iterdir() if p.is_dir()) for row in _read_target(target, names)]
    if not rows:
        raise DataError(f"{folder} holds no folder with train_text.txt and train_labels.txt.")
    texts, y, targets, split = zip(*rows, strict=True)
    return Corpus(
        name,
        texts,
        np.array(y),
        tuple(sorted(names.values(), key=lambda label: (label == neutral, label))),
        np.array([str(i) for i in range(len(texts))]),
        np.array(targets),
        np.array(split),
        neutral,
    )


def _read_mapping(path: Path) -> dict[str, str]:
    return {number: label for number, _, label in (line.partition("\t") for line in _lines(path))}


def _read_target(folder: Path, names: dict[str, str]) -> Iterator[tuple[str, str, str, str]]:
    for part, split in _PARTS.items():
        texts, labels = _lines(folder / f"{part}_text.txt"), _lines(folder / f"{part}_labels.txt")
        if len(texts) != len(labels):
            raise DataError(f"{folder}: {part}_text.txt has {len(texts)} lines and {part}_labels.txt {len(labels)}.")
        for row, (text, label) in enumerate(zip(texts, labels, strict=True), 1):
            if label not in names:
                raise DataError(f"{folder}/{part}_labels.txt, line {row}: {label!r} is none of {', '.join(names)}.")
            yield text.strip(), names[label], folder.name, split


def _lines(path: Path) -> list[str]:
    try:
        return decode(path.read_bytes(), str(path)).replace("\r\n", "\n").strip("\n").split("\n")
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
