"""Consent: one gate, asked by every output, and the name a storyteller agreed to."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import pytest

from plugins.guard.finding import ContentRefused
from plugins.stories import Consent, check_content, may_show

DAY = datetime.date


@dataclass
class Waiting:
    consent: Consent | None
    status: str = "published"


def consent(**changes):
    fields = {
        "given": DAY(2026, 1, 1),
        "version": "1",
        "name": "full",
        "shown_as": "",
        "channels": ("site", "feeds"),
        "until": DAY(2026, 12, 31),
        "receipt": "",
    }
    return Consent(**{**fields, **changes})


def test_the_gate():
    story = Waiting(consent())
    assert may_show(story, "site", DAY(2026, 12, 31))
    assert not may_show(story, "site", DAY(2027, 1, 1))
    assert not may_show(story, "cards", DAY(2026, 6, 1))
    assert not may_show(Waiting(None), "site", DAY(2026, 6, 1))
    assert not may_show(Waiting(consent(), "draft"), "site", DAY(2026, 6, 1))
    assert not may_show(Waiting(consent(channels=("feeds",))), "feeds", DAY(2026, 6, 1))


def traces(site, slug):
    """Every built file that still says something of the story."""
    return {
        path.relative_to(site.output).as_posix()
        for path in site.output.rglob("*")
        if slug in path.as_posix() or (path.is_file() and slug.encode() in path.read_bytes())
    }


@pytest.mark.parametrize(
    "agreed",
    [
        "{given: 2026-01-01, version: 1, name: full, until: 2026-06-30}",
        "{given: 2026-01-01, version: 1, name: full, channels: [feeds, cards]}",
    ],
)
def test_without_consent_for_today_nothing_of_a_story_is_built(site, monkeypatch, agreed):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1793491200")  # 2026-11-01
    site.story("quiet-one", title="The quiet one", tags="[a-tag-of-its-own]", consent=agreed)
    site.build(SITEURL="https://small.example.org")
    assert traces(site, "quiet-one") == set()
    assert traces(site, "a-tag-of-its-own") == set()


def test_a_story_leaves_with_its_last_day(site, monkeypatch):
    site.story("quiet-one", consent="{given: 2026-01-01, version: 1, name: full, until: 2026-06-30}")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1782777600")  # 2026-06-30
    site.build()
    assert traces(site, "quiet-one")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1782864000")  # 2026-07-01
    site.build()
    assert traces(site, "quiet-one") == set()


def test_the_feeds_channel(site):
    site.build()
    assert "the-first-day" in site.page("feeds/all.atom.xml")
    assert "the-borrowed-van" not in site.page("feeds/all.atom.xml")
    assert not (site.output / "feeds/people/ivo-marsh.atom.xml").exists()


def test_a_first_name_shows_neither_the_rest_nor_the_face(site):
    site.build()
    for page in (
        "stories/the-borrowed-van/",
        "collections/on-the-road/",
        "",
        "stories/",
        "people/ivo-marsh/",
    ):
        html = site.page(page)
        if page != "people/ivo-marsh/":
            assert "the-borrowed-van" in html
            assert "Ivo" in html
        else:
            assert "the-borrowed-van" not in html
    story = site.page("stories/the-borrowed-van/")
    assert "Marsh" not in story
    assert "ivo-marsh" not in story


@pytest.mark.parametrize(
    ("style", "shown"), [("initials", "K. L."), ("other, shown_as: A driver", "A driver")]
)
def test_other_names(site, style, shown):
    site.write("people/kit-low.md", "---\nname: Kit Low\nkind: customer\n---\nI drive.\n")
    site.story("named", author="kit-low", consent=f"{{given: 2026-05-01, version: 1, name: {style}}}")
    site.build()
    page = site.page("stories/named/")
    assert shown in page
    assert "Kit" not in page
    assert shown in site.page("feeds/all.atom.xml")
    assert "Kit" not in site.page("feeds/all.atom.xml")


def test_no_page_names_a_feed_that_consent_left_empty(site):
    site.story(
        "closed",
        author="ivo-marsh",
        tags="[closed]",
        consent="{given: 2026-05-01, version: 1, name: full, channels: [site]}",
    )
    site.build()
    for page in ("people/ivo-marsh/", "topics/closed/", "feeds/"):
        assert "feeds/people/ivo-marsh" not in site.page(page)
        assert "feeds/topics/closed" not in site.page(page)
    assert "feeds/people/ada-brook" in site.page("feeds/")


def test_a_teller_under_another_name_does_not_answer(site):
    site.write("people/kit-low.md", "---\nname: Kit Low\nkind: staff\n---\nI weld.\n")
    agreed = "{given: 2026-05-01, version: 1, name: first}"
    site.story("own", author="kit-low", consent=agreed)
    site.build()
    page = site.page("stories/own/")
    assert "Kit" in page
    assert "Low" not in page
    assert "kit-low" not in page
    site.story("own", author="kit-low", consent=agreed, answers="kit-low")
    with pytest.raises(ContentRefused, match="answering would show who they are"):
        site.build()


def test_who_left_and_kept_the_page_is_still_shown_as_agreed(site):
    left = "---\nname: Kit Low\nkind: staff\nleft: {date: 2026-01-01, keep: page}\n---\nI welded.\n"
    site.write("people/kit-low.md", left)
    site.story("own", author="kit-low", consent="{given: 2026-05-01, version: 1, name: first}")
    site.build()
    assert "Low" not in site.page("stories/own/")


def test_no_conversation_where_nobody_is_to_answer(site):
    site.story("still", answers="nobody")
    site.build()
    assert "Join the conversation" not in site.page("stories/still/")
    assert "Join the conversation" in site.page("stories/the-first-day/")


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ({"consent": "{given: 2199-01-01, version: 1, name: full}"}, "which is not yet"),
        ({"authors": "[ivo-marsh]"}, "Both `author` and `authors` are there"),
        ({"photos": "{door.jpg: {alt: A, credit: B, permission: asked}}"}, "has not said yes"),
    ],
)
def test_what_nobody_agreed_to_is_refused(site, front, words):
    site.story("eager", **front)
    site.write("stories/eager/door.jpg", (site.content / "stories/the-first-day/door.jpg").read_bytes())
    with pytest.raises(ContentRefused, match=words):
        site.build()


def test_an_editor_hears_of_what_does_not_show(site):
    site.story("over", consent="{given: 2025-01-01, version: 1, name: full, until: 2025-06-01}")
    site.story("soon", date="2099-01-01")
    said = "\n".join(map(str, check_content(site.content).findings))
    assert "content/stories/over/index.md:8: hint: The story is not shown, since 2025-06-01 is past." in said
    assert "content/stories/soon/index.md:3: hint: The date 2099-01-01 is still to come." in said
