"""An answer given through Isso: by its own program on a database that is here, else over HTTP.

Here no server has to run, no limit for visitors is in the way, and what staff say waits for no moderator.

Source: https://isso-comments.de/docs/reference/server-api/ (POST /new)
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from werkzeug.test import Client, TestResponse

from ..asking import Asking, NoAnswer
from ..heard import Json
from ..provider import Reach, Wanted
from .isso_program import OtherIsso, open_program
from .isso_web import thread_id

if TYPE_CHECKING:
    from .isso import Isso

_WAITS = 2  # Isso's `mode` of a comment that waits for a moderator
_TAKEN = (201, 202)
_SERVER = "To answer through its server, empty FIRSTHAND_ISSO_DB and name the server in FIRSTHAND_ISSO_URL."


@dataclass(frozen=True)
class Given:
    """An answer as Isso took it; `created` in seconds since 1970."""

    id: str
    created: float
    approved: bool


async def give(isso: Isso, wanted: Wanted, parent: int, author: str, text: str, reach: Reach) -> Given:
    """Answer comment `parent` of a story's thread. Raises NoAnswer and Misshapen."""
    query = f"uri={quote(thread_id(wanted.slug), safe='')}"
    said = {"text": text, "author": author, "parent": parent, "title": wanted.slug}
    if isso.database is not None and isso.database.is_file():
        told = await asyncio.to_thread(_here, isso.database, query, said)
    else:
        url = urljoin(wanted.url, isso.url).rstrip("/")
        advice = "It may want a moment between two comments."
        answer = await Asking("Isso", reach).ask(
            f"{url}/new?{query}", question=said, through=_TAKEN, advice=advice
        )
        told = answer.json
    created = told.seconds("created").timestamp()
    return Given(told.id("id"), created, told.number("mode") != _WAITS)


def _here(database: Path, query: str, said: dict[str, object]) -> Json:
    """Raises NoAnswer, too where the file belongs to another user or to another Isso."""
    try:
        answer = _posted(database, query, said)
    except OtherIsso as error:
        raise NoAnswer(f"{error} {_SERVER}") from error
    except sqlite3.Error as error:
        raise NoAnswer(f"Isso's database {database.name} cannot be written: {error}. {_SERVER}") from error
    if answer.status_code not in _TAKEN:
        raise NoAnswer(f"Isso did not take the answer ({answer.status_code}): {answer.text[:200]}")
    return Json(json.loads(answer.text), "Isso")


def _posted(database: Path, query: str, said: dict[str, object]) -> TestResponse:
    app = open_program(database)
    return Client(app).post(f"/new?{query}", json=said, environ_base={"REMOTE_ADDR": "127.0.0.1"})
