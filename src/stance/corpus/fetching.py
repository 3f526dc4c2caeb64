"""Fetching: documents brought from the web or from a folder, and kept only if they are the ones that were labelled.

The one module of the package that touches the network.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from stance.corpus.sources import Source
from stance.errors import DataError

TIMEOUT = 30.0
"""Seconds without a byte after which a connection counts as stalled."""
ATTEMPTS = 4
_PAUSE = 1.0  # seconds before the second attempt; doubled before each further one
_CHUNK = 1 << 16  # bytes
_MAY_PASS = frozenset({408, 425, 429, 500, 502, 503, 504})
_NOTHING_LEFT = 416


def fetch(
    source: Source,
    folder: Path,
    origin: Path | None = None,
    *,
    timeout: float = TIMEOUT,
    attempts: int = ATTEMPTS,
    pause: float = _PAUSE,
    progress: Callable[[int], None] = lambda n_bytes: None,
) -> bool:
    """Bring one document into ``folder`` under its name, and say whether that was needed.

    It is written beside its place and moved there once its sha256 is right. What has come of it when a connection
    breaks is kept there too (``.NAME.part``), and the next attempt or call goes on from it.

    Parameters
    ----------
    source : the document
    folder : where it belongs; made if need be
    origin : a folder to copy it from, instead of the web
    timeout : seconds without a byte after which an attempt is given up
    attempts : how often to try where the fault may pass (a broken connection, a busy server)
    pause : seconds before the second attempt, doubled before each further one
    progress : called with the bytes of the document that are there

    Raises
    ------
    DataError
        If the document is not to be had, or is not the one that ``source`` names.
    """
    target = folder / source.name
    if target.exists():
        _check(target, source, str(target), "move it away and fetch again")
        return False
    part = folder / f".{source.name}.part"
    if origin is not None:
        where = str(_copy(source, part, origin))
    else:
        where = source.url
        goes_on = part.exists()
        _download_patiently(source, part, timeout, attempts, pause, progress)
        if goes_on and _digest(part) != source.sha256:  # what was there was no beginning of this document
            part.unlink()
            _download_patiently(source, part, timeout, attempts, pause, progress)
    try:
        _check(part, source, where, "nothing was kept of it")
    except DataError:
        part.unlink()
        raise
    os.replace(part, target)
    return True


def _check(path: Path, source: Source, where: str, advice: str) -> None:
    digest = _digest(path)
    if digest != source.sha256:
        raise DataError(f"{where} is not the document named: its sha256 is {digest} and not {source.sha256}; {advice}.")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _copy(source: Source, part: Path, origin: Path) -> Path:
    path = origin / source.name
    if not path.is_file():
        raise DataError(f"{path} does not exist; name the folder that has {source.name} with --from.")
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(path.read_bytes())
    return path


def _download_patiently(
    source: Source, part: Path, timeout: float, attempts: int, pause: float, progress: Callable[[int], None]
) -> None:
    fault = ""
    for attempt in range(attempts):
        if attempt:
            time.sleep(pause * 2 ** (attempt - 1))
        try:
            return _download(source, part, timeout, progress)
        except HTTPError as error:
            fault = f"it answered {error.code} {error.reason}"
            if error.code == _NOTHING_LEFT:
                part.unlink(missing_ok=True)
            elif error.code not in _MAY_PASS:
                raise DataError(
                    f"{source.url} cannot be had: {fault}; get the document elsewhere, and bring it with --from FOLDER."
                ) from error
        except URLError as error:
            fault = str(getattr(error.reason, "strerror", None) or error.reason)
        except (OSError, http.client.HTTPException) as error:
            fault = str(error) or type(error).__name__
    raise DataError(
        f"{source.url} did not come whole in {attempts} attempts ({fault}); run the command again, which goes on from "
        f"{_size(part):,} of {source.size:,} bytes, or bring the document with --from FOLDER."
    )


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _download(source: Source, part: Path, timeout: float, progress: Callable[[int], None]) -> None:
    """Add what is missing to ``part``; raise if the connection ends before the answer does."""
    have = _size(part)
    if have >= source.size:
        return
    request = Request(source.url, headers={"User-Agent": "stancekit"})  # noqa: S310  # read_sources admits http alone
    if have:
        request.add_header("Range", f"bytes={have}-")
    with urlopen(request, timeout=timeout) as answer:  # noqa: S310
        goes_on = (answer.headers.get("Content-Range") or "").startswith(f"bytes {have}-")
        if answer.status == http.client.PARTIAL_CONTENT and not goes_on:
            part.unlink()
            raise http.client.HTTPException("it answered with another part than was asked for")
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("ab" if goes_on else "wb") as file:
            # A byte more than is missing is enough to know that this is another document.
            while file.tell() <= source.size and (chunk := answer.read1(min(_CHUNK, source.size + 1 - file.tell()))):
                file.write(chunk)
                progress(file.tell())
            whole = file.tell() > source.size or not answer.length
    if not whole:
        raise http.client.HTTPException("the connection ended early")
