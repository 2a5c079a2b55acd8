"""How little a build makes again after a change; that it is enough, test_incremental.py shows."""

from __future__ import annotations

import shutil

import pytest

from plugins.fastbuild.build import Report, build_site
from plugins.fastbuild.code import code
from tests.fastbuild.living import Living, tree
from tests.fastbuild.living.process import ROOT
from tests.fastbuild.living.site import FIRST_DAY, assert_same

# content/pages/: Pelican writes them, and what does not declare what it shows is always rendered.
ALWAYS = 2


@pytest.fixture
def site(tmp_path, monkeypatch):
    """The living site, built once."""
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", FIRST_DAY)
    site = Living(tmp_path)
    assert site.build().problem == ""
    return site


def made_again(site: Living) -> tuple[Report, set[str]]:
    """The next build's report, and the files whose time it changed; it equals a full one."""
    before = {path: path.stat().st_mtime_ns for path in site.output.rglob("*") if path.is_file()}
    built, full = site.build(), site.build_fully()
    assert built.problem == full.problem == ""
    assert built.report is not None
    assert_same(tree(site.output), tree(site.full_output))
    changed = {path for path, time in before.items() if path.exists() and path.stat().st_mtime_ns != time}
    return built.report, {path.relative_to(site.output).as_posix() for path in changed}


def test_where_nothing_changed_nothing_is_done(site):
    report, changed = made_again(site)
    assert (report.read, report.rendered, report.written, report.removed) == (0, ALWAYS, 0, 0)
    assert changed == set()


def test_files_that_were_only_touched_change_nothing(site):
    for path in site.content.rglob("*.md"):
        path.touch()
    report, changed = made_again(site)
    assert (report.rendered, report.written, changed) == (ALWAYS, 0, set())


def test_an_edited_text_is_rendered_where_it_shows(site):
    path = site.content / "stories" / "a-lamp-for-nell" / "index.md"
    path.write_text(path.read_text("utf-8").replace("clock", "kettle"), "utf-8")
    report, changed = made_again(site)
    assert report.read == 1
    assert report.rendered <= 3 + ALWAYS
    feeds = {name for name in changed if name.startswith("feeds/")}
    assert changed - feeds == {"stories/a-lamp-for-nell/index.html"}


def test_a_template_renders_the_pages_that_are_made_of_it(site):
    path = site.theme / "templates" / "person.html"
    path.write_text(path.read_text("utf-8").replace("<header", "<!-- again --><header"), "utf-8")
    report, changed = made_again(site)
    people = {name for name in changed if name.startswith("people/")}
    assert changed == people
    assert len(site.slugs()) <= report.rendered < report.pages
    assert report.read == 0


def test_a_setting_renders_every_page(site):
    path = site.conf
    path.write_text(path.read_text("utf-8").replace("The people of Living", "Everybody"), "utf-8")
    report, changed = made_again(site)
    assert report.rendered >= report.pages
    assert {name for name in changed if name.endswith(".html")} >= {"index.html", "people/index.html"}


def test_under_other_code_nothing_that_was_kept_is_used(site, tmp_path, monkeypatch):
    plugins = tmp_path / "plugins"
    shutil.copytree(ROOT / "plugins", plugins, ignore=shutil.ignore_patterns("__pycache__"))
    with (plugins / "stories" / "telling.py").open("a", encoding="utf-8") as file:
        file.write("# One more comment.\n")
    monkeypatch.setattr("plugins.fastbuild.code.PLUGINS", plugins)
    code.cache_clear()
    try:
        report, changed = made_again(site)
    finally:
        code.cache_clear()
    assert report.read >= len(site.texts())
    assert report.rendered >= report.pages
    assert changed == set()


def test_full_uses_nothing_that_was_kept(site):
    report = build_site(site.conf, quiet=True, full=True)
    assert report.read >= len(site.texts())
    assert report.rendered >= report.pages
    assert report.written == 0
