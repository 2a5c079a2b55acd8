"""Reading content/conversations/SLUG.json: the last good copy of a thread.

{"provider", "fetched", "comments": [{"id", "parent", "author", "url", "published", "html", "staff"}]};
`staff` is null, the slug of the person who answered, or true where we do not know who. A comment may
also have `place` (where it was written), `avatar` (a file in content/conversations/avatars/) and `gone`
(true where it was taken away and its answers stay). Every text passes the guard again: the file may
come from anywhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from markupsafe import Markup

from plugins.guard.content import YEARS
from plugins.guard.finding import ContentRefused, Finding, Level
from plugins.guard.html import safe_link
from plugins.guard.text import body_text, is_slug, one_line
from plugins.people import Face

from .markup import comment_html
from .names import told_by
from .thread import Comment, Thread, anchor_of, nest

MAX_BYTES = 10_000_000
# What comments from members' feeds are told by; the `url` of one is where it was written.
ELSEWHERE = "feed"
_AVATAR = re.compile(r"[a-z0-9]{8,64}\.(?:avif|webp|jpg|png)")


class Staff(Protocol):
    """What we ask of a person: plugins.people.Person, in short."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    def face_on(self, day: Any) -> Face: ...  # noqa: D102


@dataclass(frozen=True)
class Snapshot:
    """A file read: its thread, and hints that do not stop a build."""

    thread: Thread
    hints: tuple[Finding, ...]


def read_snapshot(
    path: Path, shown: str, staff: Mapping[str, Staff], *, anonymous: str = "", root: str = ""
) -> Snapshot:
    """Read one file; `shown` is its name in messages, `anonymous` stands for a missing name,
    `root` is the path of the site ("/project", or "" at the top of its host).

    Raises ContentRefused with everything that is wrong with it.
    """
    slug = path.stem
    reading = _Reading(shown, staff, f"{root}/stories/{slug}/", anonymous)
    document = reading.document(path)
    provider = str(document.get("provider", ""))
    if not is_slug(provider):
        reading.refuse(1, "`provider` is missing.", 'Name the comment system: "provider": "isso".')
    fetched = document.get("fetched")
    time = None if fetched is None else reading.time(fetched, 1, "fetched")
    listed = document.get("comments")
    if not isinstance(listed, list):
        reading.refuse(1, "`comments` is not a list.", 'Write "comments": [], or fetch the thread again.')
        listed = []
    lines = reading.lines(len(listed))
    comments = [reading.comment(item, line, provider) for item, line in zip(listed, lines, strict=True)]
    errors = [finding for finding in reading.findings if finding.level == "error"]
    if errors:
        raise ContentRefused(errors)
    kept = [comment for comment in comments if comment is not None]
    return Snapshot(Thread(slug, provider, time, nest(kept)), tuple(reading.findings))


class _Reading:
    """One file on its way to comments, with what was found wrong on the way."""

    def __init__(self, shown: str, staff: Mapping[str, Staff], base_url: str, anonymous: str) -> None:
        self.shown, self.staff, self.base_url, self.anonymous = shown, staff, base_url, anonymous
        self.text = ""
        self.findings: list[Finding] = []

    def refuse(self, line: int, message: str, fix: str, level: Level = "error") -> None:
        self.findings.append(Finding(self.shown, line, level, message, fix))

    def document(self, path: Path) -> dict[str, Any]:
        fix = "Mend the file, or delete it and fetch the thread again."
        try:
            if path.is_symlink() or path.stat().st_size > MAX_BYTES:
                raise ValueError(f"it is a symbolic link or larger than {MAX_BYTES:,} bytes")
            self.text = path.read_text("utf-8")
            found = json.loads(self.text)
        except json.JSONDecodeError as error:
            self.refuse(error.lineno, f"The conversation is not JSON: {error.msg}.", fix)
            raise ContentRefused(self.findings) from error
        except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
            self.refuse(1, f"The conversation cannot be read: {error}.", fix)
            raise ContentRefused(self.findings) from error
        if not isinstance(found, dict):
            self.refuse(1, "The conversation is not an object.", fix)
            raise ContentRefused(self.findings)
        return found

    def lines(self, count: int) -> list[int]:
        """The line on which each comment begins: JSON itself keeps no places."""
        lines: list[int] = []
        decoder, line, counted = json.JSONDecoder(), 1, 0
        start = re.search(r'"comments"\s*:\s*\[', self.text)
        place = start.end() if start else len(self.text)
        for _ in range(count):
            while place < len(self.text) and self.text[place] in " \t\r\n,":
                place += 1
            line += self.text.count("\n", counted, place)
            counted = place
            lines.append(line)
            try:
                _, place = decoder.raw_decode(self.text, place)
            except ValueError:
                return [1] * count
        return lines

    def comment(self, item: object, line: int, provider: str) -> Comment | None:
        if not isinstance(item, dict):
            self.refuse(line, "A comment is not an object.", "Write its fields between { and }.")
            return None
        name, parent = _word(item.get("id")), _word(item.get("parent"))
        if name is None:
            self.refuse(line, "A comment has no `id`.", "Give it the provider's id.")
        published = self.time(item.get("published"), line, "published")
        gone = item.get("gone") is True
        html = "" if gone else item.get("html")
        if not isinstance(html, str):
            self.refuse(line, "A comment has no `html`.", "Write the comment's text as HTML.")
        if name is None or published is None or not isinstance(html, str):
            return None
        if gone:
            anchor = anchor_of(*told_by(name, provider))
            return Comment(name, parent, "", "", published, Markup(""), False, None, anchor, gone=True)
        author = one_line(item["author"]) if isinstance(item.get("author"), str) else ""
        is_staff, face = self.answered_by(item.get("staff"), line, published)
        address = "" if is_staff else _web_address(item.get("url"))
        elsewhere = ELSEWHERE in (provider, name.partition("-")[0])
        return Comment(
            id=name,
            parent=parent,
            author=face.name if face else author or self.anonymous,
            url="" if elsewhere else address,
            published=published,
            html=comment_html(body_text(html), self.base_url),
            staff=is_staff,
            person=face,
            anchor=anchor_of(*told_by(name, provider)),
            person_slug=str(item["staff"]) if face else "",
            place=address if elsewhere else _web_address(item.get("place")),
            avatar="" if face else self.avatar(item.get("avatar"), line),
        )

    def avatar(self, value: object, line: int) -> str:
        if value is None or (isinstance(value, str) and _AVATAR.fullmatch(value)):
            return value or ""
        fix = "Name a file in content/conversations/avatars/, or leave it out."
        self.refuse(line, f"`avatar` is {value!r:.60}.", fix, "hint")
        return ""

    def time(self, value: object, line: int, field: str) -> datetime | None:
        try:
            time = datetime.fromisoformat(value if isinstance(value, str) else "")
            time = (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
            if time.year >= YEARS.stop:  # it would be the newest word on the site for good
                raise ValueError(time)
            return time
        except (ValueError, OverflowError):
            fix = 'Write it as "2026-11-12T18:30:00Z".'
            self.refuse(line, f"`{field}` is {value!r:.60}, which is no time.", fix)
            return None

    def answered_by(self, value: object, line: int, published: datetime) -> tuple[bool, Face | None]:
        if value is None or value is False:
            return False, None
        if value is True:
            return True, None
        person = self.staff.get(value) if isinstance(value, str) else None
        if person is None:
            fix = "Write the slug of a person in content/people/, true, or null."
            self.refuse(line, f"`staff` is {value!r:.60}, and nobody has that slug.", fix, "hint")
            return isinstance(value, str) and is_slug(value), None
        if person.kind != "staff":
            fix = "Write null, or the person who answered."
            self.refuse(line, f"`staff` is {value!r}, who is no staff.", fix, "hint")
            return False, None
        return True, person.face_on(published.date())


def _word(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return one_line(str(value))[:200] or None


def _web_address(value: object) -> str:
    if not isinstance(value, str) or not value.strip().lower().startswith(("http://", "https://")):
        return ""
    return safe_link(value.strip(), "https://site.invalid/") or ""
