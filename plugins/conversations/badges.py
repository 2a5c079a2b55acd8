"""What a proposal would make staff's words: a line in the ledger, `staff` in a conversation, an account.

All count because git holds them, so that whoever merges somebody else's branch has to see them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plugins import today
from plugins.guard.content import ContentFile
from plugins.guard.document import read_document
from plugins.guard.finding import ContentRefused, Finding
from plugins.people import parse_profile

from .ledger import NAME, Ledger
from .staff import folded_account
from .written import FOLDER, ThreadUnwritable, read_written

_FIX = "Let it in only if they wrote it: whoever asked you to merge this may have added it."


def new_badges(ours: Path, theirs: Path) -> list[Finding]:
    """A hint for each comment and account that the folder `theirs` calls staff's and `ours` does not."""
    if ours == theirs:
        return []
    return [*_lines(ours, theirs), *_comments(ours, theirs), *_accounts(ours, theirs)]


def _lines(ours: Path, theirs: Path) -> Iterator[Finding]:
    known = set(_written_lines(ours / FOLDER / NAME))
    shown = f"{theirs.name}/{FOLDER}/{NAME}"
    for number, line in enumerate(_written_lines(theirs / FOLDER / NAME), start=1):
        if line.strip() and line not in known:
            yield Finding(shown, number, "hint", "This line says that staff did something.", _FIX)


def _written_lines(path: Path) -> list[str]:
    try:
        Ledger.read(path)
        return path.read_text("utf-8").splitlines()
    except (ContentRefused, OSError, ValueError):  # ./inv check says so
        return []


def _comments(ours: Path, theirs: Path) -> Iterator[Finding]:
    for path in sorted((theirs / FOLDER).glob("*.json")):
        known = {_said(one) for one in _read(ours / FOLDER / path.name)}
        new = [one for one in _read(path) if one.get("staff") and _said(one) not in known]
        text = path.read_text("utf-8") if new else ""
        for one in new:
            place = re.search(rf'"id"\s*:\s*{re.escape(json.dumps(one["id"], ensure_ascii=False))}', text)
            line = text.count("\n", 0, place.start()) + 1 if place else 1
            words = f"The comment {str(one['id'])!r:.60} is said to be {_whose(one)}."
            yield Finding(f"{theirs.name}/{FOLDER}/{path.name}", line, "hint", words, _FIX)


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        comments: list[dict[str, Any]] = read_written(path, "")["comments"]
    except ThreadUnwritable:
        return []
    return comments


def _said(comment: dict[str, Any]) -> str:
    """All of a comment that a reader would take for staff's word; the name too, if we do not know whose."""
    keys = ["id", "parent", "html", "staff", "published", "place"]
    keys += ["author", "avatar"] if comment.get("staff") is True else []
    return json.dumps([comment.get(key) for key in keys])


def _whose(comment: dict[str, Any]) -> str:
    return "by staff" if comment["staff"] is True else f"by {str(comment['staff'])!r:.60}, of staff"


def _accounts(ours: Path, theirs: Path) -> Iterator[Finding]:
    for path in sorted((theirs / "people").glob("*.md")):
        now = _proving(path, theirs)
        known = {key for key, _, _ in _proving(ours / "people" / path.name, ours)} if now else set()
        for key, account, line in now:
            if key not in known:
                words = f"All that {account!r:.60} writes at {key[0]} would be {path.stem}'s, of staff."
                fix = "Let it in only if the account is theirs: ask them."
                yield Finding(f"{theirs.name}/people/{path.name}", line, "hint", words, fix)


def _proving(path: Path, content: Path) -> list[tuple[tuple[str, str], str, int]]:
    """The accounts that prove a person to be staff today, as they are compared and as written, with lines."""
    file = ContentFile(path, f"{content.name}/people/{path.name}", "person", path.stem, None)
    try:
        document = read_document(path, file.shown)
    except (ContentRefused, OSError):  # ./inv check says so
        return []
    person, _ = parse_profile(file, document)
    if person.kind != "staff" or person.gone(today()) is not None:
        return []
    return [
        ((system, folded_account(account)), account, document.line(f"accounts.{system}"))
        for system, account in person.accounts
    ]
