"""The editors' page of who waits: for whoever sits at the machine, and safe to read."""

from __future__ import annotations

import datetime
import json

import pytest
from werkzeug.test import Client

from plugins.serving.listening import listening_app
from tests.conftest import copy_site

HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000", "SCRIPT_NAME": "/desk/listen"}
NOW = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)


def comment(id, **said):
    fields = {"id": id, "parent": None, "author": "Jo", "url": None, "staff": None}
    return {**fields, "published": f"2026-05-{id}T12:00:00Z", "html": f"<p>Question {id}</p>", **said}


@pytest.fixture
def small(tmp_path):
    return copy_site("small", tmp_path)


@pytest.fixture
def client(small):
    evil = "<script>alert(1)</script><p onclick=x>Safe words</p>"
    asked = [comment("20"), comment("25", author="<script>x</script>", html=evil)]
    for slug, comments in {"the-first-day": asked, "the-borrowed-van": [comment("28")]}.items():
        told = {"provider": "isso", "fetched": None, "comments": comments}
        small.write(f"conversations/{slug}.json", json.dumps(told))
    van = small.content / "stories" / "the-borrowed-van" / "index.md"
    van.write_text(van.read_text("utf-8").replace("answers: ada-brook", "answers: nobody"), "utf-8")
    return Client(listening_app(small.root / "pelicanconf.py", lambda: NOW))


def test_it_shows_who_waits_and_how_to_answer(client):
    answer = client.get("/", environ_overrides=HERE)
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers.getlist("Cache-Control") == ["no-store"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    text = " ".join(answer.text.split())
    assert text.index("Question 20") < text.index("Safe words") < text.index("Question 28")
    assert "Ada Brook answers; waits 12 days, promised within 2 days: 10 days late" in text
    assert "Nobody is named to answer; waits 4 days, nothing promised" in text
    assert "./inv reply the-first-day/20" in text
    assert '<meta name="robots" content="noindex, nofollow">' in text


def test_nothing_that_a_reader_typed_runs(client):
    text = client.get("/", environ_overrides=HERE).text
    assert "alert(1)" not in text
    assert "onclick" not in text
    assert "&lt;script&gt;x" in text


def test_one_persons_alone(client):
    text = client.get("/?by=ada-brook", environ_overrides=HERE).text
    assert "Question 20" in text
    assert "Question 28" not in text
    assert "Nobody waits" in client.get("/?by=ivo-marsh", environ_overrides=HERE).text
    assert "<b>" not in client.get("/?by=<b>", environ_overrides=HERE).text.partition("<main")[2]


def test_a_page_has_an_end(client, small, monkeypatch):
    monkeypatch.setattr("plugins.serving.listening.MOST", 2)
    text = client.get("/", environ_overrides=HERE).text
    assert "Question 28" not in text
    assert "1 more wait" in text


def test_what_is_new_shows_at_the_next_call(client, small):
    client.get("/", environ_overrides=HERE)
    small.write("conversations/the-first-day.json", "{")
    text = client.get("/", environ_overrides=HERE).text
    assert "conversations/the-first-day.json:1:" in text
    assert "Question 28" in text
    small.write("conversations/ledger.jsonl", "no JSON\n")
    answer = client.get("/", environ_overrides=HERE)
    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert "ledger.jsonl:1: The line is not JSON." in answer.text


@pytest.mark.parametrize(
    ("path", "changed", "status"),
    [
        ("/", {"REMOTE_ADDR": "192.0.2.7"}, 404),
        ("/", {"HTTP_HOST": "stories.example.org"}, 404),
        ("/", {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}, 404),
        ("/more", {}, 404),
        ("", {}, 308),
        ("/", {"REQUEST_METHOD": "POST"}, 405),
    ],
)
def test_nobody_else_sees_it(client, path, changed, status):
    answer = client.get(path, environ_overrides={**HERE, "PATH_INFO": path, **changed})
    assert answer.status_code == status
    assert "Question" not in answer.text
