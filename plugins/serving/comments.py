"""Isso inside our process: its database, its salt and its log in var/isso/, its admin page off."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.conversations.comments.options import options, own_salt
from plugins.conversations.providers.isso import CONFIG
from plugins.conversations.providers.isso_markdown import root_logger_left_alone

from .private import written_by_our_pages

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MOUNT = "/comments"


def comments_app(folder: Path, address: str) -> WSGIApplication:
    """The Isso application, for a site at `address` ("http://127.0.0.1:8000").

    `folder` is made where it is missing. Raises FirsthandError where it cannot be used.
    """
    salt = own_salt(folder)
    sites = (address, address.replace("127.0.0.1", "localhost"))
    wanted = options(folder / "comments.db", sites, address + MOUNT, salt, trial=True)
    if (folder / CONFIG).is_file():  # these are the published site's comments: none gets there by itself
        wanted["moderation"]["enabled"] = "true"
    with root_logger_left_alone():
        from isso import config, make_app
    _own_log(folder / "isso.log")
    conf = config.load(config.default_file())
    for section, values in wanted.items():
        for option, value in values.items():
            conf.set(section, option, value)
    app: WSGIApplication = make_app(conf, threading=True)
    return written_by_our_pages(app)


def _own_log(path: Path) -> None:
    logger = logging.getLogger("isso")
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    handler = logging.FileHandler(path, delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.ERROR)
    logger.propagate = False
