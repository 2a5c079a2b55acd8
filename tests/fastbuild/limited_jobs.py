"""Work for a process of its own: each ends in another way."""

from __future__ import annotations

import os
import signal
import time


def same(parcel: bytes) -> bytes:
    return parcel


def spin(parcel: bytes) -> bytes:
    while True:
        parcel = parcel[::-1]


def sleep(parcel: bytes) -> bytes:
    time.sleep(60)
    return parcel


def grow(parcel: bytes) -> bytes:
    try:
        return bytes(3_000_000_000)[:1]
    except MemoryError:
        return b"no more"


def die(parcel: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return parcel


def number(parcel: bytes) -> bytes:
    return str(os.getpid()).encode()
