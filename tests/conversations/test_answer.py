"""Answering as staff: through Isso here and over HTTP, and where another system keeps the comment."""

import datetime
import json

import pytest
from pelican.settings import read_settings

from plugins.conversations.answer import Elsewhere, NotAnswered, NotNoted, Replied, reply
from plugins.conversations.bring import bring
from plugins.conversations.ledger import NAME, Ledger
from plugins.conversations.meant import NotMeant
from plugins.conversations.settings import check
from plugins.guard.fetch import ALLOW
from tests.conftest import copy_site

from .real_isso import RealIsso

SLUG = "the-borrowed-van"


class Talk:
    """A small site with a real Isso, where one question was asked and brought."""

    def __init__(self, site, isso, **settings):
        self.site, self.isso = site, isso
        self.settings = read_settings(str(site.root / "pelicanconf.py"))
        self.settings |= {"FIRSTHAND_ISSO_DB": str(isso.file), **settings}
        check(self.settings)

    def asked(self):
        question = self.isso.post(SLUG, "How cold was it?", author="Jo")["id"]
        self.bring()
        return question

    def bring(self):
        bring(self.site.content, self.settings, story=SLUG, say=lambda line: None)

    def reply(self, id, words="Eleven below.", by="ada-brook", slug=SLUG):
        now = datetime.datetime.now(datetime.UTC)
        return reply(self.site.content, self.settings, f"{slug}/{id}", by=by, words=words, now=now)

    def staff(self):
        path = self.site.content / "conversations" / f"{SLUG}.json"
        return [one["staff"] for one in json.loads(path.read_text("utf-8"))["comments"]]

    @property
    def ledger(self):
        return Ledger.read(self.site.content / "conversations" / NAME)


@pytest.fixture(scope="module")
def talk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("talk")
    return Talk(copy_site("small", folder), RealIsso(folder / "comments.db"))


def test_an_answer_over_http(site, tmp_path, monkeypatch):
    isso = RealIsso(tmp_path / "comments.db")
    with isso.serving() as served:
        monkeypatch.setenv(ALLOW, served.host)
        talk = Talk(site, isso, FIRSTHAND_ISSO_URL=f"http://{served.host}", FIRSTHAND_ISSO_DB="")
        question = talk.asked()
        assert talk.reply(question) == Replied(f"{SLUG}/{question}", "Ada Brook", approved=True)
        talk.bring()
        assert talk.staff() == [None, "ada-brook"]
        assert any(line.startswith("POST /new") for line in served.asked)


def test_an_answer_over_http_may_wait_for_a_moderator_and_is_staffs_then(site, tmp_path, monkeypatch):
    isso = RealIsso(tmp_path / "comments.db", moderation__enabled="true")
    with isso.serving() as served:
        monkeypatch.setenv(ALLOW, served.host)
        talk = Talk(site, isso, FIRSTHAND_ISSO_URL=f"http://{served.host}", FIRSTHAND_ISSO_DB="")
        question = isso.post(SLUG, "How cold was it?")["id"]
        isso.moderate(question, "activate")
        talk.bring()
        done = talk.reply(question)
        assert isinstance(done, Replied)
        assert not done.approved
        isso.moderate(question + 1, "activate")
        talk.bring()
        assert talk.staff() == [None, "ada-brook"]


def test_staffs_words_wait_for_no_moderator_where_isso_is_here(talk, tmp_path):
    question = talk.asked()
    talk.reply(question)
    answer = talk.isso.live(SLUG)[-1]
    assert (answer["mode"], answer["parent"], answer["author"]) == (1, question, "Ada Brook")
    text = talk.isso.database.comments.get(answer["id"])
    assert text["email"] is None
    assert text["text"] == "Eleven below."


def test_an_answer_to_an_answer_stands_under_the_question(talk):
    question = talk.asked()
    talk.reply(question)
    more = talk.isso.post(SLUG, "Thanks, and the wind?", question)["id"]
    talk.bring()
    talk.reply(more, "None at all.\n\nIt was *still*.")
    last = talk.isso.database.comments.get(more + 1)
    assert (last["parent"], last["text"]) == (question, "None at all.\n\nIt was *still*.")
    talk.bring()
    assert talk.staff()[-1] == "ada-brook"


@pytest.mark.parametrize(
    ("words", "by", "wrong"),
    [
        ("  ", "ada-brook", "3 to 65,535 characters; this one has 0"),
        ("x" * 70_000, "ada-brook", "this one has 70000"),
        ("Eleven below.", "ivo-marsh", "not staff"),
        ("Eleven below.", "", "Nobody is called ''"),
    ],
)
def test_what_is_not_sent(talk, words, by, wrong):
    question = talk.asked()
    before = len(talk.isso.live(SLUG))
    with pytest.raises((NotAnswered, NotMeant), match=wrong):
        talk.reply(question, words, by)
    assert len(talk.isso.live(SLUG)) == before


@pytest.mark.parametrize("again", [False, True], ids=["gone", "its id given to another"])
def test_a_comment_that_is_not_there_any_more_is_not_answered(talk, again):
    question = talk.asked()
    talk.isso.delete(question)
    if again:
        assert talk.isso.post(SLUG, "Buy my watches.")["id"] == question
        other = {"created": talk.isso.database.comments.get(question)["created"] + 3600}
        talk.isso.database.comments.update(question, other)
    before = [one["id"] for one in talk.isso.live(SLUG)]
    with pytest.raises(NotAnswered, match=r"Isso \(comments.db\) shows no comment"):
        talk.reply(question)
    assert [one["id"] for one in talk.isso.live(SLUG)] == before


def test_a_server_that_cannot_be_asked_is_said(site, tmp_path):
    talk = Talk(site, RealIsso(tmp_path / "comments.db"))
    question = talk.asked()
    talk.settings |= {"FIRSTHAND_ISSO_DB": "", "FIRSTHAND_ISSO_URL": "http://127.0.0.1:9"}
    with pytest.raises(NotAnswered, match=r"Isso cannot be asked: .*may not be read"):
        talk.reply(question)


def test_where_the_ledger_cannot_be_written_its_line_is_said(talk, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    question = talk.asked()
    monkeypatch.setattr(Ledger, "append", full)
    with pytest.raises(NotNoted, match="No space left") as told:
        talk.reply(question)
    line = json.loads(str(told.value).splitlines()[-1])
    assert (line["kind"], line["id"], line["by"]) == ("reply", str(question + 1), "ada-brook")


def test_what_another_system_keeps_is_answered_there(talk):
    page = talk.site.content / "people" / "ada-brook.md"
    text = page.read_text("utf-8").replace("name:", 'accounts: {mastodon: "@ada@social.example"}\nname:', 1)
    page.write_text(text, "utf-8")
    talk.site.story("elsewhere", conversation='{mastodon: "https://social.example/@ada/1"}')
    said = {
        "id": "7",
        "parent": None,
        "author": "Jo",
        "published": "2026-05-29T12:00:00Z",
        "html": "<p>Hm</p>",
    }
    place = {"id": "8", "place": "https://social.example/@jo/8"}
    own = {"id": "isso-9"}
    for comments, id, url, provider, account in (
        ([said], "7", "https://social.example/@ada/1", "mastodon", "@ada@social.example"),
        ([said | place], "8", "https://social.example/@jo/8", "mastodon", "@ada@social.example"),
        ([said | own], "feed-12", "/stories/elsewhere/#comment-feed-12", "feed", ""),
    ):
        told = [one | {"id": id} for one in comments]
        talk.site.write(
            "conversations/elsewhere.json",
            json.dumps({"provider": "mastodon", "fetched": None, "comments": told}),
        )
        assert talk.reply(id, slug="elsewhere") == Elsewhere(url, provider, account)


def test_a_database_of_another_isso_is_left_as_it_is(site, tmp_path):
    talk = Talk(site, RealIsso(tmp_path / "comments.db"))
    question = talk.asked()
    talk.isso.database.execute("PRAGMA user_version = 4")
    with pytest.raises(NotAnswered, match=r"another version's \(4\)"):
        talk.reply(question)
    assert talk.isso.database.version == 4
    assert len(talk.isso.live(SLUG)) == 1
    assert not talk.ledger.path.exists()


def test_what_came_in_an_export_is_answered_nowhere_else(talk):
    said = {"id": "disqus-7", "parent": None, "published": "2016-05-29T12:00:00Z", "html": "<p>Hm</p>"}
    talk.site.story("exported")
    told = {"provider": "isso", "fetched": None, "comments": [said]}
    talk.site.write("conversations/exported.json", json.dumps(told))
    with pytest.raises(NotAnswered, match=r"export of disqus.* as any reader's"):
        talk.reply("disqus-7", slug="exported")
