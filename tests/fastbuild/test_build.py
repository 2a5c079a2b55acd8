"""A whole small site, built for real."""

from __future__ import annotations

import pytest

from plugins import FirsthandError
from plugins.fastbuild import build
from plugins.guard import survey


def test_a_second_build_writes_nothing(site):
    first = site.build()
    times = {path: path.stat().st_mtime_ns for path in site.output.rglob("*")}
    second = site.build()
    assert first.written == first.files
    assert (second.written, second.removed) == (0, 0)
    assert {path: path.stat().st_mtime_ns for path in site.output.rglob("*")} == times


def test_pages_of_every_kind_are_there(site):
    site.build(SITEURL="https://small.example.org")
    assert {
        "index.html",
        "404.html",
        "stories/index.html",
        "stories/the-first-day/index.html",
        "stories/the-first-day/door.jpg",
        "es/stories/the-first-day/index.html",
        "people/index.html",
        "people/ada-brook/index.html",
        "people/ada-b/index.html",
        "people/ivo-marsh.png",
        "collections/the-workshop/index.html",
        "topics/beginnings/index.html",
        "conversations/index.html",
        "feeds/index.html",
        "feeds/all.atom.xml",
        "feeds/people/ada-brook.atom.xml",
        "feeds/topics/lathes.atom.xml",
        "promise/index.html",
        "sitemap.xml",
        "robots.txt",
    } <= site.files()


def test_what_has_no_source_is_removed(site):
    site.build()
    (site.content / "stories/the-borrowed-van/index.md").unlink()
    report = site.build()
    assert report.removed > 0
    assert not (site.output / "stories/the-borrowed-van").exists()


def test_a_folder_that_is_not_ours_is_left_alone(site):
    site.output.mkdir()
    precious = site.output / "taxes.txt"
    precious.write_text("precious")
    with pytest.raises(FirsthandError, match="not built here"):
        site.build()
    assert precious.read_text() == "precious"


def test_nothing_is_written_when_something_is_wrong(site):
    site.build()
    before = {path: path.read_bytes() for path in site.output.rglob("*") if path.is_file()}
    site.story(author="nobody-here")
    site.story(slug="another", title='"A new page"')
    with pytest.raises(FirsthandError, match="nobody-here"):
        site.build()
    assert {path: path.read_bytes() for path in site.output.rglob("*") if path.is_file()} == before


def test_the_site_may_lie_in_a_folder_of_its_host(site):
    site.build(SITEURL="https://host.example.org/stories-site")
    page = site.page("stories/the-first-day/")
    assert 'src="/stories-site/stories/the-first-day/door.jpg"' in page
    assert 'href="/stories-site/people/ada-brook/"' in page


def test_a_misspelt_setting_is_refused(site):
    with pytest.raises(FirsthandError, match="FIRSTHAND_RELATDE"):
        site.build(FIRSTHAND_RELATDE=3)
    with pytest.raises(FirsthandError, match="FIRSTHAND_RELATED is 'many'"):
        site.build(FIRSTHAND_RELATED="many")


def test_workers_are_called_early_where_a_large_site_is_read_for_the_first_time(site, monkeypatch):
    called = []
    monkeypatch.setattr(build, "prepare", lambda *needed: called.append(needed))
    site.build()
    assert called == []  # it is small
    monkeypatch.setattr(survey, "MANY", 1)
    site.build()
    assert called == []  # it was read before
    site.build(full=True)
    assert len(called) == 1
    assert "plugins.stories" in called[0]
