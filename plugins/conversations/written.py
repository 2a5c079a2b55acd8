"""The file of a conversation, content/conversations/SLUG.json, as it is read to be added to and written.

Its comments lie in the order of their time, one field a line, so that git shows what changed and no more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from plugins import FirsthandError

from .snapshot import MAX_BYTES

FOLDER = "conversations"
_DIGITS = re.compile(r"(\d+)")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")  # half a character, perhaps alone: such a text cannot be written
_LONGEST = 1_000  # characters of an id

Written = dict[str, Any]  # a comment as the file has it


class ThreadUnwritable(FirsthandError):
    """A conversation's file that cannot be read, added to or written; says which and why."""


def read_written(path: Path, own: str) -> dict[str, Any]:
    """The file as it is; a new one of the provider `own` where there is none. Raises ThreadUnwritable."""
    shown = f"{FOLDER}/{path.name}"
    fix = "Mend it or take it from git's history; until then it stays as it is."
    try:
        if path.is_symlink() or path.stat().st_size > MAX_BYTES:
            raise ThreadUnwritable(f"{shown} is a symbolic link or larger than {MAX_BYTES:,} bytes. {fix}")
        text = path.read_bytes().decode("utf-8")
        document = json.loads(text)
        if _HALF.search(text):
            json.dumps(document, ensure_ascii=False).encode()
    except FileNotFoundError:
        return {"provider": own, "fetched": None, "comments": []}
    except (OSError, ValueError, RecursionError) as error:
        raise ThreadUnwritable(f"{shown} cannot be read: {error}. {fix}") from error
    listed = document.get("comments") if isinstance(document, dict) else None
    if not isinstance(listed, list) or not all(isinstance(one, dict) and _is_named(one) for one in listed):
        raise ThreadUnwritable(f"{shown} holds no list of comments. {fix}")
    return {"provider": own, "fetched": None, **document}


def text_of(document: dict[str, Any]) -> str:
    """The file's text, the comments in order."""
    ordered = {**document, "comments": in_order(document["comments"])}
    return json.dumps(ordered, ensure_ascii=False, indent=2) + "\n"


def in_order(comments: Iterable[Written]) -> list[Written]:
    """By time, then by id with its numbers as numbers: the same list whoever told it first."""
    return sorted(comments, key=_order)


def moment(time: datetime) -> str:
    """A time as the file has it: in UTC, "2026-11-12T18:30:00Z"."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _is_named(comment: Written) -> bool:
    """True for an id, and for a parent or none, that something can be called by."""
    names = (comment.get("id"), comment.get("parent") or "")
    return all(type(name) in (str, int) and len(str(name)) <= _LONGEST for name in names)


def _order(comment: Written) -> tuple[str, list[tuple[int, int, str]], str]:
    name = str(comment["id"])
    parts = [part for part in _DIGITS.split(name) if part]
    numbered = [(0, int(part), "") if part.isascii() and part.isdecimal() else (1, 0, part) for part in parts]
    return str(comment.get("published")), numbered, name
