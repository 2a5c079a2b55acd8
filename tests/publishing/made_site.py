"""A small built site with nothing wrong, for tests to break in one place."""

from pathlib import Path

from PIL import Image

URL = "https://stories.example.org"

PAGE = """<!doctype html>
<html lang="en">
<head>
<title>{title}</title>
<link rel="stylesheet" href="{url}/theme/site.css">
<link rel="canonical" href="{url}/{path}">
<link rel="alternate" type="application/atom+xml" href="{url}/feeds/all.atom.xml">
<meta property="og:image" content="{url}/stories/belt/belt.jpg">
<script src="{url}/theme/site.js" defer></script>
<script type="application/ld+json">{{"@type": "Article", "url": "{url}/{path}"}}</script>
</head>
<body>
{body}
</body>
</html>
"""

BODY = """<a href="#main">Skip</a> <a href="/people/">People</a> <a href="/people">People</a>
<main id="main">
<h1>The night the line stopped &amp; after</h1>
<a href="../../people/#mara">Mara</a> <a href="mailto:a@example.org">Write</a> <a href="#top">Up</a>
<a href="https://elsewhere.example/story">First published</a> <a href="/submit/">Tell</a>
<picture><source srcset="belt.jpg 1x, {url}/stories/belt/belt.jpg 2x">
<img src="belt.jpg" width="320" height="240" alt="A belt"></picture>
<p>Open http://localhost:8000/ to see it.</p>
<svg role="img"><title>A mark</title><use href="#main"/></svg>
</main>"""

FEED = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>Stories</title>
<id>{url}/</id>
<updated>2026-11-01T00:00:00+00:00</updated>
<link href="{url}/" rel="alternate"/>
<link href="{url}/feeds/all.atom.xml" rel="self"/>
<entry>
<title>The night the line stopped</title>
<id>tag:stories.example.org,2026-11-01:/stories/belt/</id>
<updated>2026-11-01T00:00:00Z</updated>
<author><name>Mara Lind</name><uri>{url}/people/#mara</uri></author>
<link href="{url}/stories/belt/" rel="alternate"/>
<content type="html">&lt;img src="{url}/stories/belt/belt.jpg"&gt; on localhost</content>
</entry>
</feed>
"""


def write(output: Path, path: str, text: str) -> None:
    file = output / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def page(path: str, body: str, title: str = "A page") -> str:
    return PAGE.format(url=URL, path=path, title=title, body=body)


def make_site(out: Path) -> Path:
    """Build it in a folder."""
    write(out, "index.html", page("", '<a href="stories/belt/">The night</a>'))
    write(out, "people/index.html", page("people/", '<h2 id="mara">Mara</h2>'))
    write(out, "stories/belt/index.html", page("stories/belt/", BODY.format(url=URL)))
    write(out, "feeds/all.atom.xml", FEED.format(url=URL))
    write(out, "theme/site.js", "'use strict';\n")
    write(out, "theme/site.css", '@font-face { src: url("fonts/text.woff2") }\n/* url(no.png) */\n')
    write(out, "theme/fonts/text.woff2", "a font")
    write(out, "theme/mark.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    write(out, "robots.txt", f"Sitemap: {URL}/sitemap.xml\n")
    write(
        out,
        "sitemap.xml",
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<url><loc>{URL}/stories/belt/</loc></url></urlset>",
    )
    Image.new("RGB", (640, 480), "teal").save(out / "stories/belt/belt.jpg")
    for suffix in ("png", "webp", "avif", "gif", "ico"):
        Image.new("RGB", (32, 32), "teal").save(out / f"theme/mark.{suffix}")
    return out
