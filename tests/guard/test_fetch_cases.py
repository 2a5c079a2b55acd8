"""Five of the fifteen cases that a fetcher must survive, each against servers of its own."""

from __future__ import annotations

import gzip
import http.server
import json
import shutil
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest

from plugins.guard.fetch import ALLOW

from .fetching_alone import TRICKS
from .loopback import Server, endless

ROOT = Path(__file__).resolve().parents[2]
SMALL = 50_000_000  # bytes that a process may take in which a bomb went off


def alone(*words: str, before: tuple[str, ...] = ()) -> dict[str, Any]:
    """What a process that only fetches says of it."""
    command = [*before, sys.executable, "-m", "tests.guard.fetching_alone", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture
def own_network() -> tuple[str, ...]:
    """The words that begin a command in a network of its own; skipped where the machine allows none."""
    command = ("unshare", "--map-root-user", "--net")
    if not shutil.which("unshare") or not shutil.which("ip"):
        pytest.skip("needs unshare and ip")
    if subprocess.run([*command, "ip", "link"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody make a network namespace")
    return command


def test_case_1_no_inner_address_is_reached(
    own_network: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ALLOW, raising=False)
    told = alone("inside", before=own_network)
    assert told["reached"] == []
    others = {trick: came for trick, came in told["outcomes"].items() if not came.startswith("refused: ")}
    # The second answer of that name is never asked for: both requests went to the address that was checked.
    assert others == {"rebinding": "read 0"}
    assert told["asked"] >= len(TRICKS)


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("file:///etc/passwd", "refused: "),
        ("ftp://93.184.216.34/x", "refused: "),
        ("http://93.184.216.34:22/", "refused: "),
        ("http://93.184.216.34:8080/", "refused: "),
        ("/", "failed: "),
        ("http://[::1", "failed: "),
        ("javascript:alert(1)", "refused: "),
    ],
)
def test_case_2_nobody_is_sent_where_no_feed_is(server: Server, where: str, words: str) -> None:
    server.page("/", status=301, Location=where)
    told = alone("memory", f"{server.url}/", "10000")
    assert told["came"].startswith(words)
    assert len(server.asked) == (6 if where == "/" else 1)


def bomb(layers: int) -> bytes:
    """Two thousand million zeros, packed so often."""
    pack = zlib.compressobj(9, wbits=31)
    packed = pack.compress(b"") + pack.flush(zlib.Z_FULL_FLUSH)
    block = pack.compress(b"\0" * 10_000_000) + pack.flush(zlib.Z_FULL_FLUSH)
    packed += block * 200  # each stands for itself, so one is enough to make
    return packed if layers == 1 else gzip.compress(packed)


@pytest.mark.parametrize(
    ("layers", "encoding", "words"),
    [
        (1, "gzip", "200 times smaller"),
        (2, "gzip, gzip", "only gzip"),
        (2, "gzip", "200 times smaller"),
        (1, "br", "only gzip"),
    ],
)
def test_case_3_a_bomb_stays_small(server: Server, layers: int, encoding: str, words: str) -> None:
    server.page("/", bomb(layers), Content_Encoding=encoding)
    told = alone("memory", f"{server.url}/", "10000000")
    assert words in told["came"]
    assert told["peak"] < SMALL


def test_case_3_nothing_comes_out_of_endless_packing(server: Server) -> None:
    def nothing(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Encoding", "gzip")
        request.end_headers()
        request.wfile.write(gzip.compress(b"")[:10])
        while True:
            request.wfile.write(b"\0\0\0\xff\xff" * 10_000)  # stored blocks of no bytes

    server.pages["/"] = nothing
    told = alone("memory", f"{server.url}/", "1000000")
    assert "larger than" in told["came"]
    assert told["peak"] < SMALL


def test_case_5_endless_is_left_at_its_limit(server: Server) -> None:
    server.pages["/"] = endless
    told = alone("memory", f"{server.url}/", "10000000")
    assert "larger than 10,000,000 bytes" in told["came"]
    assert told["peak"] < SMALL + 10_000_000
