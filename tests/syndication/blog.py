"""A blog that changes, on a server of the test's own, and pulling it."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.syndication import PullReport, pull

if TYPE_CHECKING:
    from .conftest import Served

FEEDS = Path(__file__).parent / "feeds"
BLOG = FEEDS / "blog.xml"
TRUSTED = 'review = false\nmode = "full"\nconsent = {given = 2026-10-01, version = 1, name = "full"}'
WALT = "walt-okafor"


def tree(content: Path) -> dict[str, str]:
    files = sorted(path for path in content.rglob("*") if path.is_file())
    return {str(path.relative_to(content)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def run(content: Path, **more: object) -> tuple[PullReport, list[str]]:
    said: list[str] = []
    report = pull(content, say=said.append, **more)  # type: ignore[arg-type]
    beside = {path.name for path in content.parent.iterdir()}
    assert beside <= {"content", "var"}  # nothing left beside it but the database
    return report, said


class Blog:
    """Walt's blog on a server of the test's own; `edit` changes what it says."""

    def __init__(self, content: Path, served: "Served", more: str = "") -> None:
        self.content, self.served = content, served
        self.text = BLOG.read_text("utf-8").replace("HOST", served.url)
        (content / "sources.toml").write_text(
            f'[[source]]\nperson = "{WALT}"\nfeed = "{served.url}/blog"\n{more}\n'
        )
        self.edit()

    def edit(self, *changes: tuple[str, str]) -> None:
        for old, new in changes:
            assert old in self.text
            self.text = self.text.replace(old, new)
        self.served.pages["/blog"] = (200, "application/rss+xml", self.text.encode())

    def without(self, number: int) -> None:
        """Take the item with this guid out."""
        items = self.text.split("<item>")
        kept = [items[0], *(item for item in items[1:] if f"?p={number}<" not in item)]
        self.text = "<item>".join(kept)
        if "</channel>" not in self.text:
            self.text += "</channel></rss>"
        self.edit()

    def pull(self, **more: object) -> tuple[dict[str, int], list[str]]:
        report, said = run(self.content, source=WALT, **more)
        return {kind: count for kind, count in report.counts.items() if count}, said

    def story(self, slug: str) -> Path:
        return self.content / "stories" / slug / "index.md"


def forget(content: Path) -> None:
    for file in (content.parent / "var").glob("firsthand.sqlite*"):
        file.unlink()
