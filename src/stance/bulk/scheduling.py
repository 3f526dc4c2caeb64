"""Who scores the batches: this process, or workers of a Dask cluster. The batches come back in their order."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import stance
from stance.bulk.cluster import Cluster, Map
from stance.bulk.scoring import plain_copy, probabilities
from stance.errors import ConfigError
from stance.model import LinearModel

CONNECT_SECONDS = 10
"""How long a scheduler, and its first worker, may take to answer."""
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
    with open_client(address) as client:
        yield Cluster(client, plain_copy(model), target).map


@contextmanager
def open_client(address: str) -> Iterator[Any]:
    """A client of a Dask cluster that answers: four processes of this machine (``local:4``), or a scheduler's address.

    Raises
    ------
    ConfigError
        As ``open_scheduler`` does.
    """
    with ExitStack() as stack:
        yield _client(stack, address)


def _client(stack: ExitStack, address: str) -> Any:
    """A client, closed with ``stack``."""
    n_workers = _local_workers(address)
    try:
        import dask
        import distributed
    except ImportError as error:
        raise ConfigError("A scheduler needs the dask extra: pip install 'stancekit[dask]'.") from error
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
    if re.fullmatch(r"(\w+://)?[^/\s]+:[0-9]+", address, re.ASCII) and not address.startswith("local:"):
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
    log = logging.getLogger("distributed")
    handlers, propagates = [(handler, handler.level) for handler in log.handlers], log.propagate
    log.propagate = False
    for handler, _ in handlers:
        handler.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.propagate = propagates
        for handler, level in handlers:
            handler.setLevel(level)
