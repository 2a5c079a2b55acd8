"""How feeds are, and trying an address: what an editor is told, and that nothing is written."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pytest
from rich.console import Console

from plugins.database import database
from plugins.syndication import pull
from plugins.syndication.arrivals import CannotPull
from plugins.syndication.health import health, table
from plugins.syndication.source import Source
from plugins.syndication.trial import try_address
from plugins.syndication.visits import Visit, Visits
from tests.guard.loopback import Server, server

from .asked import NOW, feed, hours, rss

__all__ = ["server"]  # the fixture

PAGE = b"""<!doctype html><title>Walt's garden</title>
<link rel="alternate" type="application/rss+xml" title="Broken" href="/broken">
<link rel="alternate" type="application/atom+xml" title="All of it" href="/feed">"""


def listed(content: Path, *feeds: str) -> None:
    (content / "sources.toml").write_text(
        "".join(f'[[source]]\nperson = "walt-okafor"\nfeed = "{one}"\n' for one in feeds)
    )


def files(content: Path) -> set[str]:
    return {str(path.relative_to(content.parent)) for path in content.parent.rglob("*")}


def test_every_source_is_told_with_those_in_trouble_first(content: Path) -> None:
    urls = [f"https://blog.example/{name}" for name in ("fine", "never", "bad", "gone")]
    listed(content, *urls)
    second = int(NOW.timestamp())
    with database(content.parent) as kept:
        visits = Visits(kept)
        visits.of(Source("walt-okafor", urls[0]))
        visits.note(
            Visit(urls[0], succeeded_at=second, next_at=second + 7200, address="https://new.example/f")
        )
        visits.note(Visit(urls[2], error="[bold]it is empty", failures=3, next_at=second + 60))
        visits.note(Visit(urls[3], error="it is gone", failures=1, paused=True))
        visits.flush()
    rows = {row.feed.split("/")[3].split(" ")[0]: row for row in health(content, hours(1))}
    assert list(rows) == ["bad", "gone", "fine", "never"]
    assert rows["fine"].succeeded == "2026-11-15 12:00"
    assert rows["fine"].next == "2026-11-15 14:00"
    assert rows["fine"].feed == "https://blog.example/fine (now at https://new.example/f)"
    assert (rows["never"].succeeded, rows["never"].next) == ("never", "at the next pull")
    assert rows["bad"].error == "[bold]it is empty (3 times in a row)"
    assert rows["gone"].next == "paused: see its error"
    out = io.StringIO()
    Console(file=out, width=200).print(table(rows.values()))
    assert "[bold]it is empty" in out.getvalue()


def test_stories_are_counted_by_feed(content: Path, server: Server) -> None:
    feed(server, "/one", rss("a", "b"))
    feed(server, "/two", rss("c"))
    listed(content, f"{server.url}/one", f"{server.url}/two")
    pull(content, say=lambda line: None)
    rows = health(content, datetime.datetime.now(datetime.UTC))
    made = len(list((content / "stories").glob("*/index.md")))
    assert made > 0
    assert sum(row.stories for row in rows) == made


def test_no_sources_no_rows_and_no_database(content: Path) -> None:
    assert health(content, NOW) == []
    assert not (content.parent / "var").exists()


def test_a_page_is_tried_through_the_feed_it_names(content: Path, server: Server) -> None:
    server.page("/", PAGE, Content_Type="text/html")
    server.page("/broken", b"", status=404)
    feed(server, "/feed", rss("a", "b"), etag='"1"')
    before = files(content)
    said: list[str] = []
    report = try_address(content, f"{server.url}/", person="walt-okafor", say=said.append)
    words = "\n".join(said)
    assert f"{server.url}/ is a page. It names 2 feeds:" in words
    assert "/broken answers 404" in words
    assert f"{server.url}/feed is a feed: Blog." in words
    assert f'  feed = "{server.url}/feed"' in words
    assert sum(report.counts.values()) == 2
    assert words.endswith("Nothing was written: this was a dry run.")
    assert files(content) == before


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"<!doctype html><p>Hello", "names no feed either"), (PAGE, "None of the feeds"), (b"", "empty")],
)
def test_a_page_without_a_feed_is_told(content: Path, server: Server, body: bytes, words: str) -> None:
    server.page("/", body)
    for path in ("/broken", "/feed"):
        server.page(path, b"", status=404)
    with pytest.raises(CannotPull, match=words):
        try_address(content, f"{server.url}/", say=lambda line: None)


@pytest.mark.parametrize("address", ["ftp://blog.example/", "javascript:alert(1)", "two words", ""])
def test_what_is_no_web_address_is_told(content: Path, address: str) -> None:
    with pytest.raises(CannotPull, match="no web address"):
        try_address(content, address, say=lambda line: None)
