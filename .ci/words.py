"""What `./inv check --json` found, in the words and marks of a forge; nothing but Python's own library.

    words.py lines   AFTER.json [--before BEFORE.json]   FILE:LINE: what is wrong. What to do.
    words.py marks   ...                                 the same as annotations of GitHub's
    words.py remark  ...                                 as a remark under a pull request, in Markdown
    words.py quality ...                                 as GitLab's code quality report

Only what BEFORE does not say already is said: a storyteller is not told about others' files. The first two
end with 1 where something has to be mended. The files may come from a stranger's run: whatever stands in
them is shown as text, cut where it is too long, and never as Markdown, HTML or a command.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

MARK = "<!-- firsthand-check -->"
LARGEST = 2_000_000  # bytes of a file with findings
MOST = 50  # findings in a remark
LONGEST = 400  # characters of one


class Unreadable(Exception):
    """A file that holds no findings."""


@dataclass(frozen=True)
class Found:
    """One finding, with its texts made one line of plain characters each."""

    path: str
    line: int
    level: str
    words: str

    def __str__(self) -> str:
        hint = "hint: " if self.level == "hint" else ""
        return f"{self.path}:{self.line}: {hint}{self.words}"


def plain(text: object) -> str:
    """One line without controls, bidi marks and other characters that show nothing."""
    shown = "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
        for c in str(text)
        if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn")
    )
    return " ".join(shown.split())[:LONGEST]


def read(file: Path) -> list[Found]:
    """The findings in a file. Raises Unreadable for anything else."""
    try:
        if file.is_symlink() or file.stat().st_size > LARGEST:
            raise Unreadable(f"{file.name} is no file of findings, or too large")
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise Unreadable(f"{file.name} holds no findings") from error
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Unreadable(f"{file.name} holds no findings")
    return list(map(_found, found))


def _found(one: dict[str, object]) -> Found:
    line = one.get("line")
    line = line if isinstance(line, int) and not isinstance(line, bool) and 0 < line < 10**6 else 1
    level = "hint" if one.get("level") == "hint" else "error"
    words = plain(f"{one.get('message', '')} {one.get('fix', '')}")
    return Found(plain(one.get("path", "")), line, level, words)


def new(after: list[Found], before: list[Found]) -> list[Found]:
    """What was not there before, wherever its line is now; errors first."""
    known = {(one.path, one.level, one.words) for one in before}
    left = [one for one in after if (one.path, one.level, one.words) not in known]
    return sorted(left, key=lambda one: (one.level, one.path, one.line, one.words))


def lines(found: list[Found]) -> Iterator[str]:
    """As `./inv check` says it."""
    yield from map(str, found) if found else ["Nothing is missing."]


def marks(found: list[Found]) -> Iterator[str]:
    """Annotations: https://docs.github.com/actions/reference/workflow-commands-for-github-actions"""
    for one in found:
        kind = "error" if one.level == "error" else "notice"
        words = one.words.replace("%", "%25")
        path = one.path.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
        yield f"::{kind} file={path},line={one.line}::{words}"
    if not found:
        yield "Nothing is missing."


def remark(found: list[Found]) -> Iterator[str]:
    """A code block: nobody is called by it, nothing in it is a link."""
    yield MARK
    wrong = sum(one.level == "error" for one in found)
    if not found:
        yield "Thank you for your story. The check finds nothing missing; a person reads it next."
        return
    yield "Thank you for your story. The check has read its files, and says:"
    yield ""
    yield from (f"    {one}" for one in found[:MOST])
    if len(found) > MOST:
        yield f"    ... and {len(found) - MOST} more: ./inv check"
    yield ""
    yield (
        f"{wrong} to mend before it can be published; push to the same branch, and the check reads it again."
        if wrong
        else "These are hints: a person reads your story next, and decides with you."
    )


def quality(found: list[Found]) -> Iterator[str]:
    """https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format"""
    report = [
        {
            "description": one.words,
            "check_name": "firsthand",
            "fingerprint": hashlib.sha256(f"{one.path}\n{one.level}\n{one.words}".encode()).hexdigest(),
            "severity": "major" if one.level == "error" else "info",
            "location": {"path": one.path, "lines": {"begin": one.line}},
        }
        for one in found
    ]
    yield json.dumps(report, ensure_ascii=False, indent=2)


SAYS: dict[str, Callable[[list[Found]], Iterator[str]]] = {
    "lines": lines,
    "marks": marks,
    "remark": remark,
    "quality": quality,
}


def main(words: list[str]) -> int:
    """Says it; 1 where something has to be mended and an exit code can say so."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("how", choices=SAYS)
    parser.add_argument("after", type=Path)
    parser.add_argument("--before", type=Path)
    given = parser.parse_args(words)
    try:
        found = new(read(given.after), read(given.before) if given.before else [])
    except Unreadable as error:
        print(f"The check did not come to its end: {error}. Read its log.", file=sys.stderr)
        return 2
    for line in SAYS[given.how](found):
        print(line)
    return int(given.how in ("lines", "marks") and any(one.level == "error" for one in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
