"""``stance attribution``: how well speakers are found, against the gold speakers of each corpus in ``data/``."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from stance.cli.tables import add_row, new_table, print_table
from stance.corpus import DROPPED, GoldSentence, read_gold, read_metadata, source_digest
from stance.errors import ConfigError, DataError
from stance.evaluation import AttributionCase, AttributionReport, attribute_gold, evaluate_attribution, found_quotations
from stance.text import Document, Register, default_register, find_documents, read_document, read_register
from stance.text.documents import decode

_PRIOR_WEIGHT = 5  # sentences


def run(arguments: list[str]) -> int:
    """Run the command."""
    options = _parser().parse_args(arguments)
    register = sum(map(read_register, options.register), default_register())
    folders = [options.data / name for name in options.corpus] if options.corpus else sorted(options.data.glob("*/"))
    folders = [f for f in folders if options.corpus or (f / "gold.csv").exists()]
    if not folders:
        raise DataError(f"{options.data} has no folder with a gold.csv; name the folder with --data.")
    reports: list[AttributionReport] = []
    records: list[AttributionCase] = []
    here = [folder for folder in folders if options.corpus or (options.documents / folder.name).is_dir()]
    for folder in folders if here else ():
        if folder not in here:
            print(f"stance: {folder.name} is left out: its documents are not in {options.documents}", file=sys.stderr)
    for folder in here or folders:
        cases, report = _evaluate(folder, options.documents / folder.name, register)
        reports.append(report)
        records += cases
        if options.format == "table":
            _print(report)
        halves = {case.half for case in cases if case.half} | {"all"}
        if options.errors and options.errors not in halves:
            raise ConfigError(f"{folder.name} has no half {options.errors!r}; give one of {', '.join(sorted(halves))}.")
        if options.errors:
            _print_errors(cases, options.errors)
    if options.rules:
        _write_rules(records, options.rules)
    if options.format == "json":
        json.dump([report.to_dict() for report in reports], sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "stance attribution", description="Compare the speakers that the rules find with gold speakers."
    )
    parser.add_argument("corpus", nargs="*", metavar="CORPUS", help="a folder in data/; by default every one with gold")
    parser.add_argument("--data", metavar="FOLDER", type=Path, default=Path("data"), help="where gold is (data)")
    parser.add_argument(
        "--documents", metavar="FOLDER", type=Path, default=Path("seeds"), help="where the documents are (seeds)"
    )
    parser.add_argument(
        "--register", metavar="FILE", action="append", default=[], help="YAML of more speakers and their aliases"
    )
    parser.add_argument(
        "--errors", metavar="HALF", help="also list the errors in that half (development, held-out), or in all"
    )
    parser.add_argument(
        "--rules",
        metavar="FILE",
        type=Path,
        help="write how often each rule was right in the development half, as TOML",
    )
    parser.add_argument("--format", choices=("table", "json"), default="table")
    return parser


def _evaluate(folder: Path, documents: Path, register: Register) -> tuple[list[AttributionCase], AttributionReport]:
    path = folder / "gold.csv"
    if not path.exists():
        raise DataError(f"{folder} has no gold.csv; choose another corpus or another --data folder.")
    if not documents.is_dir():
        raise DataError(f"The documents of {folder.name} are not in {documents}; name their folder with --documents.")
    gold = read_gold(path)
    found = [read_document(p) for p in find_documents([documents])]
    found = [document for document in found if document.name in gold]
    metadata = read_metadata(folder)
    cases = attribute_gold(found, gold, metadata, register)
    if not cases:
        raise DataError(
            f"None of the documents that {path} labels is in {documents}; name their folder with --documents."
        )
    return cases, evaluate_attribution(folder.name, cases, register, _quotations(folder, found, gold))


def _quotations(
    folder: Path, documents: Sequence[Document], gold: Mapping[str, Sequence[GoldSentence]]
) -> tuple[set[tuple[str, int, int]], set[tuple[str, int, int]]] | None:
    """The quotations in gold (``quotations.csv``) and those found; none where they were not read."""
    path = folder / "quotations.csv"
    if not path.exists():
        return None
    rows = csv.DictReader(io.StringIO(decode(path.read_bytes(), str(path)), newline=""))
    texts = {document.name: document.text for document in documents}
    marked = set()
    for row in rows:
        start, end = int(row["start"]), int(row["end"])
        if row["document"] in texts:
            if source_digest(texts[row["document"]][start:end]) != row["digest"]:
                raise DataError(
                    f"{path}: {row['document']}, characters {start}-{end}, is not what was read; restore it."
                )
            marked.add((row["document"], start, end))
    found = [found_quotations(d, [g for g in gold[d.name] if g.label != DROPPED]) for d in documents]
    return marked, set().union(*found)


def _print(report: AttributionReport) -> None:
    print(f"{report.name}: {report.overall.n:,} sentences")
    if report.agreement is not None:
        print(f"two readers agree on {report.agreement:.3f} of the speakers, {report.mode_agreement:.3f} of the modes")
    print()
    table = new_table("", "n", "exact speaker", "narrator", "mode")
    for column in table.columns[1:]:
        column.justify = "right"
    groups = [("", {"all": report.overall}), ("half", report.by_half), ("register", report.by_register)]
    groups += [("mode", report.by_mode), ("rule", report.by_rule)]
    for title, scores in groups:
        if title and scores:
            add_row(table, ("", "", "", "", ""))
            add_row(table, (f"by {title}", "", "", "", ""))
        for name, s in scores.items():
            add_row(
                table, (f"  {name}" if title else name, f"{s.n:,}", str(s.exact), f"{s.narrator:.3f}", f"{s.mode:.3f}")
            )
    print_table(table)
    if report.quotation_precision is not None:
        print(
            f"\nquotation spans: precision {report.quotation_precision:.3f}, recall {report.quotation_recall:.3f} "
            f"of {report.n_quotations:,}"
        )


def _print_errors(cases: Sequence[AttributionCase], half: str) -> None:
    print()
    for case in cases:
        if not case.correct and half in ("all", case.half):
            found = f"{case.found.speaker or '–'} ({case.found.rule})"
            print(f"{case.document}  gold: {case.gold.speaker or '–'}  found: {found}")
            print(f"    {case.text}")


def _write_rules(cases: Sequence[AttributionCase], path: Path) -> None:
    """Write the record of each rule, from which attributions take their confidence."""
    rules = sorted({case.found.rule for case in cases})
    lines = [
        "# How many sentences of the development half of the bundled corpus each rule of attribution decided, and how",
        "# many of them rightly; the confidence is that share, drawn to that of all rules as by five more sentences.",
        "# Written by `stance attribution iraq2002 --rules FILE`; a test compares.",
    ]
    overall = [case.correct for case in cases if case.half == "development"]
    prior = sum(overall) / max(1, len(overall))
    for rule in rules:
        right = [case.correct for case in cases if case.found.rule == rule and case.half == "development"]
        confidence = (sum(right) + _PRIOR_WEIGHT * prior) / (len(right) + _PRIOR_WEIGHT)
        lines += ["", f'["{rule}"]', f"n = {len(right)}", f"right = {sum(right)}", f"confidence = {confidence:.3f}"]
    path.write_text("\n".join(lines) + "\n", "utf-8")
