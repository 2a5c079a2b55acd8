"""The site's own repository as a forge: a branch a proposal, and three names that remember how it ended.

`refs/firsthand/open/ID` is the commit as it came in; `published/ID` (the story's address) and `declined/ID`
(the words) are how it ended; `words/ID` is what was said. None of them is pushed or fetched unless
somebody names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .forge import ForgeRefused
from .git import FILE, Change, Entry, Git
from .proposal import (
    BRANCHES,
    Proposal,
    ProposalLink,
    ProposalRefused,
    ProposalState,
    StoryFiles,
    branch_of,
    id_of,
    is_story_file,
)
from .words import message

HEADS = "refs/heads/"
OURS = "refs/firsthand/"
# Where the site is when the editor has a proposal's branch checked out.
_SITES = ("refs/heads/main", "refs/heads/master", "refs/remotes/origin/HEAD")
_PLAIN_MODES = (FILE, "100755")


class LocalForge:
    """Proposals as branches of the repository that `root`, the folder above content/, lies in."""

    def __init__(self, root: Path, content: str = "content") -> None:
        self.git = Git(root)
        self.stories = f"{self.git.prefix}{content}/stories"

    def open(self, proposal: Proposal) -> ProposalLink:
        """One branch, one commit, one story folder; looked at again before it is there for anybody."""
        git, link = self.git, ProposalLink(proposal.id, proposal.branch)
        if first := git.commit(f"{OURS}open/{proposal.id}"):
            return self._again(link, proposal, first)
        base = self.base()
        folder = f"{self.stories}/{proposal.story.slug}"
        if git.find(base, folder):
            raise ForgeRefused(f"{folder} is there already. Choose another address for this story.")
        tree = git.put(f"{base}^{{tree}}", folder, Entry("040000", "tree", git.folder(proposal.story.files)))
        if tree is None:
            raise ForgeRefused(f"{folder} would be empty.")
        commit = git.record(tree, [base], message(proposal))
        self._look(base, commit, proposal.story)
        try:
            git.refs(
                "start",
                f"create {HEADS}{proposal.branch} {commit}",
                f"create {OURS}open/{proposal.id} {commit}",
                "prepare",
                "commit",
            )
        except ForgeRefused:
            first = git.commit(f"{OURS}open/{proposal.id}")
            if first is None:
                raise
            return self._again(link, proposal, first)  # somebody else opened it meanwhile
        return link

    def _again(self, link: ProposalLink, proposal: Proposal, first: str) -> ProposalLink:
        tree = self.git.find(first, f"{self.stories}/{proposal.story.slug}")
        if tree is None or tree.id != self.git.folder(proposal.story.files):
            raise ForgeRefused(f"{link.branch} is there with another story. Take another id.")
        return link

    def _look(self, base: str, commit: str, story: StoryFiles) -> None:
        """Nothing but this story's new files may be in the commit, whatever went wrong before."""
        made = {(change.path, change.mode, change.status) for change in self.git.changes(base, commit)}
        if made != {(f"{self.stories}/{story.slug}/{name}", FILE, "A") for name in story.files}:
            raise ForgeRefused("The commit holds something else than the story. Nothing was kept.")

    def state(self, link: ProposalLink) -> ProposalState:
        """As the branches say, whoever merged or deleted them."""
        git, id = self.git, link.id
        if git.run("for-each-ref", f"{OURS}declined/{id}"):
            return "declined"
        first, tip = git.commit(f"{OURS}open/{id}"), git.commit(HEADS + branch_of(id))
        base, ended = self.base(), self._note(f"{OURS}published/{id}").decode().strip()
        newest = tip or first
        if newest is None and not ended:
            return "gone"
        slug = ended or self._slug_or_none(link)
        there = git.find(base, f"{self.stories}/{slug}") if slug else None
        if newest is None or (newest != base and git.contains(base, newest)):
            return "published" if there else "withdrawn"
        if tip is None:
            return "published" if there else "gone"
        mine = git.find(tip, f"{self.stories}/{slug}") if slug else None
        return "published" if there and mine and there.id == mine.id else "waiting"

    def say(self, link: ProposalLink, words: str) -> None:
        """Kept beside the branch; there is no page to write on."""
        ref = f"{OURS}words/{link.id}"
        old = self._id(ref)
        before = self._note(ref) + b"\n" if old else b""
        new = self.git.blob(before + words.strip().encode() + b"\n")
        self.git.refs(f"update {ref} {new} {old or self.git.nothing}")

    def _id(self, ref: str) -> str:
        return self.git.run("for-each-ref", "--format=%(objectname)", ref).decode().strip()

    def _note(self, ref: str) -> bytes:
        id = self._id(ref)
        return self.git.bytes_of([id])[0] if id else b""

    def close(self, link: ProposalLink, words: str) -> None:
        """The branch goes. It was published where its story is in the site by now, declined otherwise."""
        git, branch = self.git, HEADS + branch_of(link.id)
        state = self.state(link)
        if state in ("declined", "gone") or self._id(f"{OURS}published/{link.id}"):
            return
        if holder := self.checked_out(branch):
            raise ForgeRefused(f"{link.branch} is checked out in {holder}. Switch to another branch first.")
        first, tip = git.commit(f"{OURS}open/{link.id}"), git.commit(branch)
        orders = [f"delete {branch} {tip}"] if tip else []
        if first:
            orders.append(f"delete {OURS}open/{link.id} {first}")
        slug = self._slug_or_none(link) or ""
        there = slug and git.find(self.base(), f"{self.stories}/{slug}")
        if state == "waiting" and not there:
            # Only the words stay: what was declined is not kept, and git lets go of it in its own time.
            orders.append(f"update {OURS}declined/{link.id} {git.blob(words.encode())}")
        else:
            orders.append(f"update {OURS}published/{link.id} {git.blob(slug.encode())}")
        git.refs("start", *orders, "prepare", "commit")

    def files(self, link: ProposalLink) -> StoryFiles:
        """What the branch holds now. Raises ProposalRefused where it is more than one plain story."""
        slug = self.slug(link)
        tip = self.git.commit(HEADS + branch_of(link.id)) or self.base()
        tree = self.git.find(tip, f"{self.stories}/{slug}")
        if tree is None or tree.kind != "tree":
            raise ProposalRefused(f"{link.branch} has no story any more. Decline it, or put the story back.")
        return StoryFiles(slug, self._plain(link, self.git.entries(tree.id)))

    def _plain(self, link: ProposalLink, entries: Mapping[str, Entry]) -> dict[str, bytes]:
        for name, entry in entries.items():
            if entry.mode not in _PLAIN_MODES or not is_story_file(name):
                raise ProposalRefused(_not_plain(link, name))
        names = list(entries)
        return dict(zip(names, self.git.bytes_of(entries[name].id for name in names), strict=True))

    def first(self, link: ProposalLink) -> StoryFiles | None:
        """The story as it came in; None where the desk did not open the branch."""
        found = self.git.commit(f"{OURS}open/{link.id}")
        if found is None:
            return None
        slug = self._only_story(link, self.git.changes(f"{found}^", found))
        tree = self.git.find(found, f"{self.stories}/{slug}")
        return StoryFiles(slug, self._plain(link, self.git.entries(tree.id))) if tree else None

    def slug(self, link: ProposalLink) -> str:
        """The story's address as the branch has it now. Raises ProposalRefused for another's files."""
        git = self.git
        tip, base = git.commit(HEADS + branch_of(link.id)), self.base()
        if tip and (changed := git.changes(git.fork(base, tip), tip)):
            return self._only_story(link, changed)
        if ended := self._note(f"{OURS}published/{link.id}").decode().strip():
            return ended
        found = git.commit(f"{OURS}open/{link.id}")
        if found is None:
            raise ProposalRefused(f"There is no proposal {link.id}. ./inv desk lists them.")
        return self._only_story(link, git.changes(f"{found}^", found))

    def _slug_or_none(self, link: ProposalLink) -> str | None:
        try:
            return self.slug(link)
        except ProposalRefused:
            return None

    def _only_story(self, link: ProposalLink, changes: Iterable[Change]) -> str:
        slugs: set[str] = set()
        for change in changes:
            inside = change.path.removeprefix(f"{self.stories}/")
            slug, _, name = inside.partition("/")
            plain = change.status == "D" or (change.mode in _PLAIN_MODES and is_story_file(name))
            if inside == change.path or not plain:
                raise ProposalRefused(_not_plain(link, change.path))
            slugs.add(slug)
        if len(slugs) != 1:
            raise ProposalRefused(f"{link.branch} has {len(slugs)} story folders. A proposal has one.")
        return slugs.pop()

    def all(self) -> list[ProposalLink]:
        """Every branch story/DATE-HEX that the site does not contain."""
        words = ("for-each-ref", "--format=%(refname:short)", f"--no-merged={self.base()}")
        names = self.git.run(*words, f"{HEADS}{BRANCHES}").decode().split()
        return [ProposalLink(id, name) for name in names if (id := id_of(name))]

    def tips(self) -> dict[str, str]:
        """The newest commit of every proposal's branch, by id."""
        words = ("for-each-ref", "--format=%(refname:short) %(objectname)", f"{HEADS}{BRANCHES}")
        rows = (row.split() for row in self.git.run(*words).decode().splitlines())
        return {id: commit for name, commit in rows if (id := id_of(name))}

    def tip(self, id: str) -> str:
        """The newest commit of a proposal's branch, "" where it has none."""
        return self.git.commit(HEADS + branch_of(id)) or ""

    def base(self) -> str:
        """The site as it is: what is checked out, unless that is a proposal."""
        if self.git.branch().startswith(HEADS + BRANCHES):
            for name in _SITES:
                if found := self.git.commit(name):
                    return found
        return self.git.head()

    def checked_out(self, branch: str) -> str:
        """The folder in which a branch is checked out, or ""."""
        return self.git.run("for-each-ref", "--format=%(worktreepath)", branch).decode().strip()


def _not_plain(link: ProposalLink, path: str) -> str:
    shown = path.encode("utf-8", errors="replace").decode()[:120]
    return (
        f"{link.branch} changes {shown!r}. A proposal holds one story folder: index.md, its translations "
        "and photographs, no links and nothing beside it. Take that file out of the branch."
    )


def forge(root: Path, settings: Mapping[str, Any], env: Mapping[str, str]) -> LocalForge:
    """The local forge of the site in `root`."""
    return LocalForge(root, Path(settings.get("PATH", "content")).name)
