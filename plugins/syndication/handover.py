"""One entry's outcome: a new story, a draft that follows its feed, or words to whoever decides.

The story's folder is put in its place first and the database told in the same transaction, so that
whatever ends a pull in between, the next one finds the story by its own `source`.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from plugins.database import Database
from plugins.desk.slugs import free_slug
from plugins.guard.document import read_document
from plugins.guard.fetch import Fetcher
from plugins.people import Profile

from .atdesk import AtDesk
from .changes import difference_of, is_ours_still, judge, telling, words_of
from .compose import CannotCompose, Composed, compose, slug_for, story_date
from .decide import Decision, Existing
from .entry import Feed
from .illustrate import Illustrated, illustrate, lacking
from .remembered import Remembered, State, changed, of_others, remember
from .report import Kind, Outcome
from .shelf import STORY, change_story, objections, put_story
from .source import Source

_READ_ON = re.compile(r"Read the full story at \S+ ?\.$")


@dataclass
class Handover:
    """What a pull hands stories over to; `stories` and `taken` grow with what it makes."""

    content: Path
    database: Database
    fetcher: Fetcher
    people: Mapping[str, Profile]
    day: datetime.date
    dry_run: bool
    stories: list[Existing]
    taken: set[str] = field(default_factory=set)
    claimed: set[str] = field(default_factory=set)  # the stories whose entries this feed has
    lacking: set[str] = field(default_factory=set)  # feeds with pictures that may be there the next time
    withdrawn: frozenset[str] = frozenset()  # the slugs of stories that were taken back
    desk: AtDesk | None = None  # where the stories of sources with `review` wait; else they are drafts

    async def entry(self, decision: Decision, feed: Feed, source: Source, place: int) -> Outcome:
        """Do what was decided about one entry, and remember it. Raises DatabaseUnusable, OSError."""
        seen = self._seen(decision, source, place)
        return await _One(self, decision, feed, source, seen).done()

    def keep(self, row: Remembered, write: Callable[[], None] | None = None) -> None:
        """Write a story and remember its entry, or neither. A dry run does nothing."""
        if not self.dry_run:
            with self.database.begin() as connection:
                if write:
                    write()
                remember(connection, row)

    def _seen(self, decision: Decision, source: Source, place: int) -> Remembered:
        """The entry's row of this feed; what another feed or an earlier pull knew of it stays."""
        known, entry = decision.row, decision.entry
        slug = decision.story.slug if decision.story else ""
        if known is None:
            first = decision.story.day if decision.story else None
            return Remembered(
                source.person,
                source.feed,
                decision.key,
                first or self.day,
                entry.published,
                slug=slug,
                place=place,
            )
        return dataclasses.replace(known, feed=source.feed, place=place, slug=slug or known.slug)


@dataclass
class _One:
    """One entry on its way."""

    to: Handover
    decision: Decision
    feed: Feed
    source: Source
    seen: Remembered

    async def done(self) -> Outcome:
        decision, entry, story = self.decision, self.decision.entry, self.decision.story
        if waits := self.waits():
            return waits
        if skip := decision.skip or self.waits_for_another():
            if not decision.twice:
                self.keep("skipped")
            return self.outcome("skipped", skip)
        said = telling(entry, self.source)
        if story and decision.row and decision.row.told == said and decision.row.slug == story.slug:
            return self.unchanged(story)
        self.seen = dataclasses.replace(self.seen, told=said)
        try:
            made, slug, note = await asyncio.to_thread(self.compose, story)
        except CannotCompose as error:
            self.keep("skipped")
            return self.outcome("skipped", str(error))
        if story is not None:
            return await self.compare(story, made, note)
        if moved := self.told_elsewhere(made):
            if moved.slug in self.to.claimed:
                return self.outcome("skipped", f"stories/{moved.slug} has its title, day and text already")
            self.to.claimed.add(moved.slug)
            self.seen = dataclasses.replace(self.seen, slug=moved.slug)
            self.keep("told")
            why = f"stories/{moved.slug} has its title, day and text; only its guid and its address are new"
            asks = f"it is at {made.url} now. Put that into `via` and `canonical`."
            return self.outcome("same", why, moved.slug, asks=(asks,) if made.url else ())
        return await self.put(made, slug, note)

    def waits(self) -> Outcome | None:
        """What is said of an entry that waits at the desk already."""
        decision, desk = self.decision, self.to.desk
        if desk is None or decision.story or decision.twice or not decision.row:
            return None
        row = desk.waiting(self.source.person, decision.key)
        if row is None or not row.landed:
            return None
        return self.outcome("same", f"stories/{row.slug} waits at the desk as {row.id}")

    def waits_for_another(self) -> str:
        """In words that another member's feed has brought the entry to the desk; "" where none has."""
        if self.to.desk is None or self.decision.story:
            return ""
        person, key = self.source.person, self.decision.key
        for other in of_others(self.to.database, person, key):
            if (row := self.to.desk.waiting(other.person, key)) and row.landed:
                told = f"it waits at the desk as {row.id}, from the feed of {other.person}"
                return f"stories/{row.slug} is there already: {told}"
        return ""

    def compose(self, story: Existing | None) -> tuple[Composed, str, str]:
        """The story, its slug, and a note. Raises CannotCompose."""
        made = self.composed(story)
        wanted = slug_for(self.decision.entry, self.source.person, made.fields["title"])
        if story is None and (back := self.taken_back(wanted)):
            raise CannotCompose(f"stories/{back} was taken back by its storyteller")
        slug = story.slug if story else free_slug(wanted, self.taken())
        refused = objections(made.text(), slug, self.to.content)
        note = "".join(
            f"; its [{name}] was left out, since only the blog can show it"
            for name in self.decision.entry.left_out
        )
        if refused and self.source.mode == "full":
            note += f"; an excerpt, as the whole is too much for a page: {refused[0].message}"
            made = self.composed(story, in_full=False)
            refused = objections(made.text(), slug, self.to.content)
        if refused:
            raise CannotCompose(f"the build would refuse it: {refused[0].message}")
        return made, slug, note

    def taken_back(self, wanted: str) -> str:
        """The story that may have been made of this entry and was taken back: by its slug alone, since
        nothing else is kept of it; of two that have one title either.
        """
        numbered = re.compile(rf"{re.escape(wanted)}(?:-\d+)?")
        back = (slug for slug in self.to.withdrawn if slug == self.seen.slug or numbered.fullmatch(slug))
        return min(back, default="")

    def taken(self) -> set[str]:
        """Every name but the one this entry's story had before it was taken away."""
        had = self.seen.slug
        return self.to.taken - ({had} if had and not (self.to.content / "stories" / had).exists() else set())

    def composed(self, story: Existing | None, *, in_full: bool | None = None) -> Composed:
        # The identity and the day a story was made with stay, whatever the feed says now.
        told = dataclasses.replace(self.decision.entry, published=self.published())
        return compose(
            told,
            self.feed,
            self.source,
            key=story.id if story else self.decision.key,
            date=(story.day if story else None) or story_date(told, self.seen.first_seen),
            status="draft" if self.source.review else "published",
            in_full=in_full,
            people=self.to.people,
        )

    def published(self) -> datetime.datetime | None:
        """As the feed first told it: one that dates everything anew says nothing new."""
        return self.seen.published if self.decision.row else self.decision.entry.published

    def unchanged(self, story: Existing) -> Outcome:
        """The feed says what it said the last time."""
        waits = self.seen.waiting
        if self.seen.state == "waiting" and not story.is_locked and waits and self.differs(story, waits):
            return self.still_waits(story)
        self.keep("told")
        back = "; it is in the feed again" if self.seen.state == "gone" else ""
        return self.outcome("same", f"stories/{story.slug}{back}")

    def still_waits(self, story: Existing) -> Outcome:
        self.keep("waiting", self.seen.waiting)
        since = f" since {self.seen.since}" if self.seen.since else ""
        why = f"stories/{story.slug}; the feed's other text waits for an editor{since}"
        return self.outcome("same", why)

    def differs(self, story: Existing, waits: str) -> bool:
        """False once an editor has brought the words in."""
        other = read_document(story.document.path, raw=waits.encode())
        return bool(difference_of(story.document, str(other.front["title"]), other.body))

    def asked_before(self, made: Composed) -> bool:
        """True where what waits has the same words: only marks or addresses are others."""
        other = read_document(self.to.content, raw=self.seen.waiting.encode())
        return not difference_of(other, made.fields["title"], made.body)

    async def compare(self, story: Existing, made: Composed, note: str) -> Outcome:
        change = judge(story, made)
        where = f"stories/{story.slug}"
        if change.verdict == "same":
            if is_ours_still(story) and lacking(made, story.document):
                return await self.pictured(story, made)
            self.keep("told")
            return self.outcome("same", where)
        if change.verdict == "locked":
            self.seen = dataclasses.replace(self.seen, told="")  # asked again until it is unlocked
            self.keep("told")
            return self.outcome("same", f"{where} is locked by an editor")
        said = f": {change.difference}" if change.difference else ""
        if change.waits:
            if self.seen.state == "waiting" and self.seen.waiting and self.asked_before(made):
                return self.still_waits(story)
            why = "is published and stays" if change.verdict == "published" else "was edited here and stays"
            self.keep("waiting", made.text())
            why = f"the feed has another text now; {where} {why}{said}"
            asks = "the feed has another text. Bring it in, or write `locked: true`."
            return self.outcome("changed", why, story.slug, asks=(asks,))
        shown = await self.illustrated(made, story.slug)
        text = shown.made.text()
        self.keep("told", write=lambda: change_story(self.to.content, story.slug, text, shown.photos))
        self.know(story.slug, shown.made, story)
        what = "the feed has another text" if said else "the feed says it with other marks or addresses"
        return self.outcome(
            "changed",
            f"{what}; the draft {where} follows it{note}{said}{_noted(shown.notes)}",
            story.slug,
            wrote=True,
            asks=shown.questions,
        )

    async def pictured(self, story: Existing, made: Composed) -> Outcome:
        """A draft with the pictures that could not be had before, as far as they can be now."""
        shown = await self.illustrated(made, story.slug)
        listed, where = story.document.front.get("photos"), f"stories/{story.slug}"
        more = len(shown.photos) - (len(listed) if isinstance(listed, dict) else 0)
        if more <= 0:
            self.keep("told")
            return self.outcome("same", f"{where}{_noted(shown.notes)}")
        text = shown.made.text()
        self.keep("told", write=lambda: change_story(self.to.content, story.slug, text, shown.photos))
        self.know(story.slug, shown.made, story)
        had = f"{more} pictures" if more > 1 else "a picture"
        why = f"{had} could be had only now; the draft {where} follows"
        return self.outcome(
            "changed", f"{why}{_noted(shown.notes)}", story.slug, wrote=True, asks=shown.questions
        )

    async def put(self, made: Composed, slug: str, note: str) -> Outcome:
        shown = await self.illustrated(made, "")
        if self.to.desk and self.source.review:
            return await self.propose(self.to.desk, shown, slug, note)
        text = shown.made.text()
        self.seen = dataclasses.replace(self.seen, slug=slug)
        try:
            self.keep("told", write=lambda: put_story(self.to.content, slug, text, shown.photos))
        except OSError as error:
            return self.outcome("skipped", f"stories/{slug} could not be written: {error.strerror or error}")
        self.to.taken.add(slug)
        self.to.claimed.add(slug)
        self.know(slug, shown.made, None)
        draft = shown.made.fields["status"] == "draft"
        what = "a draft" if draft else "published, as the source is trusted"
        why = f"{what} in stories/{slug}{note}{_noted(shown.notes)}"
        return self.outcome("new", why, slug, wrote=True, asks=shown.questions)

    async def propose(self, desk: AtDesk, shown: Illustrated, slug: str, note: str) -> Outcome:
        """Bring it to the desk first; a pull that ends before it is remembered finds it there."""
        why = "a proposal for the desk"
        if not self.to.dry_run:
            person, key = self.source.person, self.decision.key
            bring = partial(desk.propose, person=person, key=key, questions=shown.questions)
            row = await asyncio.to_thread(bring, shown.made, slug, shown.photos)
            slug, why = row.slug, f"waits at the desk as {row.id}"
            self.seen = dataclasses.replace(self.seen, slug=slug)
            self.keep("told")
        self.to.taken.add(slug)
        self.to.claimed.add(slug)
        wrote = not self.to.dry_run
        return self.outcome(
            "new", f"{why}{note}{_noted(shown.notes)}", slug, wrote=wrote, asks=shown.questions
        )

    async def illustrated(self, made: Composed, slug: str) -> Illustrated:
        """With its photographs; a dry run asks nobody for them."""
        if self.to.dry_run:
            return Illustrated(made, questions=made.questions)
        folder = self.to.content / "stories" / slug if slug else None
        shown = await illustrate(made, self.decision.entry, self.source, self.to.fetcher, kept=folder)
        if shown.lacks and shown.made.fields["status"] == "draft" and not self.to.desk:
            self.to.lacking.add(self.source.feed)
            self.seen = dataclasses.replace(self.seen, told="")  # looked at again, whatever the feed says
        return shown

    def told_elsewhere(self, made: Composed) -> Existing | None:
        """The story that says the same under another guid and address: a blog moved to another host.

        It has to be of the same day, which a text that is told every year is not.
        """
        if not self.published():
            return None
        words = _READ_ON.sub("", words_of(made.body))
        for story in self.to.stories:
            if (
                story.feed == self.source.person
                and story.day == made.fields["date"]
                and story.document.front.get("title") == made.fields["title"]
                and _READ_ON.sub("", words_of(story.document.body)) == words
            ):
                return story
        return None

    def know(self, slug: str, made: Composed, was: Existing | None) -> None:
        """Another feed of the same person, or a later entry, may have it too."""
        path = self.to.content / "stories" / slug / STORY
        document = made.document(path) if self.to.dry_run else read_document(path)
        key = was.id if was else self.decision.key
        new = Existing(slug, self.source.person, key, made.url, document)
        self.to.stories[:] = [story for story in self.to.stories if story is not was] + [new]

    def keep(self, state: State, waits: str = "", write: Callable[[], None] | None = None) -> None:
        row = changed(self.seen, self.to.day, state, waits)
        if row != self.decision.row or write:
            self.to.keep(row, write)

    def outcome(
        self, kind: Kind, why: str, slug: str = "", *, wrote: bool = False, asks: tuple[str, ...] = ()
    ) -> Outcome:
        return Outcome(kind, self.decision.entry.title, why, slug, wrote, asks)


def _noted(notes: Iterable[str]) -> str:
    """What was left out, as the end of a line."""
    return "".join(f"; {note.rstrip('.')}" for note in notes)
