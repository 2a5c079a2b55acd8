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


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield running
        running.close()


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


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open a path of the site; a complaint of the console or a request to another host fails the test."""
    contexts: list[Any] = []
    complaints: list[str] = []
    own = (address, "data:", "blob:")

    def complain(words: str, wrong: bool) -> None:
        if wrong:
            complaints.append(words)

    def opened(path: str, *, width: int = 1280, dark: bool = False, script: bool = True, **more: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complain(said.text, said.type in ("error", "warning")))
        page.on("pageerror", lambda error: complain(str(error), True))
        page.on("request", lambda asked: complain(asked.url, not asked.url.startswith(own)))
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == (404 if "nowhere" in path else 200)
        return page

    yield opened
    for context in contexts:
        context.close()
    # A 404 page is told of in the console by its own status.
    left = [text for text in complaints if not re.search(r"status of 404", text)]
    assert not left
