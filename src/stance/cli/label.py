"""``stance label``: documents to labelled sentences."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from omegaconf import DictConfig

from stance.cli.configure import build, run_hydra
from stance.cli.progress import tracked
from stance.corpus import (
    COLUMNS,
    CueLexicon,
    GoldSentence,
    LabelledSentence,
    Metadata,
    krippendorff_alpha,
    label_documents,
    near_duplicates,
    read_gold,
    read_metadata,
    to_dataset,
)
from stance.errors import ConfigError, DataError
from stance.text import Document, find_documents, read_document

log = logging.getLogger(__name__)


def run(arguments: list[str]) -> int:
    """Run the command."""
    return run_hydra(label, "label", arguments)


def label(config: DictConfig) -> None:
    """Label the documents of a folder and write them as a table that ``datasets`` loads."""
    if not config.labeling:
        raise ConfigError("stance label needs a cue lexicon; choose one with labeling=….")
    lexicon = build(config.labeling, tuple(config.allow_targets))
    output = Path(config.output or _data(config) / "sentences.parquet")
    if output.suffix != ".parquet":
        raise ConfigError(f"The output {output} must end in .parquet, which is what is written.")
    labelled = label_folder(config, lexicon)
    _write(labelled.rows, lexicon.labels, labelled.metadata, output)
    _summarise(labelled, lexicon.labels)
    print(f"written      {output}")


@dataclass(frozen=True)
class LabelledFolder:
    """The documents of a folder, labelled, and what is known of them."""

    documents: Sequence[Document]
    rows: Sequence[LabelledSentence]
    gold: Mapping[str, Sequence[GoldSentence]]
    metadata: Metadata


def label_folder(config: DictConfig, lexicon: CueLexicon) -> LabelledFolder:
    """Label the documents that ``config`` names, by gold where there is some and by cues elsewhere."""
    folder, data = Path(config.documents), _data(config)
    if not folder.is_dir():
        raise DataError(
            f"{folder} is no folder; `stance fetch {folder.name}` brings its documents."
            if (data / "sources.yaml").exists()
            else f"{folder} is no folder; give one with .txt files as documents=FOLDER (the bundled corpus is in the "
            "source repository, and not in the installed package)."
        )
    documents = _read_documents(folder, config.encoding, config.skip_unreadable)
    gold = _read_gold(
        Path(config.gold) if config.gold else data / "gold.csv", bool(config.gold), documents, lexicon.labels
    )
    about = read_metadata(data, COLUMNS)
    rows = list(label_documents(tracked(documents, "labelling"), gold, lexicon, lexicon.labels, about))
    if not rows:
        raise DataError(f"{folder} has no sentence in it; give documents of running text.")
    for name in sorted({document.name for document in documents} - {row.document for row in rows}):
        log.warning("%s has no sentence in it", name)
    return LabelledFolder(documents, rows, gold, about)


def _data(config: DictConfig) -> Path:
    return Path(config.data) / Path(config.documents).resolve().name


def _read_documents(folder: Path, encoding: str, skip_unreadable: bool) -> list[Document]:
    documents: list[Document] = []
    for path in find_documents([folder]):
        try:
            documents.append(read_document(path, encoding))
        except DataError as error:
            if not skip_unreadable:
                raise DataError(
                    f"{str(error).rstrip('.')}, or leave such files out with skip_unreadable=true."
                ) from error
            log.warning("left out: %s", error)
    repeated = [name for name, count in Counter(d.name for d in documents).items() if count > 1]
    if repeated:
        raise DataError(f"{folder} has two documents named {repeated[0]!r}; their names must differ.")
    return documents


def _read_gold(
    path: Path, demanded: bool, documents: Sequence[Document], labels: Sequence[str]
) -> Mapping[str, list[GoldSentence]]:
    if not demanded and not path.exists():
        return {}
    gold = read_gold(path, labels)
    missing = sorted(gold.keys() - {document.name for document in documents})
    if missing:
        raise DataError(f"{path} labels the document {missing[0]!r}, which is not among the documents; bring it there.")
    return gold


def _write(rows: Sequence[LabelledSentence], labels: Sequence[str], metadata: Metadata, output: Path) -> None:
    """Write the table whole or not at all."""
    import pyarrow.parquet as pq

    unfinished = output.with_name(f".{output.name}-{os.getpid()}")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        table = to_dataset(rows, labels, metadata).data.table
        pq.write_table(table, unfinished)
        os.replace(unfinished, output)
    except OSError as error:
        raise DataError(f"{output} was not written: {error.strerror or error}.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _summarise(labelled: LabelledFolder, labels: Sequence[str]) -> None:
    rows = labelled.rows
    sources = Counter(row.source for row in rows)
    by_label = Counter(row.label for row in rows)
    by_source = ", ".join(f"{n:,} {source}" for source, n in sorted(sources.items()))
    print(f"sentences    {len(rows):,} in {len(labelled.documents):,} documents: {by_source}")
    print(f"labels       {', '.join(f'{by_label[label]:,} {label}' for label in labels)}")
    pairs = [
        (g.label_1, g.label_2)
        for sentences in labelled.gold.values()
        for g in sentences
        if {g.label_1, g.label_2} <= set(labels)
    ]
    if pairs:
        alpha = krippendorff_alpha(*zip(*pairs, strict=True))
        print(f"agreement    Krippendorff's alpha {alpha:.2f} between two readers of {len(pairs):,} sentences")
    texts = [row.text for row in rows]
    across = sum(rows[i].document != rows[j].document for i, j, _ in near_duplicates(texts))
    print(f"duplicates   {across:,} pairs of near duplicates across documents")
