"""What git's words mean when it could not reach or change a repository elsewhere."""

from __future__ import annotations

import re

from plugins.guard.text import one_line

from .forge import ForgeDown, ForgeRefused


class BranchTaken(ForgeRefused):
    """The forge has a branch of that name already, at another commit."""


_DOWN = re.compile(
    r"returned error: (?:408|429|5\d\d)|could not resolve|failed to connect|couldn't connect|timed? ?out|"
    r"connection (?:was )?(?:reset|refused|closed)|early eof|hung up|rpc failed|unexpected disconnect|"
    r"transfer closed|empty reply|operation too slow|cannot lock ref|failed to (?:lock|update ref)|"
    r"internal server error|gnutls|ssl_error_syscall|recv failure|send failure|try again",
    re.IGNORECASE,
)
_TAKEN = re.compile(r"\[rejected\]|stale info|non-fast-forward|reference already exists", re.IGNORECASE)
_NO_ENTRY = re.compile(
    r"authentication failed|terminal prompts disabled|could not read username|returned error: 40[13]|"
    r"invalid credentials|permission to \S+ denied|access denied|not allowed to push",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"repository .*not found|returned error: (?:404|410)|does not appear to be", re.IGNORECASE
)
_MOVED = re.compile(r"returned error: 30\d|unable to update url base from redirection", re.IGNORECASE)
_RULES = re.compile(
    r"\[remote rejected\]|hook declined|protected branch|returned error: 413|certificate", re.I
)


def told(url: str, text: str) -> ForgeDown | ForgeRefused:
    """What git's words mean: to try again later, or that waiting mends nothing.

    Words that are not known mean later: a story is rather tried once too often than given up.
    """
    said = _told_line(text)
    if _TAKEN.search(text):
        return BranchTaken(f"{url} has that branch already: {said}")
    if _DOWN.search(text):
        return ForgeDown(f"git could not reach {url}: {said}")
    if _NO_ENTRY.search(text):
        return ForgeRefused(f"{url} does not let the token push. Give it write access to code: {said}")
    if _MISSING.search(text):
        return ForgeRefused(f"There is no repository {url}, or the token may not see it: {said}")
    if _MOVED.search(text):
        return ForgeRefused(f"{url} has moved. Write the repository's new address: {said}")
    if _RULES.search(text):
        return ForgeRefused(f"{url} took no branch of ours. Read what it said, and change its rules: {said}")
    return ForgeDown(f"git failed at {url}: {said}")


def _told_line(text: str) -> str:
    """The line that says most: the forge's own last words, git's error, the refused branch."""
    lines = [one_line(line) for line in text.splitlines() if line.strip()]
    for start in ("!", "remote: error", "remote: fatal", "fatal:", "error:", "remote:"):
        if found := [line for line in lines if line.startswith(start)]:
            return found[-1][:300]
    return lines[-1][:300] if lines else "no reason given"
