"""``stance fetch``: brings the documents of a corpus that is published elsewhere."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn

from stance.corpus.fetching import fetch
from stance.corpus.sources import Sources, read_sources
from stance.errors import DataError

SOURCES = "sources.yaml"


def run(arguments: list[str]) -> int:
    """Run the command."""
    options = _parser().parse_args(arguments)
    if options.corpus is None:
        _list(options.data, options.seeds)
        return 0
    path = options.data / options.corpus / SOURCES
    if not path.is_file():
        known = ", ".join(_corpora(options.data)) or "nothing"
        raise DataError(f"{path} does not exist; {options.data} says where to get {known}.")
    if options.origin is not None and not options.origin.is_dir():
        raise DataError(f"{options.origin} is no folder; name one that has the documents with --from.")
    sources = read_sources(path)
    folder = options.seeds / options.corpus
    brought = _fetch_all(sources, folder, options.origin)
    there = len(sources.documents) - brought
    print(f"corpus       {options.corpus}: {sources.title}")
    print(f"documents    {folder}: {brought} brought, {there} there already, every sha256 right")
    print(f"licence      {sources.licence}")
    print(f"cite         {sources.citation}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "stance fetch",
        description="Bring the documents of a corpus that is published elsewhere, and check that they are the right "
        "ones.",
    )
    parser.add_argument("corpus", nargs="?", metavar="CORPUS", help="a folder in data/; without one, all are listed")
    parser.add_argument(
        "--from", dest="origin", metavar="FOLDER", type=Path, help="copy from this folder instead of the web"
    )
    parser.add_argument(
        "--data", metavar="FOLDER", type=Path, default=Path("data"), help="where CORPUS/sources.yaml is (data)"
    )
    parser.add_argument(
        "--seeds", metavar="FOLDER", type=Path, default=Path("seeds"), help="where the documents go (seeds)"
    )
    return parser


def _fetch_all(sources: Sources, folder: Path, origin: Path | None) -> int:
    """Bring every document; the number of those that were not there."""
    brought = done = 0
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("fetching", total=sum(source.size for source in sources.documents))
        for source in sources.documents:
            bar.update(task, description=source.name)
            brought += fetch(source, folder, origin, progress=partial(_advance, bar, task, done))
            done += source.size
            bar.update(task, completed=done)
    return brought


def _advance(bar: Progress, task: TaskID, done: int, n_bytes: int) -> None:
    bar.update(task, completed=done + n_bytes)


def _corpora(data: Path) -> list[str]:
    return sorted(path.parent.name for path in data.glob(f"*/{SOURCES}"))


def _list(data: Path, seeds: Path) -> None:
    names = _corpora(data)
    if not names:
        raise DataError(f"{data} has no folder with a {SOURCES}; name the folder with --data.")
    for name in names:
        sources = read_sources(data / name / SOURCES)
        there = sum((seeds / name / source.name).exists() for source in sources.documents)
        print(f"{name:<13}{sources.title} ({there} of {len(sources.documents)} documents in {seeds / name})")
