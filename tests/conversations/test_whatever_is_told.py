"""Whatever a server tells: a thread or a sentence, never an error; and a page that nothing of it runs in."""

import copy
import json
import re
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pelican.settings import read_settings

from plugins.conversations.bring import bring
from plugins.conversations.cleaned import cleaned
from plugins.conversations.ledger import Ledger
from plugins.conversations.provider import Failed, Fetched, Said, Wanted
from plugins.conversations.providers import giscus
from plugins.conversations.providers.bluesky import Bluesky
from plugins.conversations.providers.discourse import Discourse
from plugins.conversations.providers.giscus import Giscus
from plugins.conversations.providers.mastodon import Mastodon
from plugins.conversations.settings import check
from plugins.conversations.staff import Staff
from tests.conversations.asked import HOSTILE, NOW, Told, recorded, told
from tests.conversations.opened import subject, words
from tests.guard.harmless import assert_harmless, page_problems

ENVIRON = {"FIRSTHAND_GISCUS_TOKEN": "token-1", "FIRSTHAND_MASTODON_TOKEN": "token-2"}
POST = "https://social.example/@mara/115000000000000001"
KEEPERS = {
    "mastodon": (Mastodon("https://social.example"), POST, "mastodon/context.json"),
    "bluesky": (Bluesky(), "at://mara.example/app.bsky.feed.post/3root", "bluesky/thread.json"),
    "discourse": (Discourse("https://forum.example"), "123", "discourse/topic.json"),
    "giscus": (Giscus("brand/talk"), "12", "giscus/threads.json"),
}


def outcome(name, body, status=200, **headers):
    keeper, place, _ = KEEPERS[name]
    fetcher = Told(body, status, **headers)
    (found,) = told(keeper, [Wanted("a-night", "", place)], fetcher, environ=ENVIRON)
    return found


@pytest.mark.parametrize("name", KEEPERS)
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 200),
        (b"null", 200),
        (b"[]", 200),
        (b"{}", 200),
        (b"7", 200),
        (b'{"data": {}, "thread": {}, "post_stream": {}, "descendants": {}}', 200),
        (b'{"data": null, "thread": null, "post_stream": [], "descendants": null}', 200),
        (b"<!doctype html><title>Wait</title>", 200),
        (b'{"descendants": [{"id": ', 200),
        (b'{"descendants": [null], "thread": [null], "post_stream": [null], "data": [null]}', 200),
        (b"\xff\xfe\x00", 200),
        (b"[" * 5_000, 200),
        (b'{"thread":' * 2_000, 200),
        (b"{}", 204),
        (b"{}", 401),
        (b"{}", 403),
        (b"{}", 404),
        (b"{}", 410),
        (b"{}", 429),
        (b"{}", 500),
        (b"", 302),
    ],
)
def test_what_is_no_thread_is_a_sentence(name, body, status):
    found = outcome(name, body, status)
    assert isinstance(found, Failed)
    assert found.why.endswith((".", "`conversation`; what was fetched before stays."))
    assert "token-" not in found.why


@pytest.mark.parametrize(
    ("name", "place", "address"),
    [
        ("mastodon", POST, POST),
        ("bluesky", KEEPERS["bluesky"][1], "https://bsky.app/profile/mara.example/post/3root"),
        (
            "bluesky",
            "https://bsky.app/profile/mara.example/post/3",
            "https://bsky.app/profile/mara.example/post/3",
        ),
        ("discourse", "123", "https://forum.example/t/123"),
        ("discourse", "https://forum.example/t/the-night/123/4", "https://forum.example/t/123"),
    ],
)
def test_a_link_leads_to_the_thread_and_nothing_is_loaded(name, place, address):
    keeper = KEEPERS[name][0]
    html = keeper.embed(subject("a-night", place=place), words())
    assert f'href="{address}"' in html
    assert not re.search(r"<script|<link|<iframe|<img|\ssrc=|\son\w+=", html)
    assert (keeper.origins, keeper.opens) == ((), "link")
    for nowhere in ("", 'javascript:alert("1")//@a/1', '"><script>alert(1)</script>'):
        assert keeper.embed(subject("a-night", place=nowhere), words()) == ""


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(),
    st.sampled_from(HOSTILE),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
    st.just([{}]),
    st.just([None, "x", {"id": 1}]),
)


def paths(thing, here=()):
    """The way to everything in an answer."""
    yield here
    inside = thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else ()
    for key, value in inside:
        yield from paths(value, (*here, key))


def put(thing, path, value):
    if not path:
        return value
    thing = copy.copy(thing)
    thing[path[0]] = put(thing[path[0]], path[1:], value)
    return thing


ANSWERS = {name: recorded(kept[2]) for name, kept in KEEPERS.items()}
PATHS = {name: list(paths(answer)) for name, answer in ANSWERS.items()}


@pytest.mark.parametrize("name", KEEPERS)
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_no_value_anywhere_breaks_the_reading(name, data):
    answer = ANSWERS[name]
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(PATHS[name]))
        try:
            answer = put(answer, path, data.draw(JUNK))
        except (KeyError, IndexError, TypeError, AttributeError):
            continue  # what held it was replaced before
    found = outcome(name, json.dumps(answer).encode())
    assert isinstance(found, Fetched | Failed)
    for said in found.said if isinstance(found, Fetched) else ():
        assert_sound(said, name)


def assert_sound(said: Said, name: str) -> None:
    """Texts are texts that a file can hold, and what is kept of it runs nowhere."""
    texts = (said.id, said.author, said.url, said.html, said.account, said.place, said.avatar)
    assert all(isinstance(text, str) and text.encode() is not None for text in texts)
    assert said.parent is None or isinstance(said.parent, str)
    assert said.published.utcoffset().total_seconds() == 0
    assert isinstance(said.official, bool)
    if said.gone:
        assert not any((said.author, said.url, said.html, said.account, said.avatar, said.official))
    kept = cleaned(said, name, name, "/stories/a-night/", NOW)
    json.dumps(kept).encode()
    if kept:
        assert page_problems(f"<main>{kept['html']}</main>") == []


def hostile(thing, payload):
    """An answer with the payload in every text that its readers do not need to tell things apart."""
    kept = {
        "id",
        "uri",
        "did",
        "created_at",
        "createdAt",
        "indexedAt",
        "$type",
        "val",
        "visibility",
        "deletedAt",
    }
    kept |= {"archetype", "in_reply_to_id", "deleted_at", "endCursor", "acct", "username", "login"}
    if isinstance(thing, dict):
        return {key: value if key in kept else hostile(value, payload) for key, value in thing.items()}
    if isinstance(thing, list):
        return [hostile(value, payload) for value in thing]
    return payload if isinstance(thing, str) else thing


@pytest.fixture
def talk(site, server, monkeypatch):
    """The small site with a story whose conversation is kept in four places."""
    monkeypatch.setattr(giscus, "API", f"{server.url}/graphql")
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    accounts = '{discourse: "@MARA", mastodon: "@mara@%s", giscus: maralind, bluesky: "did:plc:%s"}'
    ada = site.content / "people" / "ada-brook.md"
    front = f"accounts: {accounts % (server.host, 'm' * 24)}\n"
    ada.write_text(ada.read_text("utf-8").replace("kind: staff\n", f"kind: staff\n{front}"), "utf-8")
    places = f'{{mastodon: "{server.url}/@mara/115000000000000001", discourse: 123, giscus: 12,'
    site.story("a-night", conversation=f'{places} bluesky: "at://mara.example/app.bsky.feed.post/3root"}}')
    conf = site.root / "pelicanconf.py"
    chosen = {
        "FIRSTHAND_BLUESKY_URL": server.url,
        "FIRSTHAND_MASTODON_URL": server.url,
        "FIRSTHAND_DISCOURSE_URL": server.url,
        "FIRSTHAND_GISCUS_REPO": "brand/talk",
        "FIRSTHAND_GISCUS_REPO_ID": "R_1",
        "FIRSTHAND_GISCUS_CATEGORY": "Announcements",
        "FIRSTHAND_GISCUS_CATEGORY_ID": "DIC_1",
    }
    lines = "".join(f"{name} = {value!r}\n" for name, value in chosen.items())
    conf.write_text(conf.read_text("utf-8") + lines, "utf-8")
    server.page("/nothing", status=404)
    server.pages = defaultdict(lambda: server.pages["/nothing"], server.pages)  # nobody has a picture
    return Talk(site, server)


class Talk:
    def __init__(self, site, server):
        self.site, self.server = site, server
        self.path: Path = site.content / "conversations" / "a-night.json"

    def answers(self, change=lambda thing: thing):
        bluesky = "uri=at%3A%2F%2Fmara.example%2Fapp.bsky.feed.post%2F3root&depth=100&parentHeight=0"
        for page, name in {
            "/api/v1/statuses/115000000000000001/context": "mastodon",
            f"/xrpc/app.bsky.feed.getPostThread?{bluesky}": "bluesky",
            "/t/123.json": "discourse",
            "/graphql": "giscus",
        }.items():
            text = json.dumps(change(ANSWERS[name]))
            here = re.sub(r"https://(files|cdn|avatars)\.[a-z.]+/", f"{self.server.url}/", text)
            self.server.page(page, here.encode())

    def bring(self):
        chosen = read_settings(str(self.site.root / "pelicanconf.py"))
        check(chosen)
        said = []
        return bring(self.site.content, chosen, story="a-night", say=said.append, now=NOW), said

    def by_id(self):
        return {one["id"]: one for one in json.loads(self.path.read_text("utf-8"))["comments"]}


def test_four_places_come_together_in_one_thread(talk):
    talk.answers()
    done, said = talk.bring()
    assert not done.failed, said
    kept = talk.by_id()
    assert len(kept) == 3 + 5 + 4 + 5
    staff = {name for name, one in kept.items() if one["staff"] == "ada-brook"}
    assert {name.partition("-")[0] for name in staff} >= {"bluesky", "discourse", "giscus"}
    assert len(staff) == 4  # in each of the places their own answer, and nobody else's
    assert [one["published"] for one in kept.values()] == sorted(one["published"] for one in kept.values())
    before = talk.path.read_bytes()
    assert not talk.bring()[0].changed
    for page in talk.server.pages:
        talk.server.page(page, b"<h1>Sorry</h1>", 502)
    assert talk.bring()[0].failed
    assert talk.path.read_bytes() == before


@pytest.mark.parametrize(
    ("account", "proved"),
    [
        ("strauss", "ada-brook"),
        ("@Strauss", "ada-brook"),
        ("strauß", None),  # where a forum takes names in any letters, these are other people
        ("ſtrauss", None),
        ("stra\u200buss", None),
        ("straus\u0455", None),
        ("strauss@evil.example", None),
        ("kim", None),
        ("\u212aim", "ivo-marsh"),  # exactly as it is written in the person's file
        ("", None),
        ("@", None),
    ],
)
def test_an_account_that_only_looks_like_theirs_proves_nothing(account, proved):
    people = [
        SimpleNamespace(slug=slug, kind="staff", accounts=accounts, gone=lambda day: None)
        for slug, *accounts in (
            ("ada-brook", ("discourse", "strauss"), ("discourse", "@")),
            ("ivo-marsh", ("discourse", "\u212aim")),
        )
    ]
    said = Said("1", None, "strauss", "", NOW, "", account=account)
    assert Staff(people, Ledger(Path("none"))).proved("discourse", "a-night", said) == proved


def test_nothing_runs_whatever_the_four_of_them_tell(talk):
    payload = '"><img src=x onerror=alert(1)><script>alert(1)</script><!--'
    talk.answers(lambda thing: hostile(thing, payload))
    done, said = talk.bring()
    assert not done.failed, said
    assert len(talk.by_id()) >= 12
    talk.site.build()
    assert_harmless(talk.site.output)
    assert talk.site.page("stories/a-night/").count('class="staff-mark"') >= 4
