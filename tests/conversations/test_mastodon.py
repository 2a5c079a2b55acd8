"""Mastodon, from answers of the shape that its API documents.

Sources: https://docs.joinmastodon.org/methods/statuses/#context, entities/Status, entities/Account;
the limits are Mastodon's own code (app/controllers/api/v1/statuses/contexts_controller.rb).
"""

import copy
import json

import pytest

from plugins.conversations.provider import Same, Wanted
from plugins.conversations.providers.mastodon import Mastodon, from_settings, problems
from tests.conversations.asked import HOSTILE, RECORDED, Told, failure, fetched, outcomes, recorded, told

ROOT = "115000000000000001"
CONTEXT = f"/api/v1/statuses/{ROOT}/context"
TOKEN = {"FIRSTHAND_MASTODON_TOKEN": "secret-token"}


@pytest.fixture
def story(server):
    return Wanted("a-night", "https://site.example/stories/a-night/", f"{server.url}/@mara/{ROOT}")


def answer(server, thing, path=CONTEXT, **headers):
    server.page(path, json.dumps(thing).encode(), **headers)


def test_a_thread_as_its_server_tells_it(server, story):
    answer(server, recorded("mastodon/context.json"))
    said = fetched(Mastodon(), story)
    question, reply, image = said.values()  # what was meant for followers alone is none
    assert (question.parent, reply.parent, image.parent) == (None, question.id, None)
    assert (question.author, reply.author, image.author) == ("Ruth :gear:", "Mara Lind", "tomas")
    assert reply.published.isoformat() == "2026-11-20T19:05:12.345000+00:00"
    assert "How loud was it?" in question.html
    assert question.url == "https://elsewhere.example/@ruth"
    assert question.place == "https://elsewhere.example/@ruth/115000000000000002"
    assert question.avatar.endswith("/static/a.png")
    assert not any(one.official or one.gone for one in said.values())
    assert len(server.asked) == 1


def test_warnings_and_pictures_come_as_words_and_links(server, story):
    answer(server, recorded("mastodon/context.json"))
    html = fetched(Mastodon(), story)["115000000000000004"].html
    assert html.startswith("<p><strong>grease &amp; oil</strong></p><p>Same here.</p>")
    assert '/belt.jpg">The belt, &#34;before&#34;</a>' in html
    assert '/hum.mp3">hum.mp3</a>' in html
    assert "<img" not in html


@pytest.mark.parametrize(
    ("own", "place", "accounts"),
    [
        (
            "https://social.example",
            "https://social.example",
            ["ruth@elsewhere.example", "mara@social.example"],
        ),
        ("", "https://social.example", ["", "mara@social.example"]),
        ("https://other.example", "https://social.example", ["", "mara@social.example"]),
        (
            "https://social.example",
            "https://social.example.evil.example",
            ["", "mara@social.example.evil.example"],
        ),
        ("https://social.example", "http://social.example", ["", ""]),  # unencrypted: anybody's word
    ],
)
def test_only_the_server_we_chose_is_believed_about_other_servers(own, place, accounts):
    wanted = Wanted("a-night", "", f"{place}/@mara/{ROOT}")
    fetcher = Told((RECORDED / "mastodon/context.json").read_bytes())
    (found,) = told(Mastodon(own), [wanted], fetcher)
    assert [said.account for said in found.said][:2] == accounts


@pytest.mark.parametrize("acct", ["mara@social.example@evil.example", "@social.example", "@"])
def test_an_account_that_is_none_is_nobodys(server, story, acct):
    thing = recorded("mastodon/context.json")
    thing["descendants"][0]["account"]["acct"] = acct
    answer(server, thing)
    first = next(iter(fetched(Mastodon(server.url), story).values()))
    assert first.account == ""


def test_the_token_goes_to_our_own_server_alone(server, story):
    answer(server, recorded("mastodon/context.json"))
    fetched(Mastodon(server.url), story, environ=TOKEN)
    fetched(Mastodon("https://social.example"), story, environ=TOKEN)
    fetched(Mastodon(), story, environ=TOKEN)
    assert [headers.get("authorization") for _, headers in server.asked] == [
        "Bearer secret-token",
        None,
        None,
    ]


def test_what_has_not_changed_is_not_sent_again(server, story):
    notes = {}
    answer(server, recorded("mastodon/context.json"), ETag='W/"1"')
    fetched(Mastodon(), story, notes=notes)
    server.page(CONTEXT, status=304)
    assert outcomes(Mastodon(), story, notes=notes) == [Same("a-night")]
    assert server.asked[-1][1]["if-none-match"] == 'W/"1"'
    elsewhere = Wanted(story.slug, story.url, f"{server.url}/@mara/7")
    answer(server, {"ancestors": [], "descendants": []}, "/api/v1/statuses/7/context")
    assert fetched(Mastodon(), elsewhere, notes=notes) == {}  # another post is asked for whole
    assert "if-none-match" not in server.asked[-1][1]


def chain(count, parent=ROOT, first=1):
    """Replies, each to the one before it."""
    made = []
    for number in range(first, first + count):
        one = copy.deepcopy(recorded("mastodon/context.json")["descendants"][0])
        one |= {"id": str(number), "in_reply_to_id": parent, "replies_count": 1}
        made.append(one)
        parent = str(number)
    made[-1]["replies_count"] = 0
    return made


def context(*statuses):
    return {"ancestors": [], "descendants": list(statuses)}


def test_a_deep_thread_is_read_on_from_where_it_was_cut(server, story):
    whole = chain(45)
    whole[19]["replies_count"] = whole[39]["replies_count"] = 1
    answer(server, context(*whole[:20]), ETag='"x"')
    answer(server, context(*whole[20:40]), "/api/v1/statuses/20/context")
    answer(server, context(*whole[40:]), "/api/v1/statuses/40/context")
    answer(server, recorded("mastodon/status.json") | {"replies_count": 1}, f"/api/v1/statuses/{ROOT}")
    notes = {}
    said = fetched(Mastodon(), story, notes=notes)
    assert len(said) == 45
    assert said["45"].parent == "44"
    assert "etag" not in notes["a-night"]  # the first part alone says nothing of the rest


def test_a_long_thread_that_is_not_shown_whole_is_not_taken_for_whole(server, story):
    wide = [one | {"in_reply_to_id": ROOT, "replies_count": 0} for one in chain(60)]
    answer(server, context(*wide))
    answer(server, recorded("mastodon/status.json") | {"replies_count": 75}, f"/api/v1/statuses/{ROOT}")
    assert "FIRSTHAND_MASTODON_TOKEN" in failure(Mastodon(server.url), story)
    assert len(fetched(Mastodon(server.url), story, environ=TOKEN)) == 60  # with a token it is
    answer(server, recorded("mastodon/status.json") | {"replies_count": 60}, f"/api/v1/statuses/{ROOT}")
    assert len(fetched(Mastodon(server.url), story)) == 60


def test_a_thread_that_never_ends_is_left(server, story, monkeypatch):
    monkeypatch.setattr("plugins.conversations.providers.mastodon.FOLLOWED", 3)
    endless = chain(80)
    answer(server, context(*endless[:60]))
    for number in range(60, 66):
        endless[number - 1]["replies_count"] = 9
        answer(server, context(endless[number]), f"/api/v1/statuses/{number}/context")
    assert "too long" in failure(Mastodon(), story)
    assert len(server.asked) == 4


def test_replies_in_a_circle_end(server, story):
    circle = chain(60)
    circle[0]["in_reply_to_id"] = "60"
    answer(server, context(*circle))
    answer(server, recorded("mastodon/status.json") | {"replies_count": 0}, f"/api/v1/statuses/{ROOT}")
    answer(server, context(), "/api/v1/statuses/60/context")
    assert len(fetched(Mastodon(), story)) == 60


def test_nobody_has_answered(server, story):
    answer(server, context())
    assert fetched(Mastodon(), story) == {}


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_texts_are_told_as_they_are(server, story, payload):
    thing = recorded("mastodon/context.json")
    one = thing["descendants"][0]
    one |= {"content": payload, "spoiler_text": payload, "url": payload}
    one["account"] |= {"display_name": payload, "url": payload, "avatar_static": payload}
    one["media_attachments"] = [{"url": payload, "description": payload}]
    answer(server, context(one))
    (said,) = fetched(Mastodon(), story).values()
    whole = payload.replace("\ud800", "?")
    assert said.author == (whole.strip() or "ruth")
    assert said.url == whole
    assert whole in said.html
    assert "<script>" not in said.html.replace(whole, "", 1)  # what we add of theirs is escaped


@pytest.mark.parametrize(
    ("place", "right"),
    [
        ("https://social.example/@mara/1124", True),
        ("https://social.example/@mara@other.example/1124", True),
        ("https://social.example/users/mara/statuses/1124", True),
        ("https://gts.example/@mara/01H7QG3RZ5C0", True),
        ("", False),
        ("1124", False),
        ("javascript:alert(1)//@mara/1", False),
        ("https://social.example/@mara", False),
        ("https://social.example/@mara/1124/../../../etc", False),
        ("https://user:word@social.example/@mara/1124", False),
        ("https://[social.example/@mara/1124", False),
    ],
)
def test_the_place_is_a_posts_address(place, right):
    assert (Mastodon().problem(place) is None) is right


def test_without_a_post_nothing_is_asked(server):
    assert outcomes(Mastodon(), Wanted("a-night", "", "")) == [Same("a-night")]
    assert not server.asked


@pytest.mark.parametrize("url", ["social.example", "https://social.example/web", "ftp://social.example"])
def test_a_server_that_is_none_is_refused(url):
    assert (
        from_settings({"FIRSTHAND_MASTODON_URL": "https://Social.Example/"}).own == "https://social.example"
    )
    assert problems({"FIRSTHAND_MASTODON_URL": url})
    assert not problems({"FIRSTHAND_MASTODON_URL": "https://social.example/"})
