"""A pull request as every forge has it, by whatever name, and the seven calls each forge answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

PullState = Literal["open", "merged", "closed"]


@dataclass(frozen=True)
class Pull:
    """One pull request of a branch of the desk's own repository, never of a fork."""

    number: int
    url: str
    branch: str
    state: PullState


class Pulls(Protocol):
    """A forge's pull requests. Every method raises ForgeDown and ForgeRefused."""

    def find(self, branch: str, into: str) -> Pull | None:
        """The pull request of a branch, in whatever state: the open one, else the newest.

        `into` is the main branch, which some forges want to know.
        """

    def create(self, title: str, words: str, branch: str, into: str) -> Pull:
        """Ask for a branch to be merged. Raises Conflict where somebody has asked already."""

    def get(self, number: int) -> Pull:
        """Raises NotThere."""

    def remarks(self, number: int) -> Iterable[str]:
        """What was written under it, in the order of time."""

    def remark(self, number: int, words: str) -> None:
        """Write under it."""

    def shut(self, number: int) -> None:
        """Close it without merging."""

    def waiting(self) -> Iterable[Pull]:
        """Every open one."""


def newest(pulls: Iterable[Pull], branch: str) -> Pull | None:
    """Of those of a branch the open one, else the one opened last: lists of forges hold others too."""
    ours = [pull for pull in pulls if pull.branch == branch]
    return max(ours, key=lambda pull: (pull.state == "open", pull.number), default=None)
