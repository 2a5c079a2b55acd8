"""Submissions: the form at /tell/, the receiver behind it, and all that happens after the receipt.

What a visitor sends is durable in the database before the receipt is shown (outbox); a worker makes a
proposal of it and hands that to the desk, once (delivery); the storyteller follows it on a page of
their own.

What is named here is loaded when it is first asked for: a build needs no web server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins import door

if TYPE_CHECKING:
    from pelican import Pelican

    from .outbox import Outbox
    from .submission import Photo, Receipt, Submission

__all__ = ["Outbox", "Photo", "Receipt", "Submission", "register"]

__getattr__ = door(
    __name__,
    {
        "Outbox": "outbox",
        "Photo": "submission",
        "Receipt": "submission",
        "Submission": "submission",
    },
)


def _initialized(pelican: Pelican) -> None:
    from .settings import check

    check(pelican.settings)


def register() -> None:
    """Called by Pelican: the build writes the page with the form."""
    from pelican.plugins import signals

    from .tell import make_page, take_words

    signals.initialized.connect(_initialized)
    signals.get_generators.connect(make_page)
    signals.all_generators_finalized.connect(take_words)
