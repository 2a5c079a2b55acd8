"""What a storyteller sends, what they are given for it, and how it is kept as text."""

from __future__ import annotations

import dataclasses
import datetime
import json
from dataclasses import dataclass
from typing import Any

from plugins.stories.consent import USUAL_CHANNELS, Channel, NameStyle


@dataclass(frozen=True)
class Photo:
    """A photograph as the receiver cleaned it: nothing in `data` but the picture."""

    name: str  # what the storyteller called it; the file in the story gets a name of ours
    data: bytes
    alt: str = ""
    credit: str = ""


@dataclass(frozen=True)
class Submission:
    """One story as it was sent, its fields checked by the form."""

    text: str  # plain text or Markdown, lines ended by "\n"
    name: str  # who tells
    consent: str  # the version of the promise they agreed to
    email: str = ""  # never leaves the database
    title: str = ""
    style: NameStyle = "full"
    shown_as: str = ""  # the name to show, where the style is "other"
    relationship: str = ""
    lang: str = "en"
    channels: tuple[Channel, ...] = USUAL_CHANNELS
    until: datetime.date | None = None
    conversation: bool = True  # False: they want none under their story
    of_age: bool = False  # they said that they are old enough to decide, or asked somebody who is
    photos: tuple[Photo, ...] = ()
    key: str = ""  # the filled-in form's own number: the same form confirmed twice is one submission

    def to_json(self) -> str:
        """Everything but the photographs, the address and the key, which have columns of their own."""
        kept = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        for name in ("photos", "email", "key"):
            del kept[name]
        return json.dumps({**kept, "until": self.until.isoformat() if self.until else None})

    @classmethod
    def from_json(cls, text: str, **kept: Any) -> Submission:
        """The submission that `to_json` wrote down, with what stood in other columns."""
        fields = json.loads(text)
        until = datetime.date.fromisoformat(fields["until"]) if fields["until"] else None
        return cls(**{**fields, "until": until, "channels": tuple(fields["channels"]), **kept})


@dataclass(frozen=True)
class Receipt:
    """What the storyteller gets: `id` stands in the proposal too, `token` opens their own page."""

    id: str
    token: str
    at: datetime.datetime


@dataclass(frozen=True)
class Named:
    """The slugs that a story and its teller have for good, once the first try to deliver it has begun."""

    slug: str
    author: str
