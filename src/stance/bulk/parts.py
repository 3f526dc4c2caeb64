"""The finished parts of a job, kept beside its output until all are there: what a killed run leaves to the next."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from stance.bulk.job import Facts, Job
from stance.bulk.rows import Place
from stance.errors import ConfigError

_JOB = "job.json"
_DONE = "done.jsonl"
"""A line for each part that is whole: its bytes, and the place after it."""
_UNFINISHED = "unfinished"


@dataclass
class Parts:
    """The folder of a job's parts, held by this run alone."""

    folder: Path
    ending: str
    places: list[Place] = field(default_factory=list)

    @property
    def place(self) -> Place:
        """Where the next part starts."""
        return self.places[-1] if self.places else Place()

    def add(self, write: Callable[[Path], None], end: Place) -> None:
        """Let ``write`` write the next part; it counts once it is whole and on the disk."""
        unfinished, part = self.folder / f"{_UNFINISHED}{self.ending}", self._part(len(self.places))
        write(unfinished)
        _sync(unfinished)
        os.replace(unfinished, part)
        with (self.folder / _DONE).open("a", encoding="utf-8") as done:
            done.write(json.dumps({"bytes": part.stat().st_size} | asdict(end)) + "\n")
            done.flush()
            os.fsync(done.fileno())
        self.places.append(end)

    def put_together(self, join: Callable[[Path, Iterator[Path]], None], output: Path) -> None:
        """Let ``join`` make one file of the parts, which then stands at ``output``; the folder goes."""
        unfinished = self.folder / f"{_UNFINISHED}{self.ending}"
        join(unfinished, map(self._part, range(len(self.places))))
        _sync(unfinished)
        os.replace(unfinished, output.resolve())
        self.discard()

    def discard(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder)

    def find(self) -> None:
        """Take up the parts that are whole, one after the other from the first, and remove what else is there."""
        self.places = []
        for record in _records(self.folder / _DONE):
            part = self._part(len(self.places))
            if not part.exists() or part.stat().st_size != record.pop("bytes"):
                break
            self.places.append(Place(**record))
        kept = {_JOB, _DONE, *(self._part(number).name for number in range(len(self.places)))}
        for path in self.folder.iterdir():
            if path.name not in kept:
                path.unlink()
        self._rewrite_done()

    def _rewrite_done(self) -> None:
        """So that a torn last line stays last."""
        records = (
            {"bytes": self._part(number).stat().st_size} | asdict(place) for number, place in enumerate(self.places)
        )
        unfinished = self.folder / _UNFINISHED
        unfinished.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
        os.replace(unfinished, self.folder / _DONE)

    def _part(self, number: int) -> Path:
        return self.folder / f"{number:06}{self.ending}"


@contextmanager
def parts_of(job: Job) -> Iterator[Parts]:
    """The parts of a job that are there already; a folder without one does not stay.

    Raises
    ------
    ConfigError
        If the folder is another job's, or another run is at work in it.
    """
    folder = job.output.resolve().with_name(f"{job.output.resolve().name}.parts")
    with _locked(folder, job.output) as file:
        _claim(file, job.facts(), folder)
        parts = Parts(folder, job.output.suffix)
        parts.find()
        try:
            yield parts
        finally:
            if not parts.places:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(folder: Path, output: Path) -> Iterator[IO[str]]:
    """The job's description, locked: the lock goes with the process, however that ends."""
    try:
        folder.mkdir(exist_ok=True)
        file = (folder / _JOB).open("a+", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{folder} cannot be written: {error.strerror}.") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            ours = os.path.samestat(os.fstat(file.fileno()), (folder / _JOB).stat())
        except OSError:  # held, or gone since: the other run has just ended
            ours = False
        if not ours:
            raise ConfigError(f"Another run is writing {output}; wait until it ends, or choose another --output.")
        yield file


def _claim(file: IO[str], facts: Facts, folder: Path) -> None:
    """Write the job down, or compare with what is written."""
    file.seek(0)
    try:
        written: dict[str, Any] = json.loads(file.read())
    except ValueError:  # new, or killed while it was written: no part was begun
        file.truncate(0)
        file.write(json.dumps(facts, indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
        return
    other = [name for name in facts | written if facts.get(name) != written.get(name)]
    if other:
        was = ", ".join(f"{name} was {_told(written.get(name))}, is {_told(facts.get(name))}" for name in other)
        raise ConfigError(
            f"{folder} has the parts of another job ({was}); run the command as it was begun, delete that folder, "
            "or choose another --output."
        )


def _told(value: object) -> str:
    """A fact in an error, a digest by its beginning."""
    return "none" if value in (None, "") else f"{value}"[:20]


def _records(path: Path) -> Iterator[dict[str, int]]:
    """The lines that are whole; a kill can leave the last one torn."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:
            return


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
