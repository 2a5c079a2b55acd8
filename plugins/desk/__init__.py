"""The desk: proposals wait here, are checked, previewed, published, declined or withdrawn.

A proposal is a branch `story/DATE-HEX` with one story folder; a forge keeps it: the site's own
repository by default, or GitHub, GitLab, Forgejo. What a forge must not know lies in the database.
"""

from __future__ import annotations

from .forge import Forge, ForgeDown, ForgeRefused, forge_of
from .proposal import Origin, Proposal, ProposalLink, ProposalRefused, ProposalState, StoryFiles, new_id

__all__ = [
    "Forge",
    "ForgeDown",
    "ForgeRefused",
    "Origin",
    "Proposal",
    "ProposalLink",
    "ProposalRefused",
    "ProposalState",
    "StoryFiles",
    "forge_of",
    "new_id",
]
