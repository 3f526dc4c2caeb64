"""A bulk job from its input to its output."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow.compute as pc

from stance.annotation import StanceModel, load
from stance.bulk.job import Job
from stance.bulk.parts import Parts, parts_of
from stance.bulk.reading import open_source
from stance.bulk.rows import Batch, Place, Source
from stance.bulk.scheduling import open_scheduler
from stance.bulk.scoring import answers
from stance.bulk.writing import Writer, writer_for
from stance.errors import ConfigError, DataError

Watch = Callable[[Place, int], None]
"""Called at the start, and after each part, with the place reached and the offset at which the input ends."""


def run_job(job: Job, scheduler: str | None = None, watch: Watch = lambda place, total: None) -> Place:
    """Label a file row by row, going on where an earlier run of the same job stopped; the place at its end.

    Parameters
    ----------
    scheduler : none for this process, ``local:4`` for four, or the address of a Dask scheduler

    Raises
    ------
    ConfigError
        If the job or the scheduler asks for something that cannot be done.
    DataError
        If a row cannot be read; the parts before it stay.
    KeyboardInterrupt
        With a sentence that says how far it came, if there is a part that the next run can go on after.
    """
    job.check()
    model = load(job.model)
    _check_target(job, model)
    source = open_source(job, model.labels)
    writer = writer_for(job, source, job.new_columns(model.labels))
    with parts_of(job) as parts:
        facts = job.facts()
        try:
            watch(parts.place, source.total)
            _label(job, model, source, writer, parts, scheduler, watch)
        except KeyboardInterrupt:
            parts.find()  # it may have come between a part and its count
            if not parts.places:
                raise
            raise KeyboardInterrupt(
                f"Interrupted after {parts.place.rows:,} rows; the same command goes on from there."
            ) from None
        if job.facts() != facts:
            parts.discard()
            raise DataError(f"{job.input} was changed while it was read; run the command again.")
        parts.put_together(writer.join, job.output)
    return parts.place


def _label(
    job: Job,
    model: StanceModel,
    source: Source,
    writer: Writer,
    parts: Parts,
    scheduler: str | None,
    watch: Watch,
) -> None:
    """Bring the parts that are not there yet."""
    total = source.total
    if parts.place.offset >= total:
        return
    columns = job.new_columns(model.labels)
    with open_scheduler(scheduler, model, job.target) as scored:
        for batch, found in scored(_with_known_targets(source.batches(parts.place), model)):
            answered = answers(model.labels, columns, found, batch.present, job.abstain_below)
            missing = parts.place.missing + int((~batch.present).sum())
            empty = parts.place.empty + (pc.sum(pc.equal(pc.binary_length(batch.texts), 0)).as_py() or 0)
            end = Place(batch.end.rows, missing, batch.end.lines, batch.end.offset, empty)
            parts.add(lambda path, b=batch, a=answered: writer.write(path, b, a), end)  # type: ignore[misc]
            watch(end, total)


def _check_target(job: Job, model: StanceModel) -> None:
    """Refuse targets that the model does not have, before a row is read."""
    if job.target_column is None:
        model.target_rows(job.target, 1)
    elif not model.targets:
        raise ConfigError("The model has one target only, without a name; leave the target column out.")


def _with_known_targets(batches: Iterator[Batch], model: StanceModel) -> Iterator[Batch]:
    for batch in batches:
        for row, target in zip(batch.present.nonzero()[0].tolist(), batch.targets or (), strict=False):
            if target not in model.targets:
                raise DataError(
                    f"{batch.where(row)}: the model knows no target {target!r}; its targets are "
                    f"{', '.join(model.targets)}."
                )
        yield batch
