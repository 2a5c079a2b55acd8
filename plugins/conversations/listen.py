"""`./inv listen`: who waits for an answer, from whom, since when, and what was promised.

Nothing here answers, and nothing asks a server: it reads what `./inv conversations` brought.
"""

from __future__ import annotations

import datetime
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins import today
from plugins.guard.content import ContentFile
from plugins.guard.finding import ContentRefused
from plugins.guard.html import plain_text
from plugins.people import Profile, parse_profile
from plugins.people.hours import promise
from plugins.stories.consent import may_show
from plugins.stories.story import Story, parse_story
from plugins.stories.telling import who_answers

from .comments.notice import held_here
from .front import people_and_stories
from .known import Known
from .ledger import NAME, Ledger
from .meant import NotMeant
from .snapshot import read_snapshot
from .thread import Comment, Thread
from .waiting import Kept, kept_as, who_waits
from .written import FOLDER


@dataclass(frozen=True)
class Waiting:
    """A comment that waits for an answer."""

    story: str  # its slug
    title: str
    id: str  # the comment's, as the conversation's file has it
    kept: Kept
    author: str
    words: str  # plain text
    since: datetime.datetime  # when the wait began: readers may have written before this comment
    others: tuple[Kept, ...]  # what readers said besides, since staff last spoke
    person: str  # the slug of who answers; "" where nobody does
    name: str
    promised: str  # in the person's own words; "" where nothing is promised
    due: datetime.datetime | None
    url: str  # of the comment on the site
    place: str  # where it was written, if elsewhere
    waited: datetime.timedelta
    comment: Comment

    @property
    def ref(self) -> str:
        """What `./inv reply` calls it: "the-night-the-line-stopped/12"."""
        return f"{self.story}/{self.id}"

    @property
    def typed(self) -> str:
        """The same for a shell: an id is its server's, and may hold what a shell would run."""
        return shlex.quote(self.ref)

    @property
    def late(self) -> datetime.timedelta | None:
        """By how much the promise is broken; None while it is kept, and where nothing was promised."""
        over = self.since + self.waited - self.due if self.due else datetime.timedelta(0)
        return over if over > datetime.timedelta(0) else None


@dataclass(frozen=True)
class Heard:
    """Everybody who waits, the longest wait first; and what could not be read, a line each."""

    waiting: tuple[Waiting, ...]
    problems: tuple[str, ...]
    people: Mapping[str, Profile]
    held: int = 0  # comments at the site's own Isso that wait for a moderator


def listen(content: Path, settings: Mapping[str, Any], now: datetime.datetime) -> Heard:
    """Who waits under the published stories of a content folder. Raises ContentRefused for the ledger."""
    listening = Listening.read(content, settings)
    found: list[Waiting] = []
    for slug in sorted(listening.stories):
        thread = listening.thread(slug)
        if thread is not None:
            found += listening.waiting(thread, now)
    found.sort(key=lambda one: (one.since, one.story, one.id))
    return Heard(tuple(found), tuple(listening.problems), listening.people, held_here(settings))


class Listening:
    """What listening knows: people, the stories that have a conversation, and the ledger."""

    def __init__(
        self, content: Path, site: str, people: dict[str, Profile], stories: dict[str, Story], ledger: Ledger
    ) -> None:
        self.content, self.site = content, site
        self.people, self.stories, self.ledger = people, stories, ledger
        self.problems: list[str] = []
        self._known = {slug: Known(person) for slug, person in people.items()}

    @classmethod
    def read(cls, content: Path, settings: Mapping[str, Any]) -> Listening:
        """The people, the published stories that have a conversation, the ledger. Raises ContentRefused."""
        folder, lang = content / FOLDER, str(settings["DEFAULT_LANG"])
        ledger = Ledger.read(folder / NAME)
        talked = {path.stem for path in folder.glob("*.json")}
        people: dict[str, Profile] = {}
        stories: dict[str, Story] = {}
        problems: list[str] = []

        def wanted(file: ContentFile) -> bool:
            return file.kind == "person" or file.slug in talked

        for file, document in people_and_stories(content, problems, wanted):
            if file.kind == "person":
                people[file.slug] = parse_profile(file, document)[0]
                continue
            story = parse_story(file, document, lang)[0]
            if may_show(story, "site", today()) and (file.slug not in stories or story.lang == lang):
                stories[file.slug] = story
        site = str(settings.get("SITEURL") or settings.get("FEED_DOMAIN") or "")
        listening = cls(content, site, people, stories, ledger)
        listening.problems = problems
        return listening

    def thread(self, slug: str) -> Thread | None:
        """A story's conversation as it was brought last; None, and a problem, where it cannot be read."""
        try:
            return self.thread_of(slug)
        except ContentRefused as refused:
            self.problems += map(str, refused.findings)
            return None

    def thread_of(self, slug: str) -> Thread:
        """The conversation of a published story. Raises NotMeant, ContentRefused."""
        if slug not in self.stories:
            raise NotMeant(f"stories/{slug} is not a published story that has a conversation.")
        path = self.content / FOLDER / f"{slug}.json"
        return read_snapshot(path, f"{self.content.name}/{FOLDER}/{path.name}", self._known).thread

    def waiting(self, thread: Thread, now: datetime.datetime) -> list[Waiting]:
        """Who waits in one conversation."""
        person = self.answering(thread.slug)
        promised = promise(person.answers_within) if person else None
        found = []
        for one in who_waits(thread, self.ledger):
            comment = one.comment
            found.append(
                Waiting(
                    story=thread.slug,
                    title=self.stories[thread.slug].title,
                    id=comment.id,
                    kept=kept_as(thread, comment),
                    author=comment.author,
                    words=plain_text(comment.html),
                    since=one.since,
                    others=tuple(kept_as(thread, word) for word in one.words if word is not comment),
                    person=person.slug if person else "",
                    name=person.name if person else "",
                    promised=person.answers_within if person else "",
                    due=promised.until(one.since) if promised else None,
                    url=f"{self.site}/stories/{thread.slug}/#{comment.anchor}",
                    place=comment.place,
                    waited=max(now - one.since, datetime.timedelta(0)),
                    comment=comment,
                )
            )
        return found

    def answering(self, slug: str) -> Profile | None:
        """Who answers a story's conversation today."""
        story = self.stories[slug]
        try:
            return self.people.get(who_answers(story, self.people.__getitem__, today()) or "")
        except KeyError:  # somebody whose file is not there; ./inv check says so
            return None
