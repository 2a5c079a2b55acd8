"""What an import says of an export's threads, for an editor."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.guard.text import one_line

from .exported import Export, Exported
from .match import ending

MOST_LINES = 40  # of threads that nobody knows: an old blog has thousands


def without_story(homeless: list[tuple[Exported, list[str]]]) -> Iterator[str]:
    """A line for each thread that has no story, the longest first."""
    ordered = sorted(homeless, key=lambda one: -len(one[0].said))
    for thread, found in ordered[:MOST_LINES]:
        many = len(thread.said)
        told = f"{shown(thread)}: {many} comment{'s' * (many != 1)}"
        if found:
            yield f"{told}, and {' and '.join(found)} both name this address. Let one of them name it."
        else:
            name = ending(thread.address) or ending(thread.name)
            folder = f", or call its folder {name!r}" if name else ""
            yield f"{told}, but no story. Write the address into its story's `canonical` or `via`{folder}."
    if len(ordered) > MOST_LINES:
        yield f"... and {len(ordered) - MOST_LINES} more threads without a story."


def shown(thread: Exported) -> str:
    """Where a thread stood, for a message."""
    return one_line(thread.address or thread.name)[:120] or "a thread without an address"


def summary(
    export: Export, by_story: dict[str, list[Exported]], new: int, changed: int, dry_run: bool
) -> str:
    """The whole import in a sentence."""
    read = sum(len(thread.said) for thread in export.threads)
    placed = sum(len(thread.said) for threads in by_story.values() for thread in threads)
    threads, stories = _many(len(export.threads), "thread"), _many(len(by_story), "story", "stories")
    parts = [f"{_many(read, 'comment')} in {threads}; {placed} of them under {stories} here"]
    parts.append(f"{new} new, {changed} changed" + ", nothing written" * dry_run)
    if left_out := [f"{many} {why}" for why, many in export.left_out.most_common() if many]:
        parts.append(f"left out: {', '.join(left_out)}")
    return "; ".join(parts) + "."


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"
