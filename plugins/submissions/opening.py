"""What the receiver works with, from a site's folder and the environment."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from plugins.database import database
from plugins.mail import mail_of

from .drafts import Drafts
from .outbox import Outbox
from .pages import Pages
from .rates import Rates
from .receiver import QUICKEST, Site
from .tokens import Seals, site_secret


def open_site(
    root: Path,
    settings_file: Path,
    *,
    env: Mapping[str, str] = os.environ,
    arrived: Callable[[], None] = lambda: None,
    clock: Callable[[], float] = time.time,
    quickest: float = QUICKEST,
) -> Site:
    """What the receiver of the site in `root` works with; `arrived` is called when a story is kept.

    Raises FirsthandError with what has to be mended first.
    """
    secret = site_secret(root, env)
    return Site(
        pages=Pages(settings_file),
        drafts=Drafts(root / "var" / "drafts", clock),
        outbox=Outbox(database(root), secret, clock),
        seals=Seals(secret, clock),
        rates=Rates(env),
        arrived=arrived,
        quickest=quickest,
        letters=mail_of(env) is not None,
    )
