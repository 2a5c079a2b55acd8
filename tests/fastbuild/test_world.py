"""What all pages stand on: the same while only texts differ, unknown where others may have a hand in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pelican.plugins import signals
from pelican.settings import DEFAULT_CONFIG

from plugins.fastbuild.kit import Kit
from plugins.fastbuild.world import World, world_of
from plugins.fastbuild.writer import SiteWriter
from tests.fastbuild.living import Living
from tests.fastbuild.living.site import FIRST_DAY

SETTINGS = {**DEFAULT_CONFIG, "PLUGINS": ["plugins.stories"], "HERE": Path("/here")}
KIT = Kit({"page.html": "a"}, {}, {}, {}, {})


@pytest.fixture
def world(monkeypatch):
    """One in which the only plugin has spoken, and nobody listens."""
    monkeypatch.setattr("plugins.fastbuild.world._listening", lambda: ())
    return said("plugins.stories", ["outline"])


def said(plugin, *what):
    world = World()
    world.stands_on(plugin, *what)
    return world


def test_the_same_is_the_same(world):
    assert world.key(SETTINGS, KIT) == said("plugins.stories", ["outline"]).key(SETTINGS, KIT) is not None


@pytest.mark.parametrize(
    "other",
    [
        {"SITENAME": "other"},
        {"HERE": Path("/there")},
        {"PAGINATION_PATTERNS": [(1, "{url}", "{save_as}")]},
        {"PLUGINS": []},
        {"A_SITES_OWN": lambda: 1},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_setting_changes_it(world, other):
    assert world.key({**SETTINGS, **other}, KIT) != world.key(SETTINGS, KIT)


def test_what_is_one_builds_own_does_not(world):
    assert world.key({**SETTINGS, "BUILD_RUN": object()}, KIT) == world.key(SETTINGS, KIT)


def test_what_cannot_be_compared_is_new_in_every_build(world):
    settings = {**SETTINGS, "ODD": object()}
    assert world.key(settings, KIT) != world.key(settings, KIT)


def test_a_template_a_plugin_and_the_day_change_it(world, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", FIRST_DAY)
    keys = {
        world.key(SETTINGS, KIT),
        world.key(SETTINGS, Kit({"page.html": "b"}, {}, {}, {}, {})),
        world.key(SETTINGS, Kit({"page.html": "a"}, {}, {}, {}, {"SITENAME": "b"})),
        said("plugins.stories", ["another"]).key(SETTINGS, KIT),
    }
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(FIRST_DAY) + 86_400))
    keys.add(world.key(SETTINGS, KIT))
    assert len(keys) == 5


def test_a_plugin_that_says_nothing_leaves_none(world):
    assert world.key({**SETTINGS, "PLUGINS": ["plugins.stories", "plugins.other"]}, KIT) is None


def test_what_is_said_is_plain():
    with pytest.raises(ValueError, match="unmarshallable"):
        World().stands_on("plugins.stories", object())


def test_somebody_else_who_listens_leaves_none():
    world, settings = said("plugins.stories"), {**SETTINGS}

    def listener(sender):
        del sender

    assert world.key(settings, KIT) is not None
    signals.article_generator_finalized.connect(listener)
    try:
        assert world.key(settings, KIT) is None
    finally:
        signals.article_generator_finalized.disconnect(listener)


def test_a_build_has_one_world():
    settings = {}
    assert world_of(settings) is world_of(settings)


@pytest.fixture
def site(tmp_path, monkeypatch):
    """The living site, built once."""
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    site = Living(tmp_path)
    assert site.build().problem == ""
    return site


@pytest.fixture
def looked_at(monkeypatch):
    """The pages whose values were made."""
    found, page = set(), SiteWriter._page

    def noted(self, path, *args):
        found.add(path)
        page(self, path, *args)

    monkeypatch.setattr(SiteWriter, "_page", noted)
    return found


def test_only_pages_with_a_changed_text_are_looked_at(site, looked_at):
    path = site.content / "stories" / "a-lamp-for-nell" / "index.md"
    path.write_text(path.read_text("utf-8").replace("clock", "kettle"), "utf-8")
    assert site.build().problem == ""
    feeds = {name for name in looked_at if name.startswith("feeds/")}
    assert looked_at - feeds == {"stories/a-lamp-for-nell/index.html"}
    assert 1 <= len(feeds) <= 4


def test_every_page_is_looked_at_when_another_could_show_the_change(site, looked_at):
    site.edit(site.content / "stories" / "a-lamp-for-nell" / "index.md", title="Another")
    report = site.build().report
    assert len(looked_at) > 40 > report.rendered


def test_a_page_that_was_edited_in_the_output_is_made_again(site, looked_at):
    page = site.output / "stories" / "a-lamp-for-nell" / "index.html"
    before = page.read_bytes()
    page.write_text("mine")
    assert site.build().problem == ""
    assert page.read_bytes() == before
    assert looked_at == {"stories/a-lamp-for-nell/index.html"}
