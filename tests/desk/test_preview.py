"""A proposal as a page in the real theme, where nobody else finds it."""

from __future__ import annotations

import pytest

from plugins.desk.preview import preview_story
from plugins.guard.finding import ContentRefused
from plugins.serving import site_app

from .proposals import ID, a_proposal, story_text


def previewed(site, **changes):
    story = a_proposal(**changes).story
    return preview_story(site.root, site.root / "pelicanconf.py", ID, story, "Rosa Lind")


def test_one_story_in_the_real_theme_outside_the_site(site):
    site.build()
    before = site.files()
    page = previewed(site)
    text = page.read_text("utf-8")
    assert page == site.root / "var" / "preview" / ID / "stories" / "the-bell-at-four" / "index.html"
    assert "It rang at four" in text
    assert f"/preview/{ID}/theme/site.css" in text
    assert site.files() == before
    assert "the-first-day" not in {path.name for path in page.parents[1].iterdir()}
    assert (site.root / "var").stat().st_mode & 0o777 == 0o700


def test_no_search_engine_keeps_any_page_of_it(site):
    folder = previewed(site).parents[2]
    for path in folder.rglob("*.html"):
        assert '<meta name="robots" content="noindex, nofollow">' in path.read_text("utf-8"), path
    assert "Disallow: /" in (folder / "robots.txt").read_text()
    assert not (folder / "sitemap.xml").exists()


def test_what_is_missing_stops_no_preview(site):
    jpeg = (site.content / "stories" / "the-first-day" / "door.jpg").read_bytes()
    text = story_text(
        consent=None, summary=None, author="rosa-lind", photos={"bell.jpg": None}, cover="bell.jpg"
    )
    page = previewed(site, text=text, files={"bell.jpg": jpeg})
    assert "Rosa Lind" in page.read_text("utf-8")
    assert not (site.content / "people" / "rosa-lind.md").exists()


def test_a_preview_is_made_anew_each_time(site):
    previewed(site)
    page = previewed(site, text=story_text("Something else.\n"))
    assert "Something else." in page.read_text("utf-8")
    assert [path.name for path in page.parents[3].iterdir()] == [ID]


def test_what_cannot_be_a_page_says_why(site):
    with pytest.raises(ContentRefused, match="link that a story may have"):
        previewed(site, text=story_text("[x]({static}../../secret)"))


def test_a_local_server_shows_it_where_its_links_lead(site):
    from werkzeug.test import Client

    page = previewed(site)
    client = Client(site_app(page.parents[3]))
    assert client.get(f"/{ID}/stories/the-bell-at-four/").status_code == 200
