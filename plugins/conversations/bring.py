"""`./inv conversations`: threads from their providers into content/conversations/, where pages read them.

What a provider did not tell stays as it was told last. Nothing is written where nothing has changed.
"""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plugins import FirsthandError
from plugins.database import Database, database
from plugins.fastbuild.code import code
from plugins.guard.fetch import Fetcher
from plugins.guard.files import write_atomically
from plugins.guard.reader import base_path
from plugins.guard.text import one_line

from .cleaned import cleaned
from .ledger import NAME, Ledger
from .memory import Notes
from .merge import is_strange, merge, of_provider
from .provider import Failed, Fetched, Reach, Same, Wanted
from .providers import PROVIDERS, named
from .snapshot import MAX_BYTES
from .staff import Staff
from .wanted import Told, read_told
from .written import FOLDER, ThreadUnwritable, moment, read_written, text_of

Say = Callable[[str], None]
Outcome = Fetched | Same | Failed
STRANGE = (
    "it knows none of the comments that are kept here, so it may be another server. Where its thread is the"
    " right one, delete the file and run this again"
)


@dataclass
class Brought:
    """What was done with the threads, by story and provider."""

    changed: list[str] = field(default_factory=list)
    same: int = 0
    failed: list[str] = field(default_factory=list)
    unwritten: list[str] = field(default_factory=list)
    comments: int = 0  # new ones

    def summary(self, *, dry_run: bool = False) -> str:
        """One line: "2 threads changed, 298 the same; 1 could not be read and stays as it was."."""
        words = f"{_threads(len(self.changed))} changed, {self.same} the same"
        if count := len(self.failed):
            words += (
                f"; {_threads(count)} could not be read and {'stays' if count == 1 else 'stay'} as before"
            )
        if self.unwritten:
            words += f"; {len(self.unwritten)} could not be written"
        return f"{words}. Nothing was written: a dry run." if dry_run else f"{words}."


def _threads(count: int) -> str:
    return f"{count} thread{'' if count == 1 else 's'}"


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

    Raises NoSuchStory, DatabaseUnusable, and ContentRefused where the ledger cannot be read.
    """
    told = read_told(content, settings)
    for line in told.unread:
        say(line)
    threads = told.threads
    if story:
        if story not in threads:
            raise NoSuchStory(f"stories/{story} has no conversation. Name the folder of a published story.")
        threads = {story: threads[story]}
    ledger = Ledger.read(content / FOLDER / NAME)
    time = now or datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    with ExitStack() as held:
        kept = None if dry_run else held.enter_context(database(content.parent))
        bringing = _Bringing(content, settings, told, ledger, kept, dry_run, say, time, environ)
        asyncio.run(bringing.all(threads, contact))
    say(bringing.done.summary(dry_run=dry_run))
    return bringing.done


class _Bringing:
    """One run, and what it needs at every thread."""

    def __init__(
        self,
        content: Path,
        settings: dict[str, Any],
        told: Told,
        ledger: Ledger,
        kept: Database | None,
        dry_run: bool,
        say: Say,
        now: datetime.datetime,
        environ: Mapping[str, str],
    ) -> None:
        self.content, self.settings, self.ledger, self.kept = content, settings, ledger, kept
        self.dry_run, self.say, self.now, self.environ = dry_run, say, now, environ
        self.people, self.staff = told.people, Staff(told.people, ledger)
        self.done = Brought()

    async def all(self, threads: Mapping[str, Iterable[tuple[str, str]]], contact: str) -> None:
        """Every provider at once: each waits for another server."""
        wanted: dict[str, dict[str, Wanted]] = {}
        site = str(self.settings.get("SITEURL") or "")
        for slug, choice in threads.items():
            for provider, place in choice:
                if provider not in PROVIDERS:
                    self._failed(provider, slug, "there is no such comment system. ./inv check says where")
                    continue
                url = f"{site}/stories/{slug}/" if site else ""
                answered = bool(self.ledger.replies(provider, slug))
                wanted.setdefault(provider, {}).setdefault(slug, Wanted(slug, url, place, answered))
        async with Fetcher(contact=contact) as fetcher:
            await asyncio.gather(*(self._provider(name, of, fetcher) for name, of in wanted.items()))

    async def _provider(self, name: str, wanted: dict[str, Wanted], fetcher: Fetcher) -> None:
        notes = Notes.read(self.kept, name)
        for slug, story in wanted.items():
            notes.of(slug, self._stamp(name, story))
        waiting, stamps = dict(wanted), dict[str, str]()
        reach = Reach(fetcher, self.now, notes, self.environ)
        try:
            async for outcome in named(name, self.settings).threads(list(wanted.values()), reach):
                if outcome.slug not in waiting:
                    continue  # told twice, or not asked for
                story = waiting.pop(outcome.slug)
                if self._outcome(name, story, outcome, known=notes.knows(story.slug)):
                    stamps[story.slug] = self._stamp(name, story)
        except Exception as error:  # a server's answer must not end the other providers' threads
            why = f"its answer could not be understood ({type(error).__name__}: {error})"
        else:
            why = "nothing was told of it"
        for slug in waiting:
            self._failed(name, slug, why)
        if self.kept is not None:
            notes.keep(self.kept, stamps)

    def _outcome(self, name: str, story: Wanted, outcome: Outcome, *, known: bool) -> bool:
        """Do what an outcome says; True where its notes count from now on."""
        if isinstance(outcome, Failed):
            self._failed(name, story.slug, outcome.why)
            return False
        if isinstance(outcome, Same):
            self.done.same += 1
            return True
        try:
            return self._fetched(name, story, outcome, known)
        except ThreadUnwritable as error:
            words = str(error)
        except OSError as error:
            words = f"{FOLDER}/{story.slug}.json could not be written: {error.strerror or error}."
        self.done.unwritten.append(story.slug)
        self.say(f"{story.slug}: {words}")
        return False

    def _fetched(self, name: str, story: Wanted, outcome: Fetched, known: bool) -> bool:
        path = self._path(story.slug)
        document = read_written(path, name)
        base = f"{base_path(self.settings)}/stories/{story.slug}/"
        told = []
        for said in outcome.said:
            one = cleaned(said, name, document["provider"], base, self.now)
            if one is not None:
                told.append(one | {"staff": self.staff.proved(name, story.slug, said)})
        if not known and is_strange(document, name, told):
            self._failed(name, story.slug, STRANGE)
            return False
        merged = merge(document, name, told, moment(self.now))
        if not merged.is_other:
            self.done.same += 1
            return True
        text = text_of({**document, "fetched": moment(self.now), "comments": merged.comments})
        if len(text.encode()) > MAX_BYTES:
            self._failed(name, story.slug, f"the thread has more than {MAX_BYTES:,} bytes")
            return False
        if not self.dry_run:
            write_atomically(path, text)
        self.done.changed.append(story.slug)
        self.done.comments += merged.new
        self.say(f"{story.slug}: {name}: {merged}")
        return True

    def _failed(self, name: str, slug: str, why: str) -> None:
        self.done.failed.append(slug)
        words = one_line(why)[:300].rstrip(".")
        stays = " What is kept of it stays." if self._path(slug).exists() else ""
        self.say(f"{slug}: {name}: not read: {words}.{stays}")

    def _path(self, slug: str) -> Path:
        return self.content / FOLDER / f"{slug}.json"

    def _stamp(self, name: str, story: Wanted) -> str:
        """All that a thread in its file rests on, besides what its server says."""
        try:
            there = of_provider(read_written(self._path(story.slug), name), name)
        except ThreadUnwritable:
            return ""
        accounts = [(person.slug, person.accounts, str(person.left)) for person in self.people]
        replies = [entry.line() for entry in self.ledger.replies(name, story.slug)]
        chosen = [self.settings.get(setting.name) for setting in PROVIDERS[name].settings]
        rests = [code().hex(), story.url, story.place, chosen, accounts, replies, there]
        return hashlib.sha256(json.dumps(rests, default=str, sort_keys=True).encode()).hexdigest()
