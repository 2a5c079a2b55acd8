"""Everything behind /submit/ at work: the receiver, the storytellers' pages, delivery, letters."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

from plugins import FirsthandError
from plugins.desk import Desk
from plugins.mail import mail_of

from .delivery import Worker
from .health import Health
from .opening import open_site
from .receiver import QUICKEST, receiver_app
from .status import status_pages
from .tokens import site_secret
from .working import worker_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PROXIES = "FIRSTHAND_PROXIES"
MOUNT = "/submit"


@contextmanager
def running(
    root: Path,
    settings_file: Path,
    *,
    address: str = "",
    env: Mapping[str, str] = os.environ,
    quickest: float = QUICKEST,
) -> Iterator[WSGIApplication]:
    """The application to be mounted at /submit; what it receives is delivered until the block ends.

    `address` is the site's own where the settings have none. Raises FirsthandError.
    """
    workers: list[Worker] = []

    def arrived() -> None:
        for each in workers:
            each.wake()

    site = open_site(root, settings_file, env=env, quickest=quickest, arrived=arrived)
    pages, outbox = site.pages, site.outbox
    desk = Desk(root, pages.settings, env, store=outbox.database)
    worker = worker_of(root, outbox, desk, pages, env, url=address)
    health = Health(pages, site.drafts, outbox, site_secret(root, env), lambda: desk.forge.all())
    app = receiver_app(site)
    app.register_blueprint(health.blueprint())
    app.register_blueprint(status_pages(outbox, pages, mail=mail_of(env) is not None), url_prefix="/s")
    workers.append(worker.start())
    try:
        yield app
    finally:
        worker.stop()
        outbox.database.close()


def application(root: Path | None = None, env: Mapping[str, str] = os.environ) -> WSGIApplication:
    """The receiver for a WSGI server, at the path /submit of its host.

    `waitress-serve --call plugins.submissions.running:application` in the site's folder. It uses
    publishconf.py where FIRSTHAND_SITEURL is set, else pelicanconf.py. Raises FirsthandError.
    """
    root = (root or Path.cwd()).resolve()
    conf = root / ("publishconf.py" if env.get("FIRSTHAND_SITEURL") else "pelicanconf.py")
    behind = env.get(PROXIES, "0").strip()
    if not behind.isdigit():
        raise FirsthandError(f"{PROXIES} is {behind!r}. Write how many servers of yours stand in front: 1.")
    stack, hops = ExitStack(), int(behind)
    app = stack.enter_context(running(root, conf, env=env))
    atexit.register(stack.close)
    whole: WSGIApplication = DispatcherMiddleware(_nothing, {MOUNT: app})
    return ProxyFix(whole, x_for=hops, x_proto=hops, x_host=hops) if hops else whole


def _nothing(environ: object, start: Callable[..., object]) -> list[bytes]:
    start("404 Not Found", [("Content-Type", "text/plain")])
    return [b"The story receiver answers at /submit/.\n"]
