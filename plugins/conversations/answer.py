"""`./inv reply`: a staff member's answer, through the system that keeps the comment, and into the ledger.

Nothing is sent that a person has not written. Isso takes the answer here; of any other system its own page
is named, where whoever answers is logged in with the account that proves them to be staff.
"""

from __future__ import annotations

import asyncio
import datetime
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins import FirsthandError
from plugins.guard.fetch import Fetcher
from plugins.guard.text import body_text
from plugins.people import Profile

from .asking import NoAnswer
from .heard import Misshapen
from .ledger import Entry, sha256_of
from .listen import Listening
from .meant import comment_of, staff_of, story_of
from .names import EXPORTED
from .provider import Fetched, Reach, Said, Wanted
from .providers import PROVIDERS, named
from .providers.isso import Isso
from .providers.isso_answer import Given, give
from .thread import Comment
from .waiting import Kept, kept_as

LEAST, MOST = 3, 65_535  # characters, as Isso has it
_SAME = datetime.timedelta(seconds=1)  # snapshots may keep whole seconds


class NotAnswered(FirsthandError):
    """An answer that could not be given; nothing of it was kept."""


class NotNoted(FirsthandError):
    """An answer that was given, and that the ledger could not take; says the line that it needs."""


@dataclass(frozen=True)
class Replied:
    """An answer that was given, and noted in the ledger."""

    ref: str
    by: str
    approved: bool  # else it waits for a moderator


@dataclass(frozen=True)
class Elsewhere:
    """Where an answer has to be written: a page of the system that keeps the comment."""

    url: str
    provider: str
    account: str  # the person's account there, or ""


def reply(
    content: Path,
    settings: Mapping[str, Any],
    ref: str,
    *,
    by: str,
    words: str,
    now: datetime.datetime,
    contact: str = "",
    environ: Mapping[str, str] = os.environ,
) -> Replied | Elsewhere:
    """Answer the comment at `ref` as the staff member `by`.

    Raises NotAnswered, NotMeant, NotNoted, ContentRefused.
    """
    listening = Listening.read(content, settings)
    person = staff_of(by, listening.people)
    thread = listening.thread_of(story_of(ref))
    comment = comment_of(ref, thread)
    kept = kept_as(thread, comment)
    if kept.provider != "isso":
        return _elsewhere(listening, thread.slug, comment, kept, person)
    text = body_text(words).strip()
    if not LEAST <= len(text) <= MOST:
        raise NotAnswered(
            f"An answer has {LEAST} to {MOST:,} characters; this one has {len(text)}. "
            'Write it with --words "..." or in a file: --file FILE.'
        )
    site = str(settings.get("SITEURL") or settings.get("FEED_DOMAIN") or "")
    wanted = Wanted(thread.slug, f"{site}/stories/{thread.slug}/" if site else "", "")
    given = asyncio.run(_given(settings, wanted, kept, person, text, now, contact, environ))
    line = Entry(
        "reply", "isso", thread.slug, given.id, given.created, person.slug, now, sha256=sha256_of(text)
    )
    try:
        listening.ledger.append(line)
    except OSError as error:
        raise NotNoted(
            f"The answer was given, but the ledger could not be written ({error.strerror or error}). Add "
            f"this line to {listening.ledger.path}, or the answer will not count as staff's:\n{line.line()}"
        ) from error
    return Replied(f"{thread.slug}/{comment.id}", person.name, given.approved)


async def _given(
    settings: Mapping[str, Any],
    wanted: Wanted,
    kept: Kept,
    person: Profile,
    text: str,
    now: datetime.datetime,
    contact: str,
    environ: Mapping[str, str],
) -> Given:
    """Look that the comment is still the one that was read, then answer it."""
    keeper = named("isso", dict(settings))
    if not isinstance(keeper, Isso):
        raise NotAnswered("Isso is another comment system here.")
    async with Fetcher(contact=contact) as fetcher:
        reach = Reach(fetcher, now, {}, environ)
        async for outcome in keeper.threads([wanted], reach):
            there = outcome.said if isinstance(outcome, Fetched) else ()
            if not isinstance(outcome, Fetched):
                raise NotAnswered(f"Isso cannot be asked: {getattr(outcome, 'why', 'it told nothing.')}")
            if not any(_is(one, kept) for one in there):
                asked = keeper.database.name if keeper.database and keeper.database.is_file() else keeper.url
                raise NotAnswered(
                    f"Isso ({asked}) shows no comment {kept.id} of that time, so nothing was sent. "
                    f"See what is there now: ./inv conversations --story {wanted.slug}"
                )
        try:
            return await give(keeper, wanted, int(kept.id), person.name, text, reach)
        except (NoAnswer, Misshapen) as error:
            raise NotAnswered(str(error)) from error


def _is(one: Said, kept: Kept) -> bool:
    """An id may have been given to another comment, after the one that had it was deleted."""
    return one.id == kept.id and not one.gone and abs(one.published - kept.published) < _SAME


def _elsewhere(listening: Listening, slug: str, comment: Comment, kept: Kept, person: Profile) -> Elsewhere:
    """Raises NotAnswered for what came from a system that nobody writes in any more."""
    if kept.provider in EXPORTED:
        named_as = shlex.quote(f"{slug}/{comment.id}")
        raise NotAnswered(
            f"This comment came in an export of {kept.provider}, where nobody can answer it; an answer "
            "written on the story's page stands there as any reader's. Where none is needed any more, note "
            f"it: ./inv listen.settle {named_as}"
        )
    places = dict(listening.stories[slug].conversation)
    place = places.get(kept.provider, "")
    page = f"{listening.site}/stories/{slug}/#{comment.anchor}"
    known = kept.provider in PROVIDERS and place.startswith(("http://", "https://"))
    account = next((name for system, name in person.accounts if system == kept.provider), "")
    return Elsewhere(comment.place or (place if known else page), kept.provider, account)
