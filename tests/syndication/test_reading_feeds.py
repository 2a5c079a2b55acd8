"""Every format becomes the same Entry, and nothing a feed contains stops the others."""

import datetime
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.fastbuild.limited import Limits
from plugins.syndication.entry import Entry, Feed, Remark
from plugins.syndication.parse import LIMITS, FeedUnreadable, parse_feed, read_feed
from plugins.syndication.worker import feed_job

from .conftest import Served

FEEDS = Path(__file__).parent / "feeds"


def feed(name: str) -> Feed:
    return parse_feed((FEEDS / name).read_bytes(), "https://feeds.example/feed")


def test_rss_with_the_longest_text() -> None:
    read = feed("rss.xml")
    assert (read.title, read.url, read.lang) == ("Walt's bench", "https://walt.example/", "en-gb")
    first, second = read.entries
    assert first.id == "https://walt.example/?p=1"
    assert first.url == "https://walt.example/2026/the-pump-that-sang/"
    assert first.author == "Walt"
    assert first.published == datetime.datetime(2026, 11, 1, 8, 30, tzinfo=datetime.UTC)
    assert first.tags == ("Work", "night shift")
    assert "It sang" in first.html
    assert (second.title, second.published) == ("", None)


def test_atom_with_its_base_and_a_title_in_markup() -> None:
    (entry,) = feed("atom.xml").entries
    assert entry.title == "La noche larga"
    assert entry.url == "https://ana.example/blog/la-noche-larga"
    assert entry.base == "https://ana.example/blog/"
    assert (entry.author, entry.lang, entry.tags) == ("Ana Ruiz", "es-ES", ("noche",))
    assert entry.published is None
    assert entry.updated == datetime.datetime(2026, 11, 2, 10, tzinfo=datetime.UTC)


def test_rdf() -> None:
    (entry,) = feed("rdf.xml").entries
    assert (entry.title, entry.url) == ("One thing", "https://lin.example/one")


def test_json_feed() -> None:
    read = feed("feed.json")
    seven, eight = read.entries
    assert (read.title, seven.id, seven.author, seven.tags) == ("Jo's notes", "7", "Jo Berg", ("tools",))
    assert seven.published == datetime.datetime(2026, 10, 7, 6, tzinfo=datetime.UTC)
    assert eight.url == "https://jo.example/eight"
    assert eight.published is None
    assert eight.html == "<p>No title here, &lt;b&gt;and&lt;/b&gt; no markup.</p>\n<p>Two paragraphs.</p>"


def test_windows_1251() -> None:
    read = feed("windows-1251.xml")
    assert read.title == "Записки"
    assert read.entries[0].title == "Насос, который пел"


def test_a_charset_of_the_server_counts() -> None:
    data = (FEEDS / "windows-1251.xml").read_bytes().replace(b' encoding="windows-1251"', b"")
    assert parse_feed(data, "", "text/xml; charset=windows-1251").title == "Записки"


def test_utf8_that_says_it_is_utf16() -> None:
    data = (FEEDS / "rdf.xml").read_bytes().replace(b'"utf-8"', b'"utf-16"')
    assert [entry.title for entry in parse_feed(data).entries] == ["One thing"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"<!doctype html><title>Soon back</title><p>Maintenance", "web page"),
        (b"<!-- late --><html><head><title>Soon back</title><p>Ask for <feed> or <rss>", "web page"),
        (b"<script>" + b"x" * 5_000 + b"</script><html>", "neither RSS"),
        (b"<opml version='2.0'><body/></opml>", "list of feeds"),
        (b"just words", "neither RSS"),
        (b"\x00\xff\xfe\x01" * 100, "neither RSS"),
        (b"{not json", "cannot be read as JSON"),
        (b"{}", "not a JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": {}}', "without `items`"),
        (b"[" * 100_000, "neither RSS"),
        (b'{"a":' * 100_000, "cannot be read as JSON"),
    ],
)
def test_what_is_no_feed_is_said_in_words(data: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_feed(data)


def test_a_feed_under_a_page_s_document_type_is_a_feed() -> None:
    data = b"<!DOCTYPE html><rss version='2.0'><channel><title>T</title></channel></rss>"
    assert parse_feed(data).title == "T"


def test_the_worker_reads_the_same() -> None:
    for name in ("rss.xml", "feed.json"):
        data = (FEEDS / name).read_bytes()
        assert read_feed(data, "https://feeds.example/feed") == feed(name)


def test_the_worker_says_what_is_no_feed() -> None:
    with pytest.raises(FeedUnreadable, match="web page"):
        read_feed(b"<html><body>hello")


AUTHOR = b"<rss version='2.0'><channel><item><author>" + b"a." * 60_000 + b"</author></item></channel></rss>"
NAMES = b" ".join(b"a%d='b'" % number for number in range(50_000))
ATTRIBUTES = b"<rss version='2.0'><channel><item><title " + NAMES + b">t</title></item></channel></rss>"
TRAPS = {"author": AUTHOR, "attributes": ATTRIBUTES}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_feed_that_costs_too_much_is_left(trap: str) -> None:
    with pytest.raises(FeedUnreadable, match="too much time or memory, so it was left"):
        read_feed(TRAPS[trap], limits=Limits(cpu=1))


@pytest.mark.parametrize(
    "opening", ["<!--", "<![CDATA[", "<!a ", "<?", "<", "&", "<b>", "&lt;blockquote&gt;"]
)
def test_much_that_is_never_closed_is_read_within_the_limits(opening: str) -> None:
    data = f"<rss version='2.0'><channel><title>T</title><item><title>&x;{opening * 30_000}"
    assert len(read_feed(data.encode()).entries) == 1


def test_the_limits_are_ten_seconds_and_a_gigabyte() -> None:
    assert Limits(cpu=10, memory=1 << 30, wall=15) == LIMITS


def test_other_feeds_are_read_beside_one_that_costs_too_much() -> None:
    good = (FEEDS / "rss.xml").read_bytes()

    def titles(data: bytes) -> str:
        try:
            return read_feed(data, limits=Limits(cpu=1)).title
        except FeedUnreadable:
            return "left"

    with ThreadPoolExecutor(4) as several:
        read = list(several.map(titles, [AUTHOR, good, ATTRIBUTES, good, good, b"<html>"]))
    assert read == ["left", "Walt's bench", "left", "Walt's bench", "Walt's bench", "left"]


LAUGHS = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
LONG = f'<!ENTITY a "{"ha" * 50_000}">'


@pytest.mark.parametrize(
    ("dtd", "text"),
    [
        (LAUGHS, "&a11;"),
        (LONG, "&a;" * 5_000),
        ('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"),
        ('<!ENTITY x SYSTEM "{url}/secret">', "&x;"),
        ('<!ENTITY % x SYSTEM "{url}/secret"> %x;', "-"),
        ('<!ENTITY x PUBLIC "-//x" "{url}/secret">', "&x;"),
    ],
    ids=["laughs", "long", "file", "web", "parameter", "public"],
)
def test_entities_read_nothing_and_grow_to_nothing(dtd: str, text: str, served: Served) -> None:
    dtd = dtd.replace("{url}", served.url)
    data = (
        f"<?xml version='1.0'?><!DOCTYPE rss [{dtd}]><rss version='2.0'><channel><title>t</title>"
        f"<item><title>{text}</title><description>{text}</description></item></channel></rss>"
    )
    try:
        said = json.dumps(read_feed(data.encode(), limits=Limits(cpu=5, memory=300_000_000)).as_json())
    except FeedUnreadable:
        said = ""
    assert "root:" not in said
    assert len(said) < 100_000
    assert served.asked == []


def test_an_outside_document_type_is_not_read(served: Served) -> None:
    data = f"<!DOCTYPE rss SYSTEM '{served.url}/rss.dtd'><rss version='2.0'><channel><title>t</title>"
    assert read_feed(data.encode() + b"</channel></rss>").title == "t"
    assert served.asked == []


def test_more_entries_than_anybody_reads() -> None:
    items = "".join(f"<item><guid>{n}</guid><title>{n}</title></item>" for n in range(510))
    read = parse_feed(f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>".encode())
    assert (len(read.entries), read.left_out) == (500, 10)


def test_a_feed_survives_json() -> None:
    moment = datetime.datetime(2026, 11, 1, 8, 30, tzinfo=datetime.UTC)
    remark = Remark("2", "1", "B", "https://x.example/#2", moment, "<p>")
    entry = Entry("id", "https://x.example/", "T\n", "A", moment, None, "<p>\ud800", ("a", "b"), "en", "", "")
    entry = replace(entry, comments=(Remark("1"), remark), comments_count=2, noindex=True)
    feed = Feed("F", entries=(entry, Entry()), left_out=3, ttl=60)
    assert Feed.from_json(json.loads(json.dumps(feed.as_json()))) == feed


RSS, ATOM = (FEEDS / "rss.xml").read_bytes(), (FEEDS / "atom.xml").read_bytes()
JSON = (FEEDS / "feed.json").read_bytes()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([RSS, ATOM, JSON]), st.integers(0, 3000), st.integers(0, 60), st.binary(max_size=12))
def test_whatever_is_changed_in_a_feed_it_is_a_feed_or_a_reason(
    data: bytes, at: int, length: int, other: bytes
) -> None:
    changed = data[: at % len(data)] + other + data[at % len(data) + length :]
    answer = json.loads(feed_job(b"https://x.example/feed\n\n" + changed))
    assert answer.get("refused") or Feed.from_json(answer).left_out == 0
