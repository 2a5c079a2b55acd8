"""Hostile stories that reach for files: links out of the folder, links to links, kinds not published."""

from __future__ import annotations

import os

import pytest

from plugins.guard.finding import ContentRefused, errors
from plugins.stories import check_content

from .hostile import Refused, assert_all_refused_by_a_build, assert_refused, snapshot

NOT_A_LINK = "is not a link that a story may have"
REACHING = {
    "attach above": "[a]({attach}../../secret.txt)",
    "static above": "[a]({static}../../secret.txt)",
    "pelican 3 mark": "[a](|attach|../../secret.txt)",
    "upper case": "[a]({STATIC}/../secret.txt)",
    "absolute": "![a]({attach}/proc/self/environ)",
    "dots after an absolute path": "![a]({attach}/../../../../../../proc/self/environ)",
    "percent-encoded": "![a]({attach}%2e%2e/%2e%2e/secret.txt)",
    "another story's photograph": "![a]({attach}../the-first-day/door.jpg)",
    "in a reference": "[a]\n\n[a]: {static}/secret.txt",
    "in raw HTML": '<img src="{attach}../../secret.txt" alt="">',
    "in an attribute without quotes": "<a href={filename}../x.md>a</a>",
    "a mark within a mark": "[a]({att{attach}ach}../../secret.txt)",
    "what is no photograph": "[a]({attach}index.md)",
    "an index mark before a script": "[a]({index}javascript:alert(1))",
    "a person's mark": "[a]({author}ada-brook)",
}


def refusals() -> dict[str, Refused]:
    cases = {}
    for name, row in REACHING.items():
        offset = next(n for n, line in enumerate(row.split("\n")) if "{" in line or "|" in line)
        says = "is not a link" if "photograph" not in name else NOT_A_LINK
        cases[name] = Refused(10 + offset, says, body=row + "\n")
    cases["in the title"] = Refused(2, NOT_A_LINK, front={"title": '"{static}/secret.txt"'})
    cases["in the summary"] = Refused(7, NOT_A_LINK, front={"summary": '"![a]({attach}../secret.txt)"'})
    cases["in a new field"] = Refused(9, NOT_A_LINK, front={"relationship": '"{attach}../x"'})
    cases["a photograph that is not there"] = Refused(
        10, "is not in the story's folder", body="![a]({attach}no.jpg)\n"
    )
    cases["a photograph elsewhere as cover"] = Refused(
        9, "is not among `photos`", front={"cover": "../door.jpg"}
    )
    cases["a photograph elsewhere in photos"] = Refused(
        9,
        "is not a photograph's name",
        front={"photos": '{"../the-first-day/door.jpg": {alt: a, credit: b}}'},
    )
    return cases


@pytest.mark.parametrize("case", refusals().values(), ids=refusals())
def test_a_story_reaches_for_a_file(site, case):
    assert_refused(site, case)


def test_a_build_of_all_of_them_publishes_nothing(site):
    assert_all_refused_by_a_build(site, refusals())


def test_a_person_and_a_page_reach_for_a_file(site):
    (site.root / "secret.txt").write_text("SECRET")
    site.write("people/hostile.md", "---\nname: H\nkind: guest\n---\n[a]({static}../secret.txt)\n")
    site.write("pages/hostile.md", "---\ntitle: H\n---\n\n[a](|filename|../secret.txt)\n")
    with pytest.raises(ContentRefused) as refused:
        site.build()
    assert [(f.path, f.line) for f in refused.value.findings] == [
        ("content/pages/hostile.md", 5),
        ("content/people/hostile.md", 5),
    ]


LINKED = {
    "a photograph": "stories/the-first-day/stolen.jpg",
    "a story": "stories/stolen/index.md",
    "a person": "people/stolen.md",
    "a portrait": "people/stolen.png",
    "a conversation": "conversations/the-borrowed-van.json",
    "a page": "pages/stolen.md",
}


@pytest.mark.parametrize("path", LINKED.values(), ids=LINKED)
def test_a_symbolic_link_is_refused(site, path):
    secret = site.root / "secret"
    secret.write_text("SECRET")
    link = site.content / path
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(os.path.relpath(secret, link.parent))
    found = errors(check_content(site.content).findings)
    assert ("content/" + path, 1, "This is a symbolic link.") in [(f.path, f.line, f.message) for f in found]


def test_a_folder_that_is_a_symbolic_link_is_refused(site):
    outside = site.root / "outside"
    outside.mkdir()
    (outside / "index.md").write_text("---\ntitle: SECRET\n---\nSECRET\n")
    (site.content / "stories/linked").symlink_to(outside)
    before = snapshot(site.root)
    with pytest.raises(ContentRefused, match="content/stories/linked:1: This is a symbolic link"):
        site.build()
    assert snapshot(site.root) == before


UNPUBLISHED = [
    "stories/the-first-day/notes.rst",
    "stories/the-first-day/index.html",
    "stories/the-first-day/drawing.svg",
    "stories/the-first-day/run.php",
    "stories/the-first-day/run.php.jpg.phtml",
    "stories/the-first-day/.htaccess",
    "stories/the-first-day/other.md",
    "stories/the-first-day/deep/photo.jpg",
    "stories/loose.md",
    "pages/page.html",
    "pages/photo.jpg",
    "people/person.rst",
    "people/folder/ada.md",
    "conversations/the-first-day.json.php",
    ".env",
    "index.md",
]


def test_files_of_other_kinds_are_refused(site):
    site.build()
    for path in UNPUBLISHED:
        site.write(path, ".. raw:: html\n   :file: /etc/passwd\n")
    before = snapshot(site.output)
    with pytest.raises(ContentRefused) as refused:
        site.build()
    said = {f.path: f for f in refused.value.findings}
    assert sorted(said) == sorted(f"content/{path}" for path in UNPUBLISHED)
    assert all(f.line == 1 and f.fix for f in said.values())
    assert snapshot(site.output) == before
