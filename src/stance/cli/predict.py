"""``stance predict``: documents to sentences with speaker, stance and score; tables, by ``stance.cli.bulk``."""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING

from rich.table import Table

from stance.annotation import AnnotatedSentence, StanceModel, load
from stance.cli import bulk
from stance.cli.out_of_fold import abstain_below, saved_confusions
from stance.cli.progress import tracked
from stance.cli.rollup import print_shares, write_roll_up
from stance.cli.tables import add_row, new_table, print_table
from stance.errors import ConfigError, DataError
from stance.model import DEFAULT_STORE, resolve
from stance.rollup import BY, roll_up
from stance.text import (
    Document,
    default_register,
    find_documents,
    read_document,
    read_register,
    split_lines,
)

if TYPE_CHECKING:
    from stance.corpus import Metadata

COLUMNS = (
    *("document", "index", "start", "end", "text", "speaker", "country", "mode", "rule", "confidence"),
    *("speaker_span", "cue_span", "label", "score", "scores"),
)

Annotated = tuple[Document, list[AnnotatedSentence]]


def run(arguments: list[str]) -> int:
    """Run the command; a document that cannot be read is reported, the others are still done."""
    options = _parser().parse_args(arguments)
    bulk.check(options)
    chosen = resolve(options.model, options.models)
    if options.model is None:
        print(f"reading with the reference model, version {chosen.name}", file=sys.stderr)
    options.threshold = abstain_below(chosen, options.abstain_below, options.target_accuracy)
    if options.text_column:
        return bulk.run(options, chosen)
    model = load(chosen)
    model.target_rows(options.target, 1)  # a wrong target is found before a document is read
    options.facts = _facts(options)
    if options.format is None:
        ending = Path(options.output or "").suffix.removeprefix(".")
        options.format = ending if ending in ("jsonl", "csv", "html") else "table"
    if options.by and options.format == "html":
        raise ConfigError("A page has a roll-up by speaker already; leave --by out, or give another --format.")
    options.speakers = sum(map(read_register, options.register), default_register())
    failures: list[DataError] = []
    annotated = _annotate(model, options, failures)
    first = next(annotated, None)
    if first is not None:  # else there is nothing to show, and an earlier output stays as it is
        with _output(options.output) as out:
            everything = itertools.chain([first], annotated)
            if options.by:
                read = list(everything)
                confusions = None if options.threshold else saved_confusions(chosen)
                pairs = [(document.name, sentences) for document, sentences in read]
                dates = {name: _day(name, options) for name, _ in pairs}
                rolled = roll_up(pairs, model.labels, options.by, dates=dates, confusions=confusions)
                write_roll_up(rolled, options.by, options.format, out)
            elif options.format == "html":
                out.write(_page(list(everything), model, options))
            else:
                writer = {"table": _write_tables, "jsonl": _write_jsonl, "csv": _write_csv}[options.format]
                writer(everything, model.labels, out)
    return DataError.exit_code if failures else 0


def _facts(options: argparse.Namespace) -> Metadata:
    """What ``documents.csv`` says of the documents: their dates and givers."""
    from stance.corpus import Metadata, read_metadata

    if options.data is None:
        if options.by == "month" and options.date is None:
            raise ConfigError("--by month needs the documents' dates: --data FOLDER with a documents.csv, or --date.")
        return Metadata()
    if not (options.data / "documents.csv").is_file():
        raise DataError(f"{options.data} has no documents.csv; give the columns document and date, giver or both.")
    read = read_metadata(options.data)
    return replace(read, documents={name.removesuffix(".txt"): about for name, about in read.documents.items()})


def _day(document: str, options: argparse.Namespace) -> str:
    """The day or month of a document, as it is written."""
    return str(options.date or options.facts.of(document).get("date") or "")


def _page(annotated: list[Annotated], model: StanceModel, options: argparse.Namespace) -> str:
    from stance.evaluation import render_article

    print("writing the page, with the terms behind each sentence", file=sys.stderr)
    pairs = [(document.name, document.text, sentences) for document, sentences in annotated]
    return render_article(pairs, model, options.target)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "stance predict", description="Label the sentences of documents with speaker and stance."
    )
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="a .txt file, a folder of them, - for standard input, or one table"
    )
    parser.add_argument("--model", metavar="MODEL", help="name, name/version or path; by default the reference model")
    parser.add_argument(
        "--models", metavar="FOLDER", default=DEFAULT_STORE, type=Path, help="where models are saved (models)"
    )
    parser.add_argument(
        "--format",
        choices=("table", "jsonl", "csv", "html"),
        help="table and html also give a roll-up by speaker; by default as the ending of --output says, else table",
    )
    parser.add_argument(
        "--by", choices=BY, help="one roll-up over all documents: counts, shares with intervals, the sentences behind"
    )
    sure = parser.add_mutually_exclusive_group()
    sure.add_argument(
        "--abstain-below", metavar="P", type=_share, default=0.0, help="no label where none has this probability (0)"
    )
    sure.add_argument(
        "--target-accuracy",
        metavar="A",
        type=_share,
        help="abstain as much as it takes for this share of answers to be right on sentences like those trained on",
    )
    parser.add_argument("--output", metavar="FILE", help="write there instead of to standard output")
    parser.add_argument(
        "--lines", action="store_true", help="each line is a sentence; nobody speaks and nothing is dropped"
    )
    towards = parser.add_mutually_exclusive_group()
    towards.add_argument("--target", help="what the stance is towards, for a model of several targets")
    parser.add_argument(
        "--register", metavar="FILE", action="append", default=[], help="YAML of more speakers and their aliases"
    )
    parser.add_argument(
        "--data", metavar="FOLDER", type=Path, help="its documents.csv tells date and giver document by document"
    )
    parser.add_argument("--date", type=_date, help="of the documents (2002-09-20), which tells who was in office")
    parser.add_argument("--giver", metavar="NAME", help="whose speech or statement each document is")
    parser.add_argument("--encoding", default="utf-8", help="of the documents (utf-8)")
    bulk.add_options(parser, towards)
    return parser


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2002-09-20") from None


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 1")
    return value


def _annotate(model: StanceModel, options: argparse.Namespace, failures: list[DataError]) -> Iterator[Annotated]:
    """Each document with its sentences; what cannot be read goes to standard error and ``failures``."""
    paths: list[Path] = []
    for given in options.paths:
        with _reported(failures):
            paths += find_documents([given])
    stems = Counter(path.stem for path in paths)
    # A bar between the rows of a table would spoil both.
    watched = paths if options.output is None and sys.stdout.isatty() else tracked(paths, "reading")
    for path in watched:
        with _reported(failures):
            document = read_document(path, options.encoding)
            if stems[path.stem] > 1:
                document = Document(str(path), document.text)
            yield document, _read(model, document, options)


def _read(model: StanceModel, document: Document, options: argparse.Namespace) -> list[AnnotatedSentence]:
    if options.lines:
        found = model.annotate_sentences(split_lines(document.text), options.target, None, options.threshold)
    else:
        found = model.annotate(
            document.text,
            options.target,
            register=options.speakers,
            day=options.date or options.facts.day(document.name),
            giver=options.giver or options.facts.of(document.name).get("giver") or None,
            abstain_below=options.threshold,
        )
    if options.data is not None and document.name not in options.facts.documents:
        print(f"stance: {options.data / 'documents.csv'} says nothing of {document.name}", file=sys.stderr)
    if not found:
        raise DataError(f"{document.name} has no sentence in it; give running text, or --lines for a list.")
    return found


@contextmanager
def _reported(failures: list[DataError]) -> Iterator[None]:
    try:
        yield
    except DataError as error:
        failures.append(error)
        print(f"stance: {error}", file=sys.stderr)


@contextmanager
def _output(path: str | None) -> Iterator[IO[str]]:
    """Standard output, or a file that appears only once it is whole."""
    if path is None:
        yield sys.stdout
        return
    final = Path(path).resolve()
    if final.exists() and not final.is_file():  # a pipe or device is written to, and not replaced
        with _unwritable(path), final.open("w", encoding="utf-8") as file:
            yield file
        return
    with _unwritable(path):
        handle, name = tempfile.mkstemp(dir=final.parent, prefix=f".{final.name}-")
    try:
        with _unwritable(path), os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass", newline="") as file:
            yield file
        os.chmod(name, 0o644)
        os.replace(name, final)
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def _unwritable(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}.") from error


def _records(annotated: Iterable[Annotated]) -> Iterator[dict[str, object]]:
    for document, sentences in annotated:
        for sentence in sentences:
            yield {"document": document.name} | {name: getattr(sentence, name) for name in COLUMNS[1:]}


def _write_jsonl(annotated: Iterable[Annotated], labels: Sequence[str], out: IO[str]) -> None:
    for record in _records(annotated):
        out.write(json.dumps(record, ensure_ascii=False) + "\n")


def _write_csv(annotated: Iterable[Annotated], labels: Sequence[str], out: IO[str]) -> None:
    """As JSONL, with a column of its own for the probability of each label."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS[:-1], *(f"score_{label}" for label in labels)])
    for record in _records(annotated):
        scores: dict[str, float] = record["scores"]  # type: ignore[assignment]
        plain = (_plain(record[name]) for name in COLUMNS[:-1])
        writer.writerow([*plain, *(scores[label] for label in labels)])


def _plain(value: object) -> object:
    """A span as "12-34", none as nothing."""
    return "-".join(map(str, value)) if isinstance(value, tuple) else value


def _write_tables(annotated: Iterable[Annotated], labels: Sequence[str], out: IO[str]) -> None:
    for document, sentences in annotated:
        print_table(_sentence_table(document, sentences), out)
        out.write("\n")
        print_shares(roll_up([(document.name, sentences)], labels), "speaker", out)
        out.write("\n")


def _sentence_table(document: Document, sentences: Sequence[AnnotatedSentence]) -> Table:
    table = new_table("speaker", "country", "mode", "stance", "score", "sentence", title=document.name, expand=True)
    stance = max(map(len, ["stance", *sentences[0].scores, *(s.label for s in sentences)]))
    for column, width in zip(table.columns, (14, 8, 9, min(stance, 16), 5, None), strict=True):
        column.width, column.overflow = width, "ellipsis"
    table.columns[-2].justify, table.columns[-1].ratio = "right", 1
    for s in sentences:
        add_row(table, (s.speaker or "–", s.country or "–", s.mode, s.label, f"{s.score:.2f}", s.text))
    return table
