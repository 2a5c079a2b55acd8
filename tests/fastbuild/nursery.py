"""A process that has loaded what a build needs and has built nothing; each build is a fork of it.

Loading takes longer than most of the builds that tests kill. A fork knows nothing of other builds,
leads a session of its own, and has the pid and the end that any process has.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import types
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
# What a build imports, and what its plugins do when they begin to work.
LOADED = """
plugins.fastbuild.build plugins.people plugins.stories plugins.photos plugins.conversations plugins.desk
plugins.publishing pelican.plugins.yaml_metadata.yaml_metadata tomllib
""".split()
_LARGEST = 1 << 16  # bytes of an order


class Born:
    """A fork, as far as a test needs what subprocess.Popen has."""

    def __init__(self, pid: int, line: socket.socket) -> None:
        self.pid = pid
        self._line = line
        self._end = os.pidfd_open(pid)  # nobody has waited for it, so that it is this one
        self._code: int | None = None

    def poll(self) -> int | None:
        """None while it runs."""
        return self._reaped() if self._ended(0) else None

    def wait(self) -> int:
        """How it ended: a number, or the signal as a negative one."""
        self._ended(None)
        return self._reaped()

    def kill(self) -> None:
        """SIGKILL, to it alone."""
        if self._code is None:
            os.kill(self.pid, signal.SIGKILL)

    def _ended(self, timeout: float | None) -> bool:
        return self._code is not None or bool(select.select([self._end], [], [], timeout)[0])

    def _reaped(self) -> int:
        if self._code is None:
            self._code = _asked(self._line, {"reap": self.pid})
            os.close(self._end)
        return self._code


class Nursery:
    """Starts builds; ends with a `with`."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-m", __name__, str(theirs.fileno())]
            self._process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, pass_fds=[theirs.fileno()]
            )

    def __enter__(self) -> Nursery:
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()  # which is its end
        self._process.wait()

    def build(self, code: str, env: dict[str, str], output: IO[Any] | int) -> Born:
        """Run code in a fork, where what it needs is loaded; what it prints goes to `output`."""
        file = output if isinstance(output, int) else output.fileno()
        return Born(_asked(self._line, {"code": code, "env": env}, file), self._line)


def _asked(line: socket.socket, order: dict[str, Any], *files: int) -> int:
    socket.send_fds(line, [json.dumps(order).encode()], files)
    return int(line.recv(_LARGEST))


def _serve(line: socket.socket) -> dict[str, Any] | None:
    """Answer orders until nobody is there to give any; returns in every fork too, with its order."""
    while True:
        data, files, _, _ = socket.recv_fds(line, _LARGEST, 1)
        if not data:
            return None
        order: dict[str, Any] = json.loads(data)
        if "reap" in order:
            answer = os.waitstatus_to_exitcode(os.waitpid(order["reap"], 0)[1])
        elif answer := os.fork():
            os.close(files[0])
        else:
            os.setsid()
            os.dup2(files[0], 1)
            os.dup2(files[0], 2)
            os.close(files[0])
            return order
        line.send(str(answer).encode())


def _live(order: dict[str, Any]) -> None:
    """In the fork: what `python -c` does with the code."""
    os.environ.clear()
    os.environ.update(order["env"])
    sys.argv = ["-c"]
    sys.modules["__main__"] = main = types.ModuleType("__main__")
    exec(compile(order["code"], "<build>", "exec"), vars(main))


if __name__ == "__main__":
    for name in LOADED:
        importlib.import_module(name)
    with socket.socket(fileno=int(sys.argv[1])) as given:
        own = _serve(given)
    if own is not None:
        _live(own)
