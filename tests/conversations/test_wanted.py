"""Whose threads are asked for: what a story says, what the site says, and what is sent to every page."""

import pytest
from pelican.settings import read_settings

from plugins.conversations.settings import check
from plugins.conversations.wanted import read_told


def told(site, **changed):
    settings = read_settings(str(site.root / "pelicanconf.py")) | changed
    check(settings)
    return read_told(site.content, settings)


RECEIVER = {"FIRSTHAND_WEBMENTION_URL": "https://webmention.io/x/webmention"}
PUBLISHED = {**RECEIVER, "SITEURL": "https://people.example.org"}


@pytest.mark.parametrize(
    ("said", "settings", "choice"),
    [
        ("", {}, (("isso", ""),)),
        ("", {"FIRSTHAND_CONVERSATIONS": ""}, None),
        ("waline", {"FIRSTHAND_CONVERSATIONS": ""}, (("waline", ""),)),
        ("", RECEIVER, (("isso", ""),)),  # nobody can have sent anything to a site without an address
        ("", PUBLISHED, (("isso", ""), ("webmention", ""))),
        ("waline", PUBLISHED, (("waline", ""), ("webmention", ""))),
        ("{webmention: 'https://old.example/'}", PUBLISHED, (("webmention", "https://old.example/"),)),
        ("", {**PUBLISHED, "FIRSTHAND_CONVERSATIONS": ""}, (("webmention", ""),)),
    ],
)
def test_what_is_sent_to_every_page_is_read_beside_the_storys_own(site, said, settings, choice):
    site.story("a-test", conversation=said)
    assert told(site, **settings).threads.get("a-test") == choice


def test_a_story_that_wants_no_conversation_has_none(site):
    site.story("a-test", answers="nobody")
    assert "a-test" not in told(site, **PUBLISHED).threads


def test_every_language_has_its_page(site):
    site.story("only-there", lang="es")
    pages = told(site).pages
    assert pages["the-first-day"] == ("es/stories/the-first-day/", "stories/the-first-day/")
    assert pages["only-there"] == ("es/stories/only-there/",)
