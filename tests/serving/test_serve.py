"""The whole server in its own process: real Isso, real waitress, loopback."""

import json
import signal
import time

import pytest

from plugins import FirsthandError
from plugins.serving.server import bind, serve

from .conftest import Running, free_port

JSON = {"Content-Type": "application/json"}


def post(running, text, uri="/stories/night/"):
    body = json.dumps({"text": text, "author": "Ann", "title": "Night"})
    status, said, _ = running.ask(f"/comments/new?uri={uri}", "POST", body, JSON)
    return status, json.loads(said)


def test_site_and_comments_from_one_process(running, site):
    assert running.ask("/")[1] == "first words"
    assert running.ask("/stories/night/")[0] == 200
    assert running.ask("/nowhere/")[:2] == (404, "<h1>Nothing here</h1>")
    for path in ("/../private.txt", "/%2e%2e/private.txt", "/stories/..%2f..%2fprivate.txt"):
        assert running.ask(path)[0] == 404
    assert running.ask("/comments/js/embed.min.js")[0] == 200

    for number in range(5):  # Isso's own limits would refuse the third
        status, comment = post(running, f"Hello **{number}** <script>x</script>")
        assert status == 201
        assert "<script>" not in comment["text"]
    _, said, _ = running.ask("/comments/?uri=/stories/night/")
    assert [found["author"] for found in json.loads(said)["replies"]] == ["Ann"] * 5
    assert running.ask("/comments/latest?limit=9")[0] == 200

    assert (
        running.ask("/comments/admin/")[0] in (403, 404) or "disabled" in running.ask("/comments/admin/")[1]
    )

    folder = site / "var/isso"
    assert (folder / "comments.db").stat().st_size > 0
    assert folder.stat().st_mode & 0o077 == 0
    assert len((folder / "salt").read_text().strip()) == 32
    assert "delete" not in running.said().lower(), "Isso's log has the keys that delete a comment"
    assert f"http://127.0.0.1:{running.port}/" in running.said()


def test_a_change_is_built_and_a_failing_build_keeps_the_site(running, site):
    words = site / "content/words.txt"
    words.write_text("second words")
    running.until(lambda: running.ask("/")[1] == "second words")
    words.write_text("wrong words")
    running.until(lambda: "content/words.txt:1: It says wrong. Say something else." in running.said())
    assert running.ask("/")[1] == "second words"
    words.write_text("third words")
    running.until(lambda: running.ask("/")[1] == "third words")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_and_at_once(running, number):
    begun = time.monotonic()
    running.process.send_signal(number)
    assert running.process.wait(5) == 0
    assert time.monotonic() - begun < 3
    assert "Stopped." in running.said()
    assert "Traceback" not in running.said()


def test_the_salt_stays(running, site):
    salt = (site / "var/isso/salt").read_text()
    running.end()
    from plugins.conversations.comments.options import own_salt

    assert own_salt(site / "var/isso") == salt.strip()


def test_a_taken_port_says_what_to_do():
    with bind(0) as listener:
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(FirsthandError, match=rf"^Port {port} is taken .* --port {port + 1}$"):
            bind(port)
    with pytest.raises(FirsthandError, match="cannot be used"):
        bind(99999)


def test_a_port_that_is_taken_while_we_build_says_so_too(site):
    port, other = free_port(), []

    def build():
        other.append(bind(port))
        other[0].listen()

    with pytest.raises(FirsthandError, match=f"^Port {port} is taken"):
        serve(site, build=build, port=port, comments=False)
    other[0].close()


def test_a_first_build_that_fails_does_not_end_the_server(site):
    (site / "content/words.txt").write_text("wrong")
    server = Running(site, free_port())
    try:
        server.until(lambda: server.ask("/")[0] == 200)
        assert "It says wrong" in server.said()
    finally:
        assert server.end() == 0


def test_the_end_during_the_first_build_is_clean_too(site):
    (site / "build.py").write_text("import pathlib, time; pathlib.Path('begun').touch(); time.sleep(60)")
    server = Running(site, free_port())
    server.until((site / "begun").exists)
    begun = time.monotonic()
    assert server.end(signal.SIGINT) == 0
    assert time.monotonic() - begun < 3
    assert "Traceback" not in (site / "log").read_text()
