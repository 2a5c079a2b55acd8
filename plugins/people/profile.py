"""What a person's file says: the front matter of content/people/SLUG.md, parsed once."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from typing import Literal, cast

from plugins.guard.content import PHOTO_NAME, ContentFile
from plugins.guard.document import Document
from plugins.guard.fields import Fields, is_web_address
from plugins.guard.finding import Finding
from plugins.guard.text import is_slug

from .hours import Hours, hours

Kind = Literal["staff", "member", "customer", "guest"]
Keep = Literal["page", "name", "nothing"]

KINDS = ("staff", "member", "customer", "guest")
TINTS = ("peach", "sage", "lilac", "straw", "sky", "rose")
FOCALS = ("top", "middle", "bottom")


@dataclass(frozen=True)
class Role:
    """What the person does here, and when."""

    title: str
    team: str
    since: datetime.date | None
    until: datetime.date | None

    def holds(self, on: datetime.date) -> bool:
        """True on a day within the role's time."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class Left:
    """The person has left, and chose what stays: the page, the name alone, or nothing."""

    date: datetime.date
    keep: Keep


@dataclass(frozen=True)
class Profile:
    """A person as their file describes them. Fields as in the README's table."""

    slug: str
    name: str
    kind: Kind
    roles: tuple[Role, ...]
    portrait: str
    portrait_alt: str
    portrait_credit: str
    portrait_focal: str
    tint: str
    pronouns: str
    place: str
    languages: tuple[str, ...]
    ask_me_about: tuple[str, ...]
    answers_within: str
    accounts: tuple[tuple[str, str], ...]  # comment system, and the account's name there
    links: tuple[str, ...]
    aliases: tuple[str, ...]
    left: Left | None
    summary: str
    answers_at: tuple[Hours, ...] = ()

    @property
    def first_name(self) -> str:
        """The first word of the name; the whole name where it is one word."""
        return self.name.split()[0]

    @property
    def initials(self) -> str:
        """One or two letters that stand for the name where there is no portrait."""
        return initials_of(self.name)

    def role_on(self, day: datetime.date) -> Role | None:
        """The role held on a day: the latest begun of those that hold; else the last held before."""
        if len(self.roles) == 1 and (self.roles[0].since is None or self.roles[0].since <= day):
            return self.roles[0]
        began = [role for role in self.roles if role.since is None or role.since <= day]
        pool = [role for role in began if role.holds(day)] or began
        return max(pool, key=lambda role: role.since or datetime.date.min, default=None)

    def gone(self, day: datetime.date) -> Keep | None:
        """What stays of a person who has left by that day; None while they are here."""
        return self.left.keep if self.left and self.left.date <= day else None


def initials_of(name: str) -> str:
    """One or two letters that stand for a name; "" for none."""
    words = [word for word in name.split() if word[0].isalnum()] or [name]
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


def tint_of(slug: str) -> str:
    """The colour chosen for good from the slug."""
    return TINTS[hashlib.sha256(slug.encode()).digest()[0] % len(TINTS)]


def parse_profile(file: ContentFile, document: Document) -> tuple[Profile, list[Finding]]:
    """The profile and what is wrong with it; a profile with errors must not be shown."""
    fields = Fields(file, document)
    name = fields.text("name", required="Write the person's name: `name: Mara Lind`.")
    portrait = fields.text("portrait")
    if portrait:
        _check_portrait(fields, file, portrait)
    aliases = fields.slugs("aliases")
    profile = Profile(
        slug=file.slug,
        name=name or file.slug,
        kind=_kind(fields),
        roles=tuple(_role(inner) for inner in fields.mappings("roles")),
        portrait=portrait,
        portrait_alt=fields.text("portrait_alt", required="Say what the portrait shows." if portrait else ""),
        portrait_credit=fields.text(
            "portrait_credit", required="Say who made the portrait." if portrait else ""
        ),
        portrait_focal=fields.one_of("portrait_focal", FOCALS),
        tint=fields.one_of("tint", TINTS) or tint_of(file.slug),
        pronouns=fields.text("pronouns"),
        place=fields.text("place"),
        languages=fields.texts("languages"),
        ask_me_about=fields.texts("ask_me_about"),
        answers_within=fields.text("answers_within"),
        accounts=fields.pairs("accounts"),
        links=_links(fields),
        aliases=tuple(alias for alias in aliases if is_slug(alias)),
        left=_left(fields.mapping("left")),
        summary=fields.text("summary"),
        answers_at=_hours(fields),
    )
    return profile, fields.findings


def _kind(fields: Fields) -> Kind:
    if not fields.has("kind"):
        fields.refuse("kind", "`kind` is missing.", f"Write one of: {', '.join(KINDS)}.")
    return cast(Kind, fields.one_of("kind", KINDS, "guest"))


def _role(fields: Fields) -> Role:
    fields.only(("title", "team", "since", "until"))
    role = Role(
        title=fields.text("title", required="Name what the person does: `title: Head of workshop`."),
        team=fields.text("team"),
        since=fields.date("since"),
        until=fields.date("until"),
    )
    if role.since and role.until and role.until < role.since:
        fields.refuse(
            "until", f"The role {role.title!r} ends before it begins.", "Correct `since` or `until`."
        )
    return role


def _left(fields: Fields | None) -> Left | None:
    if fields is None:
        return None
    fields.only(("date", "keep"))
    day = fields.date("date", required="Write the last day: `left: {date: 2027-01-31, keep: page}`.")
    keep = fields.one_of("keep", ("page", "name", "nothing"), "nothing")
    return Left(day, cast(Keep, keep)) if day else None


def _hours(fields: Fields) -> tuple[Hours, ...]:
    found = [(text, hours(text)) for text in fields.texts("answers_at")]
    for text, time in found:
        if time is None:
            fields.refuse(
                "answers_at",
                f"{text!r} is no time of the week.",
                "Write it like `answers_at: [Monday 14:00, Wednesday 9:00-11:00]`.",
            )
    return tuple(time for _, time in found if time)


def _links(fields: Fields) -> tuple[str, ...]:
    links = fields.texts("links")
    for link in links:
        if not is_web_address(link):
            fields.refuse("links", f"{link!r} is not a web address.", "Write https://...")
    return tuple(link for link in links if is_web_address(link))


def _check_portrait(fields: Fields, file: ContentFile, name: str) -> None:
    if not PHOTO_NAME.fullmatch(name) or not file.has(name):
        fields.refuse(
            "portrait",
            f"The portrait {name!r} is not beside the file.",
            "Put it into content/people/, or mend the name.",
        )
