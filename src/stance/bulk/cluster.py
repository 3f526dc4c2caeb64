"""A Dask cluster at work: batches in flight, in order, and what is done when workers die."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import Any

from stance.bulk.rows import Batch
from stance.bulk.scoring import Floats, Targets, probabilities
from stance.errors import StanceError
from stance.model import LinearModel

Scored = Iterator[tuple[Batch, Floats]]
Map = Callable[[Iterator[Batch]], Scored]

_RECOVER_SECONDS = 60
"""How long a cluster may be without any worker before the job gives up."""
_TRIES = 4
"""How often a batch is given to a cluster whose workers have all died over it."""


class Cluster:
    """Scores on the workers of a cluster, a few batches for each at a time."""

    def __init__(self, client: Any, model: LinearModel, target: str | None) -> None:
        self._client, self._model, self._target = client, model, target
        self._shared = client.scatter(model, broadcast=True)

    def map(self, batches: Iterator[Batch]) -> Scored:
        """Each batch with its probabilities, in order; two for each thread are in flight, so that memory is bounded."""
        waiting: deque[tuple[Batch, Any, Any]] = deque()
        for batch in batches:
            waiting.append((batch, *self._submit(batch)))
            while len(waiting) >= self._window():
                yield self._first(waiting)
        while waiting:
            yield self._first(waiting)

    def _window(self) -> int:
        with _there():
            threads: int = sum(self._client.nthreads().values())
        return 2 * max(1, threads)

    def _submit(self, batch: Batch) -> tuple[Any, Any]:
        targets: Targets = batch.targets or self._target
        # Texts travel with the task, and not as data of their own, so that the scheduler can run it again elsewhere.
        with _there():
            return self._client.submit(probabilities, self._shared, batch.texts, targets, pure=False), self._shared

    def _first(self, waiting: deque[tuple[Batch, Any, Any]]) -> tuple[Batch, Floats]:
        batch, future, shared = waiting.popleft()
        for _ in range(_TRIES):
            try:
                found: Floats = future.result()
                return batch, found
            except CancelledError:  # every worker that had the model is gone; Dask cannot make it again, we can
                self._share_again(shared)
                future, shared = self._submit(batch)
            except Exception as error:
                if type(error).__name__ != "KilledWorker":  # Dask's, which is not imported for so little
                    raise
                break
        raise StanceError(
            f"Worker after worker died over the rows up to {batch.end.rows:,} (out of memory?); give them more, or "
            "take fewer rows at once (--batch-rows)."
        )

    def _share_again(self, lost: Any) -> None:
        if lost is not self._shared:
            return  # done already, for the batch before
        with _there():
            self._client.wait_for_workers(1, timeout=_RECOVER_SECONDS)
            self._shared = self._client.scatter(self._model, broadcast=True)


@contextmanager
def _there() -> Iterator[None]:
    """Says so where a cluster is no longer there."""
    try:
        yield
    except (OSError, RuntimeError, CancelledError) as error:  # a time out is an OSError
        raise StanceError(
            "The cluster is gone, or has no worker left; start it, and the same command goes on."
        ) from error
