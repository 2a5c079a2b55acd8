"""A small content folder with three people, feeds beside it, and a server that keeps them."""

import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.guard.fetch import ALLOW

from .blog import TRUSTED, Blog

FEEDS = Path(__file__).parent / "feeds"


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """content/ with walt, ana and jo; the day is 15 November 2026."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1794733200")
    folder = tmp_path / "content"
    (folder / "stories").mkdir(parents=True)
    (folder / "people").mkdir()
    for slug in ("walt-okafor", "ana-ruiz", "jo-berg"):
        (folder / "people" / f"{slug}.md").write_text(f"---\nname: {slug}\nkind: member\n---\n")
    return folder


class Served:
    """What a path answers: a status, a content type, bytes; `asked` counts."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, str, bytes]] = {}
        self.asked: list[str] = []
        self.slow = 0.0  # seconds before an answer
        self.at_once = self.most_at_once = 0
        outer = self
        lock = threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with lock:
                    outer.asked.append(self.path)
                    outer.at_once += 1
                    outer.most_at_once = max(outer.most_at_once, outer.at_once)
                time.sleep(outer.slow)
                with lock:
                    outer.at_once -= 1
                status, kind, body = outer.pages.get(self.path, (404, "text/plain", b"no such page"))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                if status in (301, 302):
                    self.send_header("Location", body.decode())
                    body = b""
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.httpd.server_port}"
        self.url = f"http://{self.host}"
        threading.Thread(target=self.httpd.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    one = Served()
    monkeypatch.setenv(ALLOW, one.host)
    yield one
    one.httpd.shutdown()
    one.httpd.server_close()


@pytest.fixture
def blog(content: Path, served: Served) -> Blog:
    """Walt's blog, whose stories wait as drafts."""
    return Blog(content, served)


@pytest.fixture
def trusted(content: Path, served: Served) -> Blog:
    """Walt's blog, whose stories are published."""
    return Blog(content, served, TRUSTED)
