"""The site's own files as the desk changes them: one commit on the branch that is checked out.

An editor's uncommitted work stays as it is, in the working tree and in the index.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .forge import ForgeDown, ForgeRefused
from .git import FILE, Entry, Git

MAKING = ".desk-"  # beside content/, not in it: a build that runs now must not find half a story
TRIES = 3
PROPOSALS = "refs/heads/story/"


def commit(git: Git, files: Mapping[str, bytes | None], words: str) -> str:
    """One commit that writes these files, or takes away those that are None; its id.

    Paths are ours, below the site's folder. Nothing else of the index or the working tree is touched.
    Raises ForgeRefused, ForgeDown; then nothing was committed.
    """
    entries = {
        f"{git.prefix}{path}": Entry(FILE, "blob", git.blob(data)) if data is not None else None
        for path, data in files.items()
    }
    for _ in range(TRIES):
        head = git.head()
        not_on_a_proposal(git)
        tree: str | None = f"{head}^{{tree}}"
        for path, entry in entries.items():
            tree = git.put(tree, path, entry)
        if tree is None:
            raise ForgeRefused("Nothing would be left of the site.")
        if tree == git.run("rev-parse", f"{head}^{{tree}}").decode().strip():
            return head
        made = git.record(tree, [head], words, as_editor=True)
        changed = {change.path for change in git.changes(head, made)}
        if not changed <= set(entries):
            raise ForgeRefused("The commit would change something else. Nothing was kept.")
        before = _staged(git, entries)
        _stage(git, entries)  # first: it fails where an editor's git is at work
        try:
            git.refs(f"update HEAD {made} {head}")
        except (ForgeRefused, ForgeDown):
            _stage(git, before)
            if git.head() == head:
                raise
        else:
            return made
    raise ForgeDown("Somebody else commits at the same time. Try again in a moment.", 1.0)


def not_on_a_proposal(git: Git) -> None:
    """Raises ForgeRefused where a proposal's branch is checked out: its commit would go astray."""
    if git.branch().startswith(PROPOSALS):
        raise ForgeRefused("A proposal's branch is checked out. Switch to the site's own branch first.")


def _stage(git: Git, entries: Mapping[str, Entry | None]) -> None:
    rows = [
        f"{entry.mode} {entry.id}\t{path}" if entry else f"0 {git.nothing}\t{path}"
        for path, entry in entries.items()
    ]
    git.run("update-index", "-z", "--index-info", stdin="".join(f"{row}\0" for row in rows).encode())


def _staged(git: Git, entries: Mapping[str, Entry | None]) -> dict[str, Entry | None]:
    paths = [f":(top,literal){path}" for path in entries]
    raw = git.run("ls-files", "-z", "--stage", "--full-name", "--", *paths).decode()
    found: dict[str, Entry | None] = dict.fromkeys(entries)
    for row in raw.split("\0")[:-1]:
        about, _, path = row.partition("\t")
        mode, id, stage = about.split()
        if stage == "0":
            found[path] = Entry(mode, "blob", id)
    return found


def tracked(git: Git, folder: str) -> list[str]:
    """The files below a folder of the site that the newest commit has, by path below the site."""
    words = ("ls-tree", "-r", "-z", "--name-only", "--full-tree", git.head(), "--", f"{git.prefix}{folder}/")
    return [path.removeprefix(git.prefix) for path in git.run(*words).decode().split("\0")[:-1]]


def put_folder(content: Path, slug: str, files: Mapping[str, bytes]) -> None:
    """A new story folder, made whole beside content/ and put in its place at once.

    Raises FileExistsError where the slug is taken, OSError.
    """
    target = content / "stories" / slug
    if target.exists():
        raise FileExistsError(f"stories/{slug} is there already")
    target.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=MAKING, dir=content.parent))
    try:
        folder = making / slug
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        os.rename(folder, target)  # noqa: PTH104 - rename refuses a folder that is not empty
    finally:
        shutil.rmtree(making, ignore_errors=True)


def drop_folder(content: Path, slug: str) -> None:
    """Take a story folder away at once. Raises OSError."""
    target = content / "stories" / slug
    making = Path(tempfile.mkdtemp(prefix=MAKING, dir=content.parent))
    try:
        if target.is_symlink():
            target.unlink()
        elif target.exists():
            os.rename(target, making / slug)  # noqa: PTH104
    finally:
        shutil.rmtree(making, ignore_errors=True)
