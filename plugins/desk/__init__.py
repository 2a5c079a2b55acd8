"""The desk: proposals wait here, are checked, previewed, published, declined or withdrawn.

A proposal is a branch `story/DATE-HEX` with one story folder; a forge keeps it: the site's own
repository by default, or GitHub, GitLab, Forgejo. What a forge must not know lies in the database.

What is named here is loaded when it is first asked for: a build needs neither a forge nor a database.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .desk import Desk, NeedsYes
    from .forge import Forge, ForgeDown, ForgeRefused, forge_of
    from .proposal import Origin, Proposal, ProposalLink, ProposalRefused, ProposalState, StoryFiles, new_id
    from .withdrawn import check_withdrawn

_ROOMS = {
    "Desk": "desk",
    "Forge": "forge",
    "ForgeDown": "forge",
    "ForgeRefused": "forge",
    "NeedsYes": "desk",
    "Origin": "proposal",
    "Proposal": "proposal",
    "ProposalLink": "proposal",
    "ProposalRefused": "proposal",
    "ProposalState": "proposal",
    "StoryFiles": "proposal",
    "check_withdrawn": "withdrawn",
    "forge_of": "forge",
    "new_id": "proposal",
}
__all__ = [
    "Desk",
    "Forge",
    "ForgeDown",
    "ForgeRefused",
    "NeedsYes",
    "Origin",
    "Proposal",
    "ProposalLink",
    "ProposalRefused",
    "ProposalState",
    "StoryFiles",
    "check_withdrawn",
    "forge_of",
    "new_id",
    "register",
]


def register() -> None:
    """Called by Pelican: quiet notes stand where stories were that were taken back."""
    from pelican.plugins import signals

    from .notes import initialized, make_notes, read_notes

    signals.initialized.connect(initialized)
    signals.get_generators.connect(make_notes)
    signals.all_generators_finalized.connect(read_notes)


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_ROOMS[name]}", __name__), name)
