"""A web server on loopback for the fetcher's tests: each path answers what the test says."""

import http.server
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from plugins.guard.fetch import ALLOW

Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


def endless(request: http.server.BaseHTTPRequestHandler) -> None:
    """A body without an end."""
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"x" * 10_000)


def drip(when: str, seconds: float) -> Answer:
    """Ten bytes or headers a second for a while, or "silence" in the place of them."""

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        if when != "silence":
            request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        if when == "body":
            request.wfile.write(b"\r\n")
        for number in range(int(seconds * 10)):
            time.sleep(0.1)
            if when != "silence":
                request.wfile.write(b"x" if when == "body" else b"X-%d: 1\r\n" % number)

    return answer


def respond(
    request: http.server.BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str
) -> None:
    """A whole answer; `Retry_After="5"` is the header Retry-After."""
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


class Server:
    """An http.server in a thread; `pages` says what each path answers, `asked` what was asked."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.sent: list[bytes] = []  # the bodies of what was posted
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                try:
                    outer.pages[self.path](self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def do_POST(self) -> None:
                outer.sent.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
                self.do_GET()

            def log_message(self, *_: object) -> None:
                pass

        self.httpd = http.server.ThreadingHTTPServer((address, 0), Handler)
        self.httpd.daemon_threads = True
        self.host = f"{address}:{self.httpd.server_port}"
        self.url = f"http://{self.host}"
        threading.Thread(target=self.httpd.serve_forever, args=(0.02,), daemon=True).start()

    def page(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        self.pages[path] = lambda request: respond(request, body, status, **headers)

    def close(self) -> None:
        self.httpd.shutdown()
        self.httpd.server_close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server of the test's own that may be asked."""
    one = Server()
    monkeypatch.setenv(ALLOW, one.host)
    yield one
    one.close()
