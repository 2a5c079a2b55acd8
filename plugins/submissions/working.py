"""What goes on behind the receiver: delivering, telling both sides, letters, and forgetting in time."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from plugins import FirsthandError
from plugins.desk.desk import Desk
from plugins.mail import mail_of

from .delivery import Worker
from .following import follow
from .forget import keep_days, sweep
from .host import Host
from .outbox import Outbox
from .pages import Pages
from .post import send_letters

logger = logging.getLogger(__name__)
LOOK_EVERY = 120.0  # seconds between two looks at what the forge has: somebody may have merged there
SWEEP_EVERY = 3600.0  # seconds


def worker_of(
    root: Path,
    outbox: Outbox,
    desk: Desk,
    pages: Pages,
    env: Mapping[str, str] = os.environ,
    *,
    url: str = "",
) -> Worker:
    """The worker of the site in `root`, not started yet. `url` is where the site is, for letters.

    Raises FirsthandError where the environment names no mail server, sender or number of days.
    """
    return Worker(outbox, desk, root, and_then=_rounds(outbox, desk, pages, env, url))


def host_of(pages: Pages, url: str = "") -> Host:
    """The site as storytellers meet it."""
    submit = str(pages.settings["FIRSTHAND_SUBMIT_URL"] or "/submit")
    return Host(
        name=str(pages.settings["SITENAME"]),
        url=(pages.site or url).rstrip("/"),
        content=pages.content,
        words=pages.words,
        reader=pages.reader,
        submit=submit,
    )


def _rounds(outbox: Outbox, desk: Desk, pages: Pages, env: Mapping[str, str], url: str) -> Callable[[], None]:
    """What the worker does after each look into the outbox."""
    mail, days, host = mail_of(env), keep_days(env), host_of(pages, url)
    due = {"look": 0.0, "sweep": 0.0}
    newest = 0

    def is_due(name: str, every: float) -> bool:
        if outbox.clock() < due[name]:
            return False
        due[name] = outbox.clock() + every
        return True

    def rounds() -> None:
        nonlocal newest
        if is_due("look", LOOK_EVERY):
            try:
                desk.waiting()
            except FirsthandError as error:
                logger.warning("The forge could not be looked at (%s).", error)
            newest = 0  # numbers of events that were forgotten come again
        newest = follow(outbox, desk, newest)
        send_letters(outbox, mail, host)
        if is_due("sweep", SWEEP_EVERY):
            sweep(outbox, days)

    return rounds
