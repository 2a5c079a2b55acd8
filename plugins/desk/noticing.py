"""Noticing what became of proposals: merged, edited or deleted on a forge's pages, or with git alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol, runtime_checkable

from plugins.guard.finding import Finding, errors
from plugins.guard.text import one_line

from . import record
from .check import check_story, newcomer
from .office import Office
from .own import own_words, published
from .proposal import ProposalLink, ProposalRefused, StoryFiles, branch_of, check_id
from .record import ENDED, LIVE, WORDS, Row
from .withdrawn import read_withdrawn
from .words import title_of


@runtime_checkable
class Tipped(Protocol):
    """A forge that can say at once what has moved."""

    def tips(self) -> dict[str, str]: ...  # noqa: D102
    def tip(self, id: str) -> str: ...  # noqa: D102


class Noticing(Office):
    """Proposals as they are now: what a forge's branches say counts more than what is remembered."""

    def waiting(self) -> list[Row]:
        """What waits, longest first, as the forge has it now; and what was merged but cannot be built."""
        there = {link.id: link for link in self.forge.all()}
        tips = self.forge.tips() if isinstance(self.forge, Tipped) else {}
        with self.store.begin() as connection:
            known = {row.id: row for row in record.rows(connection)}
        back = {one.slug for one in read_withdrawn(self.content)}
        for id, row in list(known.items()):
            still = id in there and not (self.content / "stories" / row.slug).exists()
            moved = id in tips and tips[id] != row.tip
            # A branch that is gone may have been merged into one that is not checked out now.
            again = row.state == "gone" and (id in there or self.forge.state(row.link) != "gone")
            if row.landed and (again or (row.state in LIVE and (moved or not still))):
                known[id] = self.look(row, tips.get(id, ""))
            elif row.state == "published" and row.slug in back:
                known[id] = self.ended(row, "withdrawn")
        for id, link in there.items():
            if id not in known:
                known[id] = self.look(self._found(link), tips.get(id, ""))
        rows = [row for row in known.values() if row.state in LIVE or row.problem]
        return sorted(rows, key=lambda row: (row.opened, row.id))

    def _found(self, link: ProposalLink) -> Row:
        """A branch that somebody made by hand, from now on at the desk."""
        row = Row(
            link.id, link.branch, "", link.id, "", "pull request", "", self._clock(), "waiting", "", link.url
        )
        row = replace(row, number=link.number, landed=True)
        with self.store.begin() as connection:
            record.keep(connection, row)
            record.note(connection, row.id, "opened", row.opened)
        return row

    def look(self, row: Row, tip: str = "") -> Row:
        """The proposal as its forge has it, remembered."""
        state = self.forge.state(row.link)
        if state == "withdrawn" and row.slug not in {one.slug for one in read_withdrawn(self.content)}:
            state = "published"  # it is not on the branch that is checked out; nobody took it back
        if state in ENDED:
            row = self.ended(row, state) if state != row.state else row
            return self.merged(row) if state == "published" else row
        try:
            story = self.forge.files(row.link)
        except ProposalRefused as error:
            return self.change(row, problem=str(error), tip=tip)
        words, checks = own_words(published(story)), self.check(published(story), row.name)
        wrong = len(errors(checks))
        with self.store.begin() as connection:
            if row.seen and words != row.seen:
                record.note(connection, row.id, "edited", self._clock())
            return record.change(
                connection,
                row,
                tip=tip or row.tip,
                slug=story.slug,
                title=title_of(story),
                seen=words,
                came=row.came or words,
                wrong=wrong,
                hints=len(checks) - wrong,
                problem="",
                state="waiting" if row.state == "gone" or _lapsed(row, words) else row.state,
            )

    def ended(self, row: Row, state: Any, by: str = "", words: str = "") -> Row:
        """It ended, in that state; noted and remembered."""
        with self.store.begin() as connection:
            record.note(connection, row.id, state, self._clock(), by, one_line(words)[:WORDS])
            return record.change(connection, row, state=state, problem="")

    def merged(self, row: Row) -> Row:
        """Published by hand: without the storyteller's yes to an edit, or where they have no file yet."""
        try:
            story = self.forge.files(row.link)
        except ProposalRefused:  # it is not on the branch that is checked out
            return row
        words = ""
        if not said_yes(row, own_words(published(story))):
            words = (
                "published with an edit that its storyteller has not agreed to: "
                f"./inv desk.ask {row.id}, ./inv desk.withdraw {story.slug}, or "
                f"./inv desk.publish {row.id} --typo where only a typing error was mended"
            )
        elif newcomer(story, row.name, self.content):
            words = f"merged; ./inv desk.publish {row.id} makes its storyteller a file in content/people/"
        return self.change(row, problem=words) if words != row.problem else row

    def change(self, row: Row, **values: Any) -> Row:
        """The proposal with other values, remembered."""
        with self.store.begin() as connection:
            return record.change(connection, row, **values)

    def row(self, id: str) -> Row:
        """One proposal as it is now. Raises ProposalRefused for one that the desk does not have."""
        with self.store.begin() as connection:
            row = record.row_of(connection, check_id(id))
        if row is None:
            link = ProposalLink(id, branch_of(id))
            if self.forge.state(link) != "waiting":
                raise ProposalRefused(f"The desk has no proposal {id}. `./inv desk` lists them.")
            row = self._found(link)
        return self.look(row) if row.state in LIVE else row

    def live(self, id: str) -> Row:
        """One proposal that has not ended. Raises ProposalRefused for any other."""
        row = self.row(id)
        if row.state not in LIVE:
            raise ProposalRefused(f"{id} is {row.state} already.")
        return row

    def check(self, story: StoryFiles, name: str) -> list[Finding]:
        """What the check says of it, with the storyteller's own file where publishing would make one."""
        return check_story(story, self.content, newcomer(story, name, self.content))


def said_yes(row: Row, words: str) -> bool:
    """True for words as they came, or as their storyteller agreed to them; the digest of `own_words`.

    Whoever sent a pull request sees each commit there, and answers there.
    """
    return row.kind == "pull request" or words in (row.came, row.agreed)


def _lapsed(row: Row, words: str) -> bool:
    """True where the yes was to other words."""
    return row.state == "agreed" and row.agreed != words
