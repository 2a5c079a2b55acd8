"""Bluesky, from answers of the shape that its lexicons promise.

Sources: https://github.com/bluesky-social/atproto/tree/main/lexicons/app/bsky (feed.getPostThread,
feed.defs, feed.threadgate, richtext.facet, embed.*); https://docs.bsky.app/docs/tutorials/viewing-threads.
"""

import itertools
import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.conversations.heard import Json
from plugins.conversations.markup import comment_html
from plugins.conversations.provider import Failed, Same, Wanted
from plugins.conversations.providers import bluesky
from plugins.conversations.providers.bluesky import Bluesky, problems
from plugins.conversations.providers.bluesky_post import html_of, place_of
from plugins.guard.fetch import Response
from plugins.guard.html import plain_text
from tests.conversations.asked import HOSTILE, Told, failure, fetched, outcomes, recorded, told

STORY = Wanted("a-night", "", "https://bsky.app/profile/mara.example/post/3root")
ROOT = "at://mara.example/app.bsky.feed.post/3root"


def path(uri=ROOT):
    asked = f"uri={quote(uri, safe='')}&depth={bluesky.DEPTH}&parentHeight=0"
    return f"/xrpc/app.bsky.feed.getPostThread?{asked}"


def answer(server, thing, uri=ROOT, status=200, **headers):
    server.page(path(uri), json.dumps(thing).encode(), status, **headers)
    return Bluesky(server.url)


def test_a_thread_as_its_server_tells_it(server):
    keeper = answer(server, recorded("bluesky/thread.json"))
    said = {name.rpartition("/")[2]: one for name, one in fetched(keeper, STORY).items()}
    assert list(said) == ["3q", "3r", "3l", "3p", "3u"]
    assert said["3q"].parent is None
    assert said["3r"].parent == said["3q"].id
    assert [said[name].author for name in ("3q", "3r", "3l")] == ["Ruth", "Mara Lind", f"did:plc:{'t' * 24}"]
    assert said["3r"].account == f"did:plc:{'m' * 24}"
    assert said["3r"].place == f"https://bsky.app/profile/did:plc:{'m' * 24}/post/3r"
    assert said["3r"].avatar.startswith("https://cdn.bsky.app/img/avatar/")
    assert len(server.asked) == 1


def test_a_post_whose_replies_are_counted_and_not_told_is_not_believed(server):
    thing = recorded("bluesky/thread.json")
    thing["thread"]["post"]["replyCount"] = 5
    del thing["thread"]["replies"]
    assert (
        failure(answer(server, thing), STORY) == "Bluesky counts replies to this post and tells none of them."
    )


def test_the_words_and_what_is_attached(server):
    keeper = answer(server, recorded("bluesky/thread.json"))
    said = {name.rpartition("/")[2]: one.html for name, one in fetched(keeper, STORY).items()}
    assert said["3q"] == (
        '<p>Größe? See <a href="https://gears.example/?a=1&amp;b=2">gears.example</a> and'
        f' <a href="https://bsky.app/profile/did:plc:{"m" * 24}">@mara.example</a>'
        ' <a href="https://bsky.app/hashtag/nightshift">#nightshift</a><br>Is it loud?</p><p>Thanks</p>'
    )
    assert '<p><a href="https://cdn.bsky.app/img/feed_fullsize/plain/x/y@jpeg">The belt</a></p>' in said["3r"]
    assert f"https://bsky.app/profile/did:plc:{'a' * 24}/post/3old" in said["3r"]
    assert said["3l"].endswith('<p><a href="https://belts.example/">Belts &amp; more</a></p>')


def test_an_author_cannot_write_in_the_future_or_before_everybody(server):
    thing = recorded("bluesky/thread.json")
    thing["thread"]["replies"][0]["post"]["record"]["createdAt"] = "2999-01-01T00:00:00Z"
    thing["thread"]["replies"][1]["post"]["record"]["createdAt"] = "yesterday"
    said = fetched(answer(server, thing), STORY)
    times = {name.rpartition("/")[2]: one.published.isoformat() for name, one in said.items()}
    assert times["3q"] == "2026-11-20T18:30:02.123000+00:00"
    assert times["3l"] == "2026-11-21T08:00:00+00:00"


def test_who_does_not_want_to_be_shown_here_is_not(server):
    keeper = answer(server, recorded("bluesky/thread.json"))
    said = {name.rpartition("/")[2]: one for name, one in fetched(keeper, STORY).items()}
    place = said["3p"]  # somebody answered, so that the place stays
    assert place.gone
    assert (place.author, place.url, place.html, place.avatar, place.account) == ("", "", "", "", "")
    assert said["3u"].parent == place.id
    assert "3s" not in said
    assert not {"3h", "3b"} & set(said)  # hidden by the thread's author


def deep(count):
    """A thread of replies, each to the one before it, as deep as asked for."""
    first = recorded("bluesky/thread.json")["thread"]["replies"][1]
    text, nodes = json.dumps(first), []
    for number in range(count):
        nodes.append(json.loads(text.replace("/3l", f"/3n{number}")))
        nodes[-1]["post"]["replyCount"] = int(number < count - 1)
    return nodes


def nested(nodes):
    for node, reply in itertools.pairwise(nodes):
        node["replies"] = [reply]
    nodes[-1].pop("replies", None)
    return nodes[0]


def test_a_deep_thread_is_read_on_from_where_it_was_cut(server):
    whole = recorded("bluesky/thread.json")["thread"] | {"replies": []}
    nodes = deep(5)
    uris = [node["post"]["uri"] for node in nodes]
    below = nested(deep(5)[2:])
    keeper = answer(server, {"thread": whole | {"replies": [nested(nodes[:3])]}})  # fewer than asked for
    answer(server, {"thread": below}, uris[2])
    said = fetched(keeper, STORY)
    assert list(said) == uris
    assert [one.parent for one in said.values()] == [None, *uris[:-1]]
    assert len(server.asked) == 2


def test_what_is_as_deep_as_asked_for_can_be_read(server):
    whole = recorded("bluesky/thread.json")["thread"]
    keeper = answer(server, {"thread": whole | {"replies": [nested(deep(bluesky.DEPTH))]}})
    assert len(fetched(keeper, STORY)) == bluesky.DEPTH


class Endless(Told):
    """Says of every post that there is another one below it."""

    def __init__(self, others):
        super().__init__(b"")
        self.others = others

    async def fetch(self, url, **_):
        self.asked.append(url)
        (node,) = deep(1)
        node["post"] |= {"replyCount": 1, "uri": f"{node['post']['uri']}{len(self.asked) % self.others}"}
        del node["replies"]
        thread = recorded("bluesky/thread.json")["thread"] | {"replies": [node]}
        return Response(url, 200, {}, json.dumps({"thread": thread}).encode())


def test_a_thread_that_never_ends_is_left(monkeypatch):
    monkeypatch.setattr(bluesky, "PAGES", 4)
    endless, circle = Endless(1_000), Endless(2)
    assert told(Bluesky(), [STORY], endless) == [Failed("a-night", "Bluesky's thread does not end.")]
    assert len(endless.asked) == 4
    (found,) = told(Bluesky(), [STORY], circle)  # the same two over and over
    assert len(found.said) == 2


@pytest.mark.parametrize("kind", ["notFoundPost", "blockedPost"])
def test_a_post_that_is_gone_keeps_what_is_here(server, kind):
    keeper = answer(server, {"thread": {"$type": f"app.bsky.feed.defs#{kind}", "uri": ROOT}})
    assert "deleted" in failure(keeper, STORY)


def test_a_refusal_is_passed_on_in_its_words(server):
    said = {"error": "NotFound", "message": "Post not found: at://x"}
    assert "Post not found: at://x." in failure(answer(server, said, status=400), STORY)
    assert "it says no more" in failure(answer(server, [], status=400), STORY)


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_texts_are_told_as_they_are(server, payload):
    thing = recorded("bluesky/thread.json")
    node = thing["thread"]["replies"][0]
    node["replies"] = []
    node["post"]["author"] |= {"displayName": payload, "handle": payload, "avatar": payload}
    node["post"]["record"] |= {"text": payload, "facets": payload}
    node["post"]["embed"] = {"external": {"uri": payload, "title": payload}, "images": payload}
    thing["thread"]["replies"] = [node]
    (said,) = fetched(answer(server, thing), STORY).values()
    whole = payload.replace("\ud800", "?")
    assert (said.author, said.avatar) == (whole.strip(), whole)
    assert "<script" not in said.html
    assert "<img" not in said.html  # its text is no markup


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 30) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from("index features byteStart byteEnd uri did tag images external record".split()),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(text=st.text(max_size=30), facets=JUNK, embed=JUNK)
def test_no_facet_loses_words_or_opens_a_tag(text, facets, embed):
    record = {"text": text, "facets": facets}
    html = html_of(Json(record, "Bluesky"), Json({}, "Bluesky"))
    words = plain_text(comment_html(html, "https://site.example/"))
    assert (
        words.split() == plain_text(comment_html(html_of(Json({"text": text}, ""), Json(0, "")), "")).split()
    )
    assert isinstance(html_of(Json(record, "Bluesky"), Json(embed, "Bluesky")), str)


@pytest.mark.parametrize(
    ("place", "right"),
    [
        ("https://bsky.app/profile/mara.example/post/3kabc", True),
        ("https://bsky.app/profile/did:plc:abc/post/3kabc", True),
        ("at://did:plc:abc/app.bsky.feed.post/3kabc", True),
        ("", False),
        ("3kabc", False),
        ("https://bsky.app/profile/mara.example", False),
        ("javascript://bsky.app/profile/mara.example/post/3kabc", False),
        ("https://bsky.app/profile/mara.example/post/3k/../..", False),
    ],
)
def test_the_place_is_a_posts_address(place, right):
    assert (Bluesky().problem(place) is None) is right
    assert place_of("at://did:plc:abc/app.bsky.feed.like/3") == ""


def test_without_a_post_nothing_is_asked(server):
    assert outcomes(Bluesky(server.url), Wanted("a-night", "", "")) == [Same("a-night")]
    assert not server.asked


def test_a_server_that_is_none_is_refused():
    assert problems({"FIRSTHAND_BLUESKY_URL": "bsky.app"})
    assert problems({"FIRSTHAND_BLUESKY_URL": ""})
    assert not problems({"FIRSTHAND_BLUESKY_URL": "https://public.api.bsky.app"})
