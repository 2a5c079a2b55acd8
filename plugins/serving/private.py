"""Pages for whoever sits at this machine: previews of proposals, who waits; nobody else's to see."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from .site import site_app

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOUNT = "/preview"
_HERE = ("127.0.0.1", "::1")
_NAMES = ("127.0.0.1", "localhost", "[::1]")
# What a proxy adds for somebody who is elsewhere.
_FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_VIA")


def preview_app(folder: Path) -> WSGIApplication:
    """A WSGI application that serves `folder` to this machine, by its own names, and to nobody else."""
    return privately(site_app(folder))


def privately(private: WSGIApplication) -> WSGIApplication:
    """The application for whoever sits at this machine; for anybody else there is no such page."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not _is_here(environ):
            return Response("There is no page at this address.\n", 404)(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
            kept = [header for header in headers if header[0].lower() != "cache-control"]
            hidden = [("X-Robots-Tag", "noindex, nofollow"), ("Cache-Control", "no-store")]
            return start_response(status, [*kept, *hidden], *rest)  # type: ignore[arg-type]

        return private(environ, start)  # type: ignore[arg-type]

    return app


def _is_here(environ: WSGIEnvironment) -> bool:
    # The name that the browser asked for: another site's, pointed at this machine, is not ours.
    host = str(environ.get("HTTP_HOST", "")).rpartition(":")[0] or str(environ.get("HTTP_HOST", ""))
    forwarded = any(name in environ for name in _FORWARDED)
    return environ.get("REMOTE_ADDR") in _HERE and host in _NAMES and not forwarded
