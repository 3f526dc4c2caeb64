"""Fetching, against a server on loopback that truncates, stalls, loses and lies."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from stance.corpus.fetching import fetch
from stance.corpus.sources import Source
from stance.errors import DataError

TEXT = ("The inspectors met the committee. It rose at noon.\n" * 4000).encode()
OTHER = TEXT.replace(b"noon", b"dusk")


class Server(ThreadingHTTPServer):
    """Serves TEXT; each request takes the next of ``faults``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.faults: list[str] = []
        self.body = TEXT
        self.ranges: list[str | None] = []
        self.released = threading.Event()

    def source(self, size: int = len(TEXT)) -> Source:
        url = f"http://127.0.0.1:{self.server_address[1]}/talks.txt"
        return Source("talks.txt", url, hashlib.sha256(TEXT).hexdigest(), size)


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.server.ranges.append(asked)
        fault = self.server.faults.pop(0) if self.server.faults else ""
        if fault.isdigit():
            self.send_error(int(fault))
            return
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and fault != "no ranges" else 0
        body = self.server.body[start:]
        if asked and not body:
            self.send_error(416)
            return
        if asked and fault != "no ranges":
            self.send_response(206)
            begin = start + 7 if fault == "wrong part" else start
            self.send_header("Content-Range", f"bytes {begin}-{len(self.server.body) - 1}/{len(self.server.body)}")
        else:
            self.send_response(200)
        if fault != "no length":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if fault in ("truncate", "stall"):
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            if fault == "stall":
                self.server.released.wait(20)
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.wfile.write(body)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    found = Server()
    thread = threading.Thread(target=found.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield found
    found.released.set()
    found.shutdown()
    found.server_close()


def bring(server: Server, folder: Path, attempts: int = 3) -> bool:
    return fetch(server.source(), folder, timeout=0.5, attempts=attempts, pause=0.0)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_document_is_brought_once(server: Server, tmp_path: Path) -> None:
    assert bring(server, tmp_path / "seeds")
    assert (tmp_path / "seeds" / "talks.txt").read_bytes() == TEXT
    assert not bring(server, tmp_path / "seeds")
    assert len(server.ranges) == 1
    assert files(tmp_path / "seeds") == ["talks.txt"]


@pytest.mark.parametrize("fault", ["truncate", "stall"])
def test_a_broken_connection_is_taken_up_where_it_broke(server: Server, tmp_path: Path, fault: str) -> None:
    server.faults = [fault]
    assert bring(server, tmp_path)
    assert (tmp_path / "talks.txt").read_bytes() == TEXT
    assert server.ranges == [None, f"bytes={len(TEXT) // 2}-"]


def test_a_later_call_goes_on_where_the_last_one_gave_up(server: Server, tmp_path: Path) -> None:
    server.faults = ["truncate", "503"]
    with pytest.raises(DataError, match=rf"2 attempts .*503.*from {len(TEXT) // 2:,} of {len(TEXT):,} bytes"):
        bring(server, tmp_path, attempts=2)
    assert files(tmp_path) == [".talks.txt.part"]
    assert bring(server, tmp_path)
    assert files(tmp_path) == ["talks.txt"]
    assert (tmp_path / "talks.txt").read_bytes() == TEXT


def test_a_server_without_ranges_sends_it_all_again(server: Server, tmp_path: Path) -> None:
    server.faults = ["truncate", "no ranges"]
    assert bring(server, tmp_path)
    assert (tmp_path / "talks.txt").read_bytes() == TEXT


def test_another_part_than_was_asked_for_is_not_taken(server: Server, tmp_path: Path) -> None:
    server.faults = ["truncate", "wrong part"]
    assert bring(server, tmp_path)
    assert (tmp_path / "talks.txt").read_bytes() == TEXT


def test_an_answer_of_unknown_length_is_taken(server: Server, tmp_path: Path) -> None:
    server.faults = ["no length"]
    assert bring(server, tmp_path)


@pytest.mark.parametrize("code", [500, 503, 429])
def test_a_busy_server_is_asked_again(server: Server, tmp_path: Path, code: int) -> None:
    server.faults = [str(code), str(code)]
    assert bring(server, tmp_path)


@pytest.mark.parametrize("code", [404, 403, 410])
def test_a_lost_document_is_an_error_at_once(server: Server, tmp_path: Path, code: int) -> None:
    server.faults = [str(code)] * 9
    with pytest.raises(DataError, match=rf"talks.txt cannot be had: it answered {code} .*--from FOLDER"):
        bring(server, tmp_path)
    assert len(server.ranges) == 1
    assert files(tmp_path) == []


def test_a_wrong_document_is_an_error_that_names_both_digests(server: Server, tmp_path: Path) -> None:
    server.body = OTHER
    found, wanted = (hashlib.sha256(raw).hexdigest() for raw in (OTHER, TEXT))
    with pytest.raises(DataError, match=f"{found} and not {wanted}"):
        bring(server, tmp_path)
    assert files(tmp_path) == []


@pytest.mark.parametrize("body", [TEXT[: len(TEXT) // 3], TEXT * 3])
def test_a_shorter_or_longer_document_is_a_wrong_one(server: Server, tmp_path: Path, body: bytes) -> None:
    server.body = body
    with pytest.raises(DataError, match="is not the document named"):
        bring(server, tmp_path)
    assert files(tmp_path) == []


@pytest.mark.parametrize("left", [b"something else", OTHER[:5000], TEXT + b"more"])
def test_what_an_earlier_call_left_is_not_trusted(server: Server, tmp_path: Path, left: bytes) -> None:
    (tmp_path / ".talks.txt.part").write_bytes(left)
    assert bring(server, tmp_path)
    assert (tmp_path / "talks.txt").read_bytes() == TEXT


def test_a_beginning_longer_than_what_the_server_has_is_thrown_away(server: Server, tmp_path: Path) -> None:
    server.body = TEXT[:1000]
    (tmp_path / ".talks.txt.part").write_bytes(TEXT[:1000])
    with pytest.raises(DataError, match="is not the document named"):
        bring(server, tmp_path)
    assert files(tmp_path) == []


def test_no_server_is_an_error_that_says_what_to_do(server: Server, tmp_path: Path) -> None:
    source = server.source()
    server.server_close()
    with pytest.raises(DataError, match=r"did not come whole in 2 attempts \(Connection refused\).*--from FOLDER"):
        fetch(source, tmp_path / "seeds", timeout=0.5, attempts=2, pause=0.0)
    assert not (tmp_path / "seeds").exists()


def test_a_changed_document_is_left_where_it_is_and_reported(server: Server, tmp_path: Path) -> None:
    (tmp_path / "talks.txt").write_bytes(OTHER)
    with pytest.raises(DataError, match="move it away and fetch again"):
        bring(server, tmp_path)
    assert (tmp_path / "talks.txt").read_bytes() == OTHER


def test_a_folder_does_instead_of_the_web(server: Server, tmp_path: Path) -> None:
    origin = tmp_path / "copy"
    origin.mkdir()
    (origin / "talks.txt").write_bytes(TEXT)
    assert fetch(server.source(), tmp_path / "seeds", origin)
    assert (tmp_path / "seeds" / "talks.txt").read_bytes() == TEXT
    assert server.ranges == []


def test_a_wrong_or_missing_copy_is_an_error(server: Server, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"talks.txt does not exist; .* --from"):
        fetch(server.source(), tmp_path / "seeds", tmp_path)
    (tmp_path / "talks.txt").write_bytes(OTHER)
    with pytest.raises(DataError, match="is not the document named"):
        fetch(server.source(), tmp_path / "seeds", tmp_path)
    assert files(tmp_path / "seeds") == []


def test_progress_says_how_much_is_there(server: Server, tmp_path: Path) -> None:
    seen: list[int] = []
    server.faults = ["truncate"]
    fetch(server.source(), tmp_path, timeout=0.5, pause=0.0, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == len(TEXT)
