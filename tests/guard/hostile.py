"""What the tests of hostile content share: a case, how it is laid into a site, and what must hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from plugins.guard.finding import ContentRefused, Finding, errors
from plugins.stories import check_content
from tests.conftest import Site


@dataclass(frozen=True)
class Refused:
    """One story that must not be built; the line and some words of what is said about it.

    Lines of `Site.story`: title 2, date 3, author 4, category 5, tags 6, summary 7, consent 8, then
    further fields, a line ---, the body.
    """

    line: int
    says: str
    body: str = "Some words.\n"
    front: dict[str, str] = field(default_factory=dict)
    files: dict[str, str | bytes] = field(default_factory=dict)
    path: str = "stories/hostile/index.md"

    def lay(self, site: Site, slug: str = "hostile") -> str:
        """Write it; gives the path that messages name."""
        if not self.files:
            site.story(slug, self.body, **self.front)
        for path, data in self.files.items():
            site.write(path.replace("hostile", slug), data)
        return "content/" + self.path.replace("hostile", slug)

    def is_said_by(self, findings: list[Finding], path: str) -> bool:
        """True where a finding names the file, the line, what is wrong and what to do."""
        return any(
            f.path == path and f.line == self.line and self.says in f.message + f.fix and f.fix
            for f in findings
        )


def assert_refused(site: Site, case: Refused) -> None:
    """The check, which is the gate of every build, says it."""
    path = case.lay(site)
    found = errors(check_content(site.content).findings)
    assert case.is_said_by(found, path), "\n".join(map(str, found)) or "nothing was refused"


def assert_all_refused_by_a_build(site: Site, cases: dict[str, Refused]) -> None:
    """One build of all of them: each is told, and nothing on the disk is touched."""
    site.build()
    (site.root / "secret.txt").write_text("SECRET")
    paths = {name: case.lay(site, f"hostile-{place}") for place, (name, case) in enumerate(cases.items())}
    before = snapshot(site.root)
    with pytest.raises(ContentRefused) as refused:
        site.build()
    unsaid = [
        name for name, case in cases.items() if not case.is_said_by(refused.value.findings, paths[name])
    ]
    assert unsaid == []
    assert str(refused.value).count("\n") + 1 == len(refused.value.findings), "one line for each"
    assert snapshot(site.root) == before


def snapshot(root: Path) -> dict[str, bytes]:
    """Every file below a folder but the caches, with what is in it."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not {"cache", "__pycache__"} & set(path.relative_to(root).parts)
    }
