"""What keeps proposals: the Protocol every forge follows, its errors, and the table of forges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from plugins import FirsthandError

from .proposal import Proposal, ProposalLink, ProposalState, StoryFiles

SETTING = "FIRSTHAND_FORGE"
# One line a forge: its name, and the module of this package with `forge(root, settings, env) -> Forge`.
FORGES: Mapping[str, str] = {
    "local": ".local",
    "github": ".forges.github",
    "gitlab": ".forges.gitlab",
    "forgejo": ".forges.forgejo",
}


class ForgeDown(FirsthandError):
    """The forge cannot be asked now; `retry_after` seconds say when, where it told."""

    def __init__(self, words: str, retry_after: float | None = None) -> None:
        super().__init__(words)
        self.retry_after = retry_after


class ForgeRefused(FirsthandError):
    """The forge said no, and waiting mends nothing: a wrong token, a branch that holds something else."""


class Forge(Protocol):
    """Where proposals wait. Every method raises ForgeDown and ForgeRefused."""

    def open(self, proposal: Proposal) -> ProposalLink:
        """Keep a proposal: one branch, one commit, one pull request. Asked twice, it opens once."""

    def state(self, link: ProposalLink) -> ProposalState:
        """waiting, published, declined or gone, as the forge has it; the others are the desk's to know."""

    def say(self, link: ProposalLink, words: str) -> None:
        """Write words for editors under the proposal."""

    def close(self, link: ProposalLink, words: str) -> None:
        """End a proposal that is not published, and say why; twice is as once."""

    def files(self, link: ProposalLink) -> StoryFiles:
        """What the branch holds now: an editor may have edited it. Raises ProposalRefused too."""

    def all(self) -> list[ProposalLink]:
        """Every proposal that waits there, in the order of ids."""


def forge_of(root: Path, settings: Mapping[str, Any], env: Mapping[str, str]) -> Forge:
    """The forge that FIRSTHAND_FORGE names, in the environment before the settings; else the local one.

    `root` is the folder above content/. Raises ForgeRefused where it is none of the table, or where
    what it needs is missing.
    """
    name = str(env.get(SETTING) or settings.get(SETTING) or "local").strip().lower()
    if name not in FORGES:
        raise ForgeRefused(f"{SETTING} is {name!r}. Choose one of: {', '.join(FORGES)}.")
    module = import_module(FORGES[name], __package__)
    make = cast("Callable[[Path, Mapping[str, Any], Mapping[str, str]], Forge]", module.forge)
    return make(root, settings, env)
