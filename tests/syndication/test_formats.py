"""What the formats and their modules say, each in its own words, is the same in an Entry."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from plugins.syndication.entry import Entry, Feed
from plugins.syndication.parse import parse_feed

BASE = "https://blog.example/feeds/all.xml"
MODULES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    ' xmlns:thr="http://purl.org/syndication/thread/1.0" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    ' xmlns:atom="http://www.w3.org/2005/Atom"'
)


def rss(item: str, channel: str = "", modules: str = MODULES) -> Feed:
    text = (
        f'<rss version="2.0" {modules}><channel><title>T</title>{channel}<item>{item}</item></channel></rss>'
    )
    return parse_feed(text.encode(), BASE)


def atom(entry: str, head: str = "", attributes: str = "") -> Feed:
    names = (
        f'xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0" {attributes}'
    )
    return parse_feed(f"<feed {names}><title>T</title>{head}<entry>{entry}</entry></feed>".encode(), BASE)


def only(feed: Feed) -> Entry:
    (entry,) = feed.entries
    return entry


@pytest.mark.parametrize(
    "document",
    [
        '<rss version="0.91"><channel><title>T</title><item><title>One</title>'
        "<link>https://a.example/1</link><description>Words &lt;b&gt;here&lt;/b&gt;</description></item>"
        "</channel></rss>",
        '<rss version="0.92"><channel><title>T</title><item><title>One</title>'
        "<link>https://a.example/1</link><description>Words &lt;b&gt;here&lt;/b&gt;</description></item>"
        "</channel></rss>",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>T</title></channel><item>'
        "<title>One</title><link>https://a.example/1</link><description>Words &lt;b&gt;here&lt;/b&gt;"
        "</description></item></rdf:RDF>",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<channel><title>T</title></channel><item rdf:about="https://a.example/1"><title>One</title>'
        "<link>https://a.example/1</link><description>Words &lt;b&gt;here&lt;/b&gt;</description></item>"
        "</rdf:RDF>",
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>T</title><entry><title>One</title>'
        '<link rel="alternate" href="https://a.example/1"/><id>1</id><issued>2004-01-01T00:00:00Z</issued>'
        '<content type="text/html" mode="escaped">Words &lt;b&gt;here&lt;/b&gt;</content></entry></feed>',
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><title>One</title>'
        '<link href="https://a.example/1"/><id>1</id><content type="xhtml">'
        '<div xmlns="http://www.w3.org/1999/xhtml">Words <b>here</b></div></content></entry></feed>',
    ],
    ids=["rss 0.91", "rss 0.92", "rss 0.90", "rss 1.0", "atom 0.3", "atom 1.0"],
)
def test_every_format(document: str) -> None:
    feed = parse_feed(document.encode(), BASE)
    entry = only(feed)
    assert (feed.title, entry.title, entry.url) == ("T", "One", "https://a.example/1")
    assert "Words <b>here</b>" in entry.html


def test_dates_are_utc_whatever_they_are_called() -> None:
    nine = datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)
    assert only(rss("<pubDate>Mon, 02 Nov 2026 10:00:00 +0100</pubDate>")).published == nine
    assert only(rss("<dc:date>2026-11-02T10:00:00+01:00</dc:date>")).updated == nine
    assert only(atom("<published>2026-11-02T10:00:00+01:00</published>")).published == nine
    assert only(rss("<pubDate>once upon a time</pubDate>")).published is None
    assert only(rss("<pubDate>Mon, 02 Nov 99999 10:00:00 GMT</pubDate>")).published is None


def test_the_content_module_and_dublin_core() -> None:
    entry = only(
        rss(
            "<description>Short</description><dc:creator>Walt</dc:creator><dc:subject>Pumps</dc:subject>"
            "<content:encoded><![CDATA[<p>The whole text of it</p>]]></content:encoded>"
        )
    )
    assert (entry.html, entry.author, entry.tags) == ("<p>The whole text of it</p>", "Walt", ("Pumps",))


@pytest.mark.parametrize(
    ("item", "image", "alt"),
    [
        ('<media:content url="/a.jpg" medium="image"/>', "https://blog.example/a.jpg", ""),
        (
            '<media:content url="https://x.example/a.jpg" medium="image"><media:title>a.jpg</media:title>'
            '<media:description type="plain">A pump</media:description></media:content>'
            '<media:content url="https://x.example/b.jpg" medium="image">'
            "<media:description>A valve</media:description></media:content>",
            "https://x.example/a.jpg",
            "A pump",
        ),
        (
            '<media:content url="https://0.gravatar.com/avatar/1?s=96" medium="image"><media:title>walt'
            '</media:title></media:content><media:content url="https://x.example/b.jpg" medium="image"/>',
            "https://x.example/b.jpg",
            "",
        ),
        (
            '<media:group><media:content url="https://x.example/v.mp4" type="video/mp4"/>'
            '<media:thumbnail url="https://x.example/t.jpg"/></media:group>',
            "https://x.example/t.jpg",
            "",
        ),
        ('<enclosure url="https://x.example/c.png" type="image/png"/>', "https://x.example/c.png", ""),
        ('<enclosure url="https://x.example/c.mp3" type="audio/mpeg"/>', "", ""),
        ('<media:content url="data:image/png;base64,AAAA" medium="image"/>', "", ""),
        ("", "", ""),
    ],
)
def test_the_picture_and_the_words_for_it(item: str, image: str, alt: str) -> None:
    entry = only(rss(f"<title>One</title><description>The text of the entry itself</description>{item}"))
    assert (entry.image, entry.image_alt) == (image, alt)
    assert (entry.title, entry.html) == ("One", "The text of the entry itself")


def test_a_pictures_description_takes_nobodys_place() -> None:
    long = "A very long description of the picture, longer than the text. " * 9
    media = f'<media:content url="https://x.example/a.jpg"><media:description>{long}</media:description></media:content>'
    for item in (f"{media}<description>Short</description>", f"<description>Short</description>{media}"):
        assert only(rss(item)).html == "Short"


def test_where_comments_are_and_how_many() -> None:
    entry = only(
        rss(
            "<comments>https://a.example/1#comments</comments><slash:comments>3</slash:comments>"
            "<wfw:commentRss>/1/feed/</wfw:commentRss>"
        )
    )
    assert (entry.comments_feed, entry.comments_count) == ("https://blog.example/1/feed/", 3)
    assert only(rss("<slash:comments>0</slash:comments>")).comments_count == 0
    assert only(rss("<slash:comments>many</slash:comments>")).comments_count is None
    assert only(rss("<title>t</title>")).comments_count is None


def test_another_prefix_says_the_same() -> None:
    modules = (
        'xmlns:w="http://wellformedweb.org/CommentAPI/" xmlns:s="http://purl.org/rss/1.0/modules/slash/"'
        ' xmlns:t="http://purl.org/syndication/thread/1.0"'
    )
    item = (
        "<w:commentRss>https://a.example/f</w:commentRss><s:comments>2</s:comments>"
        '<t:in-reply-to ref="tag:a,1" href="https://a.example/1"/>'
    )
    entry = only(rss(item, modules=modules))
    assert (entry.comments_feed, entry.comments_count, entry.in_reply_to) == (
        "https://a.example/f",
        2,
        "tag:a,1",
    )


@pytest.mark.parametrize("prefix", ["thr", "thread", "THR"])
def test_threads_in_atom(prefix: str) -> None:
    name = f'xmlns:{prefix}="http://purl.org/syndication/thread/1.0"'
    entry = only(
        atom(
            '<link rel="replies" type="text/html" href="/1#comments"/>'
            f'<link rel="replies" type="application/atom+xml" href="/1/comments.atom" {prefix}:count="10"/>'
            f'<{prefix}:in-reply-to ref="tag:blog.example,2026:1" type="text/html"/>',
            attributes=name if prefix != "thr" else "",
        )
    )
    assert entry.comments_feed == "https://blog.example/1/comments.atom"
    assert (entry.comments_count, entry.in_reply_to) == (10, "tag:blog.example,2026:1")


def test_a_total_stands_in_for_a_count() -> None:
    assert only(atom("<thr:total>4</thr:total>")).comments_count == 4


def test_addresses_are_resolved_against_xml_base() -> None:
    feed = atom(
        '<link href="one"/><content type="html" xml:base="pictures/">&lt;img src="a.jpg"&gt;</content>'
        '<link rel="replies" type="application/atom+xml" href="one/comments"/>',
        head='<link href="."/><link rel="self" href="all.atom"/>',
        attributes='xml:base="https://a.example/blog/"',
    )
    entry = only(feed)
    assert (feed.url, feed.self_url) == ("https://a.example/blog/", "https://a.example/blog/all.atom")
    assert entry.url == "https://a.example/blog/one"
    assert entry.base == "https://a.example/blog/pictures/"
    assert entry.comments_feed == "https://a.example/blog/one/comments"


def test_a_link_that_is_no_web_address() -> None:
    assert only(atom('<link href="tag:a.example,2026:1"/><id>1</id>')).url == ""
    assert (
        only(atom('<link href="tag:a,1"/><link rel="alternate" href="/1"/>')).url == "https://blog.example/1"
    )
    assert only(rss("<guid>https://a.example/1</guid>")).url == "https://a.example/1"
    assert only(rss('<guid isPermaLink="false">https://a.example/1</guid>')).url == ""
    assert only(rss("<link>javascript:alert(1)</link>")).url == ""


@pytest.mark.parametrize(
    ("item", "author"),
    [
        ("<author>walt@blog.example (Walt Okafor)</author>", "Walt Okafor"),
        ("<author>walt@blog.example</author>", ""),
        ("<author>Walt Okafor &lt;walt@blog.example&gt;</author>", "Walt Okafor"),
        ("<dc:creator>Walt &amp;amp; Jo</dc:creator>", "Walt & Jo"),
        ("<author>Walt</author>", "Walt"),
    ],
)
def test_an_author_is_a_name_without_an_address(item: str, author: str) -> None:
    assert only(rss(item)).author == author


def test_an_author_of_atom_has_an_address_of_their_own() -> None:
    person = "<author><name>Ana</name><email>ana@a.example</email><uri>https://a.example/</uri></author>"
    entry = only(atom(person))
    assert (entry.author, entry.author_url) == ("Ana", "https://a.example/")
    assert only(atom("<title>t</title>", head=person)).author == "Ana"


@pytest.mark.parametrize(
    ("channel", "seconds"),
    [
        ("<ttl>60</ttl>", 3600),
        ("<ttl>soon</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>0</ttl>", None),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 43_200),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
        ("<sy:updatePeriod>now</sy:updatePeriod>", None),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", None),
        ("", None),
    ],
)
def test_how_long_a_feed_asks_to_be_left_alone(channel: str, seconds: int | None) -> None:
    assert rss("<title>t</title>", channel).ttl == seconds


def test_the_feeds_own_address() -> None:
    assert rss("", '<atom:link rel="self" href="/feed/"/>').self_url == "https://blog.example/feed/"


@pytest.mark.parametrize(
    ("content", "asks"), [("noindex", True), ("nofollow, NOINDEX", True), ("none", True), ("nofollow", False)]
)
def test_who_asks_not_to_be_listed(content: str, asks: bool) -> None:
    meta = f'<xhtml:meta name="robots" content="{content}"/>'
    assert rss("<title>t</title>", meta).noindex is asks
    assert only(rss(meta)).noindex is asks
    assert not only(rss("<title>t</title>", meta)).noindex


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "utf-32", "iso-8859-15", "windows-1252", "utf-8-sig"]
)
def test_declared_encodings(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    text += '<rss version="2.0"><channel><title>Über Öl</title></channel></rss>'
    assert parse_feed(text.encode(encoding)).title == "Über Öl"


@pytest.mark.parametrize("told", ["utf-16", "iso-8859-1", "us-ascii", "utf-7", "no-such-thing"])
@pytest.mark.parametrize("header", [False, True])
def test_utf8_is_read_as_utf8_whatever_is_said_of_it(told: str, header: bool) -> None:
    said = "" if header else f' encoding="{told}"'
    text = f'<?xml version="1.0"{said}?><rss version="2.0"><channel><title>Über Öl – насос</title>'
    text += "</channel></rss>"
    kind = f"text/xml; charset={told}" if header else ""
    assert parse_feed(text.encode(), "", kind).title == "Über Öl – насос"


def test_an_ampersand_alone_and_words_that_html_knows() -> None:
    assert (
        only(rss("<title>Nuts & bolts&nbsp;</title><description>a & b</description>")).title == "Nuts & bolts"
    )


def test_a_feed_that_breaks_off_keeps_its_entries() -> None:
    whole = b'<rss version="2.0"><channel><title>T</title><item><title>One</title></item><item><title>Tw'
    assert [entry.title for entry in parse_feed(whole).entries][:1] == ["One"]


def test_pictures_in_base64_are_no_text() -> None:
    entry = only(atom(f'<content type="image/png">{"QUJD" * 100}</content><summary>Words</summary>'))
    assert entry.html == "<p>Words</p>"


def jsonfeed(item: dict[str, Any], version: str = "1.1", **feed: Any) -> Feed:
    document = {"version": f"https://jsonfeed.org/version/{version}", "title": "T", "items": [item], **feed}
    return parse_feed(json.dumps(document).encode(), BASE)


def test_json_feed_1_0_and_1_1_name_authors_in_their_own_way() -> None:
    walt = {"name": "Walt", "url": "https://walt.example/"}
    for entry in (
        only(jsonfeed({"id": 1, "author": walt}, "1")),
        only(jsonfeed({"id": 1, "authors": [{}, walt]})),
        only(jsonfeed({"id": 1, "authors": "Walt", "author": walt})),
    ):
        assert (entry.id, entry.author, entry.author_url) == ("1", "Walt", "https://walt.example/")
    assert only(jsonfeed({"id": "1"}, authors=[walt])).author == "Walt"


def test_a_json_feed_s_own_address_and_pictures() -> None:
    feed = jsonfeed(
        {"id": "1", "banner_image": "/b.jpg"}, feed_url="feed.json", home_page_url="https://b.example/"
    )
    assert feed.self_url == "https://blog.example/feeds/feed.json"
    assert only(feed).image == "https://b.example/b.jpg"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_json_in_old_encodings(encoding: str) -> None:
    document = {"version": "https://jsonfeed.org/version/1", "title": "Öl", "items": []}
    assert parse_feed(json.dumps(document, ensure_ascii=False).encode(encoding)).title == "Öl"


@pytest.mark.parametrize("value", [None, 7, [], {}, "", True, [{"name": 3}], {"name": None}])
def test_fields_of_json_that_are_not_what_they_should_be(value: Any) -> None:
    keys = "id url title author authors tags image content_html content_text date_published language summary"
    entry = only(jsonfeed(dict.fromkeys(keys.split(), value)))
    assert entry.published is None
    assert (entry.tags, entry.author_url) == ((), "")
