"""sitemap.xml and robots.txt, from the pages that were written.

Source: https://www.sitemaps.org/protocol.html
"""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

from .run import Output


def write_sitemap(writer: Output, site_url: str) -> None:
    """List every page that may be indexed; without an address of the site there is nothing to list."""
    if not site_url:
        return
    folders = [path.removesuffix("index.html") for path in writer.listed]
    pages = [f"{site_url}/{folder}" for folder in folders]
    rows = "".join(f"<url><loc>{escape(page)}</loc></url>\n" for page in pages)
    writer.put(
        Path("sitemap.xml"),
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n',
    )
    writer.put(Path("robots.txt"), f"User-agent: *\nAllow: /\nSitemap: {site_url}/sitemap.xml\n")
