"""`pages:BRANCH` or `pages:REMOTE/BRANCH`: a branch that GitHub's, GitLab's or Forgejo's Pages serves."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ghp_import import GhpError, ghp_import

from plugins import FirsthandError

from ..site import list_files
from .target import Say

_NAME = re.compile(r"[A-Za-z0-9_][\w.-]*(?:/[A-Za-z0-9_][\w.-]*)*")
_MARKER = ".nojekyll"  # says to Pages: serve as it is; says to us: this branch is ours


@dataclass(frozen=True)
class Pages:
    """A branch with one commit: an earlier one would keep a withdrawn story within reach."""

    place: str

    @classmethod
    def read(cls, place: str) -> Self:
        """From the words after `pages:`. Raises FirsthandError for what is no branch's name."""
        if not _NAME.fullmatch(place) or ".." in place or place.endswith((".lock", ".")):
            raise FirsthandError(
                f"'pages:{place}' names no branch. Write pages:BRANCH or pages:REMOTE/BRANCH."
            )
        return cls(place)

    def upload(self, output: Path, say: Say) -> None:
        """Put the output on the branch of the repository one stands in; push it where a remote is named."""
        if not _ok("rev-parse", "--git-dir"):
            raise FirsthandError(
                "This folder is no git repository. Publish from the site's own, or to a folder."
            )
        remote, branch = self._split()
        if not remote and "/" in branch:
            raise FirsthandError(
                f"There is no remote {branch.partition('/')[0]!r}. Write one that `git remote` names,"
                " or a branch without a slash."
            )
        local, followed = f"refs/heads/{branch}", f"refs/remotes/{remote}/{branch}"
        if _ok("symbolic-ref", "--quiet", "HEAD") and _git("symbolic-ref", "HEAD") == local:
            raise FirsthandError(f"{branch} is the branch you work on. Publish to another, such as gh-pages.")
        if remote:
            _fetch(remote, branch, followed)
        old, there = _commit(local), _commit(followed) if remote else ""
        for commit in filter(None, [old, there]):
            if not _ok("cat-file", "-e", f"{commit}:{_MARKER}"):
                raise FirsthandError(
                    f"{branch} holds commits that ./inv publish did not make. Choose a new branch."
                )
        self._commit_site(output, branch, old, domain=_domain(there or old))
        if not remote:
            say(f"{branch}: holds the site in one commit. No remote was named, so nothing was pushed.")
        else:
            _git("push", "--quiet", f"--force-with-lease={local}:{there}", remote, f"{local}:{local}")
            say(f"{branch}: pushed to {remote}.")

    def _split(self) -> tuple[str, str]:
        first, slash, rest = self.place.partition("/")
        return (first, rest) if slash and first in _git("remote").split() else ("", self.place)

    def _commit_site(self, output: Path, branch: str, old: str, domain: str | None) -> None:
        files, _ = list_files(output)
        for path in files:
            if '"' in path or "\\" in path or not path.isprintable():
                raise FirsthandError(f"{output}/{path} cannot go on a branch. Give the file a plain name.")
        local = f"refs/heads/{branch}"
        if old:
            _git("update-ref", "-d", local, old)
        keep = None if "CNAME" in files else domain
        try:
            # Without a remote it starts no history from one; the push is ours, with a lease.
            ghp_import(
                str(output), branch=branch, remote=".", mesg="Publish the site", nojekyll=True, cname=keep
            )
            made = set(_git("ls-tree", "-r", "-z", "--name-only", local).split("\0"))
            if not made >= set(files):
                raise GhpError("git took only a part of the site")
        except (GhpError, OSError, TypeError, FirsthandError) as error:
            # ghp-import 2.1 answers a failed fast-import with a TypeError: it writes bytes to a text stream.
            if old:
                _git("update-ref", local, old)
            words = getattr(error, "message", str(error))
            raise FirsthandError(
                f"The branch {branch} could not be written: {words}. It is as it was."
            ) from error


def _fetch(remote: str, branch: str, followed: str) -> None:
    if _git("ls-remote", "--heads", remote, f"refs/heads/{branch}"):
        _git("fetch", "--quiet", remote, f"+refs/heads/{branch}:{followed}")


def _domain(commit: str) -> str | None:
    """The CNAME file Pages keeps on the branch for a domain of one's own; it must outlive a publish."""
    if commit and _ok("cat-file", "-e", f"{commit}:CNAME"):
        return _git("cat-file", "blob", f"{commit}:CNAME")
    return None


def _commit(ref: str) -> str:
    return _git("rev-parse", "--verify", ref) if _ok("rev-parse", "--quiet", "--verify", ref) else ""


def _ok(*words: str) -> bool:
    return subprocess.run(["git", *words], capture_output=True, check=False).returncode == 0


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise FirsthandError(f"git {words[0]} failed: {said}. Correct that, then publish again.")
    return done.stdout.strip()
