"""sitemap.xml and robots.txt, from the pages that were written.

Source: https://www.sitemaps.org/protocol.html
"""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

from .writer import SiteWriter

_LISTED_NOT = b'name="robots" content="noindex'


def write_sitemap(writer: SiteWriter, site_url: str) -> None:
    """List every page that may be indexed; without an address of the site there is nothing to list."""
    if not site_url:
        return
    pages = []
    for path in sorted(writer.files):
        if path.name == "index.html" and _LISTED_NOT not in path.read_bytes()[:4096]:
            folder = path.parent.relative_to(writer.root).as_posix()
            pages.append(f"{site_url}/" if folder == "." else f"{site_url}/{folder}/")
    rows = "".join(f"<url><loc>{escape(page)}</loc></url>\n" for page in pages)
    writer.put(
        Path("sitemap.xml"),
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n',
    )
    writer.put(Path("robots.txt"), f"User-agent: *\nAllow: /\nSitemap: {site_url}/sitemap.xml\n")
