"""What a forge's answers mean for whoever waits, and what has to be set before anything is asked."""

from __future__ import annotations

import datetime
import email.utils
import time

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.desk.forge import ForgeDown, ForgeRefused, forge_of
from plugins.desk.forges.api import LONGEST, Api, Conflict, NotThere, wait_of
from plugins.desk.forges.hosted import Hosted

TOKEN = "tok-3fa9c0de"
KINDS = ["forgejo", "github", "gitlab"]
SET = {"FIRSTHAND_DESK_REPOSITORY": "https://example.org/jo/desk", "FIRSTHAND_FORGE_TOKEN": TOKEN}


def asked(answer: httpx.Response) -> object:
    transport = httpx.MockTransport(lambda request: answer)
    return Api("https://example.org/api", {"Authorization": TOKEN}, transport).call("GET", "/pulls")


@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        (httpx.Response(500), None),
        (httpx.Response(502, text="<h1>Bad gateway</h1>"), None),
        (httpx.Response(503, headers={"Retry-After": "120"}), 120.0),
        (httpx.Response(503, headers={"Retry-After": "soon"}), None),
        (httpx.Response(408), None),
        (httpx.Response(429), 60.0),
        (httpx.Response(429, headers={"Retry-After": "7"}), 7.0),
        (httpx.Response(429, headers={"Retry-After": "-5"}), 1.0),
        (httpx.Response(429, headers={"Retry-After": "99999999"}), LONGEST),
        (httpx.Response(403, headers={"Retry-After": "60"}), 60.0),
        (httpx.Response(403, headers={"X-RateLimit-Remaining": "0"}), 60.0),
        (httpx.Response(403, json={"message": "You have exceeded a secondary rate limit."}), 60.0),
        (httpx.Response(403, json={"message": "You have triggered an abuse detection mechanism."}), 60.0),
        (httpx.Response(200, text="<h1>Back soon</h1>"), None),
    ],
)
def test_later(answer, wait):
    with pytest.raises(ForgeDown) as down:
        asked(answer)
    assert down.value.retry_after == wait


@pytest.mark.parametrize("name", ["X-RateLimit", "RateLimit"])
def test_time_of_a_reset_says_when(name):
    headers = {f"{name}-Remaining": "0", f"{name}-Reset": str(int(time.time()) + 300)}
    wait = wait_of(httpx.Response(429, headers=headers))
    assert wait is not None
    assert 200 < wait <= 300


def test_date_says_when():
    at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=300)
    headers = {"Retry-After": email.utils.format_datetime(at, usegmt=True)}
    wait = wait_of(httpx.Response(503, headers=headers))
    assert wait is not None
    assert 200 < wait <= 300


@given(st.text(), st.text(), st.text())
def test_header_of_any_kind_gives_a_time_to_wait_or_none(after, remaining, reset):
    names = ("retry-after", "x-ratelimit-remaining", "x-ratelimit-reset")
    texts = (text.encode() for text in (after, remaining, reset))
    wait = wait_of(
        httpx.Response(429, headers=list(zip((name.encode() for name in names), texts, strict=True)))
    )
    assert wait is None or 1.0 <= wait <= LONGEST


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (httpx.Response(401, json={"message": "Bad credentials"}), ForgeRefused, "does not let the token"),
        (httpx.Response(403, json={"message": "No."}), ForgeRefused, "does not let the token"),
        (httpx.Response(301, headers={"Location": "https://elsewhere.org"}), ForgeRefused, "has moved"),
        (httpx.Response(400, json={"error": "title is missing"}), ForgeRefused, "title is missing"),
        (httpx.Response(404), NotThere, "does not have that"),
        (httpx.Response(409, json={"message": ["Another open merge request"]}), Conflict, "Another open"),
        (httpx.Response(422, json={"errors": [{"message": "already exists"}]}), Conflict, "already exists"),
    ],
)
def test_never(answer, kind, words):
    with pytest.raises(ForgeRefused, match=words) as refused:
        asked(answer)
    assert type(refused.value) is kind
    assert TOKEN not in str(refused.value)


def test_words_of_a_forge_are_one_line_and_short():
    with pytest.raises(ForgeRefused) as refused:
        asked(httpx.Response(400, json={"message": "a\n\u202eb" + "c" * 9999}))
    assert len(str(refused.value)) < 400
    assert str(refused.value).isprintable()


def test_token_is_in_no_representation(tmp_path):
    assert TOKEN not in repr(forge_of(tmp_path, {}, {"FIRSTHAND_FORGE": "github", **SET}))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"FIRSTHAND_DESK_REPOSITORY": ""}, "FIRSTHAND_DESK_REPOSITORY is not set"),
        ({"FIRSTHAND_FORGE_TOKEN": " \n"}, "FIRSTHAND_FORGE_TOKEN is not set"),
        ({"FIRSTHAND_DESK_REPOSITORY": "https://jo:secret@example.org/jo/desk"}, "no repository's address"),
        ({"FIRSTHAND_DESK_REPOSITORY": "https://example.org/desk"}, "names no repository"),
        ({"FIRSTHAND_DESK_REPOSITORY": "https://example.org/../desk"}, "names no repository"),
        ({"FIRSTHAND_FORGE_API": "http://example.org"}, "no repository's address"),
    ],
)
def test_what_is_missing_is_said_before_anything_is_asked(tmp_path, kind, changed, words):
    with pytest.raises(ForgeRefused, match=words) as refused:
        forge_of(tmp_path, {}, {"FIRSTHAND_FORGE": kind, **SET, **changed})
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "url", "api"),
    [
        ("github", "https://github.com/jo/desk", "https://api.github.com"),
        ("github", "https://git.example.org/jo/desk.git/", "https://git.example.org/api/v3"),
        ("gitlab", "https://gitlab.com/group/sub/desk", "https://gitlab.com/api/v4"),
        ("forgejo", "https://codeberg.org/jo/desk", "https://codeberg.org/api/v1"),
    ],
)
def test_settings_name_the_repository_and_that_says_where_the_api_is(tmp_path, kind, url, api):
    env = {"FIRSTHAND_FORGE_TOKEN": TOKEN}
    made = forge_of(tmp_path, {"FIRSTHAND_FORGE": kind, "FIRSTHAND_DESK_REPOSITORY": url}, env)
    assert isinstance(made, Hosted)
    assert made.pulls.api.base == api
    assert TOKEN in "".join(made.pulls.api.headers.values())


@pytest.mark.parametrize("kind", ["github", "forgejo"])
def test_deeper_path_is_gitlabs_only(tmp_path, kind):
    env = {"FIRSTHAND_FORGE": kind, **SET, "FIRSTHAND_DESK_REPOSITORY": "https://example.org/group/sub/desk"}
    with pytest.raises(ForgeRefused, match="too many parts"):
        forge_of(tmp_path, {}, env)
