"""A real Isso in this process, with what readers and moderators do there: post, edit, delete, approve."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import Client

from plugins.conversations.providers.isso_markdown import root_logger_left_alone

HOST = "http://127.0.0.1:1"  # Isso asks it for a sign of life, and goes on without one


class RealIsso:
    """Isso as it is installed, with a database at `file` and its other settings as `settings` has them."""

    def __init__(self, file: Path, **settings: str) -> None:
        self.file = file
        with root_logger_left_alone():
            from isso import config, make_app
            from isso.db import SQLite3

            conf = config.load(config.default_file())
            for name, value in {
                "general.dbpath": str(file),
                "general.host": HOST,
                "general.notify": "nobody",
                "general.latest-enabled": "true",
                "guard.enabled": "false",
                "hash.salt": "a salt of the test's own",
                **{name.replace("__", ".").replace("_", "-"): value for name, value in settings.items()},
            }.items():
                section, _, option = name.partition(".")
                conf.set(section, option, value)
            self.app = make_app(conf, threading=True)
            self.database = SQLite3(str(file), conf)
        self.reader = Client(self.app)

    def post(self, slug: str, text: str, parent: int | None = None, **said: Any) -> dict[str, Any]:
        """A reader's comment under a story; what Isso answers."""
        said = {"author": None, "email": None, "website": None, "title": slug, **said}
        answer = self.reader.post(
            "/new", query_string={"uri": f"/stories/{slug}/"}, json={"text": text, "parent": parent, **said}
        )
        assert answer.status_code in (201, 202), answer.text
        return json.loads(answer.text)

    def edit(self, id: int, text: str) -> None:
        """Its author's own change, within the time that Isso gives them."""
        answer = self.reader.put(f"/id/{id}", json={"text": text})
        assert answer.status_code == 200, answer.text

    def delete(self, id: int) -> None:
        """Its author's own removal."""
        answer = self.reader.delete(f"/id/{id}", json={})
        assert answer.status_code == 200, answer.text

    def moderate(self, id: int, what: str) -> None:
        """What a moderator does by the link in their letter: activate or delete."""
        key = URLSafeTimedSerializer(self.database.preferences.get("session-key")).dumps(id)
        answer = self.reader.post(f"/id/{id}/{what}/{key}")
        assert answer.status_code == 200, answer.text

    def live(self, slug: str) -> list[dict[str, Any]]:
        """The thread as Isso's script gets it, flat, in the order in which that shows it."""
        answer = self.reader.get("/", query_string={"uri": f"/stories/{slug}/"})
        found: list[dict[str, Any]] = []
        for item in json.loads(answer.text)["replies"]:
            found += [item, *item.get("replies", [])]
        return found

    @contextmanager
    def serving(self) -> Iterator["Served"]:
        """The same over HTTP, on loopback."""
        asked: list[str] = []

        class Quiet(WSGIRequestHandler):
            def log_message(self, *_: object) -> None:
                asked.append(self.requestline)

        server: WSGIServer = make_server("127.0.0.1", 0, self.app, handler_class=Quiet)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield Served(f"127.0.0.1:{server.server_port}", asked)
        finally:
            server.shutdown()
            server.server_close()


class Served:
    """Where it is served, and what was asked."""

    def __init__(self, host: str, asked: list[str]) -> None:
        self.host, self.asked = host, asked
