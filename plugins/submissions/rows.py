"""The tables of what was sent: a row a submission, one a photograph, one a step on its way."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, Table, Text, true

from plugins.database import metadata

State = Literal[
    "pending", "delivered", "published", "declined", "leaving", "withdrawn", "forgetting", "forgotten"
]
"""pending: not at the desk yet; leaving, forgetting: the desk has to be told, to end it or to forget it;
forgotten: nothing of a person is left in the row."""
STORIES = Table(
    "submissions_stories",
    metadata,
    Column("id", Text, primary_key=True),  # the receipt
    Column("key", Text, unique=True),  # the filled-in form's own number; NULL where it has none
    Column("token", Text, nullable=False, unique=True),  # SHA-256 of the storyteller's token
    Column("proposal", Text, nullable=False, unique=True),  # decided before the desk hears of it
    Column("replaced", Text, nullable=False, server_default=""),  # an earlier proposal that has to end first
    Column("at", Float, nullable=False),  # seconds since 1970
    Column("slug", Text, unique=True),  # its folder; NULL until the first try to deliver it
    Column("author", Text, nullable=False, server_default=""),  # the slug it credits
    Column("state", Text, nullable=False),  # see State
    Column("story", Text, nullable=False),  # Submission.to_json; "" once it is forgotten
    Column("digest", Text, nullable=False),  # SHA-256 of the text that was agreed to
    Column("email", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("again_at", Float, nullable=False, server_default="0"),
    Column("error", Text, nullable=False, server_default=""),
    Column("branch", Text, nullable=False, server_default=""),
    Column("url", Text, nullable=False, server_default=""),
    Column("number", Integer),
    Column("changed", Float, nullable=False),  # when something last happened to it
    Column("asked", Text, nullable=False, server_default=""),  # index.md as the storyteller was shown it
    Column("address", Text, nullable=False, server_default=""),  # where it is live
    Index("submissions_waiting", "state", "again_at"),
)
PHOTOS = Table(
    "submissions_photos",
    metadata,
    Column("story", Text, ForeignKey(STORIES.c.id, ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("alt", Text, nullable=False),
    Column("credit", Text, nullable=False),
)
STEPS = Table(
    "submissions_steps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("story", Text, ForeignKey(STORIES.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("person", Text, nullable=False),  # whose step it was: a slug of content/people, or "" for theirs
    Column("words", Text, nullable=False),
    Column("source", Text, unique=True),  # what in the desk's history it tells; NULL where nothing
    Column("shown", Text, nullable=False, server_default=""),  # SHA-256 of the text that was answered
    Column("heard", Boolean, nullable=False, server_default=true()),  # False until the desk has been told
    Column("mailed", Boolean, nullable=False),  # True too where nobody is to have a letter about it
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("again_at", Float, nullable=False, server_default="0"),
)
