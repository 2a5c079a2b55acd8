"""`./inv listen --mail`: to each person who answers, at the hours they set, the list of who waits for them.

One letter for each of a person's hours, sent once; none where nobody waits. The addresses of those who
answer come from the environment and stand in no file of the site.
"""

from __future__ import annotations

import datetime
import os
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Column, Table, Text, delete, insert, select

from plugins import FirsthandError
from plugins.database import Database, metadata
from plugins.guard.text import is_slug, one_line
from plugins.mail import Letter, Mail, MailDown, MailRefused, wrapped
from plugins.people import Profile
from plugins.people.hours import Hours

from .comments.notice import in_words as held_in_words
from .listen import Heard, Waiting
from .waitlist import how_long, shortened, who

ADDRESSES = "FIRSTHAND_STAFF_MAIL"
LATE = datetime.timedelta(hours=24)  # after which an hour that was missed is over
MOST = 50  # entries in one letter
_ADDRESS = re.compile(r"[^\s@,;<>]{1,64}@[^\s@,;<>]{1,190}")
_SENT = Table(
    "listening_digests",
    metadata,
    Column("person", Text, primary_key=True),
    Column("hour", Text, nullable=False),  # the last one that was seen to, in ISO 8601
)

Say = Callable[[str], None]


def addresses(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Where to write to whom, from "mara-lind=mara@example.org, walt-okafor=...". Raises FirsthandError."""
    found: dict[str, str] = {}
    for entry in re.split(r"[,\n]", environ.get(ADDRESSES, "")):
        slug, mark, address = (part.strip() for part in entry.partition("="))
        if not (slug or mark):
            continue
        if not is_slug(slug) or not _ADDRESS.fullmatch(address):
            raise FirsthandError(
                f"{ADDRESSES} has an entry that is no person and address. Write it like "
                "mara-lind=mara@example.org, with commas between several."
            )
        found[slug] = address
    return found


def send_digests(
    heard: Heard,
    settings: Mapping[str, Any],
    database: Database,
    mail: Mail,
    *,
    now: datetime.datetime,
    environ: Mapping[str, str] = os.environ,
    at_once: bool = False,
    say: Say = print,
) -> int:
    """Write to everybody whose hour has come, or `at_once` to everybody for whom somebody waits; how many.

    Raises FirsthandError for settings that cannot be used, DatabaseUnusable.
    """
    known, zone = addresses(environ), _zone(settings)
    reader = str(settings.get("FIRSTHAND_STORY_READER") or "")
    sent = 0
    for slug, person in sorted(heard.people.items()):
        waiting = [one for one in heard.waiting if slug == (one.person or reader)]
        held = heard.held if slug == reader else 0
        missing = _missing(person, slug in known, at_once) if waiting or held else ""
        if missing and _once_a_day(database, slug, now):
            say(f"{person.name}: {len(waiting) or held} wait, and no letter goes out: {missing}.")
        if slug not in known:
            continue
        hour = _hour(person, now.astimezone(zone))
        due = hour is not None and _seen_to(database, slug) != hour[1].isoformat()
        if not due and not at_once:
            continue
        if waiting or held:
            begun = hour if due else None
            letter = _letter(person, waiting, held, str(settings["SITENAME"]), begun, now)
            try:
                mail.send(known[slug], letter)
            except MailDown as error:
                say(f"{error} The letters go out at the next call.")
                break
            except MailRefused as error:
                say(f"{person.name}: {error}")
            else:
                sent += 1
                say(f"{person.name}: a letter about {len(waiting) or held} who wait.")
        if due and hour:
            _see_to(database, slug, hour[1].isoformat())
    return sent


def _missing(person: Profile, has_address: bool, at_once: bool) -> str:
    if not has_address:
        return f"{ADDRESSES} has no address for {person.slug}"
    if not person.answers_at and not at_once:
        return "no hours are set (`answers_at` in their file)"
    return ""


def _zone(settings: Mapping[str, Any]) -> ZoneInfo:
    name = str(settings.get("TIMEZONE") or "UTC")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise FirsthandError(f"TIMEZONE is {name!r}, which is none. Write one like Europe/Berlin.") from error


def _hour(person: Profile, now: datetime.datetime) -> tuple[Hours, datetime.datetime] | None:
    """The latest of a person's hours, if it began within the last day."""
    begun = [(hour, hour.last_before(now)) for hour in person.answers_at]
    latest = max(begun, key=lambda one: one[1], default=None)
    return latest if latest and now - latest[1] <= LATE else None


def _once_a_day(database: Database, slug: str, now: datetime.datetime) -> bool:
    """True at the first call of a day: cron calls every quarter of an hour, and sends on what is said."""
    day, name = now.date().isoformat(), f"{slug} told"
    first = _seen_to(database, name) != day
    if first:
        _see_to(database, name, day)
    return first


def _seen_to(database: Database, slug: str) -> str | None:
    with database.begin() as connection:
        return connection.execute(select(_SENT.c.hour).where(_SENT.c.person == slug)).scalar()


def _see_to(database: Database, slug: str, hour: str) -> None:
    with database.begin(durable=True) as connection:
        connection.execute(delete(_SENT).where(_SENT.c.person == slug))
        connection.execute(insert(_SENT).values(person=slug, hour=hour))


def _letter(
    person: Profile,
    waiting: Sequence[Waiting],
    held: int,
    site: str,
    begun: tuple[Hours, datetime.datetime] | None,
    now: datetime.datetime,
) -> Letter:
    count = f"{len(waiting)} readers wait" if len(waiting) > 1 else "One reader waits"
    about = f"{count} for your answer" if waiting else "Comments wait for a moderator"
    opening = f"{count} for your answer under the stories of {one_line(site)}, the longest wait first."
    if not waiting:
        opening = f"No reader waits for your answer under the stories of {one_line(site)}."
    if begun is not None and begun[0].ends:
        opening += f" You have set aside {begun[0]} for them."
    parts = [f"Dear {person.first_name},", opening]
    parts += [_entry(one, person.slug) for one in waiting[:MOST]]
    if len(waiting) > MOST:
        parts.append(f"And {len(waiting) - MOST} more: ./inv listen --by {person.slug}")
    if held:
        parts.append(f"{held_in_words(held)}.")
    if waiting:
        parts.append(
            "Nothing has been sent to them. Whoever needs no answer: ./inv listen.settle COMMENT --reason ..."
        )
    stamp = (begun[1] if begun else now).astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%S")
    text = "\n\n".join(wrapped(part) for part in parts) + "\n"
    return Letter(f"listen.{person.slug}.{stamp}", about, text, now, "")


def _entry(one: Waiting, slug: str) -> str:
    nobody = "" if one.person else " Nobody is named to answer it."
    said = textwrap.fill(f"{who(one)}: {shortened(one.words)}", 68)
    return "\n".join(
        (
            f"{one_line(one.title)}: {how_long(one)}.{nobody}",
            textwrap.indent(said, "    "),
            f"    {one.place or one.url}",
            f"    ./inv reply {one.typed} --by {slug}",
        )
    )
