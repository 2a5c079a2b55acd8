"""A thousand members' feeds on this machine: what a pull costs when few have changed, and some hang."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from plugins import FirsthandError
from plugins.guard.fetch_policy import ALLOW

from . import watch

ROOT = Path(__file__).resolve().parents[2]
_PULL = """
import json, sys, time
from pathlib import Path
begun, others = time.monotonic(), [0.0]
from plugins.syndication import pull
def say(line):
    if line.startswith("http") and "not read" not in line:
        others.append(time.monotonic() - begun)
print(json.dumps({"summary": pull(Path(sys.argv[1]), say=say).summary(), "others": max(others)}))
"""
_ENTRY = (
    "<item><guid>urn:{feed}:{number}</guid><title>Story {number} of {feed}</title>"
    "<link>https://blog{feed}.example/{number}</link><pubDate>Sun, 01 Nov 2026 10:00:00 GMT</pubDate>"
    "<description>&lt;p&gt;What happened in the workshop of {feed}, told in a few words.&lt;/p&gt;"
    "</description></item>"
)


@dataclass(frozen=True)
class Pulled:
    """One pull, measured from outside: its whole tree of processes."""

    name: str
    wall: float  # seconds
    cpu: float  # seconds
    memory: float  # bytes, at most at one time
    others: float  # seconds until the last feed had come that could be read
    summary: str


def run_feeds(
    folder: Path, *, count: int, changed: int, hanging: int, say: Callable[[str], None]
) -> list[Pulled]:
    """A first pull of all; one where all but `changed` answer 304; one with `hanging` more that never answer.

    Raises FirsthandError where a pull fails.
    """
    hosts = [f"127.77.{number // 250}.{number % 250 + 1}" for number in range(count + hanging)]
    content = _content(folder, len(hosts))
    rows = []
    with _serving(folder) as port:
        urls = [f"http://{host}:{port}/feed" for host in hosts]
        os.environ[ALLOW] = ",".join(f"{host}:{port}" for host in hosts)
        try:
            for name, version, listed in (
                (f"first pull of {count:,}", 1, urls[:count]),
                (f"again, {changed} changed", 2, urls[:count]),
                (f"again, {changed} changed, and {hanging} that hang", 3, urls),
            ):
                say(name)
                (folder / "served").write_text(f"{version} {count} {changed}")
                _list(content, listed)
                _forget_when(folder)
                rows.append(_measured(name, content))
        finally:
            del os.environ[ALLOW]
    return rows


def _measured(name: str, content: Path) -> Pulled:
    result = content.parent / "measured.json"
    command = [sys.executable, watch.__file__, str(result), sys.executable, "-c", _PULL, str(content)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = json.loads(result.read_text()) if done.returncode == 0 else {"code": done.returncode}
    if found["code"]:
        raise FirsthandError(f"The pull failed:\n{done.stderr[-2000:]}")
    told = json.loads(done.stdout)
    return Pulled(name, found["wall"], found["cpu"], found["pss"], told["others"], told["summary"])


def _content(folder: Path, people: int) -> Path:
    content = folder / "content"
    (content / "stories").mkdir(parents=True)
    (content / "people").mkdir()
    for number in range(people):
        (content / "people" / f"member-{number}.md").write_text(
            f"---\nname: Member {number}\nkind: member\n---\n"
        )
    return content


def _list(content: Path, urls: list[str]) -> None:
    tables = (f'[[source]]\nperson = "member-{number}"\nfeed = "{url}"\n' for number, url in enumerate(urls))
    (content / "sources.toml").write_text("".join(tables))


def _forget_when(folder: Path) -> None:
    """Every feed's time has come, as though an hour had gone by."""
    file = folder / "var" / "firsthand.sqlite"
    if file.is_file():
        with contextlib.closing(sqlite3.connect(file)) as kept:
            kept.execute("UPDATE syndication_visits SET next_at = 0")
            kept.commit()


@contextlib.contextmanager
def _serving(folder: Path) -> Iterator[int]:
    """A process that serves every feed on every loopback address; its port."""
    (folder / "served").write_text("1 0 0")
    command = [sys.executable, "-m", "tests.benchmarks.feeds", str(folder / "served")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            said = server.stdout.readline() if server.stdout else ""
            if not said.strip().isdigit():
                raise FirsthandError("The server of feeds did not start. Look at its words above.")
            yield int(said)
        finally:
            server.kill()


def _answer(number: int, request: bytes, served: Path) -> bytes | None:
    """What feed `number` says, or None where it never answers."""
    version, count, changed = map(int, served.read_text().split())
    if number >= count:
        return None
    tag = f'"{version if number < changed else 1}"'
    if b"if-none-match: " + tag.encode() in request.lower():
        return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nConnection: close\r\n\r\n".encode()
    latest = version if number < changed else 1
    entries = "".join(_ENTRY.format(feed=number, number=entry) for entry in range(latest, 0, -1))
    body = f'<rss version="2.0"><channel><title>Blog {number}</title>{entries}</channel></rss>'.encode()
    head = f"HTTP/1.1 200 OK\r\nETag: {tag}\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def _serve(served: Path) -> None:
    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            _, _, third, fourth = map(int, writer.get_extra_info("sockname")[0].split("."))
            answer = _answer(third * 250 + fourth - 1, request, served)
            if answer is None:
                await reader.read()
            else:
                writer.write(answer)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(one, "0.0.0.0", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
