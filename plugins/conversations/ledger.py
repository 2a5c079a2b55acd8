"""What staff did here, in content/conversations/ledger.jsonl: their answers, and what needs no answer.

One JSON object a line, only ever added to, and in git. It proves a comment to be a staff member's where the
comment system knows no accounts: {"kind": "reply", "provider", "story", "id", "created", "sha256", "by",
"at"}; and it holds who decided that a comment needs no answer, and why: {"kind": "no reply needed",
"provider", "story", "id", "created", "reason", "by", "at"}. `created` is the comment's own time in seconds
since 1970: a deleted comment's id may be given to the next one.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast

from plugins.guard.files import alone_in, write_atomically
from plugins.guard.finding import ContentRefused, Finding
from plugins.guard.text import is_slug, one_line

Kind = Literal["reply", "no reply needed"]

NAME = "ledger.jsonl"
MAX_BYTES = 50_000_000
REASON_LENGTH = 500  # characters
# Seconds that two tellings of one comment's time may lie apart: snapshots keep whole seconds.
_SAME_REPLY, _SAME_COMMENT = 0.001, 1.0
_LATEST = 1e11  # seconds, far beyond any calendar
_KEYS = {
    "reply": {"kind", "provider", "story", "id", "created", "sha256", "by", "at"},
    "no reply needed": {"kind", "provider", "story", "id", "created", "reason", "by", "at"},
}
_FIX = "Take the line from git's history, or remove it."


@dataclass(frozen=True)
class Entry:
    """One line. `id` is the provider's own; `by` the slug of who did it; `at` when."""

    kind: Kind
    provider: str
    story: str
    id: str
    created: float
    by: str
    at: datetime
    sha256: str = ""  # of a reply's text, as the provider keeps it
    reason: str = ""  # why no reply is needed

    def line(self) -> str:
        """The entry as it is written, without its end of line."""
        at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        said = {**self.__dict__, "at": at}
        return json.dumps({key: said[key] for key in said if key in _KEYS[self.kind]}, ensure_ascii=False)


def sha256_of(text: str) -> str:
    """The digest of a comment's text, as the ledger has it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Ledger:
    """The lines of a ledger, to be asked and added to."""

    def __init__(self, path: Path, entries: tuple[Entry, ...] = ()) -> None:
        self.path = path
        self._by_comment: dict[tuple[Kind, str, str, str], list[Entry]] = defaultdict(list)
        self._replies: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in entries:
            self._remember(entry)

    @classmethod
    def read(cls, path: Path) -> Ledger:
        """The ledger at `path`; an empty one where there is none. Raises ContentRefused."""
        shown = "/".join(path.parts[-3:])
        try:
            if path.is_symlink() or path.stat().st_size > MAX_BYTES:
                words = f"The ledger is a symbolic link or larger than {MAX_BYTES:,} bytes."
                raise ContentRefused([Finding(shown, 1, "error", words, "Put the file itself here.")])
            lines = path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return cls(path)
        except OSError as error:
            words = f"The ledger cannot be read: {error.strerror}."
            raise ContentRefused([Finding(shown, 1, "error", words, "Make it readable.")]) from error
        read = [_entry(line) if line.strip() else "" for line in lines]
        wrong = [(number, said) for number, said in enumerate(read, start=1) if isinstance(said, str)]
        if findings := [Finding(shown, number, "error", said, _FIX) for number, said in wrong if said]:
            raise ContentRefused(findings)
        return cls(path, tuple(entry for entry in read if isinstance(entry, Entry)))

    def append(self, *entries: Entry) -> None:
        """Add a line for each; whoever reads sees the old file or the new one. Raises OSError."""
        with alone_in(self.path.parent):
            try:
                before = self.path.read_bytes()
            except FileNotFoundError:
                before = b""
            end = b"\n" if before and not before.endswith(b"\n") else b""
            lines = "".join(f"{entry.line()}\n" for entry in entries)
            write_atomically(self.path, before + end + lines.encode())
        for entry in entries:
            self._remember(entry)

    def who_wrote(self, provider: str, story: str, id: str, created: float, sha256: str) -> str | None:
        """The slug of the person who wrote this comment through our tool; None where nobody did.

        `created` in seconds since 1970, `sha256` of the text as the provider keeps it; both have to agree.
        """
        for entry in self._by_comment.get(("reply", provider, story, id), ()):
            if entry.sha256 == sha256 and abs(entry.created - created) < _SAME_REPLY:
                return entry.by
        return None

    def replies(self, provider: str, story: str) -> list[Entry]:
        """The answers given under a story through this provider, in the order of the ledger."""
        return self._replies.get((provider, story), [])

    def settled(self, provider: str, story: str, id: str, created: float) -> Entry | None:
        """The line that says that this comment needs no answer, or None."""
        for entry in self._by_comment.get(("no reply needed", provider, story, id), ()):
            if abs(entry.created - created) < _SAME_COMMENT:
                return entry
        return None

    def _remember(self, entry: Entry) -> None:
        self._by_comment[entry.kind, entry.provider, entry.story, entry.id].append(entry)
        if entry.kind == "reply":
            self._replies[entry.provider, entry.story].append(entry)


def _entry(line: bytes) -> Entry | str:
    """A line as an entry, or what is wrong with it."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return "The line is not JSON."
    kind = said.get("kind") if isinstance(said, dict) else None
    if not isinstance(kind, str) or kind not in _KEYS:
        return f"The line has no `kind` of {' or '.join(_KEYS)}."
    if missing := [key for key in sorted(_KEYS[kind]) if not _good(key, said.get(key))]:
        return f"`{missing[0]}` is {said.get(missing[0])!r:.60}, which the ledger cannot use."
    fields: dict[str, Any] = {key: said[key] for key in _KEYS[kind]}
    at = datetime.fromisoformat(fields["at"])
    fields["at"] = at if at.tzinfo else at.replace(tzinfo=UTC)
    return Entry(**{**fields, "kind": cast(Kind, kind), "created": float(fields["created"])})


def _good(key: str, value: object) -> bool:
    if key == "created":
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LATEST
    if not isinstance(value, str) or not value:
        return False
    if key == "at":
        try:
            at = datetime.fromisoformat(value)
            return bool((at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC))
        except (ValueError, OverflowError):
            return False
    return is_slug(value) if key in ("provider", "story", "by") else value == one_line(value)
