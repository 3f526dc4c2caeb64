"""Who scores the batches: this process, or workers of a Dask cluster. The batches come back in their order."""

from __future__ import annotations

import logging
import re
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from typing import Any

import stance
from stance.bulk.rows import Batch
from stance.bulk.scoring import Floats, Targets, plain_copy, probabilities
from stance.errors import ConfigError, StanceError
from stance.model import LinearModel

Scored = Iterator[tuple[Batch, Floats]]
Map = Callable[[Iterator[Batch]], Scored]

CONNECT_SECONDS = 10
"""How long a scheduler, and its first worker, may take to answer."""
_RECOVER_SECONDS = 60
"""How long a cluster may be without any worker before the job gives up."""
_TRIES = 4
"""How often a batch is given to a cluster whose workers have all died over it."""
_DEAF = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
"""A local worker leaves Ctrl-C, which the terminal sends to all, to the process that was started."""
_LOOPBACK = "127.0.0.1:0"
"""Where Dask's web servers, which always start, listen: at any free port, for this machine alone."""
_GRAPH = "distributed.admin.large-graph-warning-threshold"


@contextmanager
def open_scheduler(address: str | None, model: LinearModel, target: str | None) -> Iterator[Map]:
    """A map from batches to their probabilities.

    Parameters
    ----------
    address : none for this process, ``local:4`` for four processes of this machine, or a Dask scheduler's address
    target : for all rows; a batch that has targets of its own keeps them

    Raises
    ------
    ConfigError
        If Dask is not installed, nobody answers at the address, or its workers have another version of this package.
    """
    if address is None:
        yield lambda batches: ((b, probabilities(model, b.texts, b.targets or target)) for b in batches)
        return
    with ExitStack() as stack:
        client = _client(stack, address)
        yield Cluster(client, plain_copy(model), target).map


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


def _client(stack: ExitStack, address: str) -> Any:
    """A client of a cluster that answers, closed with ``stack``."""
    n_workers = _local_workers(address)
    try:
        import dask
        import distributed
    except ImportError as error:
        raise ConfigError("--scheduler needs the dask extra: pip install 'stancekit[dask]'.") from error
    stack.enter_context(_quiet())
    stack.enter_context(dask.config.set({_GRAPH: "1GB"}))
    if n_workers:
        cluster = distributed.LocalCluster(
            n_workers=n_workers,
            threads_per_worker=1,
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": _LOOPBACK},
            worker_dashboard_address=_LOOPBACK,
            silence_logs=logging.CRITICAL,
            preload=[_DEAF],
        )
        return stack.enter_context(distributed.Client(stack.enter_context(cluster), set_as_default=False))
    return _remote(stack, address, distributed)


def _local_workers(address: str) -> int:
    """How many processes ``local:N`` asks for; none if it is an address."""
    if not address.startswith("local"):
        return 0
    if not re.fullmatch(r"local:[1-9][0-9]{0,3}", address, re.ASCII):
        raise ConfigError(f"{address!r} is no scheduler; write local:4 for four processes, or tcp://HOST:PORT.")
    return int(address.removeprefix("local:"))


def _remote(stack: ExitStack, address: str, distributed: Any) -> Any:
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:  # OSError is what a time out is, too
        raise ConfigError(
            f"No Dask scheduler answers at {address}; start one with `dask scheduler`, or write local:4."
        ) from error
    stack.enter_context(client)
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        versions = set(client.run(_version).values())
    except TimeoutError as error:
        raise ConfigError(f"The scheduler at {address} has no workers; start some: dask worker {address}.") from error
    except ImportError as error:
        raise ConfigError(f"The workers of {address} have no stancekit; install {stance.__version__} there.") from error
    if versions != {stance.__version__}:
        raise ConfigError(
            f"The workers of {address} have stancekit {', '.join(sorted(versions))}, and here is {stance.__version__}; "
            "install the same everywhere."
        )
    return client


def _version() -> str:
    return stance.__version__


@contextmanager
def _quiet() -> Iterator[None]:
    """Dask's log, which tells of every connection that ends, is left out."""
    handlers = [(handler, handler.level) for handler in logging.getLogger("distributed").handlers]
    for handler, _ in handlers:
        handler.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for handler, level in handlers:
            handler.setLevel(level)
