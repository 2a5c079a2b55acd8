"""What templates find: the thread and the live conversation of a story, and who has answered whom."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from pelican.generators import Generator

from plugins.fastbuild.fingerprint import Fingerprints
from plugins.fastbuild.run import run_of
from plugins.fastbuild.world import world_of
from plugins.guard.finding import ContentRefused, Finding
from plugins.guard.reader import base_path
from plugins.guard.template import Words
from plugins.people import Person

from .kept import Snapshots
from .provider import Embed, Provider
from .providers import provider
from .thread import Comment, Thread, flat, unanswered

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Conversation:
    """A reader's comment under a story, and the first answer that staff gave to it."""

    article: Any  # the story as a card
    question: Comment
    answer: Comment | None
    waits: bool = False  # nobody has answered, and somebody should


@dataclass(frozen=True)
class Reply:
    """An answer that a person gave, what it answers, and the story both stand under."""

    comment: Comment
    article: Any
    question: Comment | None
    waits: ClassVar[bool] = False

    @property
    def answer(self) -> Comment:
        """The comment, as a Conversation calls it."""
        return self.comment


class ConversationsGenerator(Generator):  # type: ignore[misc]
    """Writes nothing; gives stories and people their conversations before anything is written."""

    def refresh_metadata_intersite_links(self) -> None:
        """Pelican calls this on every generator after all_generators_finalized.

        That signal has no order among its receivers, and a story is only ready when the
        stories' own receiver has run.
        """
        attach(self.context["articles"], self.context, self.settings)


def attach(articles: Iterable[Any], context: dict[str, Any], settings: dict[str, Any]) -> None:
    """Give stories their threads and the ways into the live ones; `conversations`, and people's `replies`.

    `articles` come with their translations, which share the thread. Raises ContentRefused with
    everything that is wrong in the snapshots.
    """
    shown = list(articles)
    words: Words = settings["FIRSTHAND_WORDS"]
    people: dict[str, Person] = context["person_by_slug"]
    run = run_of(settings)
    snapshots = Snapshots(run.cache / "conversations", people, base_path(settings), run.full)
    threads = _Threads(Path(settings["PATH"]) / "conversations", snapshots, words)
    ways = _Ways(shown, people, provider(settings), settings["SITEURL"])
    for original in shown:
        for article in (original, *original.translations):
            article.thread, article.way_in = threads.of(article.slug, article.lang), ways.into
    snapshots.keep()
    threads.report()
    prints = Fingerprints()
    said = [(slug, lang, prints.of(thread)) for (slug, lang), thread in threads.read.items() if thread]
    world_of(settings).stands_on("plugins.conversations", said)
    talked = [article for article in shown if article.thread]
    context["conversations"] = sorted(conversations(talked), key=_latest, reverse=True)
    given = replies(talked)
    for slug, person in people.items():
        person.replies, person.ask = given.get(slug, []), ways.latest


def with_waiting(thread: Thread) -> Thread:
    """The thread with who waits in it."""
    return replace(thread, waits=tuple(one.comment.anchor for one in unanswered(thread)))


def conversations(articles: Iterable[Any]) -> Iterator[Conversation]:
    """Every reader's top-level comment with its first answer by staff."""
    for article in articles:
        for comment in article.thread.comments if article.thread else ():
            if not (comment.staff or comment.gone):
                answers = [reply for reply in flat(comment.replies) if reply.staff]
                answer = min(answers, key=lambda reply: reply.published, default=None)
                waits = answer is None and comment.anchor in article.thread.waits
                yield Conversation(article.card, comment, answer, waits)


def replies(articles: Iterable[Any]) -> dict[str, list[Reply]]:
    """What each person answered, by their slug, the latest first."""
    found: dict[str, list[Reply]] = defaultdict(list)
    for article in articles:
        said = list(flat(article.thread.comments if article.thread else ()))
        by_id = {comment.id: comment for comment in said}
        for comment in said:
            if comment.staff and comment.person_slug:
                asked = by_id.get(comment.parent or "")
                question = asked if asked and not asked.gone else None
                found[comment.person_slug].append(Reply(comment, article.card, question))
    for given in found.values():
        given.sort(key=lambda reply: reply.comment.published, reverse=True)
    return found


def _latest(conversation: Conversation) -> Any:
    return (conversation.answer or conversation.question).published, conversation.question.anchor


class _Ways:
    """The ways into the live conversations, one for each person who answers; made when a page shows one."""

    def __init__(
        self, articles: list[Any], people: dict[str, Person], keeper: Provider | None, site: str
    ) -> None:
        self._articles, self._people, self._keeper, self._site = articles, people, keeper, site
        self._made: dict[str, Embed] = {}

    def into(self, article: Any) -> Embed | None:
        answering = article.answering
        if self._keeper is None or answering is None:
            return None  # a conversation without a person who answers is not opened
        if answering.slug not in self._made:
            # Without JavaScript a profile helps only where it names another way to the person.
            url, named = answering.face.url, bool(self._people[answering.slug].links)
            page = f"{self._site}/{url}" if url and named else ""
            self._made[answering.slug] = Embed(self._keeper, answering.face, page)
        return self._made[answering.slug]

    @cached_property
    def _latest(self) -> dict[str, Any]:
        latest: dict[str, Any] = {}
        for article in self._articles if self._keeper else ():
            if article.answering:
                latest.setdefault(article.answering.slug, article)
        return latest

    def latest(self, slug: str) -> Any:
        """The card of the latest story whose conversation a person answers, or None."""
        article = self._latest.get(slug)
        return article.card if article else None


class _Threads:
    """The snapshots, each read once for a language, with all that is wrong in them."""

    def __init__(self, folder: Path, snapshots: Snapshots, words: Words) -> None:
        self.folder, self.snapshots, self.words = folder, snapshots, words
        self.read: dict[tuple[str, str], Thread | None] = {}
        self._there = {path.stem for path in folder.glob("*.json")}
        self.errors: list[Finding] = []
        self.hints: set[Finding] = set()

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
        return with_waiting(snapshot.thread)

    def report(self) -> None:
        for hint in sorted(self.hints):
            logger.warning("%s", hint)
        if self.errors:
            raise ContentRefused(self.errors)
