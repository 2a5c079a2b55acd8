"""One thing wrong with a file, in plain words, and the error that carries all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

from plugins import FirsthandError

from .text import one_line

Level = Literal["error", "hint"]


@dataclass(frozen=True, order=True)
class Finding:
    """What is wrong, where, and what to do; errors stop a build, hints do not."""

    path: str
    line: int
    level: Level
    message: str
    fix: str

    def __str__(self) -> str:
        hint = "hint: " if self.level == "hint" else ""
        # One line whatever a file's name or a key holds: it goes to terminals, logs and annotations.
        return one_line(f"{self.path}:{self.line}: {hint}{self.message} {self.fix}")

    def as_dict(self) -> dict[str, object]:
        """The finding as JSON can say it, for a CI's annotations."""
        return asdict(self)


class ContentRefused(FirsthandError):
    """Content that must not be built; says every problem at once."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = sorted(set(findings))
        super().__init__("\n".join(str(finding) for finding in self.findings))


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Only those that stop a build."""
    return [finding for finding in findings if finding.level == "error"]
