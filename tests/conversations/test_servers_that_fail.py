"""Whatever a server does, the thread that was fetched last stays, and an editor reads why in a sentence."""

import json
from collections import defaultdict

import pytest

from plugins.conversations.provider import Wanted
from plugins.conversations.providers.remark42 import Remark42
from plugins.conversations.providers.waline import Waline
from plugins.conversations.providers.webmention import Webmention
from tests.guard.loopback import drip, endless

from .asked import failure

STORY = Wanted("a-night", "https://people.example.org/stories/a-night/", "")
MADE = {"remark42": Remark42, "waline": Waline, "webmention": Webmention}


@pytest.fixture(params=MADE)
def provider(request, server):
    return MADE[request.param](server.url)


@pytest.mark.parametrize(
    ("body", "status", "headers", "words"),
    [
        (b"<html>Sorry</html>", 200, {}, "not JSON"),
        (b"", 200, {}, "not JSON"),
        (b"null", 200, {}, "answered something"),
        (b'{"comments": {}, "children": 7, "data": "x", "errno": 0}', 200, {}, "answered something"),
        (b"[" * 100_000, 200, {}, "not JSON"),
        (b'{"comments": [{', 200, {}, "not JSON"),
        (b"{}", 500, {}, "out of order"),
        (b"{}", 404, {}, "no such thread"),
        (b"{}", 401, {}, "does not let us read it"),
        (b"{}", 429, {"Retry_After": "600"}, "asked often enough. Try after 12:10 UTC"),
    ],
)
def test_every_answer_that_is_none_is_a_sentence(server, provider, body, status, headers, words):
    server.page("/", body, status, **headers)
    server.pages = defaultdict(lambda: server.pages["/"], server.pages)
    assert words in failure(provider, STORY)
    assert len(server.asked) == 1


def test_a_slow_server_is_left(server, provider, monkeypatch):
    monkeypatch.setattr("plugins.conversations.asking.DEADLINE", 0.2)
    server.pages = defaultdict(lambda: drip("body", 30))
    assert "was not done within 0.2 seconds" in failure(provider, STORY)


def test_an_answer_without_an_end_is_left(server, provider, monkeypatch):
    monkeypatch.setattr("plugins.conversations.asking.LIMIT", 100_000)
    server.pages = defaultdict(lambda: endless)
    assert "is larger than 100,000 bytes" in failure(provider, STORY)


def test_what_stops_in_the_middle_is_not_taken_for_the_whole(server):
    listed = json.dumps([{"url": STORY.url, "count": 2}]).encode()
    server.page("/list", listed)

    def cut(request):
        request.send_response(200)
        request.send_header("Content-Length", "5000")
        request.end_headers()
        request.wfile.write(b'{"comments": []}')

    server.pages = defaultdict(lambda: cut, {"/api/v1/list?site=remark": server.pages["/list"]})
    assert "could not be read" in failure(Remark42(server.url), STORY)
