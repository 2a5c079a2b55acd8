"""Discourse, from answers of the shape that its API documents and its forums give.

Sources: https://docs.discourse.org/#tag/Topics (getTopic, getSpecificPostsFromTopic); the public answers of
forums kept in XertroV/discourse-rss-auto-archive-linked-content, api-examples/.
"""

import json

import pytest

from plugins.conversations.pictures import as_words
from plugins.conversations.provider import Same, Wanted
from plugins.conversations.providers import discourse
from plugins.conversations.providers.discourse import Discourse, problems
from tests.conversations.asked import HOSTILE, failure, fetched, outcomes, recorded

STORY = Wanted("a-night", "", "123")
TOPIC = "/t/123.json"


def answer(server, thing, path=TOPIC, status=200, **headers):
    server.page(path, json.dumps(thing).encode(), status, **headers)
    return Discourse(server.url)


def test_a_thread_as_its_server_tells_it(server):
    keeper = answer(server, recorded("discourse/topic.json"))
    said = fetched(keeper, STORY)
    assert list(said) == ["2", "3", "4", "5"]  # neither the story's own post, nor "closed this topic"
    assert [one.parent for one in said.values()] == [None, "2", None, "4"]
    assert [one.author for one in said.values()] == ["Ruth", "Mara Lind", "", "tomas"]
    assert said["2"].published.isoformat() == "2026-11-20T18:30:00.123000+00:00"
    assert said["3"].account == "Mara"
    assert said["3"].place == f"{server.url}/t/123/3"
    assert said["3"].url == f"{server.url}/u/Mara"
    assert said["3"].avatar == f"{server.url}/user_avatar/forum.example/mara/96/14_2.png"
    assert said["5"].avatar == ""  # a letter on a colour
    assert len(server.asked) == 1


def test_who_is_staff_is_what_the_forum_says(server):
    said = fetched(answer(server, recorded("discourse/topic.json")), STORY)
    assert {name: one.official for name, one in said.items()} == {
        "2": False,
        "3": True,
        "4": False,
        "5": False,
    }
    thing = recorded("discourse/topic.json")
    thing["post_stream"]["posts"][1] |= {
        "staff": "yes",
        "admin": 1,
        "user_title": "Staff",
        "name": "Mara Lind",
    }
    assert not fetched(answer(server, thing), STORY)["2"].official


def test_what_was_hidden_or_deleted_keeps_its_place_where_somebody_answered(server):
    said = fetched(answer(server, recorded("discourse/topic.json")), STORY)
    assert said["4"].gone
    assert (said["4"].html, said["4"].author, said["4"].account) == ("", "", "")
    assert "7" not in said  # nobody answered


def test_links_lead_to_the_forum_and_pictures_are_words(server):
    said = fetched(answer(server, recorded("discourse/topic.json")), STORY)
    assert f'href="{server.url}/u/mara"' in said["2"].html
    assert "<p>Very. :ear:</p>" in said["3"].html
    assert "<img" not in said["3"].html


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ('<IMG src=x alt="a &amp; b">', "a &amp; b"),
        ("<img alt='it' src=x>", "it"),
        ('<img data-alt="no">', ""),
        ('<img alt="<b> > c">', "&lt;b&gt; &gt; c"),
        ('<img alt="open', '<img alt="open'),
        ("<imgx alt='it'>", "<imgx alt='it'>"),
    ],
)
def test_pictures_become_words(html, words):
    assert as_words(html) == words


def long_topic(server, count):
    thing = recorded("discourse/topic.json")
    first = thing["post_stream"]["posts"][1]
    posts = [first | {"id": 1000 + number, "post_number": number} for number in range(1, count + 1)]
    thing["post_stream"] = {"posts": posts[:20], "stream": [post["id"] for post in posts]}
    return answer(server, thing, ETag='"1"'), posts


def query(posts):
    asked = "&".join(f"post_ids%5B%5D={post['id']}" for post in posts)
    return f"/t/123/posts.json?{asked}"


def test_a_long_topic_is_read_in_parts(server):
    keeper, posts = long_topic(server, 150)
    answer(server, {"post_stream": {"posts": posts[20:120]}}, query(posts[20:120]))
    answer(server, {"post_stream": {"posts": posts[120:]}}, query(posts[120:]))
    notes = {}
    said = fetched(keeper, STORY, notes=notes)
    assert list(said) == [str(number) for number in range(2, 151)]
    assert "etag" not in notes["a-night"]  # the first part alone says nothing of the rest


def test_a_forum_that_gives_fewer_than_asked_is_asked_again(server):
    keeper, posts = long_topic(server, 60)
    answer(server, {"post_stream": {"posts": posts[20:40]}}, query(posts[20:]))
    answer(server, {"post_stream": {"posts": posts[40:59]}}, query(posts[40:]))
    answer(server, {"post_stream": {"posts": []}}, query(posts[59:]))  # deleted in between
    assert len(fetched(keeper, STORY)) == 58


def test_a_topic_without_its_first_post_is_not_believed(server):
    thing = recorded("discourse/topic.json")
    thing["post_stream"] = {"posts": [], "stream": []}
    said = "Discourse does not tell this topic's first post, and so not all of it."
    assert failure(answer(server, thing), STORY) == said


def test_a_forum_that_answers_something_else_is_left(server, monkeypatch):
    monkeypatch.setattr(discourse, "PAGES", 3)
    keeper, posts = long_topic(server, 60)
    answer(server, {"post_stream": {"posts": posts[:1]}}, query(posts[20:]))
    assert "more posts than we read" in failure(keeper, STORY)
    assert len(server.asked) == 4


def test_what_has_not_changed_is_not_sent_again(server):
    notes = {}
    keeper = answer(server, recorded("discourse/topic.json"), ETag='"1"')
    fetched(keeper, STORY, notes=notes)
    server.page(TOPIC, status=304)
    assert outcomes(keeper, STORY, notes=notes) == [Same("a-night")]


def test_a_key_goes_along_with_its_user(server):
    keeper = answer(server, recorded("discourse/topic.json"))
    fetched(keeper, STORY)
    fetched(keeper, STORY, environ={"FIRSTHAND_DISCOURSE_KEY": "k"})
    fetched(keeper, STORY, environ={"FIRSTHAND_DISCOURSE_KEY": "k", "FIRSTHAND_DISCOURSE_USER": "bot"})
    sent = [(headers.get("api-key"), headers.get("api-username")) for _, headers in server.asked]
    assert sent == [(None, None), ("k", "system"), ("k", "bot")]


@pytest.mark.parametrize("kind", [4, 9, None, "1"])
def test_what_is_whispered_among_staff_is_not_told(server, kind):
    thing = recorded("discourse/topic.json")
    thing["post_stream"]["posts"][2]["post_type"] = kind  # a key sees it
    assert "3" not in fetched(answer(server, thing), STORY)


@pytest.mark.parametrize("change", [{"archetype": "private_message"}, {"deleted_at": "2026-11-21T10:00:00Z"}])
def test_a_private_or_deleted_topic_is_not_told(server, change):
    keeper = answer(server, recorded("discourse/topic.json") | change)
    assert "for a few people only" in failure(keeper, STORY, environ={"FIRSTHAND_DISCOURSE_KEY": "k"})


def test_a_topic_of_ten_thousand_posts_is_not_taken_for_twenty(server):
    thing = recorded("discourse/topic.json")
    del thing["post_stream"]["stream"]
    assert "10,000" in failure(answer(server, thing), STORY)


def test_a_forum_that_is_closed_to_us_says_what_to_do(server):
    said = {"errors": ["You need to be logged in to do that."], "error_type": "not_logged_in"}
    assert "FIRSTHAND_DISCOURSE_KEY" in failure(answer(server, said, status=403), STORY)


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_texts_are_told_as_they_are(server, payload):
    thing = recorded("discourse/topic.json")
    post = thing["post_stream"]["posts"][1]
    post |= {"name": payload, "cooked": f"<p>{payload}</p>", "avatar_template": payload, "post_url": payload}
    said = fetched(answer(server, thing), STORY)["2"]
    whole = payload.replace("\ud800", "?")
    assert said.author == (whole.strip() or "ruth")
    assert said.html == f"<p>{as_words(whole)}</p>"
    assert said.place == f"{server.url}/t/123/2"


@pytest.mark.parametrize("field", ["id", "post_number", "username", "created_at", "cooked", "topic_id"])
@pytest.mark.parametrize("value", [None, [], {}])
def test_a_post_without_what_it_needs_is_no_thread(server, field, value):
    thing = recorded("discourse/topic.json")
    thing["post_stream"]["posts"][1][field] = value
    assert f"`post_stream.posts[1].{field}`" in failure(answer(server, thing), STORY)


@pytest.mark.parametrize(
    ("place", "right"),
    [
        ("123", True),
        ("https://forum.example/t/the-night/123", True),
        ("https://forum.example/t/the-night/123/4", True),
        ("https://forum.example/t/123?u=mara", True),
        ("", False),
        ("-1", False),
        ("١٢٣", False),
        ("/t/the-night/123", False),
        ("https://elsewhere.example/t/the-night/123", False),
        ("https://forum.example.evil.example/t/x/123", False),
        ("https://forum.example/u/mara", False),
    ],
)
def test_the_place_is_a_topic_of_our_forum(place, right):
    assert (Discourse("https://forum.example").problem(place) is None) is right
    assert Discourse("").problem(place)


def test_without_a_topic_nothing_is_asked(server):
    assert outcomes(Discourse(server.url), Wanted("a-night", "", "")) == [Same("a-night")]
    assert not server.asked


@pytest.mark.parametrize(
    "url", ["forum.example", "javascript:alert(1)", "https://u:p@forum.example", "https://["]
)
def test_a_forum_that_is_none_is_refused(url):
    assert problems({"FIRSTHAND_DISCOURSE_URL": url})
    assert not problems({"FIRSTHAND_DISCOURSE_URL": ""})
    assert problems({"FIRSTHAND_DISCOURSE_URL": "", "FIRSTHAND_CONVERSATIONS": "discourse"})
