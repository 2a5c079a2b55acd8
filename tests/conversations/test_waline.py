"""Waline, from answers of the shape that its own code gives.

Source: @waline/vercel 1.39, src/controller/comment.js; test_waline_for_real.py asks the server itself.
"""

import json
from urllib.parse import urlencode

import pytest

from plugins.conversations.provider import Fetched, Wanted
from plugins.conversations.providers.waline import Waline, problems

from .asked import HOSTILE, failure, fetched, outcomes, recorded
from .opened import subject, words

STORY = Wanted("a-night", "https://people.example.org/stories/a-night/", "")


def count(*paths):
    return f"/api/comment?type=count&url={','.join(paths)}"


def page(path="/stories/a-night/", number=1):
    query = {"path": path, "page": number, "pageSize": 100, "sortBy": "insertedAt_asc"}
    return "/api/comment?" + urlencode(query)


def answer(server, thing, path=None):
    server.page(path or page(), json.dumps(thing).encode())


@pytest.fixture
def waline(server):
    answer(server, recorded("waline/count.json"), count("/stories/a-night/"))
    answer(server, recorded("waline/comments.json"))
    return Waline(server.url)


def test_a_thread_as_its_server_tells_it(server, waline):
    said = fetched(waline, STORY)
    question, reply, orphan, other = said.values()  # what waits for approval is none
    assert (question.id, question.author, question.url) == ("41", "Ruth", "https://ruth.example")
    assert question.published.isoformat() == "2026-11-02T12:00:00.123000+00:00"
    assert question.avatar.endswith("788d0a57ad65d2db8ffee1e29a01c776")
    assert other.avatar == "", "who gave no address has no picture of their own"
    assert (reply.parent, orphan.parent, other.parent) == ("41", "41", None)
    assert [headers["referer"] for _, headers in server.asked] == [STORY.url, STORY.url]


def test_only_who_signed_in_is_vouched_for(waline):
    said = fetched(waline, STORY)
    assert [one.account for one in said.values()] == ["", "3", "", "7"]
    assert [one.official for one in said.values()] == [False, True, False, False]


def test_fifty_stories_are_counted_at_once_and_the_empty_ones_not_asked_for(server):
    stories = [Wanted(f"s-{number:02}", "", "") for number in range(60)]
    paths = [f"/stories/{story.slug}/" for story in stories]
    answer(server, {"errno": 0, "data": [0] * 50}, count(*paths[:50]))
    answer(server, {"errno": 0, "data": [0] * 10}, count(*paths[50:]))
    assert all(one == Fetched(one.slug, ()) for one in outcomes(Waline(server.url), *stories))
    assert len(server.asked) == 2


def test_an_empty_answer_where_comments_are_counted_is_not_believed(server, waline):
    answer(server, {"errno": 0, "data": {"page": 1, "totalPages": 0, "count": 0, "data": []}})
    assert failure(waline, STORY) == "Waline counts 4 comments there and tells none."


def test_a_page_that_does_not_say_whether_it_is_the_last_is_not_believed(server, waline):
    thing = recorded("waline/comments.json")
    del thing["data"]["totalPages"]
    answer(server, thing)
    assert "`data.totalPages` is missing" in failure(waline, STORY)


def test_a_refusal_in_its_own_words_is_said(server, waline):
    answer(server, {"errno": 1000, "errmsg": "validate failed"})
    assert failure(waline, STORY) == "Waline says: validate failed."


def test_a_count_that_is_none_is_no_answer(server, waline):
    answer(server, {"errno": 0, "data": [1, 2]}, count("/stories/a-night/"))
    assert "no count" in failure(waline, STORY)


def test_a_story_may_name_the_path_of_its_thread(server):
    answer(server, {"errno": 0, "data": 4}, count("/old/"))
    answer(server, recorded("waline/comments.json"), page("/old/"))
    assert len(fetched(Waline(server.url), Wanted("a-night", "", "/old/"))) == 4


def test_without_an_address_it_is_said_what_is_missing():
    assert "FIRSTHAND_WALINE_URL" in failure(Waline(""), STORY)


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_texts_are_told_as_they_are(server, waline, payload):
    thing = recorded("waline/comments.json")
    thing["data"]["data"][0] |= {"nick": payload, "link": payload, "comment": payload, "avatar": payload}
    answer(server, thing)
    said = fetched(waline, STORY)["41"]
    whole = payload.replace("\ud800", "?")
    assert (said.author, said.url, said.html, said.avatar) == (whole,) * 4


@pytest.mark.parametrize(
    ("field", "value"), [("objectId", None), ("time", "now"), ("time", 1e30), ("comment", 7)]
)
def test_a_comment_without_what_it_needs_is_no_thread(server, waline, field, value):
    thing = recorded("waline/comments.json")
    thing["data"]["data"][0][field] = value
    answer(server, thing)
    assert "not a thread" in failure(waline, STORY)


def test_it_opens_in_a_frame_and_says_who_else_sees_the_reader():
    box = Waline("https://talk.example.org").embed(subject("a-night"), words())
    assert 'data-src="https://talk.example.org/?path=%2Fstories%2Fa-night%2F&amp;lng=en"' in box
    assert "unpkg.com" in box
    assert "<script" not in box
    assert Waline("https://talk.example.org").origins == ("https://talk.example.org",)
    assert Waline("").embed(subject("a-night"), words()) == ""


@pytest.mark.parametrize(
    ("place", "right"), [("", True), ("/old/page/", True), ("old", False), ("/a,/b", False)]
)
def test_the_place_is_a_path(place, right):
    assert (Waline("https://talk.example.org").problem(place) is None) is right


def test_wrong_settings_are_said():
    assert problems({"FIRSTHAND_WALINE_URL": "talk.example.org"})
    assert problems({"FIRSTHAND_WALINE_URL": "", "FIRSTHAND_CONVERSATIONS": "waline"})
    assert not problems({"FIRSTHAND_WALINE_URL": "https://talk.example.org"})
