"""What a bulk job is: which file, which column, which model, and where the answers go."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from stance.errors import ConfigError, DataError
from stance.model import FILES

FORMAT_VERSION = 1
"""Of the folder of parts; a folder of another version is another job's."""
ENDINGS = (".parquet", ".csv", ".tsv", ".jsonl")
BATCH_ROWS = 65_536

Facts = dict[str, str | int | float | None]


@dataclass(frozen=True)
class Job:
    """One file to label, row by row.

    Parameters
    ----------
    input, output : files ending in .parquet, .csv, .tsv or .jsonl, which says what they are
    text_column : the column whose text is labelled; every row is one sentence
    model : the folder of a saved model's version, as ``stance.model.resolve`` finds it
    target, target_column : for a model of several targets: one for all rows, or the column that has each row's
    abstain_below : no label where none has this probability
    prefix : put before the names of the new columns
    batch_rows : rows that are read, scored and written at once; what a kill loses at most
    encoding : of a .csv, .tsv or .jsonl input; the output is UTF-8
    """

    input: Path
    output: Path
    text_column: str
    model: Path
    target: str | None = None
    target_column: str | None = None
    abstain_below: float = 0.0
    prefix: str = ""
    batch_rows: int = BATCH_ROWS
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        for name in ("input", "output", "model"):
            object.__setattr__(self, name, Path(getattr(self, name)))

    def new_columns(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        """The names of the columns that the answers stand in."""
        return tuple(f"{self.prefix}{name}" for name in ("label", "score", *(f"score_{label}" for label in labels)))

    def facts(self) -> Facts:
        """All that the bytes of a part depend on."""
        seen = self.input.stat()
        manifest = (self.model / FILES.manifest).read_bytes()
        return {
            "format version": FORMAT_VERSION,
            "input": self.input.name,
            "size of the input": seen.st_size,
            "time of the input": seen.st_mtime_ns,
            "model": hashlib.sha256(manifest).hexdigest(),
            "text column": self.text_column,
            "target": self.target,
            "target column": self.target_column,
            "abstention": self.abstain_below,
            "prefix": self.prefix,
            "batch rows": self.batch_rows,
            "encoding": self.encoding,
            "ending": self.output.suffix,
        }

    def check(self) -> None:
        """Refuse files that cannot be read or written, before anything is done.

        Raises
        ------
        ConfigError
            If an ending is none of the four, or the output cannot stand where it is to.
        DataError
            If there is no such input.
        """
        if not self.input.is_file():
            raise DataError(f"{self.input} is no file; name a table that ends in {_list(ENDINGS)}.")
        for path in (self.input, self.output):
            if path.suffix not in ENDINGS:
                raise ConfigError(f"{path} is no kind of table that is known; name one that ends in {_list(ENDINGS)}.")
        if self.output.exists() and (not self.output.is_file() or self.output.samefile(self.input)):
            raise ConfigError(f"{self.output} cannot be the output: it is the input, or no file; choose another.")
        if not self.output.parent.is_dir():
            raise ConfigError(f"{self.output} cannot be written: {self.output.parent} is no folder; make it first.")


def _list(endings: tuple[str, ...]) -> str:
    return f"{', '.join(endings[:-1])} or {endings[-1]}"
