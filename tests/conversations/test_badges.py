"""A branch that would make somebody's words staff's does not go unseen."""

from __future__ import annotations

import datetime
import json

import pytest

from plugins.conversations.badges import new_badges
from plugins.conversations.ledger import Entry, Ledger
from tests.conftest import copy_site

AT = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)
THREAD = "conversations/the-first-day.json"


@pytest.fixture
def sites(tmp_path):
    ours = copy_site("small", tmp_path / "ours")
    Ledger(ours.content / "conversations" / "ledger.jsonl").append(line("1"))
    theirs = copy_site("small", tmp_path / "theirs")
    theirs.write("conversations/ledger.jsonl", (ours.content / "conversations/ledger.jsonl").read_bytes())
    return ours, theirs


def line(id):
    return Entry("reply", "isso", "the-first-day", id, 1.5, "ada-brook", AT, sha256="0" * 64)


def said(sites):
    ours, theirs = sites
    return [(one.path, one.line, one.level, one.message) for one in new_badges(ours.content, theirs.content)]


def test_what_we_have_is_no_news(sites):
    assert said(sites) == []
    assert new_badges(sites[1].content, sites[1].content) == []


def test_a_new_line_of_the_ledger_is_pointed_out(sites):
    Ledger(sites[1].content / "conversations" / "ledger.jsonl").append(line("3"))
    path = "content/conversations/ledger.jsonl"
    assert said(sites) == [(path, 2, "hint", "This line says that staff did something.")]


@pytest.mark.parametrize(
    ("was", "now", "line"),
    [
        ('still green?</p>", "staff": null', 'still green?</p>", "staff": "ada-brook"', 7),
        ("There is a drawer of keys.", "Send the money here.", 6),
        ('"published": "2026-03-05', '"published": "2026-03-06', 6),
    ],
)
def test_a_comment_that_becomes_staffs_is_pointed_out(sites, was, now, line):
    path = sites[1].content / THREAD
    text = path.read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, now), "utf-8")
    assert [(one[0], one[1]) for one in said(sites)] == [(f"content/{THREAD}", line)]


def test_a_conversation_that_is_made_up_is_pointed_out(sites):
    comment = {
        "id": "9",
        "parent": None,
        "published": "2026-03-05T10:00:00Z",
        "html": "<p>x</p>",
        "staff": True,
    }
    sites[1].write(
        "conversations/the-borrowed-van.json",
        json.dumps({"provider": "isso", "fetched": None, "comments": [comment, {**comment, "staff": None}]}),
    )
    path = "content/conversations/the-borrowed-van.json"
    assert said(sites) == [(path, 1, "hint", "The comment '9' is said to be by staff.")]


def test_another_name_over_words_of_staff_is_pointed_out(sites):
    comment = {"id": "9", "author": "Ada", "published": "2026-03-05T10:00:00Z", "html": "<p>x</p>"}
    for site, author in zip(sites, ("Ada", "The boss"), strict=True):
        thread = {"provider": "isso", "comments": [{**comment, "author": author, "staff": True}]}
        site.write("conversations/the-borrowed-van.json", json.dumps(thread))
    assert [one[3] for one in said(sites)] == ["The comment '9' is said to be by staff."]


def test_an_account_that_becomes_staffs_is_pointed_out(sites):
    other = "ad\u0430"  # its last letter is Cyrillic
    for site, accounts in zip(sites, ("[ada]", f"['@Ada', {other}]"), strict=True):
        text = (site.content / "people/ada-brook.md").read_text("utf-8")
        text = text.replace("tint:", f"accounts: {{discourse: {accounts}}}\ntint:")
        site.write("people/ada-brook.md", text)
    eve = "---\nname: Eve\nkind: guest\naccounts: {mastodon: eve@evil.example}\n---\n"
    sites[1].write("people/eve.md", eve)
    words = f"All that {other!r} writes at discourse would be ada-brook's, of staff."
    assert said(sites) == [("content/people/ada-brook.md", 7, "hint", words)]
    sites[1].write("people/eve.md", eve.replace("guest", "staff"))
    assert said(sites)[1][:2] == ("content/people/eve.md", 4)


@pytest.mark.parametrize("text", ["{", "[]", '{"comments": 3}', "\udcff"])
def test_what_cannot_be_read_is_left_to_the_check(sites, text):
    sites[1].write(THREAD, text.encode("utf-8", "surrogateescape"))
    sites[1].write("conversations/ledger.jsonl", text.encode("utf-8", "surrogateescape"))
    assert said(sites) == []
