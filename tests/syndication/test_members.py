"""The site's list of its members' own sites, and lists of feeds that come in."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.guard.finding import ContentRefused
from plugins.syndication.blogroll import CannotImport, import_sources
from plugins.syndication.opml import Outline, is_opml, read_opml, write_opml
from plugins.syndication.source import read_sources
from tests.conftest import Site

LIST = "feeds/members.opml"


def source(person: str, feed: str, **more: str) -> str:
    fields = {"person": f'"{person}"', "feed": f'"{feed}"', **more}
    return "[[source]]\n" + "".join(f"{key} = {value}\n" for key, value in fields.items())


def listed(site: Site) -> list[tuple[str, str]]:
    return [(one.title, one.feed) for one in read_opml(site.page(LIST).encode())]


def test_active_sources_of_people_who_show_are_listed(site: Site) -> None:
    site.write("people/gone.md", "---\nname: Gone\nkind: staff\nleft: {date: 2020-01-01, keep: name}\n---\n")
    agreed = '{given = 2026-01-01, version = 1, name = "%s"}'
    site.write(
        "sources.toml",
        source("ada-brook", "https://ada.example/feed?a=1&b=2")
        + source("ada-brook", "https://retired.example/feed", active="false")
        + source("ada-brook", "https://full.example/feed", consent=agreed % "full")
        + source("ada-brook", "https://initials.example/feed", consent=agreed % "initials")
        + source("gone", "https://gone.example/feed"),
    )
    site.build()
    assert [feed for _, feed in listed(site)] == [
        "https://ada.example/feed?a=1&b=2",
        "https://full.example/feed",
    ]
    assert "feeds/members.opml" in site.page("feeds/")
    assert ">The people of Small: the members&#x27; own sites<" in site.page(LIST).replace("'", "&#x27;")


def test_no_list_where_nobody_has_a_feed_and_none_stays(site: Site) -> None:
    site.build()
    assert LIST not in site.files()
    assert LIST not in site.page("feeds/")
    before = site.page("feeds/")
    site.write("sources.toml", source("ada-brook", "https://ada.example/feed"))
    site.build()
    assert LIST in site.files()
    assert LIST in site.page("feeds/")
    site.write("sources.toml", source("ada-brook", "https://ada.example/feed", active="false"))
    site.build()
    assert LIST not in site.files()
    assert site.page("feeds/") == before


def test_a_list_that_did_not_change_is_not_written(site: Site) -> None:
    site.write("sources.toml", source("ada-brook", "https://ada.example/feed"))
    site.build()
    assert site.build().written == 0


def test_a_wrong_sources_file_stops_the_build(site: Site) -> None:
    site.write("sources.toml", source("nobody", "https://ada.example/feed"))
    with pytest.raises(ContentRefused, match=r"sources\.toml:2"):
        site.build()


OPML = """<?xml version="1.0"?>
<!-- from a reader -->
<opml version="1.0"><head><title>Mine</title></head><body>
<outline text="Members">
  <outline text="Walt Okafor" type="rss" xmlUrl="https://walt.example/feed" htmlUrl="https://walt.example/"/>
  <outline text="Jo's shop" type="rss" xmlUrl="https://jo.example/rss" htmlUrl="http://www.jo.example"/>
  <outline text="Walter O." type="rss" xmlUrl="https://walter.example/feed"/>
  <outline text="Walt Okafor" type="rss" xmlUrl="http://walt.example/feed/"/>
  <outline text="Sam" type="rss" xmlUrl="https://sam.example/feed"/>
  <outline text="Not a feed" htmlUrl="https://x.example/"/>
  <outline text="ana-ruiz" type="rss" xmlUrl="feed://ana.example/feed"/>
</outline></body></opml>
"""


@pytest.fixture
def people(content: Path) -> Path:
    folder = content / "people"
    (folder / "walt-okafor.md").write_text("---\nname: Walt Okafor\nkind: member\n---\n")
    (folder / "jo-berg.md").write_text(
        "---\nname: Jo Berg\nkind: member\nlinks: ['https://jo.example/']\n---\n"
    )
    for slug in ("sam-one", "sam-two"):
        (folder / f"{slug}.md").write_text("---\nname: Sam\nkind: member\n---\n")
    return content


def take(content: Path, text: str = OPML) -> tuple[int, list[str]]:
    file = content.parent / "list.opml"
    file.write_text(text)
    said: list[str] = []
    return import_sources(content, file, said.append), said


def test_known_people_get_a_source_and_the_others_are_asked_about(people: Path) -> None:
    count, said = take(people)
    assert count == 3
    assert [(one.person, one.feed, one.review, one.mode) for one in read_sources(people)] == [
        ("walt-okafor", "https://walt.example/feed", True, "excerpt"),
        ("jo-berg", "https://jo.example/rss", True, "excerpt"),
        ("ana-ruiz", "http://ana.example/feed", True, "excerpt"),
    ]
    text = "\n".join(said)
    assert "Whose is Walter O. (https://walter.example/feed)? Nobody in people/ has that name" in text
    assert "Is it walt-okafor?" in text
    assert "Whose is Sam (https://sam.example/feed)? It fits sam-one and sam-two." in text
    assert said[-1] == "3 new, 1 there already, 2 to be answered by you."


def test_a_second_import_adds_nothing(people: Path) -> None:
    take(people)
    before = (people / "sources.toml").read_bytes()
    assert take(people)[0] == 0
    assert (people / "sources.toml").read_bytes() == before


def test_what_is_in_the_file_stays_as_it_is(people: Path) -> None:
    mine = "# Mine\n" + source("walt-okafor", "http://www.walt.example/feed/", active="false") + "# end"
    (people / "sources.toml").write_text(mine)
    assert take(people)[0] == 2
    text = (people / "sources.toml").read_text()
    assert text.startswith(f"{mine}\n\n[[source]]\n")
    assert text.count("walt.example") == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no list of feeds"),
        ("<rss/>", "no list of feeds"),
        ("<opml><body><outline text='a' xmlUrl=", "damaged at line 1"),
        ("<!DOCTYPE opml [<!ENTITY a 'b'>]><opml/>", "no list of feeds"),
        ("<opml><!DOCTYPE x></opml>", "damaged"),
    ],
)
def test_what_is_no_list_is_said(people: Path, text: str, words: str) -> None:
    with pytest.raises(CannotImport, match=words):
        take(people, text)
    assert not (people / "sources.toml").exists()


def test_a_list_that_is_not_there(people: Path) -> None:
    with pytest.raises(CannotImport, match="cannot be read: No such file"):
        import_sources(people, people / "none.opml", print)


def test_titles_do_harm_neither_to_the_list_nor_to_the_file(people: Path) -> None:
    title = 'A "B" <c> & \x00\x1b]\'d'
    outline = Outline(title, "https://x.example/?a=1&b=%22")
    (read,) = read_opml(write_opml(title, [outline]).encode())
    assert (read.title, read.feed) == ('A "B" <c> & ]\'d', outline.feed)
    said = take(people, write_opml("t", [Outline("Walt Okafor", 'https://x.example/"\n[[source]]')]))[1]
    assert "may not become a link" in said[0]


def test_a_list_is_told_from_a_feed() -> None:
    assert is_opml(b"\xef\xbb\xbf<?xml version='1.0'?>\n<OPML version='2.0'>")
    assert not is_opml(b"<rss><channel><title>&lt;opml")
