"""Remark42, from answers of the shape that its own code gives.

Sources: https://remark42.com/docs/contributing/api/; backend/app/store/comment.go and
backend/app/rest/api/rest_public.go.
"""

import asyncio
import datetime
import json
from urllib.parse import urlencode

import pytest

from plugins.conversations.opening import SANDBOX
from plugins.conversations.pace import Pace
from plugins.conversations.provider import Wanted
from plugins.conversations.providers.remark42 import Remark42, problems

from .asked import HOSTILE, NOW, failure, fetched, outcomes, recorded
from .opened import subject, words

SITE = "https://people.example.org"
STORY = Wanted("a-night", f"{SITE}/stories/a-night/", "")
LIST = "/api/v1/list?site=remark"
ID = "f1a7c3b2-000{}-4a6e-9d34-52f1c0a81b01"


def find(url=STORY.url, site="remark"):
    return "/api/v1/find?" + urlencode({"site": site, "url": url, "format": "plain", "sort": "+time"})


def answer(server, thing, path=None):
    server.page(path or find(), json.dumps(thing).encode())


@pytest.fixture
def remark(server):
    answer(server, recorded("remark42/list.json"), LIST)
    answer(server, recorded("remark42/find.json"))
    return Remark42(server.url)


def test_a_thread_as_its_server_tells_it(server, remark):
    said = fetched(remark, STORY)
    question, reply = said[ID.format(1)], said[ID.format(2)]
    assert (question.author, question.parent, question.html) == (
        "Ruth & Tom",
        None,
        "<p>How loud was it?</p>\n",
    )
    assert question.published.isoformat() == "2026-11-02T09:00:00.512345+00:00"
    assert question.avatar == "https://comments.example.org/api/v1/avatar/ab12.image"
    assert reply.parent == question.id
    assert [path for path, _ in server.asked] == [LIST, find()]


def test_only_who_signed_in_is_vouched_for(remark):
    said = fetched(remark, STORY)
    assert said[ID.format(1)].account == "github_ef0f706a79cc24b112bfaee58ba97b4daf0ee6bb"
    assert [said[ID.format(n)].official for n in (1, 2, 3)] == [False, True, False]
    assert said[ID.format(3)].account == ""  # everybody who types that name has that id


def test_what_was_deleted_keeps_its_place_only_where_somebody_answered(remark):
    said = fetched(remark, STORY)
    assert said[ID.format(4)].gone
    assert (said[ID.format(4)].author, said[ID.format(4)].html, said[ID.format(4)].account) == ("", "", "")
    assert said[ID.format(5)].parent == ID.format(4)
    assert ID.format(6) not in said


def test_one_list_says_who_need_not_be_asked_for(server, remark):
    answer(server, {"comments": [], "info": {"url": "", "count": 0}}, find(f"{SITE}/stories/all-gone/"))
    others = [Wanted(name, f"{SITE}/stories/{name}/", "") for name in ("never", "all-gone", "nor-this")]
    assert {outcome.slug for outcome in outcomes(remark, STORY, *others)} == {
        "a-night",
        "never",
        "all-gone",
        "nor-this",
    }
    assert [path for path, _ in server.asked].count(LIST) == 1
    assert len(server.asked) == 3


def test_a_thread_as_it_was_is_asked_for_once_a_day_or_alone(server, remark):
    notes = {}
    quiet = Wanted("never", f"{SITE}/stories/never/", "")

    def asked(*stories, later):
        server.asked.clear()
        found = outcomes(remark, *stories, notes=notes, now=NOW + datetime.timedelta(hours=later))
        assert {one.slug for one in found} == {one.slug for one in stories}
        return [path for path, _ in server.asked] == [LIST, find()]

    assert asked(STORY, quiet, later=0)
    assert not asked(STORY, quiet, later=1)
    assert asked(STORY, later=2)
    assert not asked(STORY, quiet, later=21)
    assert asked(STORY, quiet, later=23)
    thing = recorded("remark42/list.json")
    thing[0] |= {"count": 3}  # somebody took a comment away
    answer(server, thing, LIST)
    assert asked(STORY, quiet, later=24)
    thing[0] |= {"last_time": (NOW + datetime.timedelta(hours=24)).isoformat()}
    answer(server, thing, LIST)
    assert asked(STORY, quiet, later=24)
    assert asked(STORY, quiet, later=24.5), "its author may have changed it since"


def test_an_empty_answer_where_comments_are_counted_is_not_believed(server, remark):
    answer(server, {"comments": [], "info": {"url": "", "count": 0}})
    assert failure(remark, STORY) == "Remark42 counts 4 comments there and tells none."


def test_a_story_may_name_the_address_of_its_thread(server, remark):
    old = "https://old.example.org/a-night.html"
    answer(server, [{"url": old, "count": 1}], "/api/v1/list?site=ours")
    answer(server, recorded("remark42/find.json"), find(old, "ours"))
    assert len(fetched(Remark42(server.url, "ours"), Wanted("a-night", STORY.url, old))) == 5


def test_without_an_address_it_is_said_what_is_missing(server, remark):
    assert "FIRSTHAND_SITEURL" in failure(remark, Wanted("a-night", "", ""))
    assert "FIRSTHAND_REMARK42_URL" in failure(Remark42(""), STORY)
    assert not server.asked


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_texts_are_told_as_they_are(server, remark, payload):
    thing = recorded("remark42/find.json")
    one = thing["comments"][0]
    one["text"] = payload
    one["user"] |= {"name": payload, "picture": payload, "id": payload}
    answer(server, thing)
    said = fetched(remark, STORY)[ID.format(1)]
    whole = payload.replace("\ud800", "?")
    assert (said.author, said.html, said.avatar, said.account) == (whole,) * 4


def test_it_opens_in_a_frame_of_its_server_and_nothing_is_loaded_before():
    remark = Remark42("https://comments.example.org", "remark", SITE)
    box = remark.embed(subject("a-night", title='"><script>alert(1)</script>'), words())
    assert 'data-provider="frame"' in box
    assert "https://comments.example.org/web/iframe.html?site_id=remark&amp;url=https%3A%2F%2Fpeople" in box
    assert f'data-sandbox="{SANDBOX}"' in box
    assert 'data-tells="yes"' in box  # utils/postMessage: it says how high it is as soon as it shows
    assert "<iframe" not in box
    assert "<script" not in box
    assert "comments.example.org" in box.split("live-note")[1]
    assert remark.origins == ("https://comments.example.org",)
    assert remark.opens == "frame"
    assert Remark42("https://comments.example.org").embed(subject("a-night"), words()) == ""


@pytest.mark.parametrize(
    ("place", "right"),
    [("", True), ("https://old.example.org/a/", True), ("/a/", False), ("javascript:alert(1)", False)],
)
def test_the_place_is_an_address(place, right):
    assert (Remark42("https://comments.example.org").problem(place) is None) is right
    assert "FIRSTHAND_REMARK42_URL" in Remark42("").problem(place)


def test_wrong_settings_are_said():
    def wrong(url, keeper="isso", name="remark"):
        said = {"FIRSTHAND_REMARK42_URL": url, "FIRSTHAND_REMARK42_SITE": name}
        return problems(said | {"FIRSTHAND_CONVERSATIONS": keeper})

    assert wrong("comments.example.org")
    assert wrong("", "remark42")
    assert wrong("https://comments.example.org", name="")
    assert not wrong("")
    assert not wrong("https://comments.example.org")


def test_it_is_not_asked_more_often_than_it_allows(monkeypatch):
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    async def turns():
        monkeypatch.setattr("asyncio.sleep", sleep)
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: 100.0)
        pace = Pace(8)
        for _ in range(10):
            await pace.turn()

    asyncio.run(turns())
    assert slept == [pytest.approx(1 / 8), pytest.approx(2 / 8)]
