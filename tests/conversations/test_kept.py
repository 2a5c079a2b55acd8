"""What was read of a snapshot counts until its file, or anybody it names, is another."""

import os
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from plugins.conversations import kept
from plugins.conversations.kept import Snapshots
from plugins.conversations.snapshot import read_snapshot
from plugins.guard import seen
from plugins.guard.finding import ContentRefused
from tests.conversations.test_attach import ANSWERED, ASKED, FACE, snapshot

SHOWN = "content/conversations/x.json"
UNKNOWN = {**ANSWERED, "staff": "sol-reyes"}


def person(face=FACE, kind="staff"):
    return SimpleNamespace(kind=kind, face_on=lambda day: face)


@pytest.fixture
def later(monkeypatch):
    """Long enough after every change of a file for its times to tell the next one."""
    clock = SimpleNamespace(time_ns=lambda: time.time_ns() + 10_000_000_000)
    monkeypatch.setattr(seen, "time", clock)


@pytest.fixture
def thread(tmp_path):
    path = tmp_path / "x.json"
    path.write_text(snapshot(ASKED, ANSWERED), "utf-8")
    return path


def read(path, people=None, anonymous="Somebody", root="", full=False):
    """One build's reading of one file: what it says, and how many files were read for it."""
    people = {"ada-brook": person()} if people is None else people
    snapshots = Snapshots(path.parent / "kept", people, root, full)
    found = snapshots.read(path, SHOWN, anonymous)
    snapshots.keep()
    assert found == read_snapshot(path, SHOWN, people, anonymous=anonymous, root=root)
    return found, snapshots.anew


@pytest.mark.usefixtures("later")
def test_what_is_as_it_was_is_not_read_again(thread):
    assert [read(thread)[1] for _ in range(3)] == [1, 0, 0]


def test_a_file_that_has_just_changed_may_change_again_unseen_so_it_is_read(thread):
    assert [read(thread)[1] for _ in range(2)] == [1, 1]


@pytest.mark.usefixtures("later")
def test_a_changed_file_is_read_again_though_its_size_and_time_are_the_same(thread):
    before = thread.stat()
    assert read(thread)[1] == 1
    thread.write_text(thread.read_text("utf-8").replace("Ann", "Una"), "utf-8")
    os.utime(thread, ns=(before.st_atime_ns, before.st_mtime_ns))
    found, anew = read(thread)
    assert (found.thread.comments[0].author, anew) == ("Una", 1)


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(
    "people",
    [
        {"ada-brook": person(replace(FACE, name="Ada Brooke"))},
        {"ada-brook": person(replace(FACE, url=None))},
        {"ada-brook": person(kind="customer")},
        {},
    ],
    ids=["another name", "a page that went", "no staff any more", "nobody"],
)
def test_somebody_who_would_show_otherwise_is_seen(thread, people):
    assert read(thread)[1] == 1
    assert [read(thread, people)[1] for _ in range(2)] == [1, 0]


@pytest.mark.usefixtures("later")
def test_somebody_whom_no_comment_names_is_not_asked(thread):
    assert read(thread)[1] == 1
    assert read(thread, {"ada-brook": person(), "sol-reyes": SimpleNamespace()})[1] == 0


@pytest.mark.usefixtures("later")
def test_a_hint_is_said_at_every_build_until_the_person_is_there(thread):
    thread.write_text(snapshot(ASKED, UNKNOWN), "utf-8")
    first, second = read(thread, {}), read(thread, {})
    assert (first[1], second[1]) == (1, 0)
    assert "nobody has that slug" in str(second[0].hints[0])
    assert read(thread, {"sol-reyes": person()})[0].hints == ()


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("other", [{"anonymous": "Alguien"}, {"root": "/project"}, {"full": True}])
def test_what_else_reading_depends_on_counts(thread, other):
    nobody = {**ASKED, "author": None, "html": '<p><a href="../y/">There</a></p>'}
    thread.write_text(snapshot(nobody), "utf-8")
    assert read(thread)[1] == 1
    assert read(thread, **other)[1] == 1


@pytest.mark.usefixtures("later")
def test_what_was_kept_by_other_code_or_is_damaged_does_not_count(thread, monkeypatch):
    assert read(thread)[1] == 1
    file = thread.parent / "kept"
    file.write_bytes(file.read_bytes()[:-1])
    assert [read(thread)[1] for _ in range(2)] == [1, 0]
    monkeypatch.setattr(kept, "code", lambda: b"other")
    assert read(thread)[1] == 1


@pytest.mark.usefixtures("later")
def test_a_wrong_file_is_refused_at_every_build(thread):
    thread.write_text("[]", "utf-8")
    for _ in range(2):
        with pytest.raises(ContentRefused, match="not an object"):
            read(thread)


@pytest.mark.usefixtures("later")
def test_a_link_in_the_place_of_a_file_is_refused(thread):
    assert read(thread)[1] == 1
    elsewhere = thread.with_name("y.json")
    thread.rename(elsewhere)
    thread.symlink_to(elsewhere)
    with pytest.raises(ContentRefused, match="symbolic link"):
        read(thread)


@pytest.mark.usefixtures("later")
def test_only_what_a_build_asked_for_is_kept(thread):
    assert read(thread)[1] == 1
    Snapshots(thread.parent / "kept", {}, "").keep()
    assert read(thread)[1] == 1


@pytest.fixture
def count(monkeypatch):
    """The names of the snapshots that builds have read."""
    names = []

    def counted(path, *words, **more):
        names.append(path.stem)
        return read_snapshot(path, *words, **more)

    monkeypatch.setattr(kept, "read_snapshot", counted)
    return names


def built(site, count):
    """Build on what was kept, and compare with a build from nothing; which snapshots were read."""
    count.clear()
    site.build()
    read = sorted(count)
    output = site.root / "full"
    site.build(full=True, OUTPUT_PATH=str(output), CACHE_PATH=str(site.root / "full-cache"))
    found, wanted = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (site.output, output)
    )
    assert found == wanted
    return read


@pytest.mark.usefixtures("later")
def test_builds_read_what_changed_and_show_the_same_as_a_full_one(site, count, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780300800")  # 2026-06-01
    site.story("a-night", answers="ada-brook")
    site.write("conversations/a-night.json", snapshot(ASKED, ANSWERED))
    site.story("a-noon")
    site.write("conversations/a-noon.json", snapshot({**ASKED, "author": None}))
    assert {"a-night", "a-noon"} <= set(built(site, count))
    assert built(site, count) == []

    site.write("conversations/a-noon.json", snapshot(ASKED))
    assert built(site, count) == ["a-noon"]

    ada = site.content / "people" / "ada-brook.md"
    ada.write_text(ada.read_text("utf-8").replace("name: Ada Brook\n", "name: Ada Heron\n"), "utf-8")
    assert "a-night" in built(site, count)
    assert "Ada Heron" in site.page("stories/a-night/")

    leaves = "---\nleft: {date: 2026-07-01, keep: nothing}\n"
    ada.write_text(ada.read_text("utf-8").replace("---\n", leaves, 1), "utf-8")
    assert built(site, count) == []  # not yet
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1785484800")  # 2026-07-31
    site.story("a-night")  # who has left answers nothing more
    assert "a-night" in built(site, count)
    assert "Ada Heron" not in site.page("stories/a-night/")


@pytest.mark.usefixtures("later")
def test_a_language_has_its_own_word_for_somebody_without_a_name(site, count):
    site.story("a-night")
    spanish = (site.content / "stories" / "a-night" / "index.md").read_text("utf-8")
    site.write("stories/a-night/index.es.md", spanish)
    site.write("conversations/a-night.json", snapshot({**ASKED, "author": None}))
    assert built(site, count).count("a-night") == 2
    assert "Alguien" in site.page("es/stories/a-night/")
    assert built(site, count) == []
