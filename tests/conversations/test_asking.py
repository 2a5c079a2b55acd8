"""Asking politely: what each answer means in words, what is noted, and whose turn it is."""

import asyncio
import datetime
import json

import pytest

from plugins.conversations import asking as module
from plugins.conversations.asking import Asking, NoAnswer, each
from plugins.conversations.heard import Json, Misshapen
from plugins.conversations.provider import Failed, Fetched, Reach, Same, Wanted
from plugins.guard.fetch import Fetcher, Response
from tests.conversations.asked import NOW, Told
from tests.guard.loopback import drip, endless

URL = "https://talk.example/api"


def ask(fetcher, url=URL, notes=None, **how):
    """One answer, or the sentence in its place."""

    async def once():
        asking = Asking("Talk", Reach(fetcher, NOW, {} if notes is None else notes, {}))
        return await asking.ask(url, **how)

    try:
        return asyncio.run(once())
    except (NoAnswer, Misshapen) as error:
        return str(error)


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (401, {}, "Talk does not let us read it (401). Give it a token."),
        (403, {}, "Talk does not let us read it (403). Give it a token."),
        (403, {"retry_after": "90"}, "Talk has been asked often enough. Try after 12:01 UTC."),
        (404, {}, "Talk has no such thread, or shows it to nobody (404). Look at the story's"),
        (410, {}, "Talk has no such thread, or shows it to nobody (410)."),
        (429, {}, "Talk has been asked often enough. Try after 12:15 UTC."),
        (429, {"retry_after": "60"}, "Try after 12:01 UTC."),
        (429, {"retry_after": "Sun, 22 Nov 2026 13:30:00 GMT"}, "Try after 13:30 UTC."),
        (429, {"retry_after": "soon"}, "Try after 12:15 UTC."),
        (429, {"retry_after": "9" * 400}, "Try after 12:00 UTC."),  # a day is as long as we wait
        (429, {"retry_after": "-5"}, "Try after 12:15 UTC."),
        (429, {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "1795352400"}, "Try after 13:00 UTC."),
        (429, {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "2026-11-22T12:05:00.000Z"}, "12:05 UTC."),
        (429, {"ratelimit_remaining": "0", "ratelimit_reset": "1795352400"}, "Try after 13:00 UTC."),
        (429, {"ratelimit_remaining": "0", "ratelimit_reset": "120"}, "Try after 12:02 UTC."),
        (429, {"ratelimit_remaining": "0", "ratelimit_reset": "never"}, "Try after 12:15 UTC."),
        (429, {"x_ratelimit_remaining": "7", "x_ratelimit_reset": "1795352400"}, "Try after 12:15 UTC."),
        (301, {}, "Talk sends us on (301). Write the address it leads to."),
        (500, {}, "Talk is out of order (500). Try later."),
        (503, {"retry_after": "60"}, "Talk is out of order (503). Try later."),
        (418, {}, "Talk answered 418, which we do not understand."),
    ],
)
def test_each_status_has_its_words(status, headers, words):
    assert words in ask(Told(b"{}", status, **headers), advice="Give it a token.")


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a"', b"\xff\xfe", b"[" * 100_000, b"9" * 5_000])
def test_what_is_not_json_is_said_to_be_none(body):
    assert ask(Told(body)) == "Talk answered something that is not JSON."


def test_a_status_that_was_asked_for_is_an_answer():
    assert ask(Told(b'{"error": "no"}', 400), through=(400,)).json.text("error") == "no"
    assert ask(Told(b"no", 400), through=(400,)).json.value == {}


def test_slow_large_and_forbidden_answers_are_sentences(server, monkeypatch):
    monkeypatch.setattr(module, "DEADLINE", 0.3)
    monkeypatch.setattr(module, "LIMIT", 1_000)
    server.pages = {"/slow": drip("body", 0.6), "/silent": drip("silence", 0.6), "/large": endless}
    server.page("/away", status=302, Location="http://127.0.0.1:1/private")

    async def all_of_them():
        async with Fetcher() as fetcher:
            asking = Asking("Talk", Reach(fetcher, NOW, {}, {}))
            found = await asyncio.gather(
                *(asking.ask(f"{server.url}/{page}") for page in ("slow", "silent", "large", "away")),
                asking.ask("http://10.0.0.1/"),
                asking.ask("file:///etc/passwd"),
                asking.ask("https://[x/"),
                return_exceptions=True,
            )
            return [(type(error), str(error)) for error in found]

    found = asyncio.run(all_of_them())
    assert {kind for kind, _ in found} == {NoAnswer}
    words = ["not done", "not done", "1,000 bytes", "may not be read", "may not be read", "", ""]
    assert [part for part, (_, said) in zip(words, found, strict=True) if part not in said] == []


def test_what_was_kept_is_asked_about_at_its_own_address():
    asked = []

    class Fetch(Told):
        async def fetch(self, url, *, validators=None, **_):
            asked.append(validators and validators.etag)
            return Response(url, 304 if validators else 200, {"etag": '"1"'}, self.body)

    note = {}
    first = ask(Fetch(b"[]"), note=note)
    assert not first.same
    first.keep()
    assert ask(Fetch(b"[]"), note=note).same
    assert not ask(Fetch(b"[]"), f"{URL}/other", note=note).same
    assert asked == [None, '"1"', None]
    ask(Told(b"[]"), note=note).keep()  # without validators there is nothing to ask with
    assert note == {}
    assert ask(Told(b"", 304)) == "Talk sends us on (304). Write the address it leads to."


def test_a_question_is_posted_and_a_token_goes_along():
    sent = {}

    class Fetch(Told):
        async def fetch(self, url, **how):
            sent.update(how)
            return Response(url, 200, {}, b"{}")

    ask(Fetch(b""), question={"a": "ü"}, headers={"Authorization": "x"}, limit=7, deadline=2.0)
    assert json.loads(sent["body"]) == {"a": "ü"}
    assert (sent["headers"], sent["limit"], sent["deadline"]) == ({"Authorization": "x"}, 7, 2.0)


STORIES = [Wanted(f"s{number}", "", "") for number in range(9)]


def run(one, notes=None, wanted=STORIES, fetcher=None):
    async def all_of_them():
        asking = Asking("Talk", Reach(fetcher or Told(b"{}"), NOW, {} if notes is None else notes, {}))
        return [outcome async for outcome in each(wanted, asking, lambda story: one(story, asking))]

    return asyncio.run(all_of_them())


def test_whoever_was_not_read_the_longest_comes_first():
    asked, notes = (
        [],
        {"s0": {"read": "2026-11-22T10:00:00+00:00"}, "s1": {"read": "2026-11-20T10:00:00+00:00"}},
    )

    async def one(story, asking):
        asked.append(story.slug)
        if story.slug == "s5":
            raise NoAnswer("No.")
        return Same(story.slug)

    outcomes = run(one, notes)
    assert asked == ["s2", "s3", "s4", "s5", "s6", "s7", "s8", "s1", "s0"]
    assert Failed("s5", "No.") in outcomes
    assert notes["s0"]["read"] == NOW.isoformat()
    assert "s5" not in notes


def test_a_few_are_asked_about_at_once():
    running, most = 0, 0

    async def one(story, asking):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return Fetched(story.slug, ())

    assert {outcome.slug for outcome in run(one)} == {story.slug for story in STORIES}
    assert most == module.AT_ONCE


def test_who_was_told_to_wait_asks_that_server_nothing_more():
    async def one(story, asking):
        await asking.ask(URL if story.slug != "s8" else "https://other.example/")
        return Same(story.slug)

    fetcher = Told(b"", 429)
    assert all(isinstance(outcome, Failed) for outcome in run(one, fetcher=fetcher))
    assert len([url for url in fetcher.asked if url == URL]) <= module.AT_ONCE
    last = Told(b"{}", 200, x_ratelimit_remaining="0", x_ratelimit_reset=str(int(NOW.timestamp()) + 60))
    outcomes = run(one, fetcher=last, wanted=STORIES[:1] + STORIES[-1:])
    assert [type(outcome) for outcome in outcomes] == [Same, Same]  # another server is another's

    async def twice(story, asking):
        await asking.ask(URL)
        await asking.ask(URL)

    assert run(twice, fetcher=last, wanted=STORIES[:1]) == [
        Failed("s0", "Talk has been asked often enough. Try after 12:01 UTC.")
    ]


def test_a_thread_that_takes_too_long_is_left(monkeypatch):
    monkeypatch.setattr(module, "LONGEST", 0.01)

    async def one(story, asking):
        await asyncio.Event().wait()

    assert run(one, wanted=STORIES[:1]) == [
        Failed("s0", "Talk took longer than 0.01 seconds for one thread. Try later.")
    ]


def test_whoever_stops_listening_ends_what_runs():
    ended = []

    async def one(story, asking):
        if story.slug == "s0":
            return Same("s0")
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(story.slug)

    async def the_first():
        outcomes = each(
            STORIES, asking := Asking("Talk", Reach(Told(b""), NOW, {}, {})), lambda s: one(s, asking)
        )
        async for outcome in outcomes:
            await outcomes.aclose()
            return outcome

    assert asyncio.run(the_first()) == Same("s0")
    assert sorted(ended) == ["s1", "s2", "s3"]


THING = {
    "text": "a\ud800b",
    "number": 7,
    "true": True,
    "list": [{"id": "1"}, {"id": 2}],
    "mixed": [{}, 1, "x", None],
    "time": "2026-11-22T13:00:00+01:00",
    "naive": "2026-11-22T12:00:00",
    "seconds": 1795348800.5,
    "wrong": "0001-01-01T00:00:00+23:00",
    "null": None,
    "blank": " \u202e ",
}


def test_json_gives_what_is_there():
    heard = Json(THING, "Talk")
    assert (heard.text("text"), heard.text("number"), heard.text("nothing")) == ("a?b", "", "")
    assert (heard.id("number"), heard.id("text"), heard.id_or_none("null")) == ("7", "a?b", None)
    assert (heard.number("number"), heard.number("true"), heard.whole("number")) == (7, None, 7)
    assert (heard.flag("true"), heard.flag("number")) == (True, False)
    assert [item.id("id") for item in heard.items("list")] == ["1", "2"]
    assert (len(heard.some("mixed")), heard.texts("mixed"), heard.some("text")) == (1, ["x"], [])
    assert (
        heard.time("time") == heard.time("naive") == datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
    )
    assert heard.seconds("seconds") == datetime.datetime(2026, 11, 22, 12, 0, 0, 500_000, datetime.UTC)
    assert heard.time_or_none("wrong") is None


@pytest.mark.parametrize(
    ("ask_for", "words"),
    [
        (lambda heard: heard.need("number"), "`number` is 7"),
        (lambda heard: heard.items("null"), "`null` is missing"),
        (lambda heard: heard.items("mixed"), "`mixed[1]` is 1"),
        (lambda heard: heard.items("list")[0].id("name"), "`list[0].name` is missing"),
        (lambda heard: heard.inner("a").inner("b").words("c"), "`a.b.c` is missing"),
        (lambda heard: heard.id("true"), "`true` is True"),
        (lambda heard: heard.id("blank"), "`blank` is"),
        (lambda heard: heard.id_or_none("list"), "`list` is [{"),
        (lambda heard: heard.whole("text"), "`text` is"),
        (lambda heard: heard.time("text"), "`text` is"),
        (lambda heard: heard.seconds("true"), "`true` is True"),
        (lambda heard: Json({"n": 1e300}, "Talk").seconds("n"), "`n` is 1e+300"),
        (lambda heard: Json(7, "Talk").listed(), "Talk answered something that is not a thread."),
    ],
)
def test_what_is_needed_and_not_there_is_named(ask_for, words):
    with pytest.raises(Misshapen) as refused:
        ask_for(Json(THING, "Talk"))
    assert words in str(refused.value)
