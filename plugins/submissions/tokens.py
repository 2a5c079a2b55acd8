"""The site's secret, and what is signed with it: a form's own number, and when it was handed out."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import BadData, URLSafeSerializer

from plugins import FirsthandError
from plugins.guard.private import write_once

SECRET = "FIRSTHAND_SECRET"  # noqa: S105 - the variable's name
SHORTEST = 16  # characters


def site_secret(root: Path, env: Mapping[str, str] = os.environ) -> bytes:
    """FIRSTHAND_SECRET, else random bytes in var/secret, made once for nobody else to read.

    Several processes on several machines need the variable. Raises FirsthandError.
    """
    if given := env.get(SECRET, "").strip():
        if len(given) < SHORTEST:
            raise FirsthandError(f"{SECRET} is shorter than {SHORTEST} characters. Set a longer, random one.")
        return given.encode()
    path = root / "var" / "secret"
    try:
        return write_once(path, secrets.token_hex(32).encode())
    except OSError as error:
        raise FirsthandError(
            f"{path.parent.name}/secret cannot be kept: {error.strerror}. Make var/ writable or set {SECRET}."
        ) from error


@dataclass(frozen=True)
class Opened:
    """What a seal held, and how many seconds ago it was made."""

    value: str
    age: float


class Seals:
    """Signs a short text for one purpose. Whoever changes a character of it gets nothing."""

    def __init__(self, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self._secret, self._clock = secret, clock

    def seal(self, purpose: str, value: str) -> str:
        """The value with the time, signed; letters, digits and `-_.` only."""
        return str(self._of(purpose).dumps([value, round(self._clock(), 1)]))

    def open(self, purpose: str, sealed: str, within: float) -> Opened | None:
        """What was sealed for that purpose in the last `within` seconds; None for anything else."""
        try:
            value, at = self._of(purpose).loads(sealed[:500])
            age = self._clock() - float(at)
        except (BadData, ValueError, TypeError):
            return None
        return Opened(str(value), age) if -1 <= age <= within else None

    def _of(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(self._secret, salt=f"firsthand {purpose}")
