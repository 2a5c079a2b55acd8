"""Whoever listens hears of the comments too that wait for a moderator."""

from __future__ import annotations

from werkzeug.test import Client

from plugins.serving.listening import listening_app
from tests.conversations.real_isso import RealIsso
from tests.conversations.test_digest import HOUR, NOON, Office, postbox

__all__ = ["postbox"]
VAN = "the-borrowed-van"


def test_a_letter_tells_the_sites_reader_even_where_nobody_else_waits(site, postbox):
    (site.root / "var" / "isso").mkdir(parents=True)
    isso = RealIsso(site.root / "var" / "isso" / "comments.db", moderation__enabled="true")
    office = Office(site, postbox)
    office.wrote()
    reader = {"FIRSTHAND_STORY_READER": "ada-brook"}
    postbox.raw.clear()
    assert office.send(NOON, **reader) == 0
    isso.post(VAN, "Is anybody there?")
    assert office.send(NOON + HOUR / 2) == 0  # who answers, and is not the site's reader
    assert office.send(NOON + 48 * HOUR, **reader) == 1
    letter = " ".join(postbox.raw[0][2].decode().split())
    assert "Subject: Comments wait for a moderator" in letter
    assert "One comment waits for a moderator, and nobody sees it until then: ./inv comments." in letter
    assert "Is anybody there?" not in letter

    here = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000", "SCRIPT_NAME": "/desk/listen"}
    client = Client(listening_app(site.root / "pelicanconf.py"))
    assert "One comment waits for a moderator" in client.get("/", environ_overrides=here).text
    isso.moderate(1, "activate")
    assert "moderator" not in client.get("/", environ_overrides=here).text
