"""The feed that a blog's page names is found, and a page made to cost time costs none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.syndication.discover import MOST, FoundFeed, find_feeds

PAGE = "https://walt.example/blog/"


def urls(page: str, base: str = PAGE) -> list[str]:
    return [feed.url for feed in find_feeds(page.encode(), base)]


def alternate(href: str, kind: str = "application/rss+xml", title: str = "", rel: str = "alternate") -> str:
    return f'<link rel="{rel}" type="{kind}" title="{title}" href="{href}">'


def test_a_blog_s_feed_before_that_of_its_comments() -> None:
    page = "<head>" + alternate("/comments/feed/", title="Walt &raquo; Comments Feed")
    page += alternate("feed.json", "application/feed+json") + alternate("/feed/?a=1&amp;b=2", title="Walt")
    assert find_feeds(page.encode(), PAGE) == (
        FoundFeed("https://walt.example/feed/?a=1&b=2", "Walt", "application/rss+xml"),
        FoundFeed("https://walt.example/blog/feed.json", "", "application/feed+json"),
        FoundFeed("https://walt.example/comments/feed/", "Walt » Comments Feed", "application/rss+xml"),
    )


@pytest.mark.parametrize(
    "link",
    [
        "<LINK REL=Alternate TYPE=Application/RSS+XML HREF=/feed>",
        "<link href='/feed' type='application/rss+xml; charset=utf-8' rel='home alternate'/>",
        '<link\nrel="alternate"\ntype="application/atom+xml"\nhref="/feed"\n/>',
        '<link data-x="a>b" rel="alternate" type="application/rss+xml" href="/feed">',
        '<link rel=feed href="/feed">',
        '<link rel=alternate type="text/xml" href=" /feed ">',
    ],
)
def test_ways_to_write_the_link(link: str) -> None:
    assert urls(f"<!doctype html><html><head><title>t</title>{link}") == ["https://walt.example/feed"]


@pytest.mark.parametrize(
    "page",
    [
        "",
        alternate("/es/", "text/html"),
        alternate("/feed", rel="stylesheet"),
        alternate("/feed", rel="alternate stylesheet"),
        alternate("javascript:alert(1)"),
        alternate("file:///etc/passwd"),
        alternate("http://[::1"),
        '<link rel="alternate" type="application/rss+xml">',
        f"<!-- {alternate('/feed')} -->",
        f"<script>'{alternate('/feed')}'</script>",
        f"<SCRIPT>{alternate('/feed')}</SCRIPT >",
        f"<textarea>{alternate('/feed')}</textarea>",
        f"<title>{alternate('/feed')}</title>",
        f"<!-- never closed {alternate('/feed')}",
        '<linked rel="alternate" type="application/rss+xml" href="/feed">',
    ],
)
def test_what_is_no_feed(page: str) -> None:
    assert urls(page) == []


def test_the_page_s_base_counts() -> None:
    assert urls('<base href="/other/">' + alternate("feed")) == ["https://walt.example/other/feed"]


def test_each_once_and_not_too_many() -> None:
    assert urls(alternate("/feed") * 3) == ["https://walt.example/feed"]
    assert len(urls("".join(alternate(f"/{number}") for number in range(100)))) == MOST


@pytest.mark.parametrize(
    "piece",
    ["<!--", "<script>", "<link ", "<link a='", "<", "<title>", "<base href=", "<link rel=alternate "],
)
def test_a_page_made_to_cost_time(piece: str) -> None:
    assert find_feeds((piece * 300_000).encode(), PAGE) == ()


@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_bytes_and_any_base(page: bytes, base: str) -> None:
    page += (
        b"-->'\"></script></style></template></textarea></title>" + alternate("https://x.example/f").encode()
    )
    assert all(feed.url.startswith("http") for feed in find_feeds(page, base))
