"""What is wrong with the conversations' files, for `./inv check`: the words that a build would stop with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from plugins.guard.finding import ContentRefused, Finding
from plugins.people import Profile

from .known import Known
from .ledger import NAME, Ledger
from .snapshot import read_snapshot


def check_conversations(content: Path, people: Mapping[str, Profile]) -> list[Finding]:
    """Read every snapshot below content/conversations/, and the ledger; nothing is written."""
    known = {slug: Known(profile) for slug, profile in people.items()}
    findings: list[Finding] = []
    try:
        Ledger.read(content / "conversations" / NAME)
    except ContentRefused as refused:
        findings += refused.findings
    for path in sorted((content / "conversations").glob("*.json")):
        shown = f"{content.name}/conversations/{path.name}"
        if not (content / "stories" / path.stem).is_dir():
            fix = "Name the file as the story's folder, or remove it."
            findings.append(Finding(shown, 1, "hint", f"There is no story {path.stem!r}.", fix))
        try:
            findings += read_snapshot(path, shown, known).hints
        except ContentRefused as refused:
            findings += refused.findings
    return findings
