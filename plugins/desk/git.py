"""The git command, by its plumbing only: fixed words, no shell, no hooks, nobody's text in a name.

Source: https://git-scm.com/docs (hash-object, mktree, commit-tree, update-ref, diff-tree). Neither the
index nor the working tree is touched here, so an editor may be in the middle of anything.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .forge import ForgeDown, ForgeRefused

FILE, FOLDER, LINK = "100644", "040000", "120000"
WAIT = 120  # seconds; a command of the plumbing takes milliseconds
_OURS = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")
# Set where a hook calls us, they would lead to another repository or index.
_ELSEWHERE = frozenset(
    "GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_COMMON_DIR GIT_NAMESPACE GIT_PREFIX "
    "GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_GRAFT_FILE GIT_SHALLOW_FILE GIT_REPLACE_REF_BASE".split()
)
_NAME, _ADDRESS = "The desk", "desk@firsthand.invalid"


@dataclass(frozen=True)
class Entry:
    """What a name in a folder of the repository stands for."""

    mode: str
    kind: str  # blob, tree or commit
    id: str


@dataclass(frozen=True)
class Change:
    """One file that differs between two commits."""

    path: str
    mode: str  # after; 000000 where it is gone
    status: str  # A, M, D or T


class Git:
    """The repository that the site lies in. Every method raises ForgeRefused and ForgeDown."""

    def __init__(self, root: Path) -> None:
        self.root = root
        inherited = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
        self._env = {**inherited, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
        said = self.run("rev-parse", "--show-object-format", "--show-prefix").decode().split("\n")
        self.prefix = said[1] if said[1].endswith("/") else ""
        """The site's folder in its repository: "" or "sites/ours/"."""
        self.nothing = "0" * (64 if said[0] == "sha256" else 40)
        """What git writes for no object at all."""

    def run(
        self,
        *words: str,
        stdin: bytes = b"",
        expected: Iterable[int] = (0,),
        env: Mapping[str, str] | None = None,
    ) -> bytes:
        """What a git command prints. `words` never hold anybody's text but after `--`."""
        try:
            done = subprocess.run(
                ["git", *_OURS, *words],
                cwd=self.root,
                env={**self._env, **(env or {})},
                input=stdin,
                capture_output=True,
                timeout=WAIT,
                check=False,
            )
        except FileNotFoundError as error:
            if not self.root.is_dir():
                raise ForgeRefused(f"There is no folder {self.root}. Check the path.") from error
            raise ForgeRefused("git is not installed. Install it: proposals are its branches.") from error
        except subprocess.TimeoutExpired as error:
            raise ForgeDown(f"git {words[0]} took more than {WAIT} seconds. Try again later.") from error
        if done.returncode not in tuple(expected):
            raise self._refused(words[0], done.stderr.decode("utf-8", errors="replace"))
        return done.stdout

    def _refused(self, word: str, said: str) -> Exception:
        if "not a git repository" in said:
            return ForgeRefused(
                f"{self.root} is no git repository, and proposals are branches. "
                "Run `git init`, add the site and commit it."
            )
        if "dubious ownership" in said:
            return ForgeRefused(
                f"{self.root} belongs to another user, so git will not read it. Run this as that user."
            )
        last = " ".join(said.split())[-300:] or "it does not say why"
        if ".lock" in said and "exists" in said.lower():
            return ForgeDown(f"Another git command is at work ({last}). Try again in a moment.", 1.0)
        return ForgeRefused(f"git {word} failed: {last}")

    def commit(self, name: str) -> str | None:
        """The id of a commit by one of our own names, or None."""
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return self.run(*words, expected=(0, 1, 128)).decode().strip() or None

    def head(self) -> str:
        """The commit that the editor works on. Raises ForgeRefused where there is none yet."""
        found = self.commit("HEAD")
        if found is None:
            raise ForgeRefused("The repository has no commits yet. Commit the site first.")
        return found

    def branch(self) -> str:
        """The branch that is checked out, "refs/heads/main"; "" where none is."""
        return self.run("symbolic-ref", "--quiet", "HEAD", expected=(0, 1)).decode().strip()

    def contains(self, commit: str, inner: str) -> bool:
        """True where `inner` is among the ancestors of `commit`, or is it."""
        return self.run("merge-base", commit, inner, expected=(0, 1)).decode().split()[:1] == [inner]

    def fork(self, one: str, other: str) -> str:
        """Where two commits parted."""
        found = self.run("merge-base", one, other, expected=(0, 1)).decode().split()
        if not found:
            raise ForgeRefused("The branch has no history in common with the site. It cannot be merged.")
        return found[0]

    def changes(self, before: str, after: str) -> list[Change]:
        """Every file that differs, renames as what went and what came."""
        raw = self.run("diff-tree", "-r", "-z", "--no-renames", "--raw", before, after, "--")
        parts = raw.decode("utf-8", errors="surrogateescape").split("\0")
        return [
            Change(path, about.split()[1], about.split()[4][:1])
            for about, path in zip(parts[0::2], parts[1::2], strict=False)
        ]

    def entries(self, tree: str) -> dict[str, Entry]:
        """What lies in one folder."""
        found = {}
        raw = self.run("ls-tree", "-z", "--full-tree", tree, "--")
        for row in raw.decode("utf-8", errors="surrogateescape").split("\0")[:-1]:
            about, _, name = row.partition("\t")
            found[name] = Entry(*about.split())
        return found

    def find(self, commit: str, path: str) -> Entry | None:
        """What lies at a path of ours, or None."""
        tree = f"{commit}^{{tree}}"
        *folders, last = path.split("/")
        for folder in folders:
            entry = self.entries(tree).get(folder)
            if entry is None or entry.kind != "tree":
                return None
            tree = entry.id
        return self.entries(tree).get(last)

    def blob(self, data: bytes) -> str:
        """Keep a file's bytes as they are; its id."""
        return self.run("hash-object", "-w", "--no-filters", "--stdin", stdin=data).decode().strip()

    def bytes_of(self, ids: Iterable[str]) -> list[bytes]:
        """What was kept, in the order of ids."""
        wanted = list(ids)
        raw = self.run("cat-file", "--batch", stdin="".join(f"{id}\n" for id in wanted).encode())
        found, place = [], 0
        for id in wanted:
            end = raw.index(b"\n", place)
            about = raw[place:end].split()
            if len(about) != 3:
                raise ForgeRefused(f"The repository has lost {id}. Run `git fsck`.")
            size = int(about[2])
            found.append(raw[end + 1 : end + 1 + size])
            place = end + 1 + size + 1
        return found

    def tree(self, entries: Mapping[str, Entry]) -> str:
        """Keep a folder; its id."""
        rows = (f"{entry.mode} {entry.kind} {entry.id}\t{name}\0" for name, entry in entries.items())
        raw = "".join(rows).encode("utf-8", errors="surrogateescape")
        return self.run("mktree", "-z", "--missing", stdin=raw).decode().strip()

    def folder(self, files: Mapping[str, bytes]) -> str:
        """Keep a folder of plain files; its id. The names are a StoryFiles'."""
        return self.tree({name: Entry(FILE, "blob", self.blob(data)) for name, data in files.items()})

    def put(self, tree: str | None, path: str, entry: Entry | None) -> str | None:
        """The tree with this entry at the path, or without; None where nothing is left in it."""
        name, _, rest = path.partition("/")
        entries = self.entries(tree) if tree else {}
        if rest:
            below = entries.get(name)
            if below is not None and below.kind != "tree":
                raise ForgeRefused(f"{name} is no folder in the repository.")
            inner = self.put(below.id if below else None, rest, entry)
            entry = Entry(FOLDER, "tree", inner) if inner else None
        if entry is None:
            entries.pop(name, None)
        else:
            entries[name] = entry
        return self.tree(entries) if entries else None

    def record(self, tree: str, parents: Iterable[str], words: str, *, as_editor: bool = False) -> str:
        """Keep a commit; its id. It is signed by the desk, or by the editor where git knows them."""
        env = {}
        if not as_editor or not self.run("var", "GIT_COMMITTER_IDENT", expected=(0, 128)):
            env = {
                f"GIT_{who}_{what}": value
                for who in ("AUTHOR", "COMMITTER")
                for what, value in (("NAME", _NAME), ("EMAIL", _ADDRESS))
            }
        above = [word for parent in parents for word in ("-p", parent)]
        raw = words.encode("utf-8", errors="replace")
        return self.run("commit-tree", tree, *above, "-F", "-", stdin=raw, env=env).decode().strip()

    def refs(self, *orders: str) -> None:
        """All of these orders of `update-ref --stdin`, or none."""
        self.run("update-ref", "--stdin", stdin="".join(f"{order}\n" for order in orders).encode())
