"""Runs one command and writes what it took, its children and theirs included; Linux only.

A script of its own, so that nothing else is among its children: `python watch.py RESULT COMMAND...`.
RESULT is JSON: exit code, wall and CPU seconds, `pss` (the largest sum of what all its processes
held at one moment, shared pages counted once) and `rss` (the largest single process), in bytes.
Workers of a fork server outlive the process that started it; being the subreaper (prctl(2)) we
inherit them, so that wait4(2) leaves none out.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import sys
import threading
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
EVERY = 0.1  # seconds between two looks at the memory
LATE = 20  # seconds that a command's children may outlive it


def descendants() -> list[int]:
    """Process ids of all children, theirs too."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text()
            except OSError:  # it has ended
                continue
            parents[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])
    found, reached = [], {os.getpid()}
    while new := {pid for pid, parent in parents.items() if parent in reached and pid not in reached}:
        found += new
        reached |= new
    return found


def proportional(pid: int) -> int:
    """Memory of a process in bytes, shared pages divided among those who share them."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    pss = re.search(r"^Pss:\s+(\d+) kB", text, re.M)
    return int(pss[1]) * 1024 if pss else 0


class Memory(threading.Thread):
    """Looks again and again; takes at most a tenth of one core."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self.over = threading.Event()

    def run(self) -> None:
        pause = 0.0
        while not self.over.wait(pause):
            began = time.thread_time()
            self.peak = max(self.peak, sum(map(proportional, descendants())))
            pause = max(EVERY, 9 * (time.thread_time() - began))


def _too_late(number: int, frame: object) -> None:
    for pid in descendants():
        os.kill(pid, signal.SIGKILL)


def watch(command: list[str]) -> dict[str, float]:
    """Run it to its end and to that of everything it started."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    signal.signal(signal.SIGALRM, _too_late)
    memory = Memory()
    wall = cpu = 0.0
    code = rss = 0
    began = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ)
    memory.start()
    while True:
        try:
            pid, status, used = os.wait4(-1, 0)
        except ChildProcessError:
            break
        if pid == child:
            wall = time.perf_counter() - began
            code = os.waitstatus_to_exitcode(status)
            signal.alarm(LATE)
        cpu += used.ru_utime + used.ru_stime
        rss = max(rss, used.ru_maxrss * 1024)
    signal.alarm(0)
    memory.over.set()
    memory.join()
    return {"code": code, "wall": wall, "cpu": cpu, "pss": memory.peak, "rss": rss}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(watch(sys.argv[2:])))
