"""What runs of ``stance train`` in a search share: features, and the workers that fit folds."""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from joblib import Memory, parallel_config

from stance import __version__
from stance.bulk import open_client
from stance.errors import ConfigError


def feature_memory(folder: str | None) -> Memory:
    """Where features are kept: in ``folder``; without one, beside a sweep's runs as long as it lasts; else nowhere."""
    if folder is None:
        sweeps = HydraConfig.get().mode == RunMode.MULTIRUN
        return Memory(_while_this_process_lasts(HydraConfig.get().sweep.dir) if sweeps else None, verbose=0)
    kept = Path(folder) / __version__  # another version may count otherwise
    try:
        kept.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"feature_cache={folder} cannot be used: {error.strerror}.") from error
    return Memory(kept, verbose=0)


@cache
def _while_this_process_lasts(beside: str) -> str:
    Path(beside).mkdir(parents=True, exist_ok=True)
    folder = tempfile.TemporaryDirectory(prefix=".features-", dir=beside)
    atexit.register(folder.cleanup)
    return folder.name


@contextmanager
def fold_workers(scheduler: str | None) -> Iterator[None]:
    """joblib's parallel parts run here, or on the workers of a Dask scheduler."""
    if scheduler is None:
        yield
        return
    with open_client(scheduler) as client, parallel_config("dask", client=client):
        yield
