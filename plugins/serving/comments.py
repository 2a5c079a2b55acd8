"""Isso inside our process: its database, its salt and its log in var/isso/, its admin page off."""

from __future__ import annotations

import logging
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins import FirsthandError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MOUNT = "/comments"


def comments_app(folder: Path, address: str) -> WSGIApplication:
    """The Isso application, for a site at `address` ("http://127.0.0.1:8000").

    `folder` is made where it is missing. Raises FirsthandError where it cannot be used.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        salt = _salt(folder / "salt")
    except OSError as error:
        raise FirsthandError(
            f"{folder}: the comments cannot be kept here: {error.strerror}. Make the folder writable."
        ) from error
    _own_log(folder / "isso.log")
    isso_config, make_app = _import_isso()
    config = isso_config.load(isso_config.default_file())
    for section, option, value in (
        ("general", "dbpath", str(folder / "comments.db")),
        ("general", "host", _hosts(address)),
        ("general", "latest-enabled", "true"),
        # The other notification, "stdout", writes the keys that delete a comment.
        ("general", "notify", "nobody"),
        ("admin", "enabled", "false"),
        ("moderation", "enabled", "false"),
        ("server", "public-endpoint", address + MOUNT),
        # On loopback all readers have one address: its limits would refuse the third comment.
        ("guard", "enabled", "false"),
        ("hash", "salt", salt),
    ):
        config.set(section, option, value)
    app: WSGIApplication = make_app(config, threading=True)
    return app


def _hosts(address: str) -> str:
    return "\n".join((address, address.replace("127.0.0.1", "localhost")))


def _salt(path: Path) -> str:
    """A random salt of this installation, made once; Isso's own is public and the same everywhere."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(handle, "w") as file:
        salt = secrets.token_hex(16)
        file.write(salt + "\n")
    return salt


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


def _import_isso() -> tuple[Any, Any]:
    """Import Isso without letting it set up the root logger, as it does on import."""
    root = logging.getLogger()
    keep = logging.NullHandler()
    level = root.level
    root.addHandler(keep)
    try:
        from isso import config, make_app
    finally:
        root.removeHandler(keep)
        root.setLevel(level)
    return config, make_app
