"""What the storyteller agreed to, and the one gate that every output asks."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal, Protocol, cast

from plugins.guard.fields import Fields
from plugins.people import Profile

Channel = Literal["site", "feeds", "cards", "search", "syndication"]
NameStyle = Literal["full", "first", "initials", "other"]

CHANNELS: tuple[Channel, ...] = ("site", "feeds", "cards", "search", "syndication")
# Where a story may show when its consent names no channels.
USUAL_CHANNELS: tuple[Channel, ...] = ("site", "feeds", "cards", "search")
STYLES: tuple[NameStyle, ...] = ("full", "first", "initials", "other")
KEYS = ("given", "version", "name", "shown_as", "channels", "until", "receipt")


@dataclass(frozen=True)
class Consent:
    """When it was given, to which version of the promise, and its limits."""

    given: datetime.date
    version: str
    name: NameStyle
    shown_as: str
    channels: tuple[Channel, ...]
    until: datetime.date | None
    receipt: str

    def covers(self, channel: Channel, on: datetime.date) -> bool:
        """True where the channel was agreed to and the time has not run out. `until` is included."""
        return channel in self.channels and (self.until is None or on <= self.until)

    def name_for(self, profile: Profile) -> str:
        """The name that the person agreed to be shown by."""
        match self.name:
            case "full":
                return profile.name
            case "first":
                return profile.first_name
            case "initials":
                return ". ".join(profile.initials) + "."
            case "other":
                return self.shown_as


def not_yet(consent: Consent, day: datetime.date) -> str:
    """In words that a consent is from a day to come; "" where it is not. Nobody can have given it."""
    return f"The consent is from {consent.given}, which is not yet." if consent.given > day else ""


class Consented(Protocol):
    """Whatever carries a consent and may be a draft."""

    @property
    def consent(self) -> Consent | None:
        """What the storyteller agreed to."""

    @property
    def status(self) -> str:
        """published or draft."""


def may_show(story: Consented, channel: Channel, on: datetime.date) -> bool:
    """The one gate for consent, asked by every output.

    A story without consent shows nowhere. No channel is open without the site itself: a feed
    or a card of a story that has no page would lead nowhere.
    """
    if story.status != "published" or story.consent is None:
        return False
    return story.consent.covers("site", on) and story.consent.covers(channel, on)


def parse_consent(fields: Fields, status: str) -> Consent | None:
    """The consent of a story; missing is an error where it is published and a hint in a draft."""
    inner = fields.mapping("consent")
    if inner is None:
        if not fields.has("consent"):
            fields.refuse(
                "consent",
                "There is no consent of the storyteller.",
                "Ask them, then write `consent: {given: 2026-11-01, version: 1, name: full}`.",
                "error" if status == "published" else "hint",
            )
        return None
    inner.only(KEYS)
    given = inner.date("given", required="Write the day on which it was given.")
    style = cast(NameStyle, inner.one_of("name", STYLES, "full"))
    shown_as = inner.text(
        "shown_as", required="Write the name to show: `shown_as: ...`." if style == "other" else ""
    )
    channels = inner.texts("channels") if inner.has("channels") else USUAL_CHANNELS
    for channel in channels:
        if channel not in CHANNELS:
            inner.refuse("channels", f"There is no channel {channel!r}.", f"Known: {', '.join(CHANNELS)}.")
    until = inner.date("until")
    if given and until and until < given:
        inner.refuse("until", "The consent ends before it was given.", "Correct `until` or `given`.")
    if given is None:
        return None
    return Consent(
        given=given,
        version=inner.text("version", required="Name the version of the promise they agreed to."),
        name=style,
        shown_as=shown_as,
        channels=tuple(channel for channel in CHANNELS if channel in channels),
        until=until,
        receipt=inner.text("receipt"),
    )
