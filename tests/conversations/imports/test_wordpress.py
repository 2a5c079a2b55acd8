"""The comments of WordPress's export become threads: who answered whom, and nothing that nobody approved."""

from __future__ import annotations

import datetime
from pathlib import Path

from plugins.conversations.imports.wordpress import read_comments
from plugins.guard.exports import pieces

EXPORT = Path(__file__).with_name("wordpress.xml").read_bytes()


def test_a_thread_with_its_address_and_name():
    (thread,) = read_comments(pieces(EXPORT)).threads
    assert (thread.address, thread.name) == ("https://old.example.org/?p=5", "the-first-day")
    assert [said.id for said in thread.said] == ["21", "22", "24"]


def test_what_nobody_approved_is_counted_and_left_out():
    assert read_comments(pieces(EXPORT)).left_out == {
        "not approved": 1,
        "spam": 1,
        "deleted": 1,
        "sent by other blogs": 1,
        "under what is not published": 1,
    }


def test_answers_keep_their_place_and_their_time_in_utc():
    said = {one.id: one for one in read_comments(pieces(EXPORT)).threads[0].said}
    assert said["22"].parent == "21", "what stood between was not approved"
    assert said["21"].published == datetime.datetime(2026, 3, 2, 23, 30, tzinfo=datetime.UTC)
    assert said["24"].published == datetime.datetime(2026, 3, 3, 11, 30, tzinfo=datetime.UTC)


def test_only_the_blogs_own_word_is_an_account():
    said = {one.id: one for one in read_comments(pieces(EXPORT)).threads[0].said}
    assert [said[name].account for name in ("21", "22", "24")] == ["", "ada", ""]


def test_paragraphs_are_put_in_as_wordpress_does():
    said = read_comments(pieces(EXPORT)).threads[0].said[0]
    assert said.html == "<p>How early?</p>\n<p>An hour?</p>"
    assert said.url == "https://joan.example/"


def test_no_address_of_a_person_or_machine_is_told():
    assert "secret.example" not in repr(read_comments(pieces(EXPORT)))
    assert "203.0.113.9" not in repr(read_comments(pieces(EXPORT)))
