"""What bringing the threads did: a line for each that changed, each reason to fail, and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from plugins.guard.text import one_line

Say = Callable[[str], None]
WORDS = 300  # characters of a reason
SHOWN = 3  # threads that one reason is told of; the others are counted


@dataclass
class Brought:
    """Stories by what became of their threads; one that two systems keep may be in it twice."""

    say: Say
    changed: list[str] = field(default_factory=list)
    same: int = 0
    failed: list[str] = field(default_factory=list)  # not read, or not believed
    unwritten: list[str] = field(default_factory=list)
    stopped: bool = False  # by Ctrl-C: what was done is kept
    _reasons: Counter[tuple[str, str]] = field(default_factory=Counter)

    def change(self, provider: str, slug: str, what: str) -> None:
        """A thread that is not as it was."""
        self.changed.append(slug)
        self.say(f"{slug}: {provider}: {what}")

    def fail(self, provider: str, slug: str, why: str, *, kept: bool) -> None:
        """A thread that was not had; `kept` where there is a file of it, which stays."""
        self.failed.append(slug)
        words = one_line(why)[:WORDS].rstrip(".")
        self._reasons[provider, words] += 1
        if self._reasons[provider, words] <= SHOWN:
            stays = " What is kept of it stays." if kept else ""
            self.say(f"{slug}: {provider}: not read: {words}.{stays}")

    def refuse(self, slug: str, why: str) -> None:
        """A thread that was had, and whose file could not be written."""
        self.unwritten.append(slug)
        self.say(f"{slug}: {one_line(why)}")

    def end(self, *, dry_run: bool = False) -> None:
        """Say what is left to say: how many more failed for a reason that was told, and the summary."""
        for (provider, words), count in self._reasons.items():
            if count > SHOWN:
                self.say(f"{provider}: and {count - SHOWN} more for the same reason: {words}.")
        self.say(self.summary(dry_run=dry_run))

    def summary(self, *, dry_run: bool = False) -> str:
        """One line: "2 threads changed, 298 the same; 1 thread could not be read and stays as it was."."""
        words = f"{_threads(self.changed)} changed, {self.same} the same"
        if self.failed:
            stay = "stays as it was" if len(self.failed) == 1 else "stay as they were"
            words += f"; {_threads(self.failed)} could not be read and {stay}"
        if self.unwritten:
            words += f"; {_threads(self.unwritten)} could not be written"
        if self.stopped:
            words += ". Stopped before the end: what was done is kept, and the next run does the rest"
        return f"{words}. Nothing was written: this was a dry run." if dry_run else f"{words}."


def _threads(slugs: list[str]) -> str:
    return f"{len(slugs)} thread{'' if len(slugs) == 1 else 's'}"
