"""Isso as ./inv serve runs it: what a reader says there is brought, and is on the page."""

from __future__ import annotations

import json
import logging

import pytest
from pelican.settings import read_settings
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from plugins.conversations.bring import bring
from plugins.conversations.comments.held import waiting
from plugins.conversations.comments.moderate import approve, delete
from plugins.conversations.comments.place import database_of
from plugins.conversations.providers.isso import CONFIG
from plugins.conversations.settings import check
from plugins.serving.comments import MOUNT, comments_app
from tests.conftest import copy_site

ADDRESS = "http://127.0.0.1:1"  # where nothing listens: Isso asks for a sign of life, and goes on
STORY = "stories/the-borrowed-van/"


@pytest.fixture
def small(tmp_path, monkeypatch):
    """The small site, with Isso's logger put back afterwards."""
    logger = logging.getLogger("isso")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "propagate", logger.propagate)
    monkeypatch.setattr(logger, "level", logger.level)
    monkeypatch.setattr(logger, "_cache", {})
    return copy_site("small", tmp_path)


def reader_of(site):
    app = comments_app(site.root / "var" / "isso", ADDRESS)
    return Client(DispatcherMiddleware(app, {MOUNT: app}))


def say(reader, text):
    said = {"text": text, "author": "Jo", "title": "A van"}
    return reader.post(f"{MOUNT}/new", query_string={"uri": f"/{STORY}"}, json=said)


def settings_of(site):
    settings = read_settings(str(site.root / "pelicanconf.py"))
    check(settings)
    return settings


def test_what_a_reader_says_is_on_the_page_and_gone_when_it_is_deleted(small):
    answer = say(reader_of(small), "Was it *really* so cold?")
    assert answer.status_code == 201
    settings = settings_of(small)
    assert bring(small.content, settings, say=lambda line: None).changed == ["the-borrowed-van"]
    small.build()
    assert "Was it <em>really</em> so cold?" in small.page(STORY)

    list(delete(database_of(settings), str(json.loads(answer.text)["id"])))
    bring(small.content, settings, say=lambda line: None)
    small.build()
    assert "so cold?" not in small.page(STORY)


def test_where_the_published_sites_isso_is_nothing_gets_there_unread(small):
    folder = small.root / "var" / "isso"
    folder.mkdir(parents=True)
    (folder / CONFIG).write_text("# made by ./inv comments.config")
    assert say(reader_of(small), "Only a try.").status_code == 202
    settings = settings_of(small)
    assert bring(small.content, settings, say=lambda line: None).changed == []
    list(approve(database_of(settings), waiting(database_of(settings))[0].ref))
    assert bring(small.content, settings, say=lambda line: None).changed == ["the-borrowed-van"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "127.0.0.1:1", "Origin": "http://127.0.0.1:1"}, 201),
        ({"Host": "localhost:1", "Origin": "http://localhost:1"}, 201),
        ({"Host": "127.0.0.1:1", "Origin": "https://other.example"}, 403),
        ({"Host": "127.0.0.1:1", "Origin": "http://127.0.0.1:2"}, 403),
        ({"Host": "127.0.0.1:1", "Origin": "null"}, 403),
        ({"Host": "other.example:1", "Origin": "http://other.example:1"}, 403),  # a name that leads here
    ],
)
def test_no_page_of_another_site_says_anything_here(small, headers, status):
    reader = reader_of(small)
    # Without a type, so that a browser asks nobody before it sends this.
    said = json.dumps({"text": "Buy my watches.", "title": "A van"})
    answer = reader.post(f"{MOUNT}/new?uri=/{STORY}", data=said, headers=headers)
    assert answer.status_code == status
    assert reader.get(f"{MOUNT}/latest?limit=9", headers=headers).status_code == 200
