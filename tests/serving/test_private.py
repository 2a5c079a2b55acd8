"""Previews are for whoever sits at the machine."""

from __future__ import annotations

import pytest
from werkzeug.test import Client

from plugins.serving.private import preview_app

HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000"}


@pytest.fixture
def client(tmp_path):
    page = tmp_path / "2026-11-22-3fa9" / "stories" / "bell" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>It rang.</p>")
    return Client(preview_app(tmp_path))


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "localhost", "[::1]:8000"])
def test_shown_here(client, host):
    answer = client.get("/2026-11-22-3fa9/stories/bell/", environ_overrides={**HERE, "HTTP_HOST": host})
    assert answer.status_code == 200
    assert "It rang" in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers.getlist("Cache-Control") == ["no-store"]


@pytest.mark.parametrize(
    "changed",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"HTTP_HOST": "stories.example.org"},
        {"HTTP_HOST": "127.0.0.1.example.org:8000"},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"HTTP_FORWARDED": "for=192.0.2.7"},
    ],
)
def test_not_shown_elsewhere(client, changed):
    answer = client.get("/2026-11-22-3fa9/stories/bell/", environ_overrides={**HERE, **changed})
    assert answer.status_code == 404
    assert "It rang" not in answer.text


def test_nothing_lists_the_proposals(client):
    assert client.get("/", environ_overrides=HERE).status_code == 404
