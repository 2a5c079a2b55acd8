"""Taking a story back: its folder and its conversation go, its address stays with a quiet note."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from plugins.guard.files import write_atomically
from plugins.guard.text import is_slug

from .check import author_of, is_newcomers
from .forge import ForgeRefused
from .git import Git
from .proposal import STORY, ProposalRefused, StoryFiles
from .publish import subject_of_publishing
from .site import commit, drop_folder, tracked
from .withdrawn import FILE, Withdrawn, with_one_more

_LANGUAGE = re.compile(r"index\.([a-z]{2}(?:-[a-z]{2})?)\.md")


def withdraw_story(root: Path, content: Path, slug: str, on: datetime.date) -> str | None:
    """Take the story out of content/ and commit that; the commit, or None where the site is in no git.

    Uncommitted words of the story go too: that is what was asked for. So does the file of who told it, where
    publishing made that file and no other story names them. Raises ProposalRefused where there
    is no such story, ForgeRefused, ForgeDown.
    """
    folder = content / "stories" / slug
    where = f"{content.name}/stories/{slug}"
    if not is_slug(slug):
        raise ProposalRefused("That is no story's address. Give the name of its folder in stories/.")
    git = _git(root)
    known = tracked(git, where) if git else []
    if not folder.exists() and not known:
        raise ProposalRefused(f"There is no story {slug!r}. Give the name of its folder in stories/.")
    names = {path.name for path in folder.glob("index.*.md")} | {path.rpartition("/")[2] for path in known}
    languages = sorted(found[1] for name in names if (found := _LANGUAGE.fullmatch(name)))
    one = Withdrawn(slug, on, tuple(languages))
    talk = f"{content.name}/conversations/{slug}.json"
    alone = [
        f"{content.name}/people/{person}.md" for person in (_only_here(git, content, slug) if git else ())
    ]
    try:
        write_atomically(content / FILE, with_one_more(_text(content / FILE), one))
        for path in (talk, *alone):
            (root / path).unlink(missing_ok=True)
        drop_folder(content, slug)
    except OSError as error:
        raise ProposalRefused(f"{where} cannot be taken away: {error.strerror or error}.") from error
    if git is None:
        return None
    listed = f"{content.name}/{FILE}"
    gone = [path for path in (talk, *alone) if git.find(git.head(), f"{git.prefix}{path}")]
    files: dict[str, bytes | None] = dict.fromkeys([*known, *gone])
    # Of the list as it was committed: an editor may be in the middle of it.
    committed = git.find(git.head(), f"{git.prefix}{listed}")
    before = git.bytes_of([committed.id])[0].decode() if committed else ""
    return commit(git, {**files, listed: with_one_more(before, one).encode()}, _words(slug))


def _words(slug: str) -> str:
    return f"Take back stories/{slug}, as its storyteller wishes\n\nA quiet note stays at its address.\n"


def _git(root: Path) -> Git | None:
    try:
        git = Git(root)
        git.head()
    except ForgeRefused:
        return None
    return git


def _only_here(git: Git, content: Path, slug: str) -> list[str]:
    """Who tells this story, has a file that publishing it made and nobody changed, and is in no other."""
    path = content / "stories" / slug / STORY
    if not path.is_file():
        return []
    try:
        author, _ = author_of(StoryFiles(slug, {STORY: path.read_bytes()}))
    except ProposalRefused:
        return []
    profile = content / "people" / f"{author}.md"
    if not author or not profile.is_file() or not is_newcomers(profile.read_bytes()):
        return []
    added = ("log", "--diff-filter=A", "--format=%s", git.head(), "--", f"{content.name}/people/{author}.md")
    if subject_of_publishing(slug) not in git.run(*added).decode().splitlines():
        return []
    named = re.compile(rf"\b{re.escape(author)}\b".encode())
    for other in (content / "stories").glob("*/index*.md"):
        if other.parent.name != slug and named.search(other.read_bytes()):
            return []
    return [author]


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""
