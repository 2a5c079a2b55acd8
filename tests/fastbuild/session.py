"""The processes of a session of their own: what is left of a build whose first process was killed."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

PATIENCE = 20  # seconds until what has not ended counts as left; it takes a tenth of one


def living(session: int) -> list[int]:
    """The processes of a session that run or wait."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            pid, rest = path.read_text("utf-8").split(" ", 1)
            state, *fields = rest.rpartition(") ")[2].split()
            if int(fields[2]) == session and state != "Z":
                found.append(int(pid))
    return found


def left(session: int) -> list[int]:
    """The same, when all have had time to end."""
    until = time.monotonic() + PATIENCE
    while (found := living(session)) and time.monotonic() < until:
        time.sleep(0.05)
    return found
