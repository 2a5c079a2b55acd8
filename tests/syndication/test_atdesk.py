"""Stories of sources with review wait at the desk: a branch an entry, once, and a story when it is merged."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.desk import Desk, ForgeDown
from plugins.guard.document import read_document
from plugins.syndication import PullReport, pull

from .blog import TRUSTED, Blog
from .conftest import FEEDS, Served

RSS = FEEDS / "rss.xml"


def git(content: Path, *words: str) -> str:
    who = ["-c", "user.name=Ed", "-c", "user.email=ed@example.org"]
    done = subprocess.run(
        ["git", *who, *words], cwd=content.parent, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def desk(content: Path) -> Iterator[Desk]:
    (content / "stories" / ".gitkeep").touch()
    git(content, "init", "-q", "-b", "main")
    git(content, "add", "content")
    git(content, "commit", "-qm", "The site")
    desk = Desk(content.parent, {}, {})
    yield desk
    desk.close()


def run(content: Path, desk: Desk, **more: object) -> tuple[PullReport, str]:
    said: list[str] = []
    report = pull(content, say=said.append, desk=desk, **{"file": RSS, "source": "walt-okafor", **more})  # type: ignore[arg-type]
    return report, "\n".join(said)


def test_every_entry_is_a_proposal_and_the_second_time_nothing(content: Path, desk: Desk) -> None:
    report, said = run(content, desk)
    rows = desk.waiting()
    assert report.counts["new"] == len(rows) == 2
    assert not list((content / "stories").glob("*/index.md"))
    assert f"waits at the desk as {rows[0].id}" in said
    assert {row.slug for row in rows} == set(report.written)
    assert {row.kind for row in rows} == {"feed"}
    again, said = run(content, desk)
    assert (again.counts["new"], again.counts["same"]) == (0, 2)
    assert f"waits at the desk as {rows[0].id}" in said
    assert [row.id for row in desk.waiting()] == [row.id for row in rows]


def test_a_post_in_two_members_feeds_is_one_proposal(content: Path, desk: Desk) -> None:
    run(content, desk)
    (id, *_) = sorted(row.id for row in desk.waiting())
    report, said = run(content, desk, source="ana-ruiz")
    assert (report.counts["new"], report.counts["skipped"]) == (0, 2)
    assert "is there already: it waits at the desk as" in said
    assert id in said
    assert len(desk.waiting()) == 2


def test_killed_before_it_is_remembered_it_is_one_proposal(
    content: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plugins.syndication.handover import Handover

    def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(Handover, "keep", killed)
        with pytest.raises(SystemExit):
            run(content, desk)
    assert len(desk.waiting()) == 1
    run(content, desk)
    assert len(desk.waiting()) == 2


def test_a_forge_that_is_down_loses_nothing(
    content: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_: object) -> None:
        raise ForgeDown("The forge is down.", 60)

    with monkeypatch.context() as patch:
        patch.setattr(desk.forge, "open", down)
        with pytest.raises(ForgeDown):
            run(content, desk)
    run(content, desk)
    assert len([row for row in desk.waiting() if row.landed]) == 2


def test_merged_it_is_a_story_that_the_feed_knows(content: Path, desk: Desk) -> None:
    run(content, desk)
    row = next(row for row in desk.waiting() if row.slug == "the-pump-that-sang-stopped")
    git(content, "merge", "-q", "--no-edit", row.branch)
    front = read_document(content / "stories" / row.slug / "index.md").front
    assert front["status"] == "published"
    assert front["source"]["feed"] == "walt-okafor"
    again, said = run(content, desk)
    assert again.counts["new"] == 0
    assert f"stories/{row.slug}" in said
    assert row.id not in said


def test_declined_it_stays_away_unless_asked_for_again(content: Path, desk: Desk) -> None:
    run(content, desk)
    for row in desk.waiting():
        desk.decline(row.id, "Not for here.")
    report, _ = run(content, desk)
    assert report.counts["new"] == 0
    assert desk.waiting() == []
    report, _ = run(content, desk, again=True)
    assert report.counts["new"] == len(desk.waiting()) == 2


def test_a_dry_run_brings_nothing(content: Path, desk: Desk) -> None:
    report, said = run(content, desk, dry_run=True)
    assert report.counts["new"] == 2
    assert "a proposal for the desk" in said
    assert desk.waiting() == []


def test_a_trusted_source_publishes_as_before(content: Path, desk: Desk, served: Served) -> None:
    Blog(content, served, f'{TRUSTED}\nknown_as = ["Walt"]')
    run(content, desk, file=None)
    assert desk.waiting() == []
    assert list((content / "stories").glob("*/index.md"))


@pytest.mark.parametrize("forgotten", [False, True])
def test_taken_back_it_never_comes_again(content: Path, desk: Desk, served: Served, forgotten: bool) -> None:
    blog = Blog(content, served, f'{TRUSTED}\nknown_as = ["Walt"]')
    run(content, desk, file=None)
    slugs = {path.parent.name for path in (content / "stories").glob("*/index.md")}
    git(content, "add", "content")
    git(content, "commit", "-qm", "Stories")
    for slug in slugs:
        desk.withdraw(slug)
    if forgotten:
        desk.close()
        for path in (content.parent / "var").glob("firsthand.sqlite*"):
            path.unlink()
    blog.edit()
    _, said = run(content, Desk(content.parent, {}, {}), file=None, again=True)
    assert not list((content / "stories").glob("*/index.md"))
    assert said.count("was taken back by its storyteller") == len(slugs)


def test_without_git_it_is_a_draft_as_before(content: Path) -> None:
    with_none = Desk(content.parent, {}, {})
    assert not with_none.is_open()
    with_none.close()
