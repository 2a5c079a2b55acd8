"""A process that only fetches: what it took, and what it reached. Run by test_fetch_cases.

`memory URL LIMIT` reads an address; `inside` tries to reach a machine's inner addresses, in a network
namespace of its own where those addresses, and a public one, all answer on port 80.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from plugins.guard.fetch import Fetcher, FetchFailed, FetchRefused

PUBLIC = "93.184.216.34"
INNER = ["127.0.0.1", "10.0.0.5", "169.254.169.254", "192.168.3.3", "100.64.0.1", "::1", "fd00::5"]
TRICKS = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[fd00::5]/",
    "http://10.0.0.5/",
    "http://192.168.3.3/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://0.0.0.0/",
    "http://①②⑦.0.0.1/",
    "http://localhost/",
    "http://inner.example/",
    "http://mixed.example/",
    "http://sixth.example/",
]
NAMES = {
    "inner.example": [["127.0.0.1"]],
    "mixed.example": [[PUBLIC, "127.0.0.1"]],
    "sixth.example": [["::ffff:127.0.0.1"]],
    "public.example": [[PUBLIC]],
    "rebinds.example": [[PUBLIC], ["127.0.0.1"]],
}


def peak() -> int:
    """Bytes that this process had in memory at most."""
    return int(re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[0]) * 1024


async def read(url: str, limit: int) -> str:
    """What came of an address, in a word or in the fetcher's own."""
    async with Fetcher() as fetcher:
        try:
            return f"read {len((await fetcher.fetch(url, limit=limit, deadline=20)).body)}"
        except FetchRefused as error:
            return f"refused: {error}"
        except FetchFailed as error:
            return f"failed: {error}"


def inside() -> dict[str, Any]:
    """Each trick, and each as a redirect from a public address; with what was reached."""
    run = ["ip", "link", "set", "lo", "up"]
    subprocess.run(run, check=True)
    for address in [PUBLIC, *INNER]:
        if address not in ("127.0.0.1", "::1"):
            subprocess.run(["ip", "addr", "add", address, "dev", "lo", *_at_once(address)], check=True)
    reached: list[str] = []
    asked: list[str] = []
    for address in [PUBLIC, *INNER]:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listening = socket.socket(family)
        listening.bind((address, 80))
        listening.listen(50)
        threading.Thread(target=_serve, args=(listening, address, reached, asked), daemon=True).start()
    real = socket.getaddrinfo
    turns = {name: list(answers) for name, answers in NAMES.items()}

    def look_up(host: Any, port: Any, *question: Any, **more: Any) -> Any:
        if host not in turns:
            return real(host, port, *question, **more)
        addresses = turns[host].pop(0) if len(turns[host]) > 1 else turns[host][0]
        kinds = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in addresses]
        return [
            (kind, socket.SOCK_STREAM, 6, "", (address, port) + ((0, 0) if kind == socket.AF_INET6 else ()))
            for kind, address in zip(kinds, addresses, strict=True)
        ]

    socket.getaddrinfo = look_up
    outcomes = {}
    for trick in TRICKS:
        outcomes[trick] = asyncio.run(read(trick, 1000))
        outcomes[f"sent on to {trick}"] = asyncio.run(read(f"http://public.example/{trick}", 1000))
    outcomes["rebinding"] = asyncio.run(read("http://rebinds.example/http://rebinds.example/", 1000))
    time.sleep(0.2)
    return {"outcomes": outcomes, "reached": reached, "asked": len(asked)}


def _at_once(address: str) -> list[str]:
    return ["nodad"] if ":" in address else []


def _serve(listening: socket.socket, address: str, reached: list[str], asked: list[str]) -> None:
    while True:
        connection, _ = listening.accept()
        (asked if address == PUBLIC else reached).append(address)
        with connection:
            path = connection.recv(10_000).decode("latin-1").split(" ")[1].lstrip("/")
            answer = f"HTTP/1.1 302 Found\r\nLocation: {path}\r\n" if path else "HTTP/1.1 200 OK\r\n"
            connection.sendall(f"{answer}Content-Length: 0\r\nConnection: close\r\n\r\n".encode("latin-1"))


if __name__ == "__main__":
    if sys.argv[1] == "memory":
        came = asyncio.run(read(sys.argv[2], int(sys.argv[3])))
        print(json.dumps({"came": came, "peak": peak()}))
    else:
        print(json.dumps(inside()))
