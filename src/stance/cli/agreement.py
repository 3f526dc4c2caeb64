"""``stance agreement``: how far the two readers of a corpus agree, which is the ceiling of every figure."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from stance.cli.tables import add_row, new_table, print_table
from stance.corpus import DROPPED, read_gold, read_metadata
from stance.errors import ConfigError, DataError
from stance.evaluation import AgreementReport, measure_agreement


def run(arguments: list[str]) -> int:
    """Run the command."""
    options = _parser().parse_args(arguments)
    folders = [options.data / name for name in options.corpus] if options.corpus else sorted(options.data.glob("*/"))
    folders = [f for f in folders if options.corpus or (f / "gold.csv").exists()]
    if not folders:
        raise DataError(f"{options.data} has no folder with a gold.csv; name the folder with --data.")
    reports: dict[str, AgreementReport] = {}
    for folder in folders:
        try:
            reports[folder.name] = _measure(folder, options.neutral)
        except DataError as error:
            if options.corpus:
                raise
            print(f"stance: {folder.name} is left out: {error}", file=sys.stderr)
    if options.format == "json":
        json.dump({name: asdict(report) for name, report in reports.items()}, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return 0
    for i, (name, report) in enumerate(reports.items()):
        print("\n" * bool(i), end="")
        _print(name, report)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "stance agreement", description="How far two readers agree; no model can be shown to do better."
    )
    parser.add_argument("corpus", nargs="*", metavar="CORPUS", help="a folder in data/; by default every one with gold")
    parser.add_argument("--data", metavar="FOLDER", type=Path, default=Path("data"), help="where gold is (data)")
    parser.add_argument("--neutral", metavar="LABEL", default="neutral", help="the label that takes no side (neutral)")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    return parser


def _measure(folder: Path, neutral: str) -> AgreementReport:
    path = folder / "gold.csv"
    if not path.exists():
        raise DataError(f"{folder} has no gold.csv; choose another corpus or another --data folder.")
    gold = [row for rows in read_gold(path).values() for row in rows]
    found = {row.label for row in gold} - {DROPPED}
    if neutral not in found:
        raise ConfigError(f"{path} has no label {neutral!r}; name the one that takes no side with --neutral.")
    labels = sorted(found, key=lambda label: (label == neutral, label))
    return measure_agreement(gold, labels, neutral, read_metadata(folder))


def _print(name: str, report: AgreementReport) -> None:
    print(f"{name}: {report.n_sentences:,} sentences labelled by two readers, in {report.n_groups:,} groups\n")
    table = new_table("one reader against the other", "[95 % interval over groups]")
    for what, estimate in (
        ("Krippendorff's alpha", report.alpha),
        ("macro-F1", report.macro_f1),
        ("stance F1", report.stance_f1),
        ("accuracy", report.accuracy),
    ):
        add_row(table, (what, str(estimate)))
    print_table(table)
    print()
    table = new_table("first reader \\ second", *report.labels)
    for column in table.columns[1:]:
        column.justify = "right"
    for label, counts in zip(report.labels, report.confusion, strict=True):
        add_row(table, (label, *(f"{n:,}" for n in counts)))
    print_table(table)
    if report.n_adjudicated:
        rules = ", ".join(f"{rule} {n}" for rule, n in report.settled_by.items())
        print(f"\n{report.n_adjudicated:,} differences adjudicated, by {rules}")
