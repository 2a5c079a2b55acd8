"""Feeds of every kind pulled into a whole site, built, and pulled again: nothing new, nothing refused."""

from collections.abc import Callable
from typing import Any

import pytest

from plugins.syndication import pull

from .blog import FEEDS
from .conftest import Served

NAMES = ("blog.xml", "rss.xml", "atom.xml", "rdf.xml", "feed.json", "windows-1251.xml")


@pytest.mark.slow
def test_pulled_built_and_pulled_again(make_site: Callable[..., Any], served: Served) -> None:
    site = make_site("small")
    sources = ""
    for name in NAMES:
        person = f"teller-{name.partition('.')[0]}"
        site.write(f"people/{person}.md", f"---\nname: {person}\nkind: member\n---\n")
        data = (FEEDS / name).read_bytes().replace(b"HOST", served.url.encode())
        served.pages[f"/{name}"] = (200, "application/octet-stream", data)
        sources += f'[[source]]\nperson = "{person}"\nfeed = "{served.url}/{name}"\nmode = "full"\n\n'
    served.pages["/comments/5"] = (200, "application/atom+xml", (FEEDS / "comments.xml").read_bytes())
    site.write("sources.toml", sources)
    said: list[str] = []
    report = pull(site.content, say=said.append)
    assert report.failed == {}
    assert report.counts["new"] >= 5 + 2 + 3
    assert report.comments == 3
    # An editor publishes one, with consent; its thread is on its page.
    lamp = site.content / "stories" / "five-the-lamp" / "index.md"
    consent = "consent: {given: 2026-10-01, version: 1, name: full, channels: [site]}"
    lamp.write_text(lamp.read_text().replace("status: draft", f"status: published\n{consent}"))
    site.build()
    page = site.page("stories/five-the-lamp/")
    assert '<link rel="canonical" href="https://walt.example/five/"' in page
    assert "What did it hum?" in page
    assert "B flat" in page
    before = {path: path.read_bytes() for path in site.content.rglob("*") if path.is_file()}
    for name in NAMES:
        again = pull(site.content, source=f"teller-{name.partition('.')[0]}", say=said.append)
        assert (again.counts["new"], again.counts["changed"], again.counts["gone"]) == (0, 0, 0)
    assert {path: path.read_bytes() for path in site.content.rglob("*") if path.is_file()} == before
    # Nobody is asked before the time has come.
    asked = len(served.asked)
    assert pull(site.content, say=said.append).counts["same"] == report.counts["new"]
    assert len(served.asked) == asked
