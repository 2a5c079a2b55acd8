"""The configuration that ./inv comments.config writes, and the real Isso with it."""

from __future__ import annotations

import json
import logging
import stat

import pytest
from werkzeug.test import Client

from plugins import FirsthandError
from plugins.conversations.comments.config import NotConfigured, configure
from plugins.conversations.providers.isso_markdown import root_logger_left_alone

SITE = "https://people.example.org"
SETTINGS = {
    "SITEURL": SITE,
    "FIRSTHAND_ISSO_URL": "/comments",
    "FIRSTHAND_ISSO_DB": "var/isso/comments.db",
}


def private(path):
    return stat.S_IMODE(path.stat().st_mode) == 0o600


def loaded(path):
    with root_logger_left_alone():
        from isso import config

        return config.load(config.default_file(), str(path))


class Reader(Client):
    """Somebody behind the web server, at an address that it names."""

    def say(self, text, address="203.0.113.7", origin=SITE):
        headers = {"X-Forwarded-For": address, "Origin": origin}
        said = {"text": text, "author": "Jo", "title": "A van"}
        return self.post("/new", query_string={"uri": "/stories/a-van/"}, json=said, headers=headers)


@pytest.fixture
def reader(tmp_path, monkeypatch):
    """A reader at a real Isso, run with the file as it was written."""
    conf = loaded(configure(tmp_path, SETTINGS).path)
    with root_logger_left_alone():
        import isso
        from isso.utils import http

        monkeypatch.setattr(http.curl, "__init__", lambda self, *_: None)  # no sign of life is asked for
        monkeypatch.setattr(http.curl, "__enter__", lambda self: None)
        monkeypatch.setattr(http.curl, "__exit__", lambda self, *_: None)
        return Reader(isso.make_app(conf, threading=True))


def test_what_readers_send_waits_and_is_limited_by_their_address(reader):
    assert [reader.say(f"Comment {number}.").status_code for number in range(3)] == [202, 202, 403]
    other = reader.say("From elsewhere.", "198.51.100.9")
    assert other.status_code == 202
    assert json.loads(other.text)["mode"] == 2
    assert json.loads(reader.get("/", query_string={"uri": "/stories/a-van/"}).text)["replies"] == []
    assert json.loads(reader.get("/latest", query_string={"limit": 9}).text) == []


def test_it_is_for_the_site_alone_and_has_no_admin_page(reader, tmp_path):
    evil = reader.say("From another site.", origin="https://evil.example")
    assert evil.headers["Access-Control-Allow-Origin"] == SITE
    cookie = evil.headers["Set-Cookie"]
    assert "Secure" in cookie
    assert "SameSite=Lax" in cookie
    assert "disabled" in reader.get("/admin/").text
    tried = reader.post("/login/", data={"password": "please_choose_a_strong_password"})
    assert "disabled" in tried.text
    assert "Set-Cookie" not in tried.headers


def test_nothing_that_it_logs_deletes_a_comment(reader, caplog, monkeypatch):
    logger = logging.getLogger("isso")
    monkeypatch.setattr(logger, "handlers", [caplog.handler])
    monkeypatch.setattr(logger, "propagate", False)
    with caplog.at_level("DEBUG", logger="isso"):
        logger.info("heard")
        assert reader.say("Hello there.").status_code == 202
    assert caplog.messages == ["heard"]


def test_it_is_private_and_the_same_again(tmp_path):
    done = configure(tmp_path, SETTINGS)
    assert done.path == tmp_path / "var/isso/isso.cfg"
    assert private(done.path)
    assert private(done.path.with_name("salt"))
    assert stat.S_IMODE(done.path.parent.stat().st_mode) == 0o700
    assert done.how == configure(tmp_path, SETTINGS).how
    assert "location /comments/ {" in done.how
    assert "isso.run:application" in done.path.read_text("utf-8")
    conf = loaded(done.path)
    assert conf.get("hash", "salt") == done.path.with_name("salt").read_text().strip()
    assert conf.get("admin", "password") != "please_choose_a_strong_password"
    assert conf.get("server", "public-endpoint") == f"{SITE}/comments"


def test_what_somebody_changed_in_it_is_left_alone(tmp_path):
    path = configure(tmp_path, SETTINGS).path
    changed = path.read_text("utf-8") + "\n[smtp]\nto = editors@example.org\n"
    path.write_text(changed, "utf-8")
    with pytest.raises(NotConfigured, match="is there and says something else"):
        configure(tmp_path, SETTINGS)
    assert path.read_text("utf-8") == changed
    beside = configure(tmp_path, SETTINGS, to=tmp_path / "new.cfg", port=9001).path
    assert private(beside)
    assert loaded(beside).get("hash", "salt") == loaded(path).get("hash", "salt")
    assert loaded(beside).get("server", "listen") == "http://127.0.0.1:9001"


@pytest.mark.parametrize(
    ("address", "isso", "host", "endpoint"),
    [
        ("https://People.Example.org:443/team", "/comments", SITE, f"{SITE}/comments"),
        ("https://people.example.org:8443", "/c", f"{SITE}:8443", f"{SITE}:8443/c"),
        ("https://bücher.example", "/comments", "https://xn--bcher-kva.example", None),
        (SITE, "https://talk.example.org/", SITE, "https://talk.example.org"),
    ],
)
def test_the_site_is_named_as_browsers_name_it(tmp_path, address, isso, host, endpoint):
    done = configure(tmp_path, {**SETTINGS, "SITEURL": address, "FIRSTHAND_ISSO_URL": isso})
    conf = loaded(done.path)
    assert list(conf.getiter("general", "host")) == [host]
    assert conf.get("server", "public-endpoint") == (endpoint or f"{host}/comments")
    assert conf.get("server", "samesite") == ("" if "talk" in isso else "Lax")
    assert ("set FIRSTHAND_ISSO_DB" in done.how) is ("talk" in isso)


@pytest.mark.parametrize(
    "address", ["", "people.example.org", "ftp://people.example.org", "https://[", "http://"]
)
def test_without_an_address_there_is_none(tmp_path, address):
    with pytest.raises(NotConfigured, match="Set FIRSTHAND_SITEURL"):
        configure(tmp_path, {**SETTINGS, "SITEURL": address})
    assert not (tmp_path / "var").exists()


def test_a_folder_that_others_can_look_into_is_said(tmp_path):
    folder = tmp_path / "srv"
    folder.mkdir(mode=0o755)
    settings = {**SETTINGS, "FIRSTHAND_ISSO_DB": str(folder / "comments.db")}
    assert f"chmod 700 {folder}" in configure(tmp_path, settings).how
    folder.chmod(0o700)
    assert "chmod" not in configure(tmp_path, settings).how


def test_a_folder_that_isso_would_read_as_a_variable_is_refused(tmp_path):
    with pytest.raises(FirsthandError, match="plainer folder"):
        configure(tmp_path / "$HOME", SETTINGS)
