"""The desk: proposals wait here, are checked, previewed, published, declined or withdrawn.

A proposal is a branch `story/DATE-HEX` with one story folder; a forge keeps it: the site's own
repository by default, or GitHub, GitLab, Forgejo. What a forge must not know lies in the database.

What is named here is loaded when it is first asked for: a build needs neither a forge nor a database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins import door

if TYPE_CHECKING:
    from .desk import Desk, NeedsYes
    from .forge import Forge, ForgeDown, ForgeRefused, forge_of
    from .proposal import Origin, Proposal, ProposalLink, ProposalRefused, ProposalState, StoryFiles, new_id
    from .withdrawn import check_withdrawn

__getattr__ = door(
    __name__,
    {
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
    },
)
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
