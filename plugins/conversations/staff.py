"""Who is staff, decided in one place: by what a server vouches for, and by our own ledger; by nothing else.

A name, an e-mail address, its hash or a website can be typed by anybody, and prove nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from plugins.people import Profile

from .ledger import Ledger, sha256_of
from .provider import Said


class Staff:
    """The accounts that staff answer from, and the ledger of what they answered here."""

    def __init__(self, people: Iterable[Profile], ledger: Ledger) -> None:
        self._ledger = ledger
        self._owners: dict[tuple[str, str], list[Profile]] = defaultdict(list)
        for person in people:
            for provider, account in person.accounts if person.kind == "staff" else ():
                if folded := folded_account(account):
                    self._owners[provider, folded].append(person)

    def proved(self, provider: str, story: str, said: Said) -> str | bool | None:
        """The slug of the person who wrote it, True where the server says staff and no more, or None."""
        if said.gone:
            return None
        folded = folded_account(said.account)
        for person in self._owners.get((provider, folded), ()) if folded else ():
            if person.gone(said.published.date()) is None:
                return person.slug
        if said.official is True:
            return True
        if not said.kept:
            return None
        digest = sha256_of(said.kept)
        return self._ledger.who_wrote(provider, story, said.id, said.published.timestamp(), digest)

    def rests_on(self, provider: str, story: str) -> list[list[str]]:
        """All that `proved` decides by under a story, as plain values: another answer needs another list."""
        accounts = [
            [account, person.slug, str(person.left and person.left.date)]
            for (system, account), people in sorted(self._owners.items())
            for person in people
            if system == provider
        ]
        return [*accounts, *([entry.line()] for entry in self._ledger.replies(provider, story))]


def folded_account(account: str) -> str:
    """An account as it is compared: without an @ at its beginning, whatever the size of its letters.

    Only where all of them are ASCII's: where a forum takes any, "strauß" is not "strauss".
    """
    bare = account.strip().removeprefix("@")
    return bare.lower() if bare.isascii() else bare
