"""The receiver put together from a site's folder and the environment."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

from plugins import FirsthandError
from plugins.database import database

from .drafts import Drafts
from .outbox import Outbox
from .pages import Pages
from .rates import Rates
from .receiver import QUICKEST, Site, receiver_app
from .tokens import Seals, site_secret

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PROXIES = "FIRSTHAND_PROXIES"
MOUNT = "/submit"


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
    )


def application(root: Path | None = None, env: Mapping[str, str] = os.environ) -> WSGIApplication:
    """The receiver for a WSGI server, at the path /submit of its host.

    `waitress-serve --call plugins.submissions.opening:application` in the site's folder. It uses
    publishconf.py where FIRSTHAND_SITEURL is set, else pelicanconf.py. Raises FirsthandError.
    """
    root = (root or Path.cwd()).resolve()
    conf = root / ("publishconf.py" if env.get("FIRSTHAND_SITEURL") else "pelicanconf.py")
    app: WSGIApplication = receiver_app(open_site(root, conf, env=env))
    wrapped: WSGIApplication = DispatcherMiddleware(_nothing, {MOUNT: app})
    behind = env.get(PROXIES, "0").strip()
    if not behind.isdigit():
        raise FirsthandError(f"{PROXIES} is {behind!r}. Write how many servers of yours stand in front: 1.")
    if int(behind):
        hops = int(behind)
        wrapped = ProxyFix(wrapped, x_for=hops, x_proto=hops, x_host=hops)
    return wrapped


def _nothing(environ: object, start: Callable[..., object]) -> list[bytes]:
    start("404 Not Found", [("Content-Type", "text/plain")])
    return [b"The story receiver answers at /submit/.\n"]
