"""What we set on every Isso, in `./inv serve` and in earnest; the rest is as Isso has it.

Source: https://isso-comments.de/docs/reference/server-config/
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from plugins import FirsthandError
from plugins.guard.private import write_once

Options = dict[str, dict[str, str]]  # by section


def options(database: Path, sites: Sequence[str], endpoint: str, salt: str, *, trial: bool) -> Options:
    """Isso's options for the site at `sites`, origins of which readers may come from.

    `endpoint` is where readers reach Isso. A `trial` is on this machine alone: nothing waits for a
    moderator, and nobody is held back. Raises FirsthandError for a path that Isso would not read as it is.
    """
    for_readers = "false" if trial else "true"
    own_site = not trial and endpoint.startswith(f"{sites[0]}/")
    return {
        "general": {
            "dbpath": _as_isso_reads(database),
            "host": "\n".join(sites),  # whose pages may show and send comments (CORS)
            "latest-enabled": "true",  # by which ./inv conversations reads all threads in one request
            # Isso's "stdout" would write keys into the log by which anybody can delete a comment.
            "notify": "nobody",
        },
        "admin": {
            "enabled": "false",
            # Isso's own password is public; somebody may switch the page on and forget that.
            "password": hashlib.sha256(f"admin {salt}".encode()).hexdigest(),
        },
        # Isso throws away what nobody has looked at for so long; its own 30 days are a long holiday.
        "moderation": {"enabled": for_readers, "purge-after": "365d"},
        "server": {"public-endpoint": endpoint, "samesite": "Lax" if own_site else ""},
        # On loopback all readers have one address: the limits would refuse the third comment. Isso counts
        # neighbours as one (a /24), and for good: its own three to a story would shut out whole offices.
        "guard": {"enabled": for_readers, "direct-reply": "20"},
        "hash": {"salt": salt, "algorithm": "pbkdf2"},
    }


def own_salt(folder: Path) -> str:
    """A random salt of this installation, made once; Isso's own is public and the same everywhere.

    Raises FirsthandError.
    """
    path = folder / "salt"
    try:
        return write_once(path, f"{secrets.token_hex(16)}\n".encode()).decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise FirsthandError(
            f"{folder}: the comments cannot be kept here: {why}. Make the folder writable."
        ) from error


def _as_isso_reads(path: Path) -> str:
    text = str(path)
    if os.path.expandvars(text) != text or text != text.strip() or not text.isprintable():
        raise FirsthandError(
            f"Isso cannot keep comments at {text!r}: it reads $ as a variable's name, and lines singly. "
            "Choose a plainer folder."
        )
    return text
