"""`./inv serve`: bind, build, mount, print the addresses, serve, end cleanly."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from waitress.server import BaseWSGIServer, create_server
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from plugins import FirsthandError
from plugins.conversations.comments.seed import seed

from .comments import MOUNT, comments_app
from .listening import MOUNT as LISTEN
from .private import MOUNT as PREVIEW
from .private import preview_app
from .rebuild import build_and_tell, rebuild_on_change
from .site import site_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"
WATCHED = ("content", "theme", "plugins", "pelicanconf.py")


def serve(
    root: Path,
    *,
    build: Callable[[], None],
    port: int = 8000,
    comments: bool = True,
    output: Path | None = None,
    mounts: Mapping[str, WSGIApplication] | None = None,
    watched: tuple[str, ...] = WATCHED,
) -> None:
    """Build the site under `root`, then serve it on loopback until SIGINT or SIGTERM.

    `build` raises FirsthandError where it fails; the server starts all the same and shows the
    site as it was. `mounts` are further WSGI applications by path ("/submit"). Call it in the
    main thread. Raises FirsthandError where the port is taken.
    """
    listener = bind(port)
    address = f"http://{HOST}:{listener.getsockname()[1]}"
    stop = threading.Event()
    with _signals_end(stop):
        try:
            build_and_tell(build)
            apps = dict(mounts or {})
            apps[PREVIEW] = preview_app(root / "var" / "preview")
            if comments:
                apps[MOUNT] = _comments(root, address)
            site = site_app(output or root / "output")
            server = _server(listener, DispatcherMiddleware(site, apps))
            rebuilding = rebuild_on_change(build, root, watched, stop)
            _say_addresses(address, sorted(apps))
            server.run()  # returns on KeyboardInterrupt
            server.close()
            rebuilding.join(timeout=1)
        except KeyboardInterrupt:
            pass
        finally:
            stop.set()
            getattr(build, "stop", lambda: None)()
            listener.close()
    print("Stopped.", flush=True)


def _comments(root: Path, address: str) -> WSGIApplication:
    """Isso; where it has no database yet, with the conversations that content/ keeps of it."""
    folder = root / "var" / "isso"
    database = folder / "comments.db"
    is_new = not database.exists()
    # Isso asks the site for a sign of life, once; nothing listens yet and it goes on.
    app = comments_app(folder, address)
    if is_new:
        try:
            seed(database, root / "content")
        except sqlite3.Error as error:
            print(f"The comments begin empty: what content/ keeps could not be brought back: {error}")
    return app


def bind(port: int) -> socket.socket:
    """A socket on the port that does not listen yet. Raises FirsthandError where it is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise _port_refused(port, error) from error
    return listener


def _port_refused(port: int, error: Exception) -> FirsthandError:
    if getattr(error, "errno", None) == errno.EADDRINUSE:
        return FirsthandError(
            f"Port {port} is taken by another program. Stop it, or choose another: --port {port + 1}"
        )
    return FirsthandError(f"Port {port} cannot be used: {error}. Choose another: --port 8000")


def _server(listener: socket.socket, app: WSGIApplication) -> BaseWSGIServer:
    """Waitress, listening. Raises FirsthandError where another began to listen meanwhile."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    port, opened = listener.getsockname()[1], dict[int, Any]()
    try:
        return create_server(app, map=opened, sockets=[listener], threads=8, ident=None)
    except OSError as error:
        for channel in list(opened.values()):
            channel.close()
        raise _port_refused(port, error) from error


def _say_addresses(address: str, mounts: list[str]) -> None:
    names = {
        MOUNT: "comments",
        PREVIEW: "proposals that ./inv desk.preview built",
        "/submit": "stories sent in",
        LISTEN: "who waits for an answer",
    }
    print(f"The site:  {address}/", flush=True)
    for mount in mounts:
        print(f"           {address}{mount}/  ({names.get(mount, mount.strip('/'))})", flush=True)
    print("It is built again when a file changes. Ctrl-C ends it.", flush=True)


@contextmanager
def _signals_end(stop: threading.Event) -> Iterator[None]:
    """SIGTERM ends the server as Ctrl-C does."""

    def end(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            return  # already ending
        stop.set()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
