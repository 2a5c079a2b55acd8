"""Before anything is written: stories get their threads and live conversations, and people their answers."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from plugins.fastbuild.fingerprint import Fingerprints
from plugins.fastbuild.run import run_of
from plugins.fastbuild.world import world_of
from plugins.guard.finding import ContentRefused, Finding, errors
from plugins.guard.reader import base_path
from plugins.guard.template import Words
from plugins.people import Person

from .avatars import Avatars
from .choices import check_choices
from .exchange import by_story, conversations, latest, replies
from .feeds import replies_of
from .kept import Snapshots
from .ledger import NAME, Ledger
from .provider import Embed, Way
from .providers import PROVIDERS, named
from .thread import Thread
from .waiting import who_waits
from .wanted import Choice, choice

logger = logging.getLogger(__name__)


def attach(articles: Iterable[Any], context: dict[str, Any], settings: dict[str, Any]) -> None:
    """Give stories their threads, feeds and the ways into the live ones; and people what they answered.

    `articles` come with their translations, which share the thread. Raises ContentRefused with
    everything that is wrong in the snapshots.
    """
    shown = list(articles)
    words: Words = settings["FIRSTHAND_WORDS"]
    people: dict[str, Person] = context["person_by_slug"]
    run = run_of(settings)
    snapshots = Snapshots(run.cache / "conversations", people, base_path(settings), run.full)
    avatars = Avatars(Path(settings["PATH"]) / "conversations" / "avatars")
    threads = _Threads(Path(settings["PATH"]) / "conversations", snapshots, avatars, words)
    ways = _Ways(shown, people, settings)
    for original in shown:
        for article in (original, *original.translations):
            article.thread, article.way_in = threads.of(article.slug, article.lang), ways.into
        if original.thread and original.slug in context["stories_with_feed"]:
            feed = replies_of(original.thread, original.url)
            for article in (original, *original.translations):
                article.replies = feed
    snapshots.keep()
    told = [(one.file, one.story) for original in shown for one in (original, *original.translations)]
    profiles = {slug: person.profile for slug, person in people.items()}
    threads.report(check_choices(Path(settings["PATH"]), told, profiles, settings))
    prints = Fingerprints()
    said = [(slug, lang, prints.of(thread)) for (slug, lang), thread in threads.read.items() if thread]
    talked = [article for article in shown if article.thread]
    fed = [article.slug for article in talked if article.replies]
    chosen = [(story.slug, story.lang, story.conversation) for _, story in told if story.conversation]
    world_of(settings).stands_on("plugins.conversations", said, fed, chosen)
    context["conversations"] = sorted(conversations(talked), key=latest, reverse=True)
    context["avatars"] = avatars
    given = replies(talked)
    under = by_story(context["conversations"])
    for slug, person in people.items():
        person.replies, person.ask = given.get(slug, []), ways.latest
        talk = [one for story in person.stories for one in under.get(story.slug, ())]
        others = [one for one in talk if not one.answer or one.answer.person_slug != slug]
        person.talked = sorted(others, key=latest, reverse=True)


def with_waiting(thread: Thread, ledger: Ledger) -> Thread:
    """The thread with who waits in it."""
    return replace(thread, waits=tuple(one.comment.anchor for one in who_waits(thread, ledger)))


class _Ways:
    """The ways into the live conversations, one for each person who answers them and for who keeps them."""

    def __init__(self, articles: list[Any], people: dict[str, Person], settings: dict[str, Any]) -> None:
        self._articles, self._people, self._settings = articles, people, settings
        self._site = settings["FIRSTHAND_CONVERSATIONS"]
        self._made: dict[tuple[str, Choice], Embed | None] = {}

    def into(self, article: Any) -> Embed | None:
        answering = article.answering
        if answering is None:
            return None  # a conversation without a person who answers is not opened
        chosen = choice([article.story, *(other.story for other in article.translations)], self._site)
        if (answering.slug, chosen) not in self._made:
            self._made[answering.slug, chosen] = self._embed(answering, chosen)
        return self._made[answering.slug, chosen]

    def _embed(self, answering: Any, chosen: Choice) -> Embed | None:
        ways = [Way(name, named(name, self._settings), place) for name, place in chosen if name in PROVIDERS]
        # Without JavaScript a profile helps only where it names another way to the person.
        url, elsewhere = answering.face.url, bool(self._people[answering.slug].links)
        page = f"{self._settings['SITEURL']}/{url}" if url and elsewhere else ""
        return Embed(tuple(ways), answering.face, page) if ways else None

    @cached_property
    def _latest(self) -> dict[str, Any]:
        latest: dict[str, Any] = {}
        for article in self._articles if self._site else ():
            if article.answering:
                latest.setdefault(article.answering.slug, article)
        return latest

    def latest(self, slug: str) -> Any:
        """The card of the latest story whose conversation a person answers, or None."""
        article = self._latest.get(slug)
        return article.card if article else None


class _Threads:
    """The snapshots, each read once for a language, with all that is wrong in them."""

    def __init__(self, folder: Path, snapshots: Snapshots, avatars: Avatars, words: Words) -> None:
        self.folder, self.snapshots, self.avatars, self.words = folder, snapshots, avatars, words
        self.read: dict[tuple[str, str], Thread | None] = {}
        self._there = {path.stem for path in folder.glob("*.json")}
        self.errors: list[Finding] = []
        self.hints: set[Finding] = set()
        try:
            self.ledger = Ledger.read(folder / NAME)
        except ContentRefused as refused:
            self.ledger, self.errors = Ledger(folder / NAME), refused.findings

    def of(self, slug: str, lang: str) -> Thread | None:
        if slug not in self._there:
            return None
        if (slug, lang) not in self.read:
            self.read[slug, lang] = self._one(slug, lang)
        return self.read[slug, lang]

    def _one(self, slug: str, lang: str) -> Thread | None:
        path = self.folder / f"{slug}.json"
        shown = f"{self.folder.parent.name}/conversations/{path.name}"
        try:
            snapshot = self.snapshots.read(path, shown, self.words.say("anonymous", lang))
        except ContentRefused as refused:
            self.errors += refused.findings
            return None
        self.hints.update(snapshot.hints)
        thread = self.avatars.shown(snapshot.thread, shown)
        self.hints.update(self.avatars.hints)
        return with_waiting(thread, self.ledger)

    def report(self, findings: list[Finding]) -> None:
        """Say the hints. Raises ContentRefused with what was wrong in the snapshots, and in `findings`."""
        wrong = errors(findings)
        for hint in sorted(self.hints | {finding for finding in findings if finding not in wrong}):
            logger.warning("%s", hint)
        if self.errors or wrong:
            raise ContentRefused([*self.errors, *wrong])
