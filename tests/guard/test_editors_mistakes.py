"""Mistakes that editors make: each is told once, where it is, with its cure; harmless ones pass."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from plugins.fastbuild.build import build_site
from plugins.stories import check_content

LEFT_BEHIND = [".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep", ".index.md.swp", "index.md~", "4913"]
NEARLY = [".htaccess", ".gitignore", ".env", "thumbs.php", "49134", "x.swp.php", "DS_Store"]
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"


def said(site):
    return [str(finding) for finding in check_content(site.content).findings]


def picture(kind="JPEG"):
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "red").save(out, kind)
    return out.getvalue()


def photos(name):
    return f'{{"{name}": {{alt: A cat, credit: Ada Brook}}}}'


@pytest.mark.parametrize("folder", ["", "stories/", "stories/the-first-day/", "people/", "pages/"])
def test_what_programs_leave_behind_is_passed_over_and_never_published(site, folder):
    for name in LEFT_BEHIND:
        site.write(folder + name, "leftover")
    (site.content / folder / ".#index.md").symlink_to("somebody@a-computer.1234")
    assert said(site) == []
    site.build()
    assert not [path for path in site.files() if b"leftover" in (site.output / path).read_bytes()]


@pytest.mark.parametrize("name", ["old~", ".#old", "4913"])
def test_a_linked_folder_by_such_a_name_is_refused(site, name):
    outside = site.root / "outside"
    outside.mkdir()
    (outside / "index.md").write_text("---\ntitle: SECRET\n---\nSECRET\n")
    (site.content / "stories" / name).symlink_to(outside)
    assert said(site) == [
        f"content/stories/{name}:1: This is a symbolic link. Put the file itself here.",
    ]


@pytest.mark.parametrize("name", NEARLY)
def test_other_files_stay_refused(site, name):
    site.write(f"stories/the-first-day/{name}", "x")
    assert [line.split(": ")[0] for line in said(site)] == [f"content/stories/the-first-day/{name}:1"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("IMG_1234.JPG", "JPEG"), ("a.JPEG", "JPEG"), ("a.PNG", "PNG"), ("a.WEBP", "WEBP"), ("a.AVIF", "AVIF")],
)
def test_names_as_cameras_write_them(site, name, kind):
    site.story(photos=photos(name), cover=name, body=f"![A cat]({{attach}}{name})\n")
    site.write(f"stories/a-test/{name}", picture(kind))
    assert said(site) == []
    site.build()
    assert f"stories/a-test/{name}" in site.files()
    assert f'src="/stories/a-test/{name}"' in site.page("stories/a-test/")


def test_a_name_in_capitals_does_not_hide_another_format(site):
    site.story(photos=photos("cat.JPG"))
    site.write("stories/a-test/cat.JPG", picture("PNG"))
    assert said(site) == [
        "content/stories/a-test/index.md:9: A photograph cannot be shown."
        " cat.JPG is a PNG in truth. Name it cat.png."
    ]


@pytest.mark.parametrize(
    "link",
    ["{attach}IMG 001.JPG", "IMG 001.JPG", "<{attach}IMG 001.JPG>", "IMG%20001.JPG", 'IMG 001.JPG "A cat"'],
)
def test_a_name_with_a_blank_is_told_once(site, link):
    site.story(photos=photos("IMG 001.JPG"), cover="IMG 001.JPG", body=f"![A cat]({link})\n")
    site.write("stories/a-test/IMG 001.JPG", picture())
    assert said(site) == [
        "content/stories/a-test/IMG 001.JPG:1: The photograph's name has other marks than letters, digits,"
        " - and _. Rename it to img-001.jpg, here and in the text."
    ]


def test_a_name_as_computers_write_a_copy(site):
    site.story(photos=photos("cat (1).jpg"), body="![A cat]({attach}cat (1).jpg)\n")
    site.write("stories/a-test/cat (1).jpg", picture())
    assert [line.split(":")[0] for line in said(site)] == ["content/stories/a-test/cat (1).jpg"]


def test_a_listed_name_with_a_blank_and_no_photograph_is_told_at_the_list(site):
    site.story(photos=photos("a cat.jpg"), cover="a cat.jpg", body="![A cat](a cat.jpg)\n")
    assert [line.split(": ")[0] for line in said(site)] == ["content/stories/a-test/index.md:9"]


@pytest.mark.parametrize("name", ["IMG_1.HEIC", "cat.heic", "a cat.heif"])
def test_photographs_of_iphones(site, name):
    site.story(photos=photos(name), cover=name, body=f"![A cat]({{attach}}{name})\n\n![A cat]({name})\n")
    site.write(f"stories/a-test/{name}", HEIC)
    what = "This is a HEIC photograph, as iPhones make them. Export it as JPEG."
    assert said(site) == [f"content/stories/a-test/{name}:1: {what}"]


def test_a_portrait_of_an_iphone(site):
    front = "name: Zed\nkind: guest\nportrait: zed.heic\nportrait_alt: Zed\nportrait_credit: Zed\n"
    site.write("people/zed.md", f"---\n{front}---\nWords.\n")
    site.write("people/zed.heic", HEIC)
    assert [line.split(": ")[0] for line in said(site)] == ["content/people/zed.heic:1"]


def test_a_photograph_of_an_iphone_by_another_name(site):
    site.story(photos=photos("cat.jpg"))
    site.write("stories/a-test/cat.jpg", HEIC)
    assert said(site) == [
        "content/stories/a-test/index.md:9: A photograph cannot be shown."
        " This is a HEIC photograph, as iPhones make them. Export it as JPEG."
    ]


CURES = {
    "stories/a-new-one/Index.md": "Rename it to index.md.",
    "stories/a-new-one/index.markdown": "Rename it to index.md.",
    "stories/a-new-one/index.md.txt": "Rename it to index.md.",
    "stories/a-new-one/story.md": "Rename it to index.md.",
    "stories/loose.md": "Give it a folder: stories/loose/index.md.",
    "stories/My Day.markdown": "Give it a folder: stories/my-day/index.md.",
    "stories/the-first-day/index.deutsch.md": "Two letters: index.de.md.",
    "stories/the-first-day/index.DE.md": "Two letters: index.de.md.",
    "stories/the-first-day/index-fr.md": "Two letters: index.fr.md.",
    "stories/the-first-day/index.latin.md": "Write index.de.md, say.",
    "people/zed.markdown": "Rename it to zed.md.",
    "pages/about.md.txt": "Rename it to about.md.",
}


@pytest.mark.parametrize(("path", "fix"), CURES.items(), ids=CURES)
def test_a_text_by_another_name(site, path, fix):
    site.write(path, "---\ntitle: A\n---\nWords.\n")
    (line,) = said(site)
    assert line.startswith(f"content/{path}:1: ")
    assert line.endswith(f" {fix}")


def test_a_second_text_is_not_to_be_renamed_over_the_first(site):
    site.write("stories/the-first-day/notes.md", "Notes.\n")
    (line,) = said(site)
    assert "not published from here" in line
    assert "Rename" not in line


def test_a_picture_without_words_in_the_text_prints_no_warning(site, caplog):
    site.story(photos=photos("cat.jpg"), body="![](cat.jpg)\n\n![]({attach}cat.jpg)\n")
    site.write("stories/a-test/cat.jpg", picture())
    assert said(site) == []
    build_site(site.root / "pelicanconf.py", SITEURL="https://people.example.org")
    assert [record.getMessage() for record in caplog.records] == []
    assert site.page("stories/a-test/").count('alt="A cat"') == 2


NO_END = "The quote that begins here has no end."
UNREADABLE = {
    "no such day": ("date: 2026-02-30", 3, "There is no such day. Correct the date."),
    "no such month": ("date: 2026-13-01", 3, "There is no such day. Correct the date."),
    "a tab": ("title:\tA cat", 3, "There is a tab. Use blanks."),
    "a tab before a list": ("tags:\n\t- cats", 4, "There is a tab. Use blanks."),
    "no blank after the colon": ("author:mara", 3, "There is no blank after the colon."),
    "no colon": ("A cat", 3, "This line has no field's name."),
    "two colons": ("title: A cat: a dog", 3, "There is a second colon in this line."),
    "set in": ("  title: A cat", 3, "This line begins with blanks, below a field that has its text."),
    "set in otherwise": ("roles:\n  - a: b\n   c: d", 5, "This line does not begin below"),
    "a merge conflict": (
        "<<<<<<< HEAD\ntitle: A\n=======\ntitle: B\n>>>>>>> cats",
        3,
        "There is a merge conflict here. Choose one side.",
    ),
    "text after a quote": ('title: "A cat" and a dog', 3, "There is text after the closing quote."),
    "an apostrophe first": ("title: 'Tis night", 3, NO_END),
    "two apostrophes": ("title: 'Tis Mara's night", 3, "There is text after the closing quote."),
    "an open quote": ('title: "A cat', 3, NO_END),
    "a quote that another closes": ('title: "A cat\nsummary: "A dog"', 3, NO_END),
    "a quote within quotes": (
        'photos: {a.jpg: {alt: "A "fat" cat"}}',
        3,
        "Here a comma is missing, or a quote",
    ),
    "an open list": ("tags: [cats, dogs", 3, "The list that begins here lacks its `]` or a comma."),
    "open fields": ("consent: {given: 2026-05-01", 3, "The fields that begin here lack their `}`"),
    "text after a bracket": ("title: [A] cat", 3, "There is text after the closing bracket."),
    "an at sign first": ("title: @home", 3, "A text cannot begin with @. Put the text in double quotes."),
    "a star first": ("title: *A* cat", 3, "A text cannot begin with * or &."),
    "a backslash": ('title: "C:\\q"', 3, "A backslash in double quotes begins a sign."),
    "a list on the line": ("with: - ada-brook", 3, "A list begins on the line of its field."),
}


@pytest.mark.parametrize(("rows", "line", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_front_matter_that_cannot_be_read_is_explained_in_plain_words(site, rows, line, words):
    site.write("pages/wrong.md", f"---\nsummary: Before\n{rows}\nlang: en\n---\nWords.\n")
    (told,) = said(site)
    assert told.startswith(f"content/pages/wrong.md:{line}: {words}")


def test_a_merge_conflict_in_the_text(site):
    site.story(body="One.\n\n<<<<<<< HEAD\nTwo.\n=======\nThree.\n>>>>>>> cats\n")
    where = "content/stories/a-test/index.md:12"
    assert said(site) == [f"{where}: There is a merge conflict here. Choose one side."]


CUT = "hint: Everything after # is left out. Put the text in quotes."


def test_a_text_that_loses_its_end_to_a_remark(site):
    site.story(title="Number #1 of ten", category="'The workshop' # a remark", tags="[tests]  # a remark")
    assert said(site) == [f"content/stories/a-test/index.md:2: {CUT}"]
    site.story(title="C#, and '#1'", photos="\n  cat.jpg:\n    alt: Cat #1\n    credit: Ada Brook")
    site.write("stories/a-test/cat.jpg", picture())
    assert said(site) == [f"content/stories/a-test/index.md:11: {CUT}"]
    site.build()


def test_a_text_that_is_nothing_but_a_remark(site):
    site.story(title="#1 of ten")
    assert f"content/stories/a-test/index.md:2: {CUT}" in said(site)
