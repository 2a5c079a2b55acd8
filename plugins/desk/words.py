"""What an editor reads of a proposal: as the commit's message here, as the pull request's text elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

from plugins.guard.document import read_document
from plugins.guard.finding import ContentRefused, Finding, errors
from plugins.guard.text import one_line

from .proposal import STORY, Proposal, StoryFiles

PROPOSAL, SLUG = "Proposal", "Story"
SUBJECT = 72  # characters
SHOWN = 30  # findings
# What Markdown would take for its own, and what forges take for people, issues and addresses.
_MARKS = re.compile(r"([\\`*_{}\[\]()+!|<>~&])")
_CALLS = re.compile(r"(@|#|://|\bwww)", re.IGNORECASE)
_KINDS = {"form": "the form", "feed": "a member's feed", "pull request": "a pull request"}


def title_of(story: StoryFiles) -> str:
    """The story's title as one line; its slug where the text cannot be read."""
    try:
        found = read_document(Path(STORY), STORY, story.files[STORY]).front.get("title")
    except ContentRefused:
        found = None
    return one_line(found if isinstance(found, str) else "") or story.slug


def subject_of(proposal: Proposal) -> str:
    """The title of the pull request, and the first line of the commit."""
    words = f"Story: {title_of(proposal.story)}"
    return words if len(words) <= SUBJECT else f"{words[: SUBJECT - 4].rstrip()} ..."


def description(proposal: Proposal, preview: str = "") -> str:
    """The proposal told to an editor, in Markdown in which nobody else's text is more than text.

    `preview` is the address of the story's preview, where there is one.
    """
    origin, wrong = proposal.origin, errors(proposal.checks)
    photographs = sum(not name.endswith(".md") for name in proposal.story.files)
    lines = [
        f"**{plain(title_of(proposal.story))}**, told by {plain(origin.name) or 'somebody without a name'}, "
        f"came by {_KINDS[origin.kind]} on {origin.at:%Y-%m-%d} with {_counted(photographs, 'photograph')}.",
        "",
    ]
    if proposal.summary:
        lines += [f"> {plain(proposal.summary)}", ""]
    lines += ["**What the check says**", ""]
    lines += [f"- {_said(finding)}" for finding in proposal.checks[:SHOWN]] or ["- Nothing is missing."]
    if more := len(proposal.checks) - SHOWN:
        lines += [f"- and {more} more: `./inv desk.show {proposal.id}`"] if more > 0 else []
    lines += ["", "**What they agreed to**", "", _consent(proposal), "", "**What to do**", ""]
    if preview:
        lines.append(f"- Look at it: {preview}")
    else:
        lines.append(f"- Look at it: `./inv desk.preview {proposal.id}`")
    if wrong:
        lines.append(f"- Mend what the check says ({_counted(len(wrong), 'thing')}) on this branch.")
    lines += [
        f"- Edited more than a typing error? Ask them: `./inv desk.ask {proposal.id}`",
        f"- Publish it: `./inv desk.publish {proposal.id}`, or merge this branch.",
        f'- Not for here? `./inv desk.decline {proposal.id} --reason "..."` tells them kindly.',
    ]
    return "\n".join(lines) + "\n"


def message(proposal: Proposal) -> str:
    """The commit's message: subject, description, and the lines that the desk finds it by."""
    trailers = f"{PROPOSAL}: {proposal.id}\n{SLUG}: {proposal.story.slug}\n"
    return f"{subject_of(proposal)}\n\n{description(proposal)}\n{trailers}"


def plain(text: str) -> str:
    """Somebody's text as one line of Markdown that links to nothing and calls nobody."""
    marked = _MARKS.sub(r"\\\1", one_line(text))
    return _CALLS.sub(lambda found: f"{found[0][0]}\u2060{found[0][1:]}", marked)


def _said(finding: Finding) -> str:
    level = "" if finding.level == "error" else "hint: "
    where = f"{finding.path.rpartition('/')[2]}:{finding.line}"
    return plain(f"{where}: {level}{finding.message} {finding.fix}")


def _consent(proposal: Proposal) -> str:
    try:
        found = read_document(Path(STORY), STORY, proposal.story.files[STORY]).front.get("consent")
    except ContentRefused:
        found = None
    if not isinstance(found, dict):
        return "Nothing yet: ask them before it is published."
    told = (f"{key} {_listed(value)}" for key, value in found.items() if key != "receipt")
    receipt = f" The receipt is {plain(proposal.origin.receipt)}." if proposal.origin.kind == "form" else ""
    return plain("; ".join(told)) + "." + receipt


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count or 'no'} {what}s"
