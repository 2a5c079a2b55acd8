"""Where a site can be brought: one module a kind of host, and the table of them."""

from __future__ import annotations

from collections.abc import Callable

from plugins import FirsthandError

from .folder import Folder
from .pages import Pages
from .rsync import Rsync
from .target import Say, Target

__all__ = ["TARGETS", "Say", "Target", "find_target"]

TARGETS: dict[str, Callable[[str], Target]] = {
    "folder": Folder.read,
    "rsync": Rsync.read,
    "pages": Pages.read,
}
"""The word before the colon, and what reads the words after it."""


def find_target(text: str) -> Target:
    """The place a setting names. Raises FirsthandError for one that is not written as it should be."""
    name, colon, place = text.strip().partition(":")
    if not text.strip():
        raise FirsthandError(
            "FIRSTHAND_PUBLISH_TO is not set. Set it to where the site goes, such as folder:/var/www/site,"
            " rsync:you@example.org:/var/www/site or pages:origin/gh-pages."
        )
    if not colon or name not in TARGETS:
        known = ", ".join(f"{known}:" for known in TARGETS)
        raise FirsthandError(f"FIRSTHAND_PUBLISH_TO is {text!r}. Begin it with one of {known}.")
    return TARGETS[name](place)
