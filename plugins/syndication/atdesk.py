"""Stories of feeds that wait at the desk: one proposal an entry, however often it is pulled."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from plugins.desk import Desk, Origin, Proposal, StoryFiles, new_id
from plugins.desk.proposal import STORY
from plugins.desk.record import ENDED, Row
from plugins.guard.finding import Finding

from .composed import Composed
from .decide import same_key


@dataclass(frozen=True)
class AtDesk:
    """The desk, as far as feeds have to do with it."""

    desk: Desk

    def waiting(self, person: str, key: str) -> Row | None:
        """The proposal that an entry waits as. Raises DatabaseUnusable."""
        row = self.desk.by_receipt(receipt_of(person, key))
        return row if row is not None and row.state not in ENDED else None

    def propose(
        self,
        made: Composed,
        slug: str,
        photos: Mapping[str, bytes],
        *,
        person: str,
        key: str,
        questions: tuple[str, ...] = (),
    ) -> Row:
        """Bring a story to the desk; where it is there already, that one.

        Raises ForgeDown, ForgeRefused, ProposalRefused, DatabaseUnusable: then it is brought at the next
        pull, with the same id.
        """
        receipt, now = receipt_of(person, key), datetime.datetime.now(datetime.UTC)
        known = self.desk.by_receipt(receipt)
        if known is not None and known.landed and known.state not in ENDED:
            return known
        id = known.id if known is not None and not known.landed else new_id(now.date())
        shown = f"content/stories/{slug}/{STORY}"
        asks = tuple(Finding(shown, 1, "hint", f"A question: {question}", "") for question in questions)
        story = StoryFiles(slug, {STORY: made.text().encode(), **photos})
        origin = Origin("feed", made.credit or person, receipt, now)
        summary = str(made.fields.get("summary", ""))
        self.desk.propose(Proposal(id, story, origin, summary, asks))
        return self.desk.row(id)


def receipt_of(person: str, key: str) -> str:
    """What a proposal is found by: the entry's identity, without its words."""
    digest = hashlib.sha256(f"{person}\n{same_key(key)}".encode()).hexdigest()
    return f"feed-{digest[:16]}"
