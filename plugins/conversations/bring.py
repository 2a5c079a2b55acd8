"""`./inv conversations`: threads from their providers into content/conversations/, where pages read them.

What a provider did not tell stays as it was told last. Nothing is written where nothing has changed.
"""

from __future__ import annotations

import asyncio
import datetime
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins import FirsthandError
from plugins.database import URL, Database, database
from plugins.database.opening import FILE
from plugins.database.opening import FOLDER as FOLDER_OF_DATABASE
from plugins.fastbuild.progress import watched
from plugins.guard.fetch import Fetcher
from plugins.guard.text import one_line

from .brought import Brought, Say
from .faces import Faces
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

    A dry run writes nothing. `contact` goes into the User-Agent. Ctrl-C ends it with `stopped`.
    Raises NoSuchStory, DatabaseUnusable, and ContentRefused where the ledger cannot be read.
    """
    told = read_told(content, settings)
    threads = told.threads
    if story:
        if story not in threads:
            raise NoSuchStory(
                f"stories/{one_line(story)} has no conversation. Name the folder of a published story."
            )
        threads = {story: threads[story]}
    ledger = Ledger.read(content / FOLDER / NAME)
    time = now or datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    own = {
        slug: next((name for name, _ in chosen if name in PROVIDERS), "") for slug, chosen in threads.items()
    }
    shelf = Shelf(content, settings, Staff(told.people, ledger), own, time, dry=dry_run)
    done = Brought(say)
    for line in told.unread:
        say(line)
    with ExitStack() as held:
        kept = held.enter_context(database(content.parent)) if not dry_run or _is_there(content) else None
        moved = held.enter_context(watched(sum(map(len, threads.values())), "Threads"))
        run = _Run(content, settings, ledger, shelf, kept, done, moved, time, environ, told.pages, dry_run)
        try:
            asyncio.run(run.all(threads, contact))
        except KeyboardInterrupt:
            done.stopped = True
    done.end(dry_run=dry_run)
    return done


def _is_there(content: Path) -> bool:
    """True where there is a database to read, so that a dry run makes none."""
    return bool(os.environ.get(URL, "").strip()) or (content.parent / FOLDER_OF_DATABASE / FILE).is_file()


@dataclass
class _Run:
    """One run, and what it needs at every thread."""

    content: Path
    settings: dict[str, Any]
    ledger: Ledger
    shelf: Shelf
    kept: Database | None
    done: Brought
    moved: Callable[[], None]
    now: datetime.datetime
    environ: Mapping[str, str]
    pages: Mapping[str, tuple[str, ...]]
    dry: bool

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
            shown = bool(self.settings["FIRSTHAND_AVATARS"])
            faces = Faces(self.content, fetcher, self.kept, self.now, dry=self.dry, shown=shown)
            await asyncio.gather(*(self._provider(name, of, fetcher, faces) for name, of in wanted.items()))
            await faces.end()

    def _wanted(self, provider: str, slug: str, place: str) -> Wanted:
        site = str(self.settings.get("SITEURL") or "")
        url = f"{site}/stories/{slug}/" if site else ""
        pages = tuple(f"{site}/{path}" for path in self.pages[slug]) if site else ()
        return Wanted(slug, url, place, pages, answered=bool(self.ledger.replies(provider, slug)))

    async def _provider(self, name: str, wanted: dict[str, Wanted], fetcher: Fetcher, faces: Faces) -> None:
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
                story, shown, left = waiting.pop(outcome.slug), dict[str, str](), False
                if isinstance(outcome, Fetched):
                    shown, left = await faces.names(said.avatar for said in outcome.said)
                if self._outcome(name, outcome, shown, known=notes.knows(story.slug)):
                    stamps[story.slug] = self.shelf.stamp(name, story)
                    brought.add(story.slug)
                if isinstance(outcome, Fetched) and (left or story.slug not in brought):
                    notes.pop(story.slug, None)  # else it would be the same the next time
        except Exception as error:  # whatever one server says, the others' threads are brought
            why = f"its answer could not be understood ({type(error).__name__}: {error})"
        for slug in waiting:
            notes.pop(slug, None)
            self._failed(name, slug, why)
        if self.kept is not None and not self.dry:
            notes.keep(self.kept, stamps, brought)

    def _outcome(
        self, name: str, outcome: Fetched | Same | Failed, faces: Mapping[str, str], *, known: bool
    ) -> bool:
        """Do what an outcome says; True where the thread on disk is the provider's now."""
        self.moved()
        if isinstance(outcome, Failed):
            self._failed(name, outcome.slug, outcome.why)
            return False
        if isinstance(outcome, Same):
            self.done.same += 1
            return True
        try:
            merged = self.shelf.put(name, outcome, known=known, faces=faces)
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
