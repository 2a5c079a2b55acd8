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
_READING = ("GET", "HEAD", "OPTIONS")
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


def written_by_our_pages(app: WSGIApplication) -> WSGIApplication:
    """The application, where nothing is changed from another site's page that is open in the same browser."""

    def guarded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in _READING and not _is_our_page(environ):
            return Response("Only pages of this server may write here.\n", 403)(environ, start_response)
        return app(environ, start_response)

    return guarded


def _is_our_page(environ: WSGIEnvironment) -> bool:
    # Browsers say with whatever they send where it comes from; what is no browser need not.
    page = environ.get("HTTP_ORIGIN")
    ours = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}"
    return _asks_for_us(environ) and page in (None, ours)


def _is_here(environ: WSGIEnvironment) -> bool:
    forwarded = any(name in environ for name in _FORWARDED)
    return environ.get("REMOTE_ADDR") in _HERE and _asks_for_us(environ) and not forwarded


def _asks_for_us(environ: WSGIEnvironment) -> bool:
    # The name that the browser asked for: another site's, pointed at this machine, is not ours.
    host = str(environ.get("HTTP_HOST", "")).rpartition(":")[0] or str(environ.get("HTTP_HOST", ""))
    return host in _NAMES
