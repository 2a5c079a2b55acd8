"""Threads find their stories by address, else by the name that the address ends with; nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.conversations.imports.exported import Exported
from plugins.conversations.imports.match import Stories, ending
from plugins.stories import check_content
from tests.conftest import SITES


@pytest.fixture(scope="module")
def stories() -> Stories:
    checked = check_content(SITES / "small" / "content")
    return Stories(story for _, story, _ in checked.stories)


@pytest.mark.parametrize(
    ("address", "name", "slugs"),
    [
        ("https://ivo.example.org/van", "", ["the-borrowed-van"]),
        ("http://www.ivo.example.org/van/", "", ["the-borrowed-van"]),
        ("https://ivo.example.org/van/index.html?utm_source=mail#comments", "", ["the-borrowed-van"]),
        ("https://elsewhere.example/van", "", []),
        ("https://people.example.org/stories/the-first-day/", "", ["the-first-day"]),
        ("https://people.example.org/es/stories/the-first-day/", "", ["the-first-day"]),
        ("https://old.example/2026-03-02-the-first-day.html", "", ["the-first-day"]),
        ("https://old.example/?p=5", "the-first-day", ["the-first-day"]),
        ("https://old.example/?p=5", "https://ivo.example.org/van", ["the-borrowed-van"]),
        ("https://old.example/?p=5", "5 https://old.example/?p=5", []),
        ("", "", []),
        ("https://[", "", []),
    ],
)
def test_a_thread_finds_its_story(stories, address, name, slugs):
    assert stories.of(Exported(address, name, ())) == slugs


def test_a_thread_named_by_a_blogs_guid_finds_the_story_that_came_from_there(site):
    site.story("from-a-blog", source="{feed: ivo-marsh, id: 'https://old.example/?p=218'}")
    found = Stories(story for _, story, _ in check_content(site.content).stories)
    assert found.of(Exported("", "218 http://old.example/?p=218", ())) == ["from-a-blog"]
    assert found.of(Exported("", "219 http://old.example/?p=219", ())) == []


def test_an_address_that_two_stories_name_is_asked_about(site):
    site.story("another", canonical="https://ivo.example.org/van/")
    found = Stories(story for _, story, _ in check_content(site.content).stories)
    assert found.of(Exported("https://ivo.example.org/van", "", ())) == ["another", "the-borrowed-van"]


@given(st.text())
def test_whatever_an_address_is_its_ending_is_a_slug_or_nothing(told):
    assert "/" not in ending(told)
    assert ending(told) == ending(told).strip("-").lower()
