"""Feeds that would break a page, and feeds shaped like those of the sites that people write on.

`Pulled` is a small site with all of them brought in from a server on loopback, trusted and in full,
so that every story has a page.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from PIL import Image

from plugins.guard.document import Document, read_document
from plugins.syndication import PullReport, pull
from tests.conftest import ROOT, Site, copy_site

from .conftest import Served

LAST = "<p>The last words of it, after everything.</p>"
RUNS = "alert('it ran')"
# Each is one entry: cases 8, 9, 10 and 11 of what feeds have done to sites.
TEXTS: dict[str, str] = {
    "nested-quotes": "<blockquote>" * 20_000 + "deep",
    "nested-lists": "<ul><li>" * 5_000 + "deep",
    "nested-bold": "<b><i>" * 3_000 + "deep",
    "many-attributes": "<b " + "a='1' " * 5_000 + ">x",
    "brackets": "[" * 150 + "x](y)",
    "entity-script-link": f'<a href="&#106;avascript:{RUNS}">x</a>',
    "newline-script-link": f'<a href="java&#10;script:{RUNS}">x</a>',
    "tab-script-link": f'<a href="java&Tab;script:{RUNS}">x</a>',
    "data-link": f'<a href="data:text/html,<script>{RUNS}</script>">x</a>',
    "svg-link": f'<svg><a xlink:href="javascript:{RUNS}"><text>x</text></a></svg>y',
    "svg-animation": f'<svg><animate attributeName=href values="javascript:{RUNS}"/></svg>y',
    "svg-onload": f'<svg onload="{RUNS}"><circle r=9></svg>y',
    "math": f"<math><mtext><table><mglyph><style><img src=x onerror={RUNS}></style></table></mtext></math>y",
    "script": f"<script>{RUNS}</script><p>x</p>",
    "handler": f'<p onclick="{RUNS}" onmouseover="{RUNS}">x</p>',
    "image-handler": f'<p>x<img src=x onerror="{RUNS}" alt="a picture"></p>',
    "closes-everything": f"<p>x</p></div></div></main></body></html><script>{RUNS}</script>",
    "opens-everything": "<div><section><table><tr><td><ul><li><details><summary>x",
    "comment-open": "<p>x</p><!-- ",
    "comment-script": f"<p>x</p><!-- --><script>{RUNS}</script> -->",
    "cdata": f"<p>x</p><![CDATA[<script>{RUNS}</script>]]>y",
    "noscript": f'<noscript><p title="</noscript><img src=x onerror={RUNS}>"></noscript>x',
    "textarea": f"<textarea></p><p>x</textarea><script>{RUNS}</script>",
    "plaintext": "<p>x</p><plaintext>",
    "title-element": f"<title>x</title><p>y</p></title><script>{RUNS}</script>",
    "frame": f'<iframe srcdoc="<script>{RUNS}</script>"></iframe>x',
    "frame-elsewhere": '<iframe src="https://player.evil.example/1"></iframe><p>x</p>',
    "object": '<object data="https://evil.example/x.swf"></object><embed src="https://evil.example/e">x',
    "form": '<form action="https://evil.example"><input name=a autofocus><button>x</button></form>y',
    "base-and-refresh": '<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=//x">x',
    "link-element": '<link rel=stylesheet href="https://evil.example/x.css"><p>x</p>',
    "style": '<p style="position:fixed;inset:0;background:url(https://evil.example/b)">x</p>',
    "style-element": "<style>*{background:url(https://evil.example/c)}</style><p>x</p>",
    "remote-media": '<video poster="https://evil.example/p.jpg" src="https://evil.example/v.mp4"></video>x',
    "remote-image": '<p>x<img src="https://tracker.evil.example/i.jpg" srcset="//evil.example/2.jpg 2x"></p>',
    "remote-background": '<table background="https://evil.example/t.png"><tr><td>x</td></tr></table>',
    "pixel": '<p>x</p><img src="https://evil.example/open.gif" width="1" height="1">',
    "ping": '<p><a href="https://ok.example/" ping="https://evil.example/ping" target=_top>x</a></p>',
    "attach": '<p>{attach}../../secret.env <a href="{attach}../../secret.env">x</a></p>',
    "static": '<p>x <a href="{static}/etc/passwd">x</a><img src="{static}/etc/passwd" alt="a picture"></p>',
    "filename": '<p><a href="|filename|../pages/promise.md">x</a> {index} |author|ada-brook|</p>',
    "entity-attach": '<p>&#123;attach&#125;secret.env <a href="&#123;attach&#125;s.env">x</a></p>',
    "relative": '<p><a href="../about">about</a> <a href="?q=1">q</a> <a href="#top">top</a></p>',
    "relative-above": '<p><a href="../../../../../../etc/passwd">x</a> <a href="//evil.example/y">y</a></p>',
    "file-link": '<p><a href="file:///etc/passwd">x</a> <a href="ftp://evil.example/">y</a></p>',
    "escaped-script": f"<p>&lt;script&gt;{RUNS}&lt;/script&gt;</p>",
    "escaped-image": f"<p>&lt;img src=x onerror={RUNS}&gt;</p>",
    "twice-escaped": f"<p>&amp;lt;script&amp;gt;{RUNS}&amp;lt;/script&amp;gt;</p>",
    "markdown-link": f"<p>[x](javascript:{RUNS}) ![y](https://evil.example/m.jpg)</p>",
    "markdown-reference": f"<p>[x][1]</p>\n\n[1]: javascript:{RUNS}\n",
    "markdown-autolink": f"<p>&lt;javascript:{RUNS}&gt;</p>",
    "markdown-block": f'<div markdown="1">*x* <script>{RUNS}</script></div>',
    "fence": f"<p>x</p>\n\n```\n</div><script>{RUNS}</script>\n```\n",
    "front-matter": "<p>x</p>\n---\nstatus: draft\nsave_as: ../../evil.html\n---\n",
    "pulled-mark": "<p>x</p>\n\n<!-- pulled: 0123456789abcdef -->\n",
    "hidden-characters": "<p>\u202eevil\u200b</p>&#x202e;&#8203;&#0;&#xfffe;x",
    "pre": "<pre><code>&lt;b&gt;  two\n\n\nlines {attach}x.jpg ``` </code></pre>",
}
# In RSS too, where another parser has the texts first.
IN_RSS = """
entity-script-link svg-link svg-animation math closes-everything opens-everything
comment-open cdata noscript plaintext title-element frame base-and-refresh remote-image attach
entity-attach relative escaped-script twice-escaped markdown-link fence
""".split()
EXCERPTS = """
svg-animation closes-everything opens-everything comment-open remote-image attach
markdown-link
""".split()
# Case 12: what stands in a field and would be another.
AUTHOR = "Ada\nStatus: published\nTemplate: evil"
FIELDS: dict[str, dict[str, Any]] = {
    "fields-newline": {
        "title": "Title\nStatus: draft\n---\nsave_as: ../../evil.html",
        "authors": [{"name": AUTHOR}],
        "tags": ["a\ntemplate: evil", "Template: evil", "{attach}x", "ok"],
    },
    "fields-markup": {
        "title": f"</title><script>{RUNS}</script> {{attach}}../x |static|y",
        "tags": [f"<img src=x onerror={RUNS}>", "javascript:" + RUNS],
    },
    "fields-json-ld": {
        "title": f"</script><script>{RUNS}</script>",
        "tags": ["]]>", '"}'],
        "language": "en<",
    },
}


def photograph(colour: str, width: int = 640, height: int = 480) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


def hostile(url: str) -> bytes:
    """A JSON Feed, whose texts nothing has read before ours."""
    items: list[dict[str, Any]] = [
        {"id": name, "url": f"{url}/{name}/", "title": name, "content_html": text + LAST}
        for name, text in TEXTS.items()
    ]
    items += [
        {"id": name, "url": f"{url}/{name}/", "content_html": "<p>Some words.</p>" + LAST, **fields}
        for name, fields in FIELDS.items()
    ]
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps(
        {"version": version, "title": "Evil\nStatus: x", "home_page_url": url, "items": items}
    ).encode()


def rss(url: str, items: dict[str, str]) -> bytes:
    """The same as RSS, whose texts feedparser has read first."""
    rows = "".join(
        f"<item><guid>{url}/{name}/</guid><link>{url}/{name}/</link><title>{escape(name)}</title>"
        "<pubDate>Sun, 01 Nov 2026 09:30:00 GMT</pubDate>"
        f"<content:encoded>{escape(text)}</content:encoded></item>"
        for name, text in items.items()
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>In RSS</title><link>{url}/</link>{rows}</channel></rss>"
    ).encode("utf-8", "replace")


def usual(url: str) -> bytes:
    """As WordPress, Substack, Blogger and Ghost write their entries."""
    return rss(
        url,
        {
            "wordpress": f"""
<figure class="wp-block-image size-large"><a href="{url}/pump.jpg"><img width="1024" height="683"
 src="{url}/pump-1024x683.jpg" alt="The pump on bench two" srcset="{url}/pump-300x200.jpg 300w"/></a></figure>
<p class="has-drop-cap">It sang at about two in the morning, and everybody on the shift heard it sing.</p>
<h2 class="wp-block-heading">What it was</h2>
<p>A bearing, of course<img src="https://s.w.org/core/emoji/1f642.png" alt="🙂" class="wp-smiley"/>.</p>
<figure class="wp-block-image"><img src="{url}/bearing.jpg" alt="Half a bearing"/><figcaption>As it
 came out</figcaption></figure>
<ul><li>One</li><li>Two</li></ul><blockquote><p>It has been quiet since.</p></blockquote>
<div class="sharedaddy sd-sharing-enabled"><h3>Share this:</h3><a href="https://twitter.com/intent/tweet">T</a></div>
<div class="jp-relatedposts">Related</div><img src="https://pixel.wp.com/b.gif?x=1" alt=""/>
<p>The post <a href="{url}/wordpress/">It sang</a> appeared first on <a href="{url}/">Walt</a>.</p>""",
            "substack": f"""
<p>Two winters ago I bought a boat I could not afford.</p>
<div class="captioned-image-container"><figure><a class="image-link" href="{url}/boat.jpg">
<div class="image2-inset"><picture><source type="image/webp" srcset="{url}/boat.webp 424w"/>
<img src="{url}/boat.jpg" alt="A boat under a tarpaulin" width="1456" height="971"/></picture></div></a>
</figure></div>
<p>It leaked.</p><div class="subscription-widget-wrap"><form action="https://x.example"><input/></form></div>
<p class="button-wrapper"><a class="button primary" href="https://x.example/s">Subscribe now</a></p>""",
            "blogger": f"""
<div class="separator" style="clear: both;"><a href="{url}/shed.jpg" style="margin-left: 1em;"><img border="0"
 src="{url}/shed.jpg" alt="The shed" width="320" height="240"/></a></div><br/>We built it
out of doors.<br/><br/>
The doors came from the old school, <i>all eleven of them</i>.<div class="blogger-post-footer"><img width="1"
 height="1" src="https://blogger.googleusercontent.com/tracker/1"/></div>""",
            "ghost": f"""
<img src="{url}/kiln.jpg" alt="The kiln, open"><p>The kiln went up at four.</p>
<iframe width="200" src="https://www.youtube.com/embed/abc" title="Four o'clock"></iframe>
<table><thead><tr><th>Hour</th><th>Degrees</th></tr></thead><tbody><tr><td>4</td><td>900</td></tr></tbody>
</table>
<pre><code class="language-python">if hot:
    wait()</code></pre><img src="{url}/kiln.jpg" alt="The kiln, open"><hr><p>We opened it at nine.</p>""",
        },
    )


SOURCES = """
[[source]]
person = "ada-brook"
feed = "{url}/{name}"
mode = "{mode}"
review = false
known_as = ["Ada Status: published Template: evil"]
consent = {{given = 2026-05-01, version = 1, name = "full"}}
"""
PICTURES = ("pump", "bearing", "boat", "shed", "kiln")


@dataclass(frozen=True)
class Pulled:
    """A built site with every one of the feeds in it."""

    site: Site
    report: PullReport
    said: list[str]
    url: str  # the server of the feeds

    def story(self, slug: str) -> Document:
        return read_document(self.site.content / "stories" / slug / "index.md")

    @property
    def slugs(self) -> list[str]:
        return self.report.written


def serve_feeds(served: Served) -> None:
    served.pages["/hostile"] = (200, "application/feed+json", hostile(served.url))
    for name, prefix, chosen in (("rss", "rss-", IN_RSS), ("excerpts", "excerpt-", EXCERPTS)):
        items = {prefix + key: TEXTS[key] + LAST for key in chosen}
        served.pages[f"/{name}"] = (200, "application/rss+xml", rss(served.url, items))
    served.pages["/usual"] = (200, "application/rss+xml", usual(served.url))
    for number, name in enumerate(PICTURES):
        data = photograph(f"#{40 + number * 30:02x}8090")
        served.pages[f"/{name}.jpg"] = (200, "image/jpeg", data)


@contextmanager
def pulled_site(folder: Path) -> Iterator[Pulled]:
    """The small site in the folder, with all the feeds pulled and built; their server stays for the while."""
    with pytest.MonkeyPatch.context() as patch:
        served = Served()
        patch.setenv("FIRSTHAND_FETCH_ALLOW", served.host)
        patch.setenv("SOURCE_DATE_EPOCH", "1794733200")
        patch.chdir(ROOT)
        yield _pulled(copy_site("small", folder), served)
        served.httpd.shutdown()
        served.httpd.server_close()


def _pulled(site: Site, served: Served) -> Pulled:
    """Serve the feeds, pull them, build the site."""
    serve_feeds(served)
    feeds = (("hostile", "full"), ("rss", "full"), ("excerpts", "excerpt"), ("usual", "full"))
    text = "".join(SOURCES.format(url=served.url, name=name, mode=mode) for name, mode in feeds)
    (site.content / "sources.toml").write_text(text)
    said: list[str] = []
    # In a thread: where a browser is open, this one has a loop of events already.
    with ThreadPoolExecutor(1) as thread:
        report = thread.submit(pull, site.content, say=said.append).result()
    site.build(SITEURL="", FEED_DOMAIN="")
    return Pulled(site, report, said, served.url)


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
