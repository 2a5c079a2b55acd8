"""`./inv conversations`: threads from their providers into content/conversations/, where pages read them.

What a provider did not tell stays as it was told last. Nothing is written where nothing has changed.
"""

from __future__ import annotations

import asyncio
import datetime
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from plugins import FirsthandError
from plugins.database import Database, database
from plugins.fastbuild.progress import watched
from plugins.guard.fetch import Fetcher

from .brought import Brought, Say
from .ledger import NAME, Ledger
from .memory import Notes
from .provider import Failed, Fetched, Reach, Same, Wanted
from .providers import PROVIDERS, named
from .shelf import NotBelieved, Shelf
from .staff import Staff
from .wanted import Choice, read_told
from .written import FOLDER, ThreadUnwritable


class NoSuchStory(FirsthandError):
    """A story that was asked for and has no conversation."""


def bring(
    content: Path,
    settings: dict[str, Any],
    *,
    story: str = "",
    dry_run: bool = False,
    say: Say = print,
    contact: str = "",
    environ: Mapping[str, str] = os.environ,
    now: datetime.datetime | None = None,
) -> Brought:
    """Bring every thread, or that of one `story`; `settings` are checked ones. Says what changed.

    A dry run asks for every thread whole, and writes nothing. `contact` goes into the User-Agent.
    Raises NoSuchStory, DatabaseUnusable, and ContentRefused where the ledger cannot be read.
    """
    told = read_told(content, settings)
    threads = told.threads
    if story:
        if story not in threads:
            raise NoSuchStory(f"stories/{story} has no conversation. Name the folder of a published story.")
        threads = {story: threads[story]}
    ledger = Ledger.read(content / FOLDER / NAME)
    time = now or datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    shelf = Shelf(content, settings, Staff(told.people, ledger), time, dry=dry_run)
    done = Brought(say)
    for line in told.unread:
        say(line)
    with ExitStack() as held:
        kept = None if dry_run else held.enter_context(database(content.parent))
        moved = held.enter_context(watched(sum(map(len, threads.values())), "Threads"))
        run = _Run(settings, ledger, shelf, kept, done, moved, time, environ)
        asyncio.run(run.all(threads, contact))
    say(done.summary(dry_run=dry_run))
    return done


class _Run:
    """One run, and what it needs at every thread."""

    def __init__(
        self,
        settings: dict[str, Any],
        ledger: Ledger,
        shelf: Shelf,
        kept: Database | None,
        done: Brought,
        moved: Callable[[], None],
        now: datetime.datetime,
        environ: Mapping[str, str],
    ) -> None:
        self.settings, self.ledger, self.shelf, self.kept = settings, ledger, shelf, kept
        self.done, self.moved, self.now, self.environ = done, moved, now, environ

    async def all(self, threads: Mapping[str, Choice], contact: str) -> None:
        """Every provider at once: each waits for another server."""
        wanted: dict[str, dict[str, Wanted]] = {}
        for slug, choice in threads.items():
            for provider, place in choice:
                if provider in PROVIDERS:
                    wanted.setdefault(provider, {}).setdefault(slug, self._wanted(provider, slug, place))
                else:
                    self._failed(provider, slug, "there is no such comment system. ./inv check says where")
        async with Fetcher(contact=contact) as fetcher:
            await asyncio.gather(*(self._provider(name, of, fetcher) for name, of in wanted.items()))

    def _wanted(self, provider: str, slug: str, place: str) -> Wanted:
        site = str(self.settings.get("SITEURL") or "")
        url = f"{site}/stories/{slug}/" if site else ""
        return Wanted(slug, url, place, answered=bool(self.ledger.replies(provider, slug)))

    async def _provider(self, name: str, wanted: dict[str, Wanted], fetcher: Fetcher) -> None:
        notes = Notes.read(self.kept, name)
        stamps = {slug: self.shelf.stamp(name, story) for slug, story in wanted.items()}
        for slug, stamp in stamps.items():
            notes.of(slug, stamp)
        waiting, brought = dict(wanted), set[str]()
        reach = Reach(fetcher, self.now, notes, self.environ)
        why = "nothing was told of it"
        try:
            async for outcome in named(name, self.settings).threads(list(wanted.values()), reach):
                if outcome.slug not in waiting:
                    continue  # told twice, or not asked for
                story = waiting.pop(outcome.slug)
                if self._outcome(name, outcome, known=notes.knows(story.slug)):
                    stamps[story.slug] = self.shelf.stamp(name, story)
                    brought.add(story.slug)
                elif not isinstance(outcome, Failed):
                    notes.pop(story.slug, None)  # else it would be the same the next time
        except Exception as error:  # whatever one server says, the others' threads are brought
            why = f"its answer could not be understood ({type(error).__name__}: {error})"
        for slug in waiting:
            notes.pop(slug, None)
            self._failed(name, slug, why)
        if self.kept is not None:
            notes.keep(self.kept, stamps, brought)

    def _outcome(self, name: str, outcome: Fetched | Same | Failed, *, known: bool) -> bool:
        """Do what an outcome says; True where the thread on disk is the provider's now."""
        self.moved()
        if isinstance(outcome, Failed):
            self._failed(name, outcome.slug, outcome.why)
            return False
        if isinstance(outcome, Same):
            self.done.same += 1
            return True
        try:
            merged = self.shelf.put(name, outcome, known=known)
        except NotBelieved as error:
            self._failed(name, outcome.slug, str(error))
            return False
        except ThreadUnwritable as error:
            self.done.refuse(outcome.slug, str(error))
            return False
        if merged.is_other:
            self.done.change(name, outcome.slug, str(merged))
        else:
            self.done.same += 1
        return True

    def _failed(self, name: str, slug: str, why: str) -> None:
        self.done.fail(name, slug, why, kept=self.shelf.path(slug).exists())
