"""A forge on the web: branches pushed to a repository of its own, a pull request for each.

A mirror in `var/` holds what is pushed and fetched, so that neither touches the site's own repository,
where private text would be one careless push away from everybody. What is in the mirror can be lost: the
forge has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..forge import ForgeDown, ForgeRefused
from ..git import Git
from ..local import HEADS, OURS, LocalForge
from ..proposal import BRANCHES, Proposal, ProposalLink, ProposalState, StoryFiles, branch_of, id_of
from ..push import BranchTaken, Remote, init_bare
from ..words import description, subject_of
from .api import Conflict, NotThere
from .place import Place
from .pulls import Pull, Pulls

SOON = 30.0  # seconds until a list shows what was made a moment ago
_STATES: Mapping[str, ProposalState] = {"open": "waiting", "merged": "published", "closed": "declined"}


@dataclass(frozen=True)
class Hosted:
    """The Forge protocol over git and seven calls."""

    place: Place
    pulls: Pulls

    def open(self, proposal: Proposal) -> ProposalLink:
        """Look first; then the branch, then the pull request. Cut off anywhere, it goes on from there."""
        branch = proposal.branch
        main, heads = self.remote.heads(branch)
        if found := self.pulls.find(branch, main):
            return _link(found)
        self._fetch(main, heads[main])
        if branch in heads or not self._push(proposal):
            self._fetch(branch)
            if self.mirror.slug(ProposalLink(proposal.id, branch)) != proposal.story.slug:
                raise ForgeRefused(f"{branch} is there with another story. Take another id.")
        try:
            return _link(self.pulls.create(subject_of(proposal), description(proposal), branch, main))
        except Conflict:  # somebody else made it between our look and our call
            found = self.pulls.find(branch, main)
            if found is None:
                raise
            return _link(found)

    def _push(self, proposal: Proposal) -> bool:
        """False where another process was quicker; what it brought has to be looked at."""
        git, branch = self.mirror.git, proposal.branch
        self.mirror.open(proposal)
        commit = git.commit(HEADS + branch)
        if commit is None:
            raise ForgeDown(f"{branch} was taken out of the mirror meanwhile.", SOON)
        try:
            self.remote.push(git.root, commit, branch)
        except BranchTaken:
            return False
        return True

    def state(self, link: ProposalLink) -> ProposalState:
        """As the pull request says, whoever merged or closed it."""
        pull = self._pull(link)
        return _STATES[pull.state] if pull else "gone"

    def say(self, link: ProposalLink, words: str) -> None:
        """A remark under the pull request."""
        self.pulls.remark(self._number(link), words)

    def close(self, link: ProposalLink, words: str) -> None:
        """A last remark, the pull request closed, the branch away. Cut off, it goes on from there."""
        pull = self._pull(link)
        if pull and pull.state == "open":
            said = {_same(remark) for remark in self.pulls.remarks(pull.number)}
            if words.strip() and _same(words) not in said:
                self.pulls.remark(pull.number, words)
            self.pulls.shut(pull.number)
        branch = branch_of(link.id)
        self.remote.remove(self.mirror.git.root, branch)
        self._drop(HEADS + branch, f"{OURS}open/{link.id}")

    def files(self, link: ProposalLink) -> StoryFiles:
        """What the branch holds now; where it is merged and gone, what the main branch holds of it."""
        _, heads = self.remote.heads(link.branch)
        for branch, commit in heads.items():
            self._fetch(branch, commit)
        if link.branch not in heads:
            self._drop(HEADS + link.branch)  # what we know of it may be older than what was merged
        return self.mirror.files(link)

    def first(self, link: ProposalLink) -> StoryFiles | None:
        """The story as it came in, where this machine opened it."""
        return self.mirror.first(link)

    def all(self) -> list[ProposalLink]:
        """Every open pull request of a proposal's branch."""
        links = [_link(pull) for pull in self.pulls.waiting() if id_of(pull.branch)]
        return sorted(links, key=lambda link: link.id)

    def tips(self) -> dict[str, str]:
        """The newest commit of every proposal's branch there, by id: one call, however many wait."""
        _, heads = self.remote.heads(f"{BRANCHES}*")
        return {id: commit for branch, commit in heads.items() if (id := id_of(branch))}

    def tip(self, id: str) -> str:
        """The newest commit of a proposal's branch as this machine knows it, or ""."""
        return self.mirror.git.commit(HEADS + branch_of(id)) or ""

    def _pull(self, link: ProposalLink) -> Pull | None:
        if link.number is None:
            return self.pulls.find(link.branch, self.remote.heads()[0])
        try:
            pull = self.pulls.get(link.number)
        except NotThere:
            return None
        if pull.branch != link.branch:
            raise ForgeRefused(
                f"{pull.url} is of another branch than {link.branch}. Was the repository changed?"
            )
        return pull

    def _number(self, link: ProposalLink) -> int:
        pull = self._pull(link)
        if pull is None:
            raise ForgeRefused(f"There is no pull request of {link.branch} any more.")
        return pull.number

    @cached_property
    def remote(self) -> Remote:
        """Where git pushes to."""
        return Remote(self.place.url, self.place.token, self.place.user)

    @cached_property
    def mirror(self) -> LocalForge:
        """The mirror, made where it is missing; its HEAD is the forge's main branch."""
        folder = self.place.root / "var" / self.place.mirror_name
        folder.parent.mkdir(mode=0o700, exist_ok=True)
        if not (folder / "HEAD").is_file():
            folder.mkdir(mode=0o700, exist_ok=True)
            init_bare(folder)
        forge = LocalForge(folder, self.place.content)
        forge.stories = f"{_prefix(self.place.root)}{self.place.content}/stories"
        return forge

    def _fetch(self, branch: str, commit: str = "") -> None:
        """Bring a branch into the mirror, unless it has that commit already."""
        git = self.mirror.git
        if not commit or git.commit(HEADS + branch) != commit:
            self.remote.fetch(git.root, branch)
        if not id_of(branch):
            git.run("symbolic-ref", "HEAD", HEADS + branch)

    def _drop(self, *names: str) -> None:
        git = self.mirror.git
        git.refs(*(f"delete {name}" for name in names if git.commit(name)))


def _prefix(root: Path) -> str:
    """The site's folder in its repository; the receiver's machine may have the site without one."""
    try:
        return Git(root).prefix
    except ForgeRefused:
        return ""


def _link(pull: Pull) -> ProposalLink:
    id = id_of(pull.branch)
    if id is None:
        raise ForgeRefused(f"{pull.url} is of {pull.branch}, which is no proposal's branch.")
    return ProposalLink(id, pull.branch, pull.url, pull.number)


def _same(words: str) -> str:
    """Words as they come back from a forge, which may end lines and trim them as it likes."""
    return "\n".join(line.rstrip() for line in words.strip().splitlines())
