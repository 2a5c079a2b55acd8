"""What people write: what is wrong with it, and skeletons to write over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from invoke.exceptions import Exit
from invoke.tasks import task

from plugins import today

from .place import as_json, conversing, place, plainly

if TYPE_CHECKING:
    from plugins.guard.finding import Finding


@task(
    help={
        "file": "only what is said of this file; may be given more than once",
        "json": "for a CI's annotations",
        "content": "another content folder than content/",
    },
    iterable=["file"],
)
def check(c: Any, file: list[str], json: bool = False, content: str = "") -> None:
    """Say in plain words what is wrong with stories and people; exit 1 on an error."""
    from plugins.guard.finding import errors

    folder = Path(content).resolve() if content else place.content
    if missing := [name for name in file if not Path(name).is_file()] or (not folder.is_dir() and [content]):
        raise Exit(f"There is no {'file' if file else 'folder'} {missing[0]}. Check the path.", code=1)
    if outside := [name for name in file if folder not in Path(name).resolve().parents]:
        raise Exit(f"{outside[0]} is not in {folder.name}/. Name its content folder with --content.", code=1)
    with plainly():
        findings = _everything_wrong(folder)
    if file:
        wanted = {Path(name).resolve().relative_to(folder.parent).as_posix() for name in file}
        findings = [finding for finding in findings if finding.path in wanted]
    if json:
        print(as_json([finding.as_dict() for finding in findings]))
    else:
        for finding in findings:
            print(finding)
        wrong = len(errors(findings))
        print(f"{wrong} to mend, {len(findings) - wrong} to look at." if findings else "Nothing is wrong.")
    if errors(findings):
        raise Exit(code=1)


def _everything_wrong(content: Path) -> list[Finding]:
    from plugins.conversations import check_conversations
    from plugins.conversations.badges import new_badges
    from plugins.conversations.choices import check_choices
    from plugins.desk import check_withdrawn
    from plugins.stories import check_content
    from plugins.syndication import check_sources

    checked = check_content(content)
    stories = [(file, story) for file, story, _ in checked.stories]
    others = [
        *check_conversations(content, checked.people),
        *check_choices(content, stories, checked.people, conversing()),
        *new_badges(place.content, content),
        *check_sources(content),
    ]
    return sorted({*checked.findings, *others, *check_withdrawn(content)})


@task(help={"title": "what it is called", "author": "the slug of a person"})
def new_story(c: Any, title: str, author: str) -> None:
    """Make a story to write over, as a draft, in the right place."""
    from plugins.stories.skeleton import new_story as make

    _made(lambda: make(place.content, title, author, today()))


@task(help={"name": "the person's whole name", "kind": "staff, member, customer or guest"})
def new_person(c: Any, name: str, kind: str = "member") -> None:
    """Make a person's file to write over, in the right place."""
    from plugins.stories.skeleton import new_person as make

    _made(lambda: make(place.content, name, kind, today()))


def _made(make: Callable[[], Path]) -> None:
    with plainly():
        path = make()
    print(f"Made {path.relative_to(place.root)}. Write over it, then run ./inv check.")
