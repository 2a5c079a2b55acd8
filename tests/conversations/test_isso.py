"""The real Isso: what readers do there is what the snapshot has, from its database and over HTTP alike."""

import copy
import datetime
import json
import sqlite3
from contextlib import closing
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pelican.settings import read_settings

from plugins.conversations.bring import bring
from plugins.conversations.cleaned import cleaned
from plugins.conversations.heard import Json, Misshapen
from plugins.conversations.ledger import Entry, Ledger, sha256_of
from plugins.conversations.providers import isso_database, isso_web
from plugins.conversations.providers.isso import from_settings
from plugins.conversations.providers.isso_markdown import renderer
from plugins.conversations.settings import check
from plugins.conversations.snapshot import read_snapshot
from plugins.conversations.thread import flat
from plugins.guard.fetch import ALLOW
from plugins.guard.html import plain_text

from .asked import NOW
from .real_isso import RealIsso
from .test_any_shape import ANYTHING, paths

SLUG = "the-borrowed-van"


class Talk:
    """A small site with a real Isso, and its threads brought."""

    def __init__(self, site, isso):
        self.site, self.isso = site, isso
        self.said = []
        (site.content / "conversations" / "the-first-day.json").unlink()

    def settings(self, **changed):
        found = read_settings(str(self.site.root / "pelicanconf.py"))
        found |= {"FIRSTHAND_ISSO_DB": str(self.isso.file), **changed}
        check(found)
        return found

    def bring(self, story="", dry_run=False, **changed):
        self.said = []
        settings = self.settings(**changed)
        return bring(self.site.content, settings, story=story, dry_run=dry_run, say=self.said.append)

    @property
    def path(self):
        return self.site.content / "conversations" / f"{SLUG}.json"

    @property
    def file(self):
        return json.loads(self.path.read_text("utf-8"))

    def comments(self):
        return self.file["comments"]

    def by_id(self):
        return {comment["id"]: comment for comment in self.comments()}

    def shown(self):
        """The static thread, flat, as a page shows it."""
        return list(flat(read_snapshot(self.path, "x", {}).thread.comments))

    def is_live(self):
        """The static thread is the live one: text, order, nesting, who said it."""
        static = [(one.id, one.parent, plain_text(one.html), one.author, one.gone) for one in self.shown()]
        live = [
            (
                str(one["id"]),
                None if one["parent"] is None else str(one["parent"]),
                plain_text(one["text"]),
                unescape(one["author"] or ""),
                one["mode"] == 4,
            )
            for one in self.isso.live(SLUG)
        ]
        assert static == live
        return True


@pytest.fixture
def talk(site, tmp_path):
    return Talk(site, RealIsso(tmp_path / "comments.db"))


def test_post_reply_edit_delete(talk):
    first = talk.isso.post(SLUG, "Was it *really* so cold?\n\nSee <https://example.org/>", author="Jo")["id"]
    reply = talk.isso.post(SLUG, "Colder.", first, website="https://cold.example")["id"]
    alone = talk.isso.post(SLUG, "I drove it **once**.")["id"]
    assert talk.bring().changed == [SLUG]
    assert talk.said == [f"{SLUG}: isso: 3 new", "1 thread changed, 1 the same."]
    assert talk.is_live()
    assert talk.by_id()[str(reply)]["url"] == "https://cold.example"
    assert talk.file["provider"] == "isso"

    before = talk.path.read_bytes()
    assert talk.bring().changed == []
    assert talk.path.read_bytes() == before

    talk.isso.edit(alone, "I drove it twice.")
    talk.bring()
    assert talk.said[0] == f"{SLUG}: isso: 1 changed"
    assert talk.is_live()

    talk.isso.delete(first)  # it was answered: its place stays
    talk.bring()
    assert talk.by_id()[str(first)]["gone"] is True
    assert talk.by_id()[str(first)]["html"] == ""
    assert talk.is_live()

    talk.isso.delete(alone)
    talk.bring()
    assert talk.said[0] == f"{SLUG}: isso: 1 gone"
    assert talk.is_live()
    talk.isso.delete(reply)  # and with it the place that it answered
    talk.bring()
    assert talk.comments() == []
    assert talk.said[-1] == "1 thread changed, 1 the same."


def test_what_waits_for_a_moderator_is_nowhere(site, tmp_path):
    talk = Talk(site, RealIsso(tmp_path / "comments.db", moderation__enabled="true"))
    first = talk.isso.post(SLUG, "First words.")["id"]
    answer = talk.isso.post(SLUG, "An answer to it.", first)["id"]
    talk.bring()
    assert not talk.path.exists()
    talk.isso.moderate(answer, "activate")  # what it answers waits still, and Isso shows neither
    talk.bring()
    assert talk.isso.live(SLUG) == []
    assert not talk.path.exists()
    talk.isso.moderate(first, "activate")
    talk.bring()
    assert talk.is_live()
    assert len(talk.comments()) == 2
    talk.isso.moderate(answer, "delete")
    talk.bring()
    assert talk.is_live()
    assert len(talk.comments()) == 1


def test_over_http_it_is_the_same_with_few_requests(talk, monkeypatch):
    first = talk.isso.post(SLUG, "A *question*.", author="A & B")["id"]
    talk.isso.post(SLUG, "An answer.", first)
    gone = talk.isso.post(SLUG, "Never mind.")["id"]
    talk.isso.post(SLUG, "But I do mind.", gone)
    talk.isso.delete(gone)
    talk.bring()
    read = talk.comments()
    talk.path.unlink()
    with talk.isso.serving() as served:
        monkeypatch.setenv(ALLOW, served.host)
        over = {"FIRSTHAND_ISSO_URL": f"http://{served.host}", "FIRSTHAND_ISSO_DB": ""}
        assert talk.bring(**over).changed == [SLUG]
        assert talk.comments() == read
        assert talk.is_live()
        # One for all; one for the thread where something was deleted.
        assert [line.split("?")[0] for line in served.asked] == ["GET /latest", "GET /"]
        served.asked.clear()
        assert talk.bring(**over).changed == []
        assert len(served.asked) == 1
        assert talk.bring(story=SLUG, **over).changed == []


def test_without_latest_it_asks_for_the_threads_that_have_comments(site, tmp_path, monkeypatch):
    isso = RealIsso(tmp_path / "comments.db", general__latest_enabled="false")
    talk = Talk(site, isso)
    isso.post(SLUG, "One.")
    with isso.serving() as served:
        monkeypatch.setenv(ALLOW, served.host)
        over = {"FIRSTHAND_ISSO_URL": f"http://{served.host}", "FIRSTHAND_ISSO_DB": ""}
        talk.bring(**over)
        assert talk.is_live()
        kinds = [line.split("?")[0].split(" HTTP")[0] for line in served.asked]
        assert kinds == ["GET /latest", "POST /count", "GET /"]


def test_a_server_that_is_gone_or_wrong_keeps_the_thread(talk, server):
    talk.isso.post(SLUG, "Stay.")
    talk.bring()
    before = talk.path.read_bytes()
    over = {"FIRSTHAND_ISSO_URL": server.url, "FIRSTHAND_ISSO_DB": ""}
    wanted = f"/latest?limit={1_000_000}"
    for status, body in ((200, b"<html>"), (200, b"{}"), (200, b'[{"uri": 1}, 2]'), (502, b""), (404, b"")):
        server.page(wanted, body, status)
        server.page("/count", b"[]", 404)
        done = talk.bring(**over)
        assert len(done.failed) == 2
        assert not done.unwritten
        assert talk.path.read_bytes() == before
        assert "What is kept of it stays." in "\n".join(talk.said)
    assert len(talk.bring(FIRSTHAND_ISSO_DB="", FIRSTHAND_ISSO_URL="/comments").failed) == 2
    assert "FIRSTHAND_SITEURL" in talk.said[0]


def test_a_database_that_is_none_keeps_the_thread(talk, tmp_path):
    talk.isso.post(SLUG, "Stay.")
    talk.bring()
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"This is no database, and long enough to be looked at as one." * 40)
    done = talk.bring(FIRSTHAND_ISSO_DB=str(broken))
    assert len(done.failed) == 2
    assert "broken.db cannot be read" in talk.said[0]
    assert len(talk.comments()) == 1


def test_a_database_that_is_busy_or_not_there_keeps_the_thread(talk, monkeypatch):
    talk.isso.post(SLUG, "Stay.")
    talk.bring()
    before = talk.path.read_bytes()
    talk.isso.post(SLUG, "And this.")
    monkeypatch.setattr(isso_database, "BUSY", 0.05)
    with closing(sqlite3.connect(talk.isso.file, isolation_level=None)) as writing:
        writing.execute("BEGIN EXCLUSIVE")
        assert len(talk.bring().failed) == 2
        assert "comments.db cannot be read: database is locked" in talk.said[0]
        assert talk.path.read_bytes() == before
        writing.execute("ROLLBACK")
    assert talk.bring().changed == [SLUG]
    assert len(talk.bring(FIRSTHAND_ISSO_DB="nowhere/comments.db").failed) == 2
    assert "unable to open" in talk.said[0]
    assert len(talk.comments()) == 2


def test_markdown_as_the_configuration_beside_the_database_has_it(talk):
    talk.isso.post(SLUG, "One line\nand another.")
    talk.bring()
    assert "<br" in talk.comments()[0]["html"]
    beside = talk.isso.file.with_name("isso.cfg")
    beside.write_text("[markup.mistune]\nparameters = escape\n")
    assert talk.bring().changed == [SLUG]
    assert "<br" not in talk.comments()[0]["html"]
    beside.write_text("no section\n")
    renderer.cache_clear()
    assert len(talk.bring().failed) == 2
    assert "isso.cfg cannot be used" in talk.said[0]
    assert "<br" not in talk.comments()[0]["html"]


def test_what_was_tried_here_is_not_the_published_sites(site):
    folder = site.root / "var" / "isso"
    folder.mkdir(parents=True)
    RealIsso(folder / "comments.db")
    settings = {"PATH": str(site.content), "SITEURL": ""}
    check(settings)
    assert from_settings(settings).database == folder / "comments.db"
    settings["SITEURL"] = "https://people.example"
    assert from_settings(settings).database is None
    assert from_settings({**settings, "FIRSTHAND_ISSO_DB": str(folder / "comments.db")}).database
    (folder / "isso.cfg").write_text("")  # as ./inv comments.config writes it
    assert from_settings(settings).database == folder / "comments.db"
    settings["FIRSTHAND_ISSO_URL"] = "https://talk.example/"
    assert from_settings(settings).database is None


def test_bytes_that_are_no_text_in_the_database_are_shown_as_such(talk):
    name = talk.isso.post(SLUG, "Was text.")["id"]
    with closing(sqlite3.connect(talk.isso.file)) as writing:
        writing.execute("UPDATE comments SET text = CAST(x'4142ff43' AS TEXT) WHERE id = ?", (name,))
        writing.execute("UPDATE comments SET author = CAST(x'ff' AS TEXT), created = 1e308")
        writing.commit()
    assert talk.bring().failed == [SLUG]
    assert "damaged" in talk.said[0]
    with closing(sqlite3.connect(talk.isso.file)) as writing:
        writing.execute("UPDATE comments SET created = 1700000000.5")
        writing.commit()
    talk.bring()
    assert "AB\ufffdC" in talk.comments()[0]["html"]


def test_another_server_does_not_take_the_place_of_what_is_kept(site, tmp_path):
    talk = Talk(site, RealIsso(tmp_path / "one.db"))
    talk.isso.post(SLUG, "From the old server.")
    talk.bring()
    (site.root / "var" / "firsthand.sqlite").unlink()  # another machine
    talk.isso = RealIsso(tmp_path / "two.db")
    talk.isso.post(SLUG, "From a try.")
    assert talk.bring().failed == [SLUG]
    assert "may be another server" in talk.said[0]
    assert "old server" in talk.comments()[0]["html"]
    talk.path.unlink()
    assert talk.bring().changed == [SLUG]
    assert talk.is_live()


def test_a_hand_or_git_that_changes_the_file_is_put_right(talk):
    talk.isso.post(SLUG, "As it was said.")
    talk.bring()
    before = talk.path.read_bytes()
    talk.path.write_bytes(before.replace(b"As it was said", b"As it was not"))
    talk.bring()
    assert talk.is_live()


def test_a_dry_run_writes_nothing(talk):
    talk.isso.post(SLUG, "Dry.")
    done = talk.bring(dry_run=True)
    assert done.changed == [SLUG]
    assert not talk.path.exists()
    assert not (talk.site.root / "var").exists()


def test_our_ledger_proves_staff_and_nothing_else_does(talk, monkeypatch):
    """Forged by name, by address and its hash, by website, and by an id that was given again."""
    ada = {
        "author": "Ada Brook",
        "email": "ada@example.org",
        "website": "https://example.org/people/ada-brook/",
    }
    asked = talk.isso.post(SLUG, "Is it true?", author="Jo")["id"]
    true = talk.isso.post(SLUG, "It is, *all* of it.", asked, **ada)
    forged = talk.isso.post(SLUG, "Buy pills.", asked, **ada)
    assert forged["hash"] == true["hash"]  # which is why it proves nothing
    again = talk.isso.post(SLUG, "It is, *all* of it.", asked, **ada)["id"]
    ledger = Ledger.read(talk.site.content / "conversations" / "ledger.jsonl")

    def note(id, created, text):
        now = datetime.datetime.now(datetime.UTC)
        ledger.append(
            Entry("reply", "isso", SLUG, str(id), created, "ada-brook", now, sha256=sha256_of(text))
        )

    note(true["id"], true["created"], "It is, *all* of it.")
    talk.bring()
    staff = {comment["id"]: comment["staff"] for comment in talk.comments()}
    assert staff == {
        str(asked): None,
        str(true["id"]): "ada-brook",
        str(forged["id"]): None,
        str(again): None,
    }

    with talk.isso.serving() as served:  # the same over HTTP
        monkeypatch.setenv(ALLOW, served.host)
        before = talk.comments()
        talk.path.unlink()
        talk.bring(FIRSTHAND_ISSO_URL=f"http://{served.host}", FIRSTHAND_ISSO_DB="")
        assert talk.comments() == before

    talk.isso.edit(true["id"], "Buy pills, says staff.")  # no longer what we wrote
    talk.bring()
    assert talk.by_id()[str(true["id"])]["staff"] is None

    last = talk.isso.post(SLUG, "A last word.", asked, **ada)
    note(last["id"], last["created"], "A last word.")
    talk.bring()
    assert talk.by_id()[str(last["id"])]["staff"] == "ada-brook"
    talk.isso.delete(last["id"])
    thief = talk.isso.post(SLUG, "A last word.", asked, **ada)
    assert thief["id"] == last["id"]  # Isso gives the id again
    talk.bring()
    assert talk.by_id()[str(thief["id"])]["staff"] is None


_WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=3, max_size=60)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_WORDS, _WORDS, st.integers(0, 5), st.booleans()), min_size=1, max_size=6))
def test_whatever_is_said_the_static_thread_is_the_live_one(talk, said):
    slug = SLUG
    talk.isso.database.execute("DELETE FROM comments")
    talk.path.unlink(missing_ok=True)
    posted = []
    for text, author, to, gone in said:
        parent = posted[to] if to < len(posted) else None
        if len(text.strip()) < 3:
            continue
        posted.append(talk.isso.post(slug, text, parent, author=author)["id"])
        if gone:
            talk.isso.delete(posted[-1])
    talk.bring(story=slug)
    if talk.path.exists():
        shown = talk.shown()
        live = talk.isso.live(slug)
        assert [one.id for one in shown] == [str(one["id"]) for one in live]
        assert [one.gone for one in shown] == [one["mode"] == 4 for one in live]
    else:
        assert talk.isso.live(slug) == []


ONE = {
    "id": 1,
    "parent": None,
    "created": 1.7e9,
    "mode": 1,
    "text": "<p>a</p>",
    "author": "A",
    "website": "x",
}
THREAD = {"replies": [{**ONE, "replies": [{**ONE, "id": 2, "parent": 1, "mode": 4}]}]}


@given(st.sampled_from(list(paths(THREAD))), ANYTHING)
def test_whatever_stands_in_an_answer_a_thread_comes_of_it_or_a_sentence(place, value):
    answer = copy.deepcopy(THREAD)
    inner = answer
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    try:
        told = [isso_web.said(item) for item in isso_web.thread_of(Json(answer, "Isso"))]
    except Misshapen:
        told = []
    written = [cleaned(one, "isso", "isso", "/stories/x/", NOW) for one in told]
    assert json.dumps(written, ensure_ascii=False).encode()
