"""The sample site, served with its comment server, in a real Chromium."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from plugins.fastbuild.build import build_site

ROOT = Path(__file__).resolve().parents[2]
# Without these, Chromium looks for its maker's hosts at every start.
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
SERVE = "import sys; from pathlib import Path; from plugins.serving import serve; \
serve(Path(sys.argv[1]), build=lambda: None, port=int(sys.argv[2]), output=Path(sys.argv[3]), watched=())"


@pytest.fixture(scope="session")
def chromium(request: pytest.FixtureRequest) -> str:
    """Where Chromium is; the test is left out where it is missing, or fails with --require-browser."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        if request.config.getoption("--require-browser"):
            pytest.fail(
                "Chromium is missing, and --require-browser asks for it. Install the package chromium."
            )
        pytest.skip("Chromium is missing. Install the package chromium to run the tests in a browser.")
    return found


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield running
        running.close()


class Windows:
    """One window with scripts and one without, for whoever only looks.

    Opening a window costs Chromium several times what a page in it does.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._open: dict[bool, Page] = {}

    def page(self, *, width: int, height: int = 900, dark: bool = False, script: bool = True) -> Page:
        """The page of such a window, as large and as dark as is asked for."""
        if script not in self._open:
            self._open[script] = self._browser.new_context(java_script_enabled=script).new_page()
        page = self._open[script]
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if dark else "light")
        return page

    def leave(self) -> None:
        """What was kept for a site goes; its page stays until the next one, as an empty one costs time."""
        for page in self._open.values():
            page.context.clear_cookies()

    def close(self) -> None:
        for page in self._open.values():
            page.context.close()


@pytest.fixture(scope="package")
def windows(browser: Browser) -> Iterator[Windows]:
    found = Windows(browser)
    yield found
    found.close()


@pytest.fixture
def violations() -> Callable[[Page], list[tuple[str, list[str]]]]:
    """What axe finds on a page: rules that are broken, and where."""

    def found(page: Page) -> list[tuple[str, list[str]]]:
        broken = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in broken]

    return found


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample site as `./inv build` makes it."""
    output = tmp_path_factory.mktemp("sample") / "output"
    build_site(ROOT / "pelicanconf.py", quiet=True, OUTPUT_PATH=str(output))
    return output


@pytest.fixture(scope="session")
def address(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site and the real comment server in one process on loopback, as `./inv serve` runs them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path_factory.mktemp("served")
    command = [sys.executable, "-c", SERVE, str(home), str(port), str(built)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(url, timeout=1).close()
                break
            except OSError:
                if server.poll() is not None:
                    pytest.fail(f"The server ended: {server.stderr.read() if server.stderr else ''}")
                time.sleep(0.1)
        yield url
    finally:
        server.terminate()
        server.communicate(timeout=10)


class Opener:
    """Opens paths of the site; a complaint of the console or a request to another host is kept."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.complaints: list[str] = []
        self._own = (address, "data:", "blob:")

    def listen(self, page: Page) -> dict[str, Callable[[Any], None]]:
        """Listen to a page; returns who does."""

        def complain(words: str, wrong: bool) -> None:
            if wrong:
                self.complaints.append(words)

        listeners: dict[str, Callable[[Any], None]] = {
            "console": lambda said: complain(said.text, said.type in ("error", "warning")),
            "pageerror": lambda error: complain(str(error), True),
            "request": lambda asked: complain(asked.url, not asked.url.startswith(self._own)),
        }
        for event, listener in listeners.items():
            page.on(event, listener)  # type: ignore[call-overload]
        return listeners

    def go(self, page: Page, path: str) -> Page:
        answer = page.goto(self.address + path)
        assert answer is not None
        assert answer.status == (404 if "nowhere" in path else 200)
        return page

    def assert_quiet(self) -> None:
        # A 404 page is told of in the console by its own status.
        assert [text for text in self.complaints if not re.search(r"status of 404", text)] == []


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open a path of the site in a window of its own; whatever the page complains of fails the test."""
    contexts: list[Any] = []
    opener = Opener(browser, address)

    def opened(path: str, *, width: int = 1280, dark: bool = False, script: bool = True, **more: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        opener.listen(page)
        return opener.go(page, path)

    yield opened
    for context in contexts:
        context.close()
    opener.assert_quiet()


@pytest.fixture
def look_at(windows: Windows, browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """The same in a window that is there already, for a test that leaves nothing behind in it."""
    opener = Opener(browser, address)
    heard: list[tuple[Page, dict[str, Callable[[Any], None]]]] = []

    def looked(path: str, *, width: int = 1280, dark: bool = False, script: bool = True) -> Page:
        page = windows.page(width=width, dark=dark, script=script)
        heard.append((page, opener.listen(page)))
        return opener.go(page, path)

    yield looked
    windows.leave()
    for page, listeners in heard:
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
    opener.assert_quiet()
