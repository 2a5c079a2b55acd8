"""What a comment is called in a conversation's file, whichever comment system it was told by.

Of the file's own provider the id is as that system has it; of any other it begins with the name of the
one that keeps the comment: "discourse-7". So two systems' ids never meet, and no anchor changes when a
second system is added.
"""

from __future__ import annotations

import hashlib

from .providers import PROVIDERS

# Who tells comments, besides the systems that are asked: members' feeds, and the exports of other systems.
EXPORTED = frozenset({"disqus", "wordpress"})
KNOWN = frozenset({*PROVIDERS, "feed", *EXPORTED})
LONGEST = 120  # characters of an id


def name_of(provider: str, raw: str, own: str) -> str:
    """A comment's id in a file whose own provider is `own`, from the id that its provider gives it."""
    if len(raw) > LONGEST:
        raw = hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return raw if provider == own and teller_of(raw) is None else f"{provider}-{raw}"


def teller_of(name: str) -> str | None:
    """The provider that an id names, or None: then it is of the file's own."""
    prefix, mark, _ = name.partition("-")
    return prefix if mark and prefix in KNOWN else None


def told_by(name: str, own: str) -> tuple[str, str]:
    """Who told the comment of this name in a file of the provider `own`, and its id there."""
    teller = teller_of(name)
    return (own, name) if teller is None else (teller, name.removeprefix(f"{teller}-"))
