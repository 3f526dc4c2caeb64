"""The store of artifacts: ``models/<name>/<version>/``, versions counted from 1 and never overwritten."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from stance.errors import ArtifactError, ConfigError
from stance.model.artifact import FILES

DEFAULT_STORE = Path("models")
REFERENCE = "reference"

_VERSION = re.compile(r"[1-9][0-9]*", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def save_artifact(store: Path, name: str, contents: Mapping[str, bytes]) -> Path:
    """Write ``contents`` as the next version of ``name``, whole or not at all; return its folder.

    The files are written to a temporary folder beside the versions, synced, and renamed into place. Two trainings that
    finish at once get two versions.
    """
    check_name(name)
    folder = store / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=".saving-", dir=folder))
    except OSError as error:
        raise ArtifactError(f"The model cannot be saved in {folder}: {error.strerror}.") from error
    try:
        for file, raw in contents.items():
            _write_synced(unfinished / file, raw)
        unfinished.chmod(0o755)
        return _claim_next_version(unfinished, folder)
    except OSError as error:
        raise ArtifactError(
            f"The model was not saved in {folder}: {error.strerror}; nothing was left behind."
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _write_synced(path: Path, raw: bytes) -> None:
    with path.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _claim_next_version(unfinished: Path, folder: Path) -> Path:
    version = max((int(p.name) for p in versions(folder)), default=0) + 1
    while True:
        try:
            return unfinished.rename(folder / str(version))
        except OSError:
            if not (folder / str(version)).exists():
                raise
            version += 1  # somebody else took it in the meantime


def check_name(name: str) -> None:
    """Refuse a model name that could not be a folder's name, or be taken for a version."""
    if not _NAME.fullmatch(name) or name.isdigit():
        raise ConfigError(
            f"A model cannot be named {name!r}; use letters, digits, '.', '_' and '-', and not digits alone."
        )


def check_store(store: Path) -> None:
    """Refuse a store that nothing can be saved in, before the work of a training is done."""
    nearest = next(folder for folder in (store, *store.absolute().parents) if folder.exists())
    if not nearest.is_dir():
        raise ArtifactError(f"Models cannot be saved in {store}: {nearest} is no folder.")
    if not os.access(nearest, os.W_OK):
        raise ArtifactError(f"Models cannot be saved in {store}: {nearest} cannot be written to.")


def versions(folder: Path) -> list[Path]:
    """The version folders of one model, oldest first."""
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted((p for p in found if _VERSION.fullmatch(p.name) and p.is_dir()), key=lambda p: int(p.name))


def find_artifacts(store: Path) -> list[Path]:
    """The folders of every version of every model in the store, by name and version."""
    names = sorted(p for p in store.iterdir() if p.is_dir()) if store.is_dir() else []
    return [version for name in names for version in versions(name)]


def resolve(reference: str | Path | None = None, store: Path = DEFAULT_STORE) -> Path:
    """The artifact folder that ``reference`` means.

    A path to a version's folder or to a model's (its latest version), a ``name`` or ``name/version`` in the store, or
    nothing, or ``reference``, for the reference model that ships with the package.

    Raises
    ------
    ArtifactError
        If there is no such model; the message says what is there.
    """
    if reference is None:
        return reference_model()
    for folder in (Path(reference), store / str(reference)):
        if (folder / FILES.manifest).exists():
            return folder
        saved = [version for version in versions(folder) if (version / FILES.manifest).exists()]
        if saved:
            return saved[-1]
    if str(reference) == REFERENCE:
        return reference_model()
    if Path(reference).exists():
        raise ArtifactError(f"{reference} is not a saved model: it has no {FILES.manifest}, and no version below it.")
    known = sorted({p.parent.name for p in find_artifacts(store)})
    there = f"{store} has {', '.join(known)}" if known else f"{store} has no model yet; run stance train"
    raise ArtifactError(f"There is no model {str(reference)!r}: {there}.")


def reference_model() -> Path:
    """The folder of the reference model's latest version: inside the installed package, else in the checkout.

    Raises
    ------
    ArtifactError
        If it is in neither.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / REFERENCE, package.parents[1] / DEFAULT_STORE / REFERENCE):
        if found := versions(folder):
            return found[-1]
    raise ArtifactError("The reference model is not installed; name a model, or reinstall stancekit.")
