"""GET /submit/health: the whole way of a story, walked with a small one of our own that leaves nothing."""

from __future__ import annotations

import io
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from flask import Blueprint, jsonify
from PIL import Image
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from plugins.database import Database

from .drafts import Draft, Drafts
from .form import empty_values
from .outbox import Outbox
from .pages import Pages
from .photographs import clean
from .sending import preview_of, submission_of

logger = logging.getLogger(__name__)
FRESH = 10.0  # seconds for which an answer is given again: whoever asks often costs nothing


class _Undone(Exception):
    """Ends a transaction that was only tried."""


class _Undoing:
    """A database of which nothing is kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def begin(self, **how: Any) -> Iterator[Connection]:
        """A transaction that is undone when it has been written."""
        try:
            with self._database.begin(**how) as connection:
                yield connection
                raise _Undone
        except _Undone:
            return


@dataclass
class Health:
    """The self-test of a receiver. `desk` asks the forge whether it is there, and raises where it is not."""

    pages: Pages
    drafts: Drafts
    outbox: Outbox
    secret: bytes
    desk: Callable[[], object]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _said: tuple[float, dict[str, str]] = (-FRESH, {})

    def blueprint(self) -> Blueprint:
        """The page, to be registered at the receiver's root."""
        made = Blueprint("health", __name__)
        made.add_url_rule("/health", view_func=self.answer)
        return made

    def answer(self) -> tuple[Response, int]:
        """Each step with "works" or "broken"; 200 where all work, else 503. Why stands in the log."""
        steps = self.steps()
        works = all(state == "works" for state in steps.values())
        return jsonify({"status": "works" if works else "broken", **steps}), 200 if works else 503

    def steps(self) -> dict[str, str]:
        """How each step of the way is."""
        with self._lock:
            at, said = self._said
            if time.monotonic() - at >= FRESH:
                said = self._walk()
                self._said = time.monotonic(), said
            return said

    def _walk(self) -> dict[str, str]:
        draft, made = Draft(""), {}
        said = dict.fromkeys(("drafts", "photographs", "preview", "database", "desk"), "not tried")

        def drafts() -> None:
            nonlocal draft
            empty = self.drafts.new()
            values = {**empty_values("en"), "text": "A story that nobody tells. " * 5, "name": "Nobody"}
            draft = Draft(
                empty.id, {**values, "alt-1": "Nothing", "credit-1": "Nobody", "page": "en", "promise": "1"}
            )
            self.drafts.save(draft)

        def photographs() -> None:
            nonlocal draft
            draft = self.drafts.with_photo(draft, 1, clean(_picture()), "nothing.jpg")
            self.drafts.save(draft)

        def preview() -> None:
            found = preview_of(self.drafts.read(draft.id) or draft, self.drafts, self.pages, "")
            if found.faults:
                raise ValueError(found.faults[0].key)
            words = {"page_lang": "en", "action": "", "draft": "", "notice": ""}
            made["page"] = self.pages.render("tell_preview.html", **words, **found.values)

        def database() -> None:
            undoing = cast(Database, _Undoing(self.outbox.database))
            Outbox(undoing, self.secret).receive(submission_of(draft, self.drafts))

        try:
            for step in (drafts, photographs, preview, database, self.desk):
                name = "desk" if step is self.desk else step.__name__
                said[name] = "broken"
                step()
                said[name] = "works"
        except Exception:  # whatever it is: that is what was asked
            logger.exception(
                "The self-test ended at %s.", next(n for n, how in said.items() if how == "broken")
            )
        finally:
            if draft.id:
                self.drafts.drop(draft.id)
        return said


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (32, 24), "#cfe0d4").save(out, "JPEG")
    return out.getvalue()
