"""Tables for the terminal: borderless, as wide as it is, 80 columns elsewhere."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import IO

from rich.console import Console
from rich.table import Table
from rich.text import Text


def new_table(*columns: str, title: str | None = None, expand: bool = False) -> Table:
    """A table with these column heads."""
    table = Table(
        title=None if title is None else Text(title),
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=None,
        pad_edge=False,
        expand=expand,
    )
    for column in columns:
        table.add_column(column, no_wrap=True)
    return table


def add_row(table: Table, cells: Sequence[str]) -> None:
    """Add a row of plain text, in which brackets are just brackets."""
    table.add_row(*map(Text, cells))


def print_table(table: Table, out: IO[str] | None = None) -> None:
    """Print ``table``, in colour on a terminal, without trailing blanks elsewhere."""
    out = out or sys.stdout
    if out.isatty():
        Console(file=out, highlight=False).print(table)
        return
    buffer = io.StringIO()
    Console(file=buffer, highlight=False, color_system=None).print(table)
    out.writelines(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())
