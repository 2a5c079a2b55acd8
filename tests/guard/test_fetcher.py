"""One fetcher for many: few connections a host, nobody late because of others, names without waiting."""

from __future__ import annotations

import asyncio
import http.server
import socket
import threading
import time
from typing import Any

import pytest

from plugins.guard import fetch_lookup, fetch_turns
from plugins.guard.fetch import ALLOW, Fetcher, FetchFailed, FetchRefused, Response

from .loopback import Server


def get_all(
    urls: list[str], deadline: float = 5.0, limit: int = 20_000_000
) -> tuple[list[Response | BaseException], list[float]]:
    """The answers of one fetcher, asked all at once, and when each came."""

    async def run() -> tuple[list[Response | BaseException], list[float]]:
        begun = time.monotonic()
        ended = [0.0] * len(urls)

        async def one(number: int) -> Response:
            try:
                return await fetcher.fetch(urls[number], limit=limit, deadline=deadline)
            finally:
                ended[number] = time.monotonic() - begun

        async with Fetcher() as fetcher:
            return await asyncio.gather(*map(one, range(len(urls))), return_exceptions=True), ended

    return asyncio.run(run())


def counted(server: Server, path: str, body: bytes = b"", seconds: float = 0.05) -> dict[str, int]:
    """A page that takes a while; says how many asked for it at once."""
    count = {"now": 0, "most": 0}
    lock = threading.Lock()

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        with lock:
            count["now"] += 1
            count["most"] = max(count["most"], count["now"])
        time.sleep(seconds)
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        with lock:
            count["now"] -= 1
        request.wfile.write(body)

    server.pages[path] = answer
    return count


def silent(request: http.server.BaseHTTPRequestHandler) -> None:
    """Take the question and never answer."""
    request.rfile.read(1)


def test_two_connections_a_host(server: Server) -> None:
    count = counted(server, "/")
    answers, _ = get_all([f"{server.url}/"] * 10)
    assert [answer.status for answer in answers if isinstance(answer, Response)] == [200] * 10
    assert count["most"] == 2


def test_those_that_hang_make_nobody_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_turns, "PATIENCE", 0.5)
    hosts = [f"127.0.9.{number}" for number in range(1, 91)]
    server = Server("0.0.0.0")
    port = server.httpd.server_port
    monkeypatch.setenv(ALLOW, ",".join(f"{host}:{port}" for host in hosts))
    server.pages["/silent"] = silent
    server.page("/", b"here")
    hanging = [f"http://{host}:{port}/silent" for host in hosts[:70]]  # more than there are places
    prompt = [f"http://{host}:{port}/" for host in hosts[70:]]
    try:
        answers, ended = get_all(hanging + prompt, deadline=4.0)  # a busy machine may need two
    finally:
        server.close()
    assert all(isinstance(answer, FetchFailed) for answer in answers[:70])
    assert all(isinstance(answer, Response) for answer in answers[70:])
    assert max(ended[70:]) < min(ended[:70])


def test_a_silent_host_is_not_asked_a_third_time(server: Server) -> None:
    server.pages["/"] = silent

    async def run() -> list[Response | BaseException]:
        async with Fetcher() as fetcher:
            answers: list[Response | BaseException] = []
            for count in (2, 6):  # the others once both have been silent
                asked = [fetcher.fetch(f"{server.url}/", limit=100, deadline=0.3) for _ in range(count)]
                answers += await asyncio.gather(*asked, return_exceptions=True)
            return answers

    answers = asyncio.run(run())
    assert len(server.asked) == 2
    assert [str(answer) for answer in answers[2:]] == [
        "127.0.0.1 did not answer 2 times, so it was not asked again. Try later."
    ] * 6


def test_a_host_that_answers_slowly_is_asked_again(server: Server) -> None:
    def stalls(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.flush()
        time.sleep(1)

    server.pages["/"] = stalls
    get_all([f"{server.url}/"] * 4, deadline=0.2)
    assert len(server.asked) == 4


def test_no_cookie_is_kept(server: Server) -> None:
    server.page("/", b"x", Set_Cookie="who=you; Path=/")

    async def twice() -> None:
        async with Fetcher() as fetcher:
            for _ in range(2):
                await fetcher.fetch(f"{server.url}/", limit=10, deadline=5)

    asyncio.run(twice())
    assert [headers.get("cookie") for _, headers in server.asked] == [None, None]


def test_a_kept_connection_that_was_given_up_is_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    accepted = []

    def serve(listening: socket.socket) -> None:
        for number in range(2):
            connection, _ = listening.accept()
            accepted.append(number)
            with connection:
                connection.recv(10_000)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                if number == 0:
                    connection.recv(10_000)  # the second question, which this connection never answers

    async def twice(url: str) -> list[bytes]:
        async with Fetcher() as fetcher:
            return [(await fetcher.fetch(url, limit=10, deadline=5)).body for _ in range(2)]

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        host = f"127.0.0.1:{listening.getsockname()[1]}"
        monkeypatch.setenv(ALLOW, host)
        threading.Thread(target=serve, args=(listening,), daemon=True).start()
        assert asyncio.run(twice(f"http://{host}/")) == [b"ok", b"ok"]
    assert accepted == [0, 1]


def test_few_large_bodies_at_a_time_and_the_wait_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = [f"127.0.8.{number}" for number in range(1, 11)]
    server = Server("0.0.0.0")
    port = server.httpd.server_port
    monkeypatch.setenv(ALLOW, ",".join(f"{host}:{port}" for host in hosts))
    lock = threading.Lock()
    sending = {"now": 0, "most": 0}

    def slowly(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "18000000")
        request.end_headers()
        request.wfile.write(b"x" * 1_000_000)
        for _ in range(16):  # more than the buffers between us hold: who does not read stops this
            request.wfile.write(b"x" * 1_000_000)
        with lock:
            sending["now"] += 1
            sending["most"] = max(sending.values())
        time.sleep(1.2)
        with lock:
            sending["now"] -= 1
        request.wfile.write(b"x" * 1_000_000)

    server.pages["/"] = slowly
    try:
        answers, ended = get_all([f"http://{host}:{port}/" for host in hosts], deadline=3.0)
    finally:
        server.close()
    assert [len(answer.body) for answer in answers if isinstance(answer, Response)] == [18_000_000] * 10
    assert sending["most"] <= 4
    assert max(ended) > 3.0  # three rounds of four


class Resolver:
    """In the place of socket.getaddrinfo: answers in turn, the last one for good; literals as ever."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answers: dict[str, list[str]]) -> None:
        self.asked: list[str] = []
        self.holding = threading.Event()
        real = socket.getaddrinfo

        def look_up(host: Any, port: int, *question: Any, **more: Any) -> Any:
            if host not in answers:
                return real(host, port, *question, **more)
            self.asked.append(host)
            if not answers[host]:
                self.holding.wait(20)
                raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
            address = answers[host].pop(0) if len(answers[host]) > 1 else answers[host][0]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)


def test_a_name_that_nobody_answers_for_holds_up_nobody(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"slow{number}.example" for number in range(40)]
    resolver = Resolver(monkeypatch, {name: [] for name in names})
    monkeypatch.setattr(fetch_lookup, "SECONDS", 1.0)
    server.page("/", b"here")
    urls = [f"http://{name}/" for name in names]
    try:
        answers, ended = get_all([*urls, f"{server.url}/"])
    finally:
        resolver.holding.set()
    assert ended[-1] < min(ended[:-1])
    assert {str(answer) for answer in answers[:-1]} == {
        f"The name {name!r} could not be looked up in time. Try later." for name in names
    }


def test_a_name_is_looked_up_once_so_it_cannot_become_another(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = server.httpd.server_port
    monkeypatch.setenv(ALLOW, f"home.example:{port}")
    resolver = Resolver(monkeypatch, {"home.example": ["127.0.0.1", "10.0.0.1"]})
    server.page("/", b"here")
    answers, _ = get_all([f"http://home.example:{port}/"] * 3)
    assert [answer.body for answer in answers if isinstance(answer, Response)] == [b"here"] * 3
    assert resolver.asked == ["home.example"]


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"])
def test_a_name_that_stands_for_an_inner_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    Resolver(monkeypatch, {"rebound.example": [address]})
    answers, _ = get_all(["http://rebound.example/"])
    assert isinstance(answers[0], FetchRefused)


def test_an_unknown_name_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    answers, _ = get_all(["http://nobody.example/"])
    assert str(answers[0]) == (
        "http://nobody.example/ could not be read: no machine has that name. Check the address."
    )


def test_a_token_goes_to_nobody_but_the_host_that_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, other = Server(), Server()
    monkeypatch.setenv(ALLOW, f"{asked.host},{other.host}")
    asked.page("/here", status=302, Location="/there")
    asked.page("/there", status=302, Location=f"{other.url}/elsewhere")
    other.page("/elsewhere", b"{}")

    async def run() -> Response:
        async with Fetcher() as fetcher:
            secret = {"Authorization": "Bearer 5ec2e7"}
            return await fetcher.fetch(f"{asked.url}/here", limit=1000, deadline=5.0, headers=secret)

    assert asyncio.run(run()).body == b"{}"
    assert [headers.get("authorization") for _, headers in asked.asked] == ["Bearer 5ec2e7"] * 2
    assert [headers.get("authorization") for _, headers in other.asked] == [None]
    asked.close()
    other.close()


def test_a_question_with_a_body_is_posted_once_and_never_sent_on(server: Server) -> None:
    server.page("/graphql", b'{"data": 1}')
    server.page("/moved", status=307, Location="/graphql")

    async def run(path: str) -> Response:
        async with Fetcher() as fetcher:
            return await fetcher.fetch(server.url + path, limit=1000, deadline=5.0, body=b'{"query": 1}')

    assert asyncio.run(run("/graphql")).body == b'{"data": 1}'
    assert asyncio.run(run("/moved")).status == 307
    assert server.sent == [b'{"query": 1}'] * 2
    assert [path for path, _ in server.asked] == ["/graphql", "/moved"]
