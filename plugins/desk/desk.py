"""The desk: what an editor does with proposals, whichever forge keeps them.

What a forge's branches say counts more than what is remembered: a proposal merged, edited or deleted by
hand is found as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from plugins import FirsthandError, today
from plugins.guard.finding import Finding, errors
from plugins.guard.text import one_line

from . import record
from .forge import ForgeRefused
from .noticing import Noticing, Tipped, said_yes
from .own import own_words, published, text_digest
from .proposal import Proposal, ProposalLink, ProposalRefused, StoryFiles
from .publish import publish_story, subject_of_publishing
from .record import ENDED, LIVE, WORDS, Event, EventKind, Row
from .slugs import free_slug, taken_slugs
from .withdraw import withdraw_story
from .words import title_of

_ANSWERS: Mapping[str, EventKind] = {"yes": "agreed", "no": "refused", "comment": "comment"}


class NeedsYes(FirsthandError):
    """The story was edited, and its storyteller has not said yes to what it is now."""


@dataclass(frozen=True)
class Shown:
    """One proposal with everything an editor wants to know. `story` is None where it cannot be read."""

    row: Row
    story: StoryFiles | None
    checks: tuple[Finding, ...]
    edited: bool
    history: tuple[Event, ...]


class Desk(Noticing):
    """What may be done with the proposals of the site in `root`, the folder above content/.

    Every method raises ForgeDown, ForgeRefused, ProposalRefused and DatabaseUnusable.
    """

    def propose(self, proposal: Proposal) -> ProposalLink:
        """Keep a proposal, with `status: published`, so that whoever merges it publishes it.

        Asked twice, it opens once, and says the same. A slug that is taken gets a number.
        """
        with self.store.begin(durable=True) as connection:
            row = record.row_of(connection, proposal.id)
            if row is None:
                row = self._row(connection, proposal)
                record.keep(connection, row)
        if row.landed:
            return row.link
        story = published(StoryFiles(row.slug, proposal.story.files))
        checks = _both(self.check(story, row.name), proposal.checks)
        link = self.forge.open(replace(proposal, story=story, checks=checks))
        # Nothing has to be looked at as long as it stays as it came.
        tip = self.forge.tip(row.id) if isinstance(self.forge, Tipped) else ""
        with self.store.begin(durable=True) as connection:
            row = record.row_of(connection, proposal.id) or row
            if not row.landed:
                wrong = len(errors(checks))
                found = {"wrong": wrong, "hints": len(checks) - wrong}
                where = {"landed": True, "url": link.url, "number": link.number, "tip": tip}
                record.change(connection, row, seen=row.came, **where, **found)
                record.note(connection, row.id, "opened", proposal.origin.at.timestamp())
        return link

    def _row(self, connection: Connection, proposal: Proposal) -> Row:
        live = {row.slug for row in record.rows(connection, LIVE)}
        slug = free_slug(proposal.story.slug, taken_slugs(self.content) | live)
        story = published(StoryFiles(slug, proposal.story.files))
        return Row(
            id=proposal.id,
            branch=proposal.branch,
            slug=slug,
            title=title_of(story),
            name=one_line(proposal.origin.name),
            kind=proposal.origin.kind,
            receipt=proposal.origin.receipt,
            opened=proposal.origin.at.timestamp(),
            state="waiting",
            came=own_words(story),
            before=story.text,
        )

    def show(self, id: str) -> Shown:
        """One proposal, checked anew."""
        row = self.row(id)
        try:
            story = self.forge.files(row.link) if row.state in (*LIVE, "published") else None
        except (ProposalRefused, ForgeRefused):
            story = None
        checks = self.check(published(story), row.name) if story else ()
        edited = bool(story) and row.came != row.seen
        return Shown(row, story, tuple(checks), edited, tuple(self.history(id)))

    def files(self, id: str) -> StoryFiles:
        """What the proposal's branch holds now."""
        return self.forge.files(self.row(id).link)

    def history(self, id: str) -> list[Event]:
        """What happened to it, oldest first, as far as the desk has noticed: `waiting` looks."""
        with self.store.begin() as connection:
            return record.events(connection, id)

    def news(self, after: int) -> list[Event]:
        """What happened to any proposal since the event of that number, oldest first."""
        with self.store.begin() as connection:
            return record.news(connection, after)

    def by_receipt(self, receipt: str) -> Row | None:
        """The proposal of a storyteller's receipt, as it was last seen."""
        with self.store.begin() as connection:
            return record.by_receipt(connection, receipt)

    def asked(self, id: str, by: str, digest: str, words: str = "") -> Row:
        """The storyteller is being asked about the text of that digest, SHA-256 of its index.md."""
        row = self.row(id)
        if not self.may_ask(row):
            raise ProposalRefused(f"{id} is {row.state} already.")
        story = self.forge.files(row.link)
        if text_digest(story) != digest:
            raise ProposalRefused("The text was edited meanwhile. Ask again, about what it is now.")
        with self.store.begin(durable=True) as connection:
            record.note(connection, id, "asked", self._clock(), by, words[:WORDS])
            shown = own_words(published(story))
            state = row.state if row.state == "published" else "asked"
            return record.change(
                connection, row, state=state, asked=digest, shown=shown, after=story.text, agreed=""
            )

    def may_ask(self, row: Row) -> bool:
        """True while a yes or no means something: until it ended, and of what is published for good."""
        return row.state in (*LIVE, "published")

    def answered(self, id: str, answer: str, words: str = "", digest: str = "") -> Row:
        """What the storyteller says to the text of that digest: "yes", "no" or "comment".

        Told twice, it is noted once.
        """
        row, kind = self.row(id), _ANSWERS[answer]
        with self.store.begin() as connection:
            last = record.events(connection, id)[-1:]
        if [(event.kind, event.words) for event in last] == [(kind, words[:WORDS])]:
            return row
        if answer != "comment" and not self.may_ask(row):
            raise ProposalRefused(f"{id} is {row.state} by now; there is nothing left to decide.")
        if answer != "comment" and (not row.asked or row.asked != digest):
            raise ProposalRefused("They were shown another text than the last one. Ask them again.")
        with self.store.begin(durable=True) as connection:
            record.note(connection, id, kind, self._clock(), "", words[:WORDS])
            if row.state == "published":
                agreed = {"yes": row.shown, "no": ""}.get(answer, row.agreed)
                row = record.change(connection, row, agreed=agreed)
            elif answer == "yes":
                # For these words only: an edit after the question needs another yes.
                state = "agreed" if row.seen == row.shown else "waiting"
                row = record.change(connection, row, state=state, agreed=row.shown)
            elif answer == "no":
                row = record.change(connection, row, state="waiting", agreed="")
        return self.merged(row) if row.state == "published" and answer != "comment" else row

    def publish(self, id: str, *, typo: bool = False, by: str = "") -> str:
        """Bring the story into content/ as one commit, and end the proposal; the commit.

        Raises NeedsYes where it was edited without its storyteller's yes, unless it was a `typo`, and
        ContentRefused with what the check says.
        """
        row = self.row(id)
        if row.state in ENDED and not row.problem:
            raise ProposalRefused(f"{id} is {row.state} already.")
        merged = row.state == "published"
        story = self.forge.files(row.link)
        if not typo and not said_yes(row, own_words(published(story))):
            said = {"asked": "has not answered yet"}.get(row.state, "has not said yes to it")
            raise NeedsYes(
                f"{row.title!r} was edited, and {row.name or 'its storyteller'} {said}. "
                f"Ask with ./inv desk.ask {id}; if only a typing error was mended, add --typo."
            )
        message = f"{subject_of_publishing(story.slug)}\n\nProposal: {id}\n"
        commit = publish_story(self.root, self.content, story, row.name, message, merged=merged)
        if merged:
            self.change(row, problem="")
        else:
            self.ended(replace(row, slug=story.slug), "published", by)
        self.forge.close(row.link, f"Published as stories/{story.slug}.")
        return commit

    def decline(self, id: str, reason: str, *, by: str = "") -> Row:
        """End a proposal that is not for here. The storyteller reads the reason."""
        row = self.live(id)
        if not one_line(reason):
            raise ProposalRefused('Say why, in words that its storyteller reads: --reason "..."')
        self.forge.close(row.link, one_line(reason)[:WORDS])
        return self.ended(row, "declined", by, reason)

    def withdraw(self, slug: str, *, by: str = "", words: str = "") -> str | None:
        """Take a published story back; the commit, or None where the site is in no git."""
        on = today()
        commit = withdraw_story(self.root, self.content, slug, on)
        with self.store.begin() as connection:
            rows = record.rows(connection, frozenset({"published"}))
        for row in rows:
            if row.slug == slug:
                self.ended(row, "withdrawn", by, words)
        return commit

    def withdrawn_by_teller(self, id: str, words: str = "") -> Row:
        """The storyteller takes it back: the proposal ends, or the story leaves the site."""
        row = self.row(id)
        if row.state == "published":
            self.withdraw(row.slug, words=words)
        elif row.state in LIVE:
            self.forge.close(row.link, "Its storyteller took it back.")
            self.ended(row, "withdrawn", "", words)
        return self.row(id)

    def forget(self, id: str) -> None:
        """Nothing of a proposal stays in the database; its story stays where it is published."""
        with self.store.begin(durable=True) as connection:
            record.forget(connection, id)


def _both(ours: Iterable[Finding], theirs: Iterable[Finding]) -> tuple[Finding, ...]:
    """What the check says of the story as published, and what whoever proposes it knows besides."""
    found = {(finding.path, finding.line, finding.message): finding for finding in theirs}
    found |= {(finding.path, finding.line, finding.message): finding for finding in ours}
    return tuple(sorted(found.values()))
