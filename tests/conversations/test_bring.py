"""Bringing threads from whatever keeps them: merged, deleted, failed, hostile; and staff by proof alone."""

import datetime
import io
import json
import re
import threading
from dataclasses import replace

import pytest
from pelican.settings import read_settings
from PIL import Image

from plugins.conversations import check_conversations
from plugins.conversations.bring import NoSuchStory, bring
from plugins.conversations.provider import Failed, Fetched, Said, Same
from plugins.conversations.providers import PROVIDERS, Kind
from plugins.conversations.settings import check
from plugins.conversations.snapshot import read_snapshot
from plugins.conversations.thread import flat
from plugins.stories import check_content

SLUG = "the-borrowed-van"
NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


def said(id, parent=None, minute=0, **more):
    when = datetime.datetime(2026, 11, 1, 9, minute, tzinfo=datetime.UTC)
    one = Said(id, parent, f"Reader {id}", "", when, f"<p>Words {id}</p>")
    return replace(one, **more)


class Keeper:
    """A comment system of the test's own: what it says of each story, or an error."""

    def __init__(self):
        self.told = {}
        self.wanted = []
        self.notes = {}

    async def threads(self, wanted, reach):
        self.wanted = list(wanted)
        for story in wanted:
            self.notes[story.slug] = dict(reach.notes.get(story.slug, {}))
            outcome = self.told.get(story.slug, Same(story.slug))
            if isinstance(outcome, Exception):
                raise outcome
            reach.notes[story.slug] = {"seen": "1"}
            yield outcome if isinstance(outcome, Failed | Same) else Fetched(story.slug, tuple(outcome))

    def problem(self, place):
        return None


class Place:
    def __init__(self, site, keepers):
        self.site, self.keepers, self.lines = site, keepers, []

    def bring(self, now=NOW, dry_run=False, story="", **settings):
        found = read_settings(str(self.site.root / "pelicanconf.py")) | settings
        check(found)
        self.lines = []
        return bring(self.site.content, found, story=story, dry_run=dry_run, say=self.lines.append, now=now)

    @property
    def path(self):
        return self.site.content / "conversations" / f"{SLUG}.json"

    def by_id(self):
        return {one["id"]: one for one in json.loads(self.path.read_text("utf-8"))["comments"]}


@pytest.fixture
def place(site, monkeypatch):
    keepers = {}
    for name in ("isso", "discourse", "mastodon"):
        keepers[name] = Keeper()
        kind = Kind(lambda settings, name=name: keepers[name], PROVIDERS[name].settings, lambda settings: [])
        monkeypatch.setitem(PROVIDERS, name, kind)
    (site.content / "conversations" / "the-first-day.json").unlink()
    return Place(site, keepers)


def choose(place, words):
    index = place.site.content / "stories" / SLUG / "index.md"
    index.write_text(index.read_text("utf-8").replace("---\n", f"---\nconversation: {words}\n", 1), "utf-8")


def test_several_systems_are_one_thread_by_time(place):
    choose(place, '{isso: "", discourse: 12, mastodon: "https://social.example/@ada/1"}')
    place.keepers["isso"].told[SLUG] = [said("1"), said("2", "1", 30)]
    place.keepers["discourse"].told[SLUG] = [said("1", None, 20, place="https://talk.example/t/12/1")]
    place.keepers["mastodon"].told[SLUG] = [said("77", None, 10), said("isso-9", "77", 40)]
    place.bring()
    assert place.keepers["discourse"].wanted[0].place == "12"
    assert [(one["id"], one["parent"]) for one in place.by_id().values()] == [
        ("1", None),
        ("mastodon-77", None),
        ("discourse-1", None),
        ("2", "1"),
        ("mastodon-isso-9", "mastodon-77"),
    ]
    thread = read_snapshot(place.path, "x", {}).thread
    anchors = [one.anchor for one in flat(thread.comments)]
    assert anchors == [
        "comment-isso-1",
        "comment-isso-2",
        "comment-mastodon-77",
        "comment-mastodon-isso-9",
        "comment-discourse-1",
    ]
    assert thread.comments[2].place == "https://talk.example/t/12/1"
    place.keepers["discourse"].told[SLUG] = []  # gone there, and only there
    place.bring()
    assert "discourse-1" not in place.by_id()
    assert len(place.by_id()) == 4


def test_what_members_feeds_brought_stays(place):
    feed = {"id": "feed-0011223344556677", "parent": None, "author": "Wil", "url": "https://wil.example/1"}
    feed |= {"published": "2026-11-01T08:00:00Z", "html": "<p>From afar.</p>", "staff": None}
    place.site.write(
        f"conversations/{SLUG}.json", json.dumps({"provider": "feed", "fetched": None, "comments": [feed]})
    )
    place.keepers["isso"].told[SLUG] = [said("1")]
    place.bring()
    assert list(place.by_id()) == ["feed-0011223344556677", "isso-1"]
    assert place.by_id()["feed-0011223344556677"] == feed
    place.keepers["isso"].told[SLUG] = []
    place.bring()
    assert list(place.by_id()) == ["feed-0011223344556677"]


def test_a_failure_keeps_the_last_good_thread_and_says_so(place):
    keeper = place.keepers["isso"]
    keeper.told[SLUG] = [said("1")]
    place.bring()
    before = place.path.read_bytes()
    for outcome, words in (
        (Failed(SLUG, "Isso answered 502.\nTry later."), "isso: not read: Isso answered 502. Try later."),
        (RuntimeError("a bug\x1b[31m"), "could not be understood (RuntimeError: a bug[31m)"),
        (KeyError("x"), "could not be understood"),
    ):
        keeper.told[SLUG] = outcome
        done = place.bring()
        assert SLUG in done.failed
        assert not done.unwritten
        assert place.path.read_bytes() == before
        assert any(words in line and "What is kept of it stays." in line for line in place.lines)
    keeper.told[SLUG] = [said("1")]
    assert place.bring().changed == []
    assert place.path.read_bytes() == before


def test_one_system_that_fails_does_not_keep_the_others_from_being_brought(place):
    choose(place, '{isso: "", discourse: 12}')
    place.keepers["isso"].told[SLUG] = RuntimeError("no")
    place.keepers["discourse"].told[SLUG] = [said("1")]
    done = place.bring()
    assert SLUG in done.failed
    assert done.changed == [SLUG]
    assert list(place.by_id()) == ["discourse-1"]  # whoever is told first, the file is the first one's


def test_who_told_nothing_of_a_story_has_failed(place):
    class Silent(Keeper):
        async def threads(self, wanted, reach):
            yield Same("a-story-nobody-asked-for")

    place.keepers["isso"] = Silent()
    assert sorted(place.bring().failed) == [SLUG, "the-first-day"]
    assert "nothing was told of it" in place.lines[0]


def test_an_answered_comment_that_is_gone_keeps_its_place(place):
    keeper = place.keepers["isso"]
    keeper.told[SLUG] = [said("1"), said("2", "1", 1), said("3", "2", 2), said("4", None, 3)]
    place.bring()
    keeper.told[SLUG] = [said("3", "2", 2)]  # a server that forgets what was answered
    place.bring()
    assert place.lines[0] == f"{SLUG}: isso: 2 changed, 1 gone"
    shape = [(one["id"], one["parent"], one.get("gone", False)) for one in place.by_id().values()]
    assert shape == [("1", None, True), ("2", "1", True), ("3", "2", False)]
    assert place.by_id()["1"]["author"] is None
    assert place.by_id()["1"]["html"] == ""
    before = place.path.read_bytes()
    assert place.bring().changed == []
    assert place.path.read_bytes() == before
    keeper.told[SLUG] = []
    place.bring()
    assert place.by_id() == {}


def test_notes_count_until_something_they_rest_on_changes(place):
    keeper = place.keepers["isso"]
    keeper.told[SLUG] = [said("1", account="old-hand")]
    place.bring()
    assert keeper.notes[SLUG] == {}
    place.bring()
    assert keeper.notes[SLUG] == {"seen": "1"}
    place.path.write_text(place.path.read_text("utf-8").replace("Words 1", "Other words"), "utf-8")
    place.bring()
    assert keeper.notes[SLUG] == {}
    assert "Words 1" in place.by_id()["1"]["html"]
    accounts(place, "ada-brook", "accounts: {isso: old-hand}")
    place.bring()
    assert keeper.notes[SLUG] == {}
    assert place.by_id()["1"]["staff"] == "ada-brook"
    keeper.told[SLUG] = Failed(SLUG, "later")  # what a provider notes of a failure counts too
    place.bring()
    place.bring()
    assert keeper.notes[SLUG] == {"seen": "1"}


def accounts(place, slug, line):
    file = place.site.content / "people" / f"{slug}.md"
    file.write_text(file.read_text("utf-8").replace("---\n", f"---\n{line}\n", 1), "utf-8")


def test_an_account_proves_staff_for_as_long_as_they_are_here(place):
    accounts(place, "ada-brook", 'accounts: {mastodon: "@Ada@Social.Example", discourse: [ada, ada2]}')
    accounts(place, "ivo-marsh", "accounts: {discourse: ivo}")  # no staff
    choose(place, '{discourse: 1, mastodon: "https://social.example/@ada/1"}')
    old = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
    place.keepers["discourse"].told[SLUG] = [
        said("1", account="ADA2"),
        said("2", account="ivo"),
        said("3", author="Ada Brook", url="https://x.example/people/ada-brook/"),
        said("4", account="nobody", official=True),
        said("5", account="ada", gone=True),
        said("6", account=""),
    ]
    place.keepers["mastodon"].told[SLUG] = [said("1", account="ada@social.example"), said("2", account="ada")]
    place.bring(now=old)
    staff = {name: one["staff"] for name, one in place.by_id().items()}
    assert staff == {
        "1": "ada-brook",
        "2": None,
        "3": None,
        "4": True,
        "5": None,
        "6": None,
        "mastodon-1": "ada-brook",
        "mastodon-2": None,
    }
    accounts(place, "ada-brook", "left: {date: 2026-10-31, keep: page}")
    place.bring(now=old)
    assert "ada-brook" not in {one["staff"] for one in place.by_id().values()}


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "</article></li></ol><svg onload=alert(1)>",
    "a\ud800b\u202ec\x00d\ne",
    "ada@example.org",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_hostile_is_written_or_stops_a_build(place, words):
    place.keepers["isso"].told[SLUG] = [
        said("1", author=words, url=words, place=words, html=words, avatar=words, account=words),
        said(words, words),
        said(
            "2", words, url=f"https://x.example/{words}", html=f"<p onclick='{words}'>{words}</p><h1>x</h1>"
        ),
        said("3", "3", published=datetime.datetime(9999, 12, 31, tzinfo=datetime.UTC)),
        said("4", None, published=datetime.datetime(1, 1, 1)),
        said("5", None, html="<img src=https://tracker.example/x.png>" + "<b>" * 30_000 + "x" * 60_000),
        said(""),
        said("1", html="again"),
    ]
    place.bring()
    text = place.path.read_text("utf-8")
    assert "tracker.example" not in text
    for one in json.loads(text)["comments"]:
        assert not re.search(r"<(script|svg|img|h1)|<[^>]*\son", one["html"])
        assert (one["url"] or "https://").startswith(("http://", "https://"))
        assert "@example.org" not in (one["author"] or "")
        assert "\n" not in one["id"]
    assert read_snapshot(place.path, "x", {}).hints == ()
    before = place.path.read_bytes()
    place.bring(now=NOW + datetime.timedelta(days=1))  # a time that is yet to come stays what it was
    assert place.path.read_bytes() == before


def test_nobodys_e_mail_address_is_kept(place):
    choose(place, '{isso: "", mastodon: "https://social.example/@ada/1"}')
    words = '<p>Write to <b>bob</b>@blog.example or <a href="mailto:bob@blog.example">to Bob</a>.</p>'
    place.keepers["isso"].told[SLUG] = [
        said("1", html=words, author="Bob <bob@blog.example>"),
        said("2", html="<p>Ask @ada@social.example</p>", author="bob@blog.example"),
        said("3", url="http://bob@blog.example"),
        said("4", url="https://forms.example/?from=bob%40blog.example"),
        said("5", url="https://video.example/@bob"),
    ]
    place.keepers["mastodon"].told[SLUG] = [said("1", html="<p>Ask @ada@social.example</p>")]
    place.bring()
    found = place.by_id()
    assert "blog.example" not in place.path.read_text("utf-8")
    assert (found["1"]["author"], found["2"]["author"]) == ("Bob", None)
    assert [found[id]["url"] for id in "345"] == [None, None, "https://video.example/@bob"]
    assert "to Bob" in found["1"]["html"]
    assert found["mastodon-1"]["html"] == "<p>Ask @ada@social.example</p>"  # which is an account there


def test_a_file_that_cannot_be_read_or_written_is_said_and_stays(place, monkeypatch):
    place.keepers["isso"].told[SLUG] = [said("1")]
    place.site.write(f"conversations/{SLUG}.json", '{"comments": [')
    done = place.bring()
    assert done.unwritten == [SLUG]
    assert "cannot be read" in place.lines[0]
    assert place.path.read_text("utf-8") == '{"comments": ['
    place.path.unlink()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("plugins.conversations.shelf.write_atomically", full)
    assert place.bring().unwritten == [SLUG]
    assert "No space left on device" in place.lines[0]
    monkeypatch.undo()


@pytest.mark.parametrize(
    "wrong",
    [{"id": "9" * 5_000}, {"id": "1" + "0" * 2_000}, {"id": ["1"]}, {"parent": ["1"]}, {"html": "\ud800"}],
)
def test_a_file_that_cannot_be_added_to_keeps_no_other_from_being_written(place, wrong):
    other = "the-first-day"
    place.keepers["isso"].told = {SLUG: [said("1")], other: [said("1")]}
    one = {"id": "7", "published": "2026-01-01T00:00:00Z", "html": "", "avatar": "a" * 300} | wrong
    before = json.dumps({"provider": "isso", "comments": [one]})
    place.site.write(f"conversations/{SLUG}.json", before)
    place.site.write(f"conversations/{other}.json", json.dumps({"provider": "feed", "comments": []}))
    done = place.bring()
    assert (done.unwritten, done.failed) == ([SLUG], [])
    assert other in done.changed
    assert place.path.read_text("utf-8") == before


def test_a_picture_of_any_name_stops_no_run(place):
    place.keepers["isso"].told[SLUG] = [said("1")]
    one = {"id": "feed-1", "published": "2026-01-01T00:00:00Z", "html": "", "avatar": "a" * 300}
    comments = [one, {**one, "id": "isso-1"}]
    place.site.write(f"conversations/{SLUG}.json", json.dumps({"provider": "feed", "comments": comments}))
    assert place.bring().unwritten == []
    assert sorted(place.by_id()) == ["feed-1", "isso-1"]


def test_a_story_without_a_conversation(place):
    with pytest.raises(NoSuchStory, match="stories/nowhere has no conversation"):
        place.bring(story="nowhere")
    choose(place, "{isso: '', nonsense: 1}")
    place.keepers["isso"].told[SLUG] = [said("1")]
    done = place.bring(story=SLUG)
    assert done.failed == [SLUG]
    assert "no such comment system" in place.lines[0]
    assert list(place.by_id()) == ["1"]
    assert place.bring(FIRSTHAND_CONVERSATIONS="").failed == [SLUG]


def png(color="red"):
    out = io.BytesIO()
    Image.new("RGB", (300, 200), color).save(out, "PNG")
    return out.getvalue()


def test_pictures_are_brought_small_and_once_and_go_with_their_comments(place, server):
    server.page("/a.png", png(), ETag='"1"')
    server.page("/b.svg", b"<svg onload='alert(1)'/>")
    server.page("/gone.png", b"", 404)
    keeper = place.keepers["isso"]
    addresses = [f"{server.url}/{name}" for name in ("a.png", "a.png", "b.svg", "gone.png")]
    addresses += ["http://10.0.0.1/x.png", "data:image/png;base64,xx", "javascript:alert(1)", "/a.png"]
    keeper.told[SLUG] = [said(str(n), avatar=url) for n, url in enumerate(addresses)]
    place.bring()
    folder = place.site.content / "conversations" / "avatars"
    (name,) = [path.name for path in folder.iterdir()]
    with Image.open(folder / name) as image:
        assert image.size == (96, 96)
    assert [one.get("avatar") for one in place.by_id().values()] == [name, name, *[None] * 6]
    assert len(server.asked) == 3
    assert check_conversations(place.site.content, check_content(place.site.content).people) == []

    before = place.path.read_bytes()
    place.bring()
    assert place.path.read_bytes() == before
    assert len(server.asked) == 3  # known for a week
    server.page("/a.png", b"", 304)
    place.bring(now=NOW + datetime.timedelta(days=8))
    assert place.path.read_bytes() == before
    assert [said["if-none-match"] for path, said in server.asked if "if-none-match" in said] == ['"1"']
    server.page("/a.png", b"", 500)  # a server that is down takes no picture away
    place.bring(now=NOW + datetime.timedelta(days=16))
    assert place.path.read_bytes() == before

    (folder / name).unlink()  # by hand: brought again
    server.page("/a.png", png())
    place.bring()
    assert (folder / name).is_file()

    assert place.bring(FIRSTHAND_AVATARS=False).changed == [SLUG]
    assert list(folder.iterdir()) == []
    assert [one for one in place.by_id().values() if "avatar" in one] == []


def test_staff_show_as_on_their_own_page(place, server):
    server.page("/a.png", png())
    accounts(place, "ada-brook", "accounts: {discourse: ada}")
    choose(place, "{discourse: 1}")
    one = said("1", account="ada", avatar=f"{server.url}/a.png")
    place.keepers["discourse"].told[SLUG] = [one, replace(one, id="2", account="", official=True)]
    place.bring()
    assert [(one["staff"], "avatar" in one) for one in place.by_id().values()] == [
        ("ada-brook", False),
        (True, True),
    ]


def test_who_has_no_time_for_a_picture_now_has_it_the_next_time(place, server, monkeypatch):
    late = threading.Event()

    def answer(request):
        late.wait(20)
        request.send_response(200)
        request.send_header("Content-Length", str(len(png())))
        request.end_headers()
        request.wfile.write(png())

    server.pages["/late.png"] = answer
    monkeypatch.setattr("plugins.conversations.faces.PATIENCE", 0.05)
    place.keepers["isso"].told[SLUG] = [said("1", avatar=f"{server.url}/late.png")]
    place.bring()
    assert "avatar" not in place.by_id()["1"]
    late.set()
    monkeypatch.setattr("plugins.conversations.faces.PATIENCE", 60.0)
    place.bring()
    assert "avatar" in place.by_id()["1"]
    assert place.keepers["isso"].notes[SLUG] == {}  # it was not to be the same


def test_one_reason_is_told_of_a_few_threads_and_then_counted(place):
    for number in range(6):
        place.site.story(slug=f"story-{number}")
        place.keepers["isso"].told[f"story-{number}"] = Failed(f"story-{number}", "Isso is down.")
    place.bring()
    assert place.lines[-2] == "isso: and 3 more for the same reason: Isso is down."
    assert (
        place.lines[-1] == "0 threads changed, 2 the same; 6 threads could not be read and stay as they were."
    )
    assert len(place.lines) == 5
