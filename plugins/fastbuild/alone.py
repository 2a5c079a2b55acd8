"""One build at a time on what is kept in one folder."""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from plugins.guard.files import TEMPORARY

logger = logging.getLogger(__name__)


@contextmanager
def alone(cache: Path) -> Iterator[None]:
    """Wait for another build on the same folder; then clear away what a killed one left half written.

    The lock is the process's own: it ends with it, however that ends, and its workers do not
    hold it. Where the disk knows no locks, nobody waits. Raises OSError.
    """
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "building").open("a") as lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            logger.warning("Another build is under way; this one begins when it is done.")
            fcntl.lockf(lock, fcntl.LOCK_EX)
        except OSError:  # a disk without locks
            pass
        for left in [*cache.glob(f"{TEMPORARY}*"), *cache.glob(f"photos/{TEMPORARY}*")]:
            with suppress(OSError):
                left.unlink()
        yield
