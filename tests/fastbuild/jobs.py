"""What workers do in the tests of the executor; they import it by name."""

from __future__ import annotations

import os
import pickle
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def double(data: bytes) -> bytes:
    return data * 2


def slow(data: bytes) -> bytes:
    time.sleep(0.02)
    return data


def die(data: bytes) -> bytes:
    os._exit(3)


def die_once(data: bytes) -> bytes:
    mark = Path(data.decode())
    if not mark.exists():
        mark.touch()
        os._exit(3)
    return b"done"


def too_much(data: bytes) -> bytes:
    return bytes(8_000_000_000)


def wrong(data: bytes) -> bytes:
    raise ValueError("wrong")


def who(data: bytes) -> bytes:
    return str(os.getpid()).encode()


def imported(name: bytes) -> bytes:
    return str(name.decode() in sys.modules).encode()


def shout(site: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    return f"{site['SITENAME']} {values['thing'].name.upper()} {''.join(values['bodies'])}"


def read_all(packed: bytes) -> bytes:
    """As a reader's work: what a file says, and its text."""
    options, jobs = pickle.loads(packed)
    made = []
    for file, raw in jobs:
        text = raw.decode()
        made.append(((options, file.shown, text, sorted(file.beside or ())), f"<p>{text}</p>"))
    return pickle.dumps(made)
