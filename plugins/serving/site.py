"""The built site as a WSGI application, answered as a real host would answer it.

Clean addresses, 404.html, content types, compression, the security headers. Nothing outside the
folder is ever read.
"""

from __future__ import annotations

import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from werkzeug.http import is_resource_modified
from werkzeug.wrappers import Request, Response

from plugins.guard.template import policy

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HEADERS = {
    "Cache-Control": "no-cache",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
_FRAMED = "frame-ancestors 'none'"
# The machine's own table may be empty or wrong: these are what a site has.
TYPES = {
    ".avif": "image/avif",
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".atom.xml": "application/atom+xml",
    ".opml": "text/x-opml",
    ".rss.xml": "application/rss+xml",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
_TEXT = ("text/", "application/json", "application/manifest+json", "application/xml")


def site_app(output: Path) -> WSGIApplication:
    """A WSGI application that serves the folder `output`."""

    @Request.application
    def app(request: Request) -> Response:
        response = _answer(request, output)
        response.headers.update(HEADERS)
        # A page names its policy itself, and with it whoever keeps its conversation.
        own = response.mimetype == "text/html"
        response.headers["Content-Security-Policy"] = _FRAMED if own else f"{policy()}; {_FRAMED}"
        return response

    return app


def _answer(request: Request, output: Path) -> Response:
    if request.method not in ("GET", "HEAD"):
        return Response("Only reading here.\n", 405, {"Allow": "GET, HEAD"})
    parts = [part for part in request.path.split("/") if part]
    found = _find(output, parts)
    if found is not None and found.is_dir():
        if not request.path.endswith("/"):
            query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
            return Response(status=308, headers={"Location": quote("/" + "/".join(parts) + "/") + query})
        found = _find(output, [*parts, "index.html"])
    elif request.path.endswith("/"):
        found = None
    if found is None or not found.is_file():
        return _not_found(request, output)
    return _file(request, found)


def _find(output: Path, parts: list[str]) -> Path | None:
    """The file or folder, or None for what is not there, hidden, or outside of the folder."""
    for part in parts:
        if part.startswith(".") and part != ".well-known":
            return None
        if "\\" in part or any(ord(character) < 32 for character in part):
            return None
    root = output.resolve()
    try:
        found = root.joinpath(*parts).resolve(strict=True)
    except (OSError, ValueError):
        return None
    return found if found.is_relative_to(root) else None


def _not_found(request: Request, output: Path) -> Response:
    page = _find(output, ["404.html"])
    if page is None:
        return Response("There is no page at this address.\n", 404, mimetype="text/plain")
    response = _file(request, page, conditional=False)
    response.status_code = 404
    return response


def _file(request: Request, path: Path, *, conditional: bool = True) -> Response:
    mimetype = content_type(path.name)
    is_text = mimetype.startswith(_TEXT) or mimetype.endswith("+xml")
    zipped = is_text and request.accept_encodings.quality("gzip") > 0
    stat = path.stat()
    etag = f"{stat.st_mtime_ns:x}-{stat.st_size:x}{'-gzip' if zipped else ''}"
    if conditional and not is_resource_modified(request.environ, etag=f'"{etag}"'):
        response = Response(status=304)
    else:
        data = _zipped(path, stat.st_mtime_ns, stat.st_size) if zipped else path.read_bytes()
        has_charset = is_text and not mimetype.endswith("json")
        response = Response(data, content_type=mimetype + ("; charset=utf-8" if has_charset else ""))
    response.set_etag(etag)
    if is_text:
        response.headers["Vary"] = "Accept-Encoding"
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=256)
def _zipped(path: Path, changed: int, size: int) -> bytes:
    """The file compressed; remembered until it changes, so that compressing is paid once."""
    return gzip.compress(path.read_bytes(), 6, mtime=0)


def content_type(name: str) -> str:
    """The media type by the file's name; "stories.atom.xml" counts by its two endings first."""
    suffixes = Path(name).suffixes
    for ending in ("".join(suffixes[-2:]).lower(), "".join(suffixes[-1:]).lower()):
        if ending in TYPES:
            return TYPES[ending]
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
