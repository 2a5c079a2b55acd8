"""giscus, from answers of the shape that GitHub's GraphQL API documents.

Sources: https://docs.github.com/en/graphql/guides/using-the-graphql-api-for-discussions; the objects
Discussion and DiscussionComment; the two rate limits, in .../rate-limits-and-node-limits-for-the-graphql-api.
"""

import datetime
import json
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from plugins.conversations.provider import Failed, Fetched, Wanted
from plugins.conversations.providers.giscus import Giscus, problems, term_of
from tests.conversations.asked import HOSTILE, NOW, failure, fetched, outcomes, recorded
from tests.conversations.opened import subject, words
from tests.guard.loopback import respond

STORY, GEAR = Wanted("a-night", "", ""), Wanted("a-gear", "", "")
NAMED = Wanted("a-night", "", "12")
TOKEN = {"FIRSTHAND_GISCUS_TOKEN": "secret-token"}
DC = "DC_kwDOAbCdEf4A000"


@pytest.fixture
def github(server):
    """Answers the questions in the order given."""

    def answers(*things, status=200, **headers):
        waiting = list(things)

        def answer(request):
            thing = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            respond(request, json.dumps(thing).encode(), status, **headers)

        server.pages["/graphql"] = answer
        return Giscus("brand/talk", "R_1", "Announcements", "DIC_1", f"{server.url}/graphql")

    return answers


def asked(server):
    """What was asked: the variables of each question."""
    return [json.loads(body)["variables"] for body in server.sent]


def titles(*nodes, more=None):
    page = {"pageInfo": {"hasNextPage": bool(more), "endCursor": more}, "nodes": list(nodes)}
    return {"data": {"repository": {"isPrivate": False, "discussions": page}}}


def threads(*found, **kept):
    repository = {f"d{place}": thread for place, thread in enumerate(found)}
    return {"data": {"repository": {"isPrivate": False, **repository}}, **kept}


def thread():
    return recorded("giscus/threads.json")["data"]["repository"]["d0"]


def test_a_thread_as_its_server_tells_it(server, github):
    keeper = github(recorded("giscus/titles.json"), recorded("giscus/threads.json"))
    said = fetched(keeper, STORY, environ=TOKEN)
    assert list(said) == [f"{DC}{number}" for number in (101, 102, 104, 105, 106)]
    question, reply, place, under, left = said.values()
    assert [one.parent for one in said.values()] == [None, question.id, None, place.id, None]
    assert (question.author, question.account, question.url) == (
        "ruth-k",
        "ruth-k",
        "https://github.com/ruth-k",
    )
    assert question.place.endswith("#discussioncomment-101")
    assert question.avatar == "https://avatars.githubusercontent.com/u/101?s=96&v=4"
    assert question.published == datetime.datetime(2026, 11, 20, 18, 30, tzinfo=datetime.UTC)
    assert (place.gone, place.html, place.author) == (True, "", "")
    assert (left.author, left.account, left.gone) == ("", "", False)
    assert "So do I." in under.html
    assert ">the belt</a>" in reply.html
    assert 'href="https://github.com/brand/talk/wiki"' in reply.html
    assert not any(one.official for one in said.values())  # a login in `accounts` proves who is staff
    first, second = asked(server)
    assert first["category"] == "DIC_1"
    assert second == {"owner": "brand", "name": "talk", "n0": 12}  # the oldest that giscus itself opened
    assert {headers["authorization"] for _, headers in server.asked} == {"Bearer secret-token"}


def test_many_threads_are_read_with_few_questions(server, github):
    stories = [Wanted(f"s{number}", "", "") for number in range(1, 24)]
    nodes = [{"number": number, "title": f"stories/s{number}/"} for number in range(1, 24)]
    keeper = github(
        titles(*nodes[:12], more="c1"),
        titles(*nodes[12:]),
        threads(*[thread() for _ in range(10)]),
        threads(*[thread() for _ in range(10)]),
        threads(*[thread() for _ in range(3)]),
    )
    found = outcomes(keeper, *stories, environ=TOKEN)
    assert [outcome.slug for outcome in found] == [story.slug for story in stories]
    assert all(isinstance(outcome, Fetched) and len(outcome.said) == 5 for outcome in found)
    assert len(server.sent) == 5
    assert asked(server)[1]["after"] == "c1"


def test_a_discussion_opened_by_hand_is_found_by_its_title(server, github):
    fetched(
        github(titles({"number": 7, "title": "stories/a-night/"}), threads(thread())), STORY, environ=TOKEN
    )
    assert asked(server)[1]["n0"] == 7


def test_long_threads_are_read_page_by_page(server, github):
    first, second, replies = thread(), thread(), thread()["comments"]["nodes"][0]["replies"]
    first["comments"]["pageInfo"] = {"hasNextPage": True, "endCursor": "c2"}
    first["comments"]["nodes"] = first["comments"]["nodes"][2:3]
    second["comments"]["nodes"] = second["comments"]["nodes"][:1]
    second["comments"]["nodes"][0]["replies"]["pageInfo"] = {"hasNextPage": True, "endCursor": "r1"}
    replies["nodes"] = [replies["nodes"][0] | {"id": f"DC_reply_{number}"} for number in range(3)]
    keeper = github(
        threads(first),
        {"data": {"repository": {"isPrivate": False, "discussion": second}}},
        {"data": {"node": {"replies": replies}}},
    )
    said = fetched(keeper, NAMED, environ=TOKEN)
    assert [name[-3:] for name in said] == ["106", "101", "102", "y_0", "y_1", "y_2"]
    assert said["DC_reply_2"].parent == f"{DC}101"
    assert asked(server)[1]["after"] == "c2"
    assert asked(server)[2] == {"id": f"{DC}101", "after": "r1"}


def test_the_same_page_again_and_again_is_left(server, github):
    circle = thread()
    circle["comments"]["pageInfo"] = {"hasNextPage": True, "endCursor": "c1"}
    keeper = github(threads(circle), {"data": {"repository": {"isPrivate": False, "discussion": circle}}})
    assert "again and again" in failure(keeper, NAMED, environ=TOKEN)
    assert len(server.sent) == 2


def test_a_story_that_nobody_has_written_about_is_empty(github):
    notes = {}
    assert fetched(github(titles()), STORY, environ=TOKEN, notes=notes) == {}
    assert notes == {"a-night": {}}


def test_a_discussion_that_was_there_is_asked_for_by_its_number(server, github):
    notes = {"a-night": {"number": "12"}}
    said = fetched(github(titles(), threads(thread())), STORY, environ=TOKEN, notes=notes)
    assert len(said) == 5  # it has another title now
    missing = {"type": "NOT_FOUND", "path": ["repository", "d0"], "message": "Could not resolve"}
    gone = threads(None, errors=[missing])
    assert fetched(github(titles(), gone), STORY, environ=TOKEN, notes=notes) == {}
    assert notes == {"a-night": {}}
    assert "no discussion 12" in failure(github(gone), NAMED, environ=TOKEN)  # a story's own mistake


def test_one_that_cannot_be_told_does_not_keep_the_others(server, github):
    wrong = {"errors": [{"message": "Something went wrong while executing your query."}], "data": None}
    listed = titles({"number": 12, "title": term_of("a-night")}, {"number": 13, "title": term_of("a-gear")})
    keeper = github(listed, wrong, wrong, threads(thread()))
    night, gear = outcomes(keeper, STORY, GEAR, environ=TOKEN)
    assert night == Failed("a-night", "GitHub says: Something went wrong while executing your query.")
    assert isinstance(gear, Fetched)


@pytest.mark.parametrize(
    ("status", "thing", "headers"),
    [
        (200, {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}, {}),
        (403, {"message": "You have exceeded a secondary rate limit."}, {}),
        (403, {"message": "Wait."}, {"Retry_After": "60"}),
        (429, {}, {}),
    ],
)
def test_who_is_told_to_wait_asks_nothing_more(server, github, status, thing, headers):
    reset = str(int(NOW.timestamp()) + 1800)
    headers = headers or {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": reset}
    stories = [Wanted(f"s{number}", "", str(number)) for number in range(1, 31)]
    found = outcomes(github(thing, status=status, **headers), *stories, environ=TOKEN)
    when = "12:01" if "Retry_After" in headers else "12:30"
    assert {outcome.why for outcome in found} == {
        f"GitHub has been asked often enough. Try after {when} UTC."
    }
    assert len(server.sent) == 1


@pytest.mark.parametrize(
    ("status", "thing", "why"),
    [
        (401, {"message": "Bad credentials"}, "FIRSTHAND_GISCUS_TOKEN"),
        (403, {"message": "Resource not accessible by personal access token"}, "FIRSTHAND_GISCUS_TOKEN"),
        (502, {}, "out of order (502)"),
        (200, {"data": None, "errors": [{"message": "Parse error"}]}, "Parse error"),
        (
            200,
            {"data": {"repository": None}, "errors": [{"type": "NOT_FOUND", "path": ["repository"]}]},
            "GitHub",
        ),
        (200, {"data": {"repository": {"isPrivate": True}}}, "is private"),
        (
            200,
            {"data": {"repository": {"d0": {"comments": None}}}},
            "`data.repository.d0.comments` is missing",
        ),
        (200, {"data": []}, "`data` is []"),
        (200, [], "`data` is missing"),
        (200, None, "`data` is missing"),
    ],
)
def test_a_wrong_answer_is_no_empty_thread(github, status, thing, why):
    assert why in failure(github(thing, status=status), NAMED, environ=TOKEN)


def test_without_a_token_nothing_is_asked(server, github):
    for story in (STORY, NAMED):
        assert "FIRSTHAND_GISCUS_TOKEN" in failure(github({}), story)
    assert not server.sent


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_texts_are_told_as_they_are(github, payload):
    one = thread()
    comment = one["comments"]["nodes"][0]
    comment |= {"bodyHTML": f"<p>{payload}</p>", "url": payload}
    comment["author"] = {"login": payload, "url": payload, "avatarUrl": payload}
    said = next(iter(fetched(github(threads(one)), NAMED, environ=TOKEN).values()))
    whole = payload.replace("\ud800", "?")
    assert (said.author, said.account, said.url, said.place, said.avatar) == (whole,) * 5
    assert "<img" not in said.html


def embed(place="", lang="en"):
    keeper = Giscus("brand/talk", "R_1", "Announcements & more", "DIC_1")
    return keeper.embed(subject("a-night", lang=lang, place=place), words())


def test_the_embed_loads_nothing_by_itself():
    html = embed()
    assert 'data-provider="frame"' in html
    assert " src=" not in html
    assert 'href="https://github.com/brand/talk/discussions"' in html
    assert "kept at github.com" in html
    assert "then giscus.app sees your network address" in html
    src = unescape(str(html).partition('data-src="')[2].partition('"')[0])
    assert src.startswith("https://giscus.app/en/widget?")
    values = parse_qs(urlsplit(src).query)
    assert (values["term"], values["strict"]) == (["stories/a-night/"], ["1"])
    assert values["category"] == ["Announcements & more"]


def test_the_embed_opens_the_discussion_that_a_story_names():
    html = embed("https://github.com/Brand/talk/discussions/7#x", "xx")
    assert "https://giscus.app/widget?" in html  # in English, for a language that giscus has not
    assert "number=7" in html
    assert "term=" not in html
    assert 'href="https://github.com/brand/talk/discussions/7"' in html
    assert embed("https://github.com/other/talk/discussions/7") == ""


@pytest.mark.parametrize(
    ("place", "right"),
    [
        ("", True),
        ("12", True),
        ("https://github.com/brand/talk/discussions/12", True),
        ("0", False),
        ("-1", False),
        ("https://github.com/other/talk/discussions/12", False),
        ("https://github.com/brand/talk/issues/12", False),
        ("javascript:alert(1)", False),
    ],
)
def test_the_place_is_a_discussion_of_our_repository(server, github, place, right):
    assert (Giscus("brand/talk").problem(place) is None) is right
    if not right:
        assert "brand/talk" in failure(github(titles()), Wanted("a-night", "", place), environ=TOKEN)
        assert not server.sent


def test_all_four_settings_are_needed():
    names = ["REPO", "REPO_ID", "CATEGORY", "CATEGORY_ID"]
    none = {f"FIRSTHAND_GISCUS_{name}": "" for name in names}
    assert problems(none) == []
    assert len(problems(none | {"FIRSTHAND_CONVERSATIONS": "giscus"})) == 4
    assert len(problems(none | {"FIRSTHAND_GISCUS_REPO": "brand"})) == 4
    assert problems({f"FIRSTHAND_GISCUS_{name}": "brand/talk" for name in names}) == []
    assert Giscus("").problem("") == "There is no repository to read: FIRSTHAND_GISCUS_REPO is not set."
