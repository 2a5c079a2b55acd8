"""A small built site, and a server in a process of its own."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 30  # seconds until what did not happen counts as failed; a free machine takes one
# What tasks.py does, in short: the build is a command, the server is ours.
SERVE = """
import sys
from pathlib import Path
from plugins import FirsthandError
from plugins.serving import build_command, serve
root, port, command = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
try:
    serve(root, build=build_command(command, root), port=port)
except FirsthandError as error:
    sys.exit(str(error))
"""
BUILD = """
import pathlib, sys
words = pathlib.Path("content/words.txt").read_text()
if "wrong" in words:
    sys.exit("ERROR content/words.txt:1: It says wrong. Say something else.")
pathlib.Path("output/index.html").write_text(words)
"""


@pytest.fixture
def site(tmp_path):
    output = tmp_path / "output"
    for name, text in {
        "index.html": "<h1>Home</h1>" + "words " * 500,
        "404.html": "<h1>Nothing here</h1>",
        "stories/night/index.html": "<h1>Night</h1>",
        "theme/style.css": "body { color: black }",
        "feeds/all.atom.xml": "<feed/>",
        "plain": "no ending",
        ".secret": "hidden",
    }.items():
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (output / "photo.webp").write_bytes(b"RIFF" + bytes(200))
    (tmp_path / "private.txt").write_text("private")
    (output / "way-out.txt").symlink_to(tmp_path / "private.txt")
    (tmp_path / "content").mkdir()
    (tmp_path / "content/words.txt").write_text("first words")
    (tmp_path / "build.py").write_text(BUILD)
    return tmp_path


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Running:
    """The server's process, and plain HTTP to it."""

    def __init__(self, root, port):
        self.port = port
        command = [sys.executable, "-c", SERVE, str(root), str(port), sys.executable, "build.py"]
        self.log = (root / "log").open("w+")
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=self.log, stderr=subprocess.STDOUT)

    def said(self):
        self.log.flush()
        return Path(self.log.name).read_text()

    def ask(self, path, method="GET", body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.read().decode(), dict(response.getheaders())
        finally:
            connection.close()

    def until(self, check, seconds=PATIENCE):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if check():
                    return
            except OSError:
                pass
            assert self.process.poll() is None, self.said()
            time.sleep(0.05)
        raise AssertionError(self.said())

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(10)
        finally:
            self.process.kill()
            self.log.close()


@pytest.fixture
def running(site):
    server = Running(site, free_port())
    try:
        server.until(lambda: server.ask("/")[0] == 200)
        yield server
    finally:
        server.end()
