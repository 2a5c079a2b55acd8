"""The fetcher against real servers on loopback: what it reads, and what it must not."""

import asyncio
import gzip
import socket
import time
import tracemalloc

import pytest

from plugins import FirsthandError
from plugins.guard.fetch import ALLOW, FetchFailed, FetchRefused, Response, Validators, allowed_pairs, fetch

from .loopback import Server, drip, endless


def get(url: str, limit: int = 100_000, deadline: float = 5.0, **more: object) -> Response:
    return asyncio.run(fetch(url, limit=limit, deadline=deadline, **more))  # type: ignore[arg-type]


def test_a_page_is_read_with_its_headers(server: Server) -> None:
    server.page("/", b"hello", Content_Type="text/plain", ETag='"1"')
    answer = get(server.url + "/", contact="editors@example.org")
    assert (answer.status, answer.body, answer.content_type) == (200, b"hello", "text/plain")
    asked = server.asked[0][1]
    assert asked["accept-encoding"] == "gzip"
    assert asked["user-agent"] == "Firsthand/0.1 (+editors@example.org)"
    assert "cookie" not in asked


def test_validators_are_sent_and_304_has_no_body(server: Server) -> None:
    server.page("/", status=304, ETag='"2"')
    answer = get(server.url + "/", validators=Validators('"2"', "Sun, 01 Nov 2026 10:00:00 GMT"))
    assert answer.not_modified
    assert answer.body == b""
    assert server.asked[0][1]["if-none-match"] == '"2"'
    assert server.asked[0][1]["if-modified-since"] == "Sun, 01 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1:80/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://172.16.0.9/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://①②⑦.0.0.1/",
        "http://localhost/",
        "http://user:pass@93.184.216.34/",
        "http://93.184.216.34:8080/",
        "http://93.184.216.34:22/",
        "file:///etc/passwd",
        "ftp://93.184.216.34/",
        "gopher://93.184.216.34/",
        "data:text/plain,hello",
        "//127.0.0.1/",
        "/etc/passwd",
        "",
        "http://",
        "http://93.184.216.34/\r\nHost: 127.0.0.1",
        "http://[::1",
        "http://93.184.216.34:99999/",
    ],
)
def test_addresses_inside_and_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(FetchRefused) as refused:
        get(url)
    assert "\n" not in str(refused.value)
    assert "Traceback" not in str(refused.value)


def test_refused_means_no_connection() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.settimeout(0.2)
        with pytest.raises(FetchRefused):
            get(f"http://127.0.0.1:{listening.getsockname()[1]}/")
        with pytest.raises(TimeoutError):
            listening.accept()


def test_only_the_allowed_pair_comes_through(server: Server) -> None:
    other = Server()
    other.page("/", b"secret")
    try:
        with pytest.raises(FetchRefused):
            get(other.url + "/")
        assert other.asked == []
    finally:
        other.close()


@pytest.mark.parametrize(
    "where",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/",
        "http://[::1]:22/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "//10.0.0.1/",
        "http://localhost/",
        "http://93.184.216.34:6379/",
    ],
)
def test_a_redirect_is_checked_like_any_address(server: Server, where: str) -> None:
    server.page("/", status=302, Location=where)
    with pytest.raises(FetchRefused):
        get(server.url + "/")
    assert len(server.asked) == 1


def test_redirects_are_followed_and_remembered(server: Server) -> None:
    server.page("/old", status=301, Location="/newer")
    server.page("/newer", status=302, Location=server.url + "/new")
    server.page("/new", b"here")
    answer = get(server.url + "/old")
    assert (answer.url, answer.body) == (server.url + "/new", b"here")
    assert answer.redirects == ((301, server.url + "/old"), (302, server.url + "/newer"))


def test_a_loop_ends(server: Server) -> None:
    server.page("/", status=302, Location="/")
    with pytest.raises(FetchFailed, match="more than 5 times"):
        get(server.url + "/")
    assert len(server.asked) == 6


def test_gzip_is_unpacked(server: Server) -> None:
    server.page("/", gzip.compress(b"hello" * 100), Content_Encoding="gzip")
    assert get(server.url + "/").body == b"hello" * 100


def test_a_bomb_stays_small(server: Server) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    server.page("/", bomb, Content_Encoding="gzip")
    tracemalloc.start()
    try:
        with pytest.raises(FetchFailed, match="200 times smaller"):
            get(server.url + "/", limit=1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_what_unpacks_to_more_than_the_limit_is_left(server: Server) -> None:
    text = "".join(f"{number} lines, each another\n" for number in range(100_000)).encode()
    server.page("/", gzip.compress(text), Content_Encoding="gzip")
    assert get(server.url + "/", limit=len(text)).body == text
    with pytest.raises(FetchFailed, match="larger than"):
        get(server.url + "/", limit=len(text) - 1)


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "deflate", "zstd", "gzip,identity"])
def test_other_packings_are_refused(server: Server, encoding: str) -> None:
    server.page("/", gzip.compress(gzip.compress(b"x")), Content_Encoding=encoding)
    with pytest.raises(FetchFailed, match="only gzip"):
        get(server.url + "/")


@pytest.mark.parametrize(
    "body", [b"no gzip at all", gzip.compress(b"hello" * 1000)[:-20]], ids=["another format", "cut off"]
)
def test_broken_gzip_fails_in_words(server: Server, body: bytes) -> None:
    server.page("/", body, Content_Encoding="gzip")
    with pytest.raises(FetchFailed, match="gzip packing"):
        get(server.url + "/")


def test_too_large_is_left(server: Server) -> None:
    server.page("/", b"x" * 200_001)
    with pytest.raises(FetchFailed, match="larger than 200,000 bytes"):
        get(server.url + "/", limit=200_000)
    server.page("/", b"x" * 200_000)
    assert len(get(server.url + "/", limit=200_000).body) == 200_000


def test_endless_is_left(server: Server) -> None:
    server.pages["/"] = endless
    with pytest.raises(FetchFailed, match="larger than"):
        get(server.url + "/", limit=100_000)


@pytest.mark.parametrize("when", ["body", "headers", "silence"])
def test_a_drip_ends_at_the_deadline(server: Server, when: str) -> None:
    server.pages["/"] = drip(when, 4)
    begun = time.monotonic()
    with pytest.raises(FetchFailed, match=r"within 0\.5 seconds|could not be read"):
        get(server.url + "/", deadline=0.5)
    assert time.monotonic() - begun < 2


def test_a_broken_answer_fails_in_words(server: Server) -> None:
    server.pages["/"] = lambda request: request.wfile.write(b"garbage\r\n\r\n") and None
    with pytest.raises(FetchFailed, match="could not be read"):
        get(server.url + "/")


def test_nobody_there_fails_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as bound:  # bound, but not listening
        bound.bind(("127.0.0.1", 0))
        pair = f"127.0.0.1:{bound.getsockname()[1]}"
        monkeypatch.setenv(ALLOW, pair)
        with pytest.raises(FetchFailed, match="could not be read"):
            get(f"http://{pair}/")


def test_any_status_is_an_answer(server: Server) -> None:
    server.page("/", b"gone", status=410)
    assert get(server.url + "/").status == 410


def test_allowed_pairs_are_host_and_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALLOW, "127.0.0.1:8765, [::1]:80,LOCALHOST:1")
    assert allowed_pairs() == {("127.0.0.1", 8765), ("::1", 80), ("localhost", 1)}
    for wrong in ("127.0.0.1", ":80", "127.0.0.1:http", "a b"):
        monkeypatch.setenv(ALLOW, wrong)
        with pytest.raises(FirsthandError, match="host:port"):
            allowed_pairs()


def test_a_proxy_in_the_environment_is_not_asked(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.page("/", b"direct")
    assert get(server.url + "/").body == b"direct"
