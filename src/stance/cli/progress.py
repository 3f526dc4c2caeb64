"""Progress of long work, on standard error, where somebody watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn, track

Item = TypeVar("Item")


def tracked(items: Sequence[Item], what: str) -> Iterable[Item]:
    """``items`` one by one, under a bar that goes when all are done; bare where standard error is no terminal."""
    if not sys.stderr.isatty():
        return items
    return track(items, what, console=Console(stderr=True), transient=True)


class Meter:
    """Rows that are done, their rate and the time left; it says first where work goes on that was begun before."""

    def __init__(self, bar: Progress | None) -> None:
        self._bar = bar
        self._begun: tuple[float, int] | None = None

    def __call__(self, rows: int, offset: int, total: int) -> None:
        """Show that so many rows are done, which end at ``offset`` of ``total``."""
        if self._begun is None:
            self._begin(rows, offset, total)
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], description=self._described(rows), completed=offset)

    def _begin(self, rows: int, offset: int, total: int) -> None:
        self._begun = time.monotonic(), rows
        if rows:
            print(f"going on after {rows:,} rows", file=sys.stderr)
        if self._bar is not None:
            self._bar.add_task("", total=total, completed=offset)

    def _described(self, rows: int) -> str:
        assert self._begun is not None
        since, before = self._begun
        seconds = time.monotonic() - since
        rate = f", {(rows - before) / seconds:,.0f} a second" if rows > before and seconds else ""
        return f"{rows:,} rows{rate}"


@contextmanager
def metered() -> Iterator[Meter]:
    """A meter, whose bar goes at the end; none is shown where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield Meter(None)
        return
    columns = (BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Meter(bar)
