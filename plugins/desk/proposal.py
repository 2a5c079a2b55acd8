"""A story that waits: its files, where it came from, and the branch it lies on."""

from __future__ import annotations

import datetime
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from plugins import FirsthandError
from plugins.guard.document import MAX_FILE
from plugins.guard.finding import Finding
from plugins.guard.naming import PHOTO_NAME
from plugins.guard.text import is_slug, one_line

ProposalState = Literal["waiting", "asked", "agreed", "published", "declined", "withdrawn", "gone"]
"""waiting for an editor; asked: the storyteller has the edited text; agreed: they said yes to it;
gone: the branch is not there and nobody said why."""
STATES: tuple[ProposalState, ...] = get_args(ProposalState)
Kind = Literal["form", "feed", "pull request"]

STORY = "index.md"
BRANCHES = "story/"
MAX_FILES = 60
MAX_PHOTO = 25_000_000  # bytes
MAX_FOLDER = 100_000_000  # bytes
_TEXT = re.compile(r"index(?:\.[a-z]{2}(?:-[a-z]{2})?)?\.md")
_ID = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{4,12}")
# A folder of that name would stand where pages of the archive stand.
_RESERVED = frozenset({"index", "page"})


class ProposalRefused(FirsthandError):
    """Files, a name or an id that cannot be a proposal's; says which and what to do."""


@dataclass(frozen=True)
class StoryFiles:
    """One story folder: `index.md`, its translations and its photographs, by name.

    Raises ProposalRefused for any other name, for a folder within, and beyond the sizes above.
    """

    slug: str
    files: Mapping[str, bytes]

    def __post_init__(self) -> None:
        if not is_slug(self.slug) or self.slug in _RESERVED:
            raise ProposalRefused(
                f"{one_line(str(self.slug))[:80]!r} cannot be a story's address. "
                "Take small Latin letters, digits and single hyphens."
            )
        where = f"stories/{self.slug}"
        if STORY not in self.files:
            raise ProposalRefused(f"{where} has no {STORY}. The story's text is called {STORY}.")
        if len(self.files) > MAX_FILES:
            raise ProposalRefused(f"{where} has {len(self.files)} files. Keep it to {MAX_FILES}.")
        for name, data in self.files.items():
            if not is_story_file(name):
                raise ProposalRefused(
                    f"{one_line(str(name))[:80]!r} cannot lie in {where}. "
                    "Only index.md, its translations and photographs with plain names can."
                )
            limit = MAX_FILE if name.endswith(".md") else MAX_PHOTO
            if len(data) > limit:
                raise ProposalRefused(f"{where}/{name} has {len(data):,} bytes. Keep it under {limit:,}.")
        if sum(map(len, self.files.values())) > MAX_FOLDER:
            raise ProposalRefused(f"{where} is larger than {MAX_FOLDER:,} bytes. Take photographs out.")
        object.__setattr__(self, "files", MappingProxyType(dict(self.files)))

    @property
    def text(self) -> str:
        """The story's text with its front matter."""
        return self.files[STORY].decode("utf-8", errors="replace")


def is_story_file(name: object) -> bool:
    """True for a name that a file of a story folder may have."""
    return isinstance(name, str) and bool(_TEXT.fullmatch(name) or PHOTO_NAME.fullmatch(name))


@dataclass(frozen=True)
class Origin:
    """Where a proposal came from, and who tells it, as they wish to be credited."""

    kind: Kind
    name: str
    receipt: str = ""  # opaque: what the storyteller's consent is found by
    at: datetime.datetime = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("Origin.at needs a time zone")


@dataclass(frozen=True)
class Proposal:
    """One story that waits for an editor. Raises ProposalRefused for an id that `new_id` did not make."""

    id: str
    story: StoryFiles
    origin: Origin
    summary: str
    checks: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        check_id(self.id)

    @property
    def branch(self) -> str:
        """The branch's whole name, "story/2026-11-22-3fa9"."""
        return branch_of(self.id)


@dataclass(frozen=True)
class ProposalLink:
    """Where a proposal is: its branch, and its page where a forge has one."""

    id: str
    branch: str
    url: str = ""  # the page of the pull request; "" in the site's own repository
    number: int | None = None


def new_id(day: datetime.date) -> str:
    """A new proposal's id; the caller asks again where it is taken."""
    return f"{day.isoformat()}-{secrets.token_hex(4)}"


def check_id(id: str) -> str:
    """The id itself. Raises ProposalRefused for what `new_id` did not make."""
    if not _ID.fullmatch(id):
        raise ProposalRefused(
            f"{one_line(str(id))[:80]!r} is no proposal's id. They look like 2026-11-22-3fa9c0de: ./inv desk"
        )
    return id


def branch_of(id: str) -> str:
    """The branch of a proposal. Raises ProposalRefused."""
    return BRANCHES + check_id(id)


def id_of(branch: str) -> str | None:
    """The proposal of a branch, or None for a branch that is not ours."""
    id = branch.removeprefix(BRANCHES)
    return id if id != branch and _ID.fullmatch(id) else None
