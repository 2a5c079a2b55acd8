"""Kits: what a template's pages depend on besides what they are given."""

from __future__ import annotations

import pickle

import pytest

from plugins.fastbuild.fingerprint import Lookup
from plugins.fastbuild.kit import LOOKUPS, Kit, kit_of
from plugins.guard.template import direction

BASE = {"base.html": "{{ SITENAME }}", "other.html": "other", "lone.html": "lone", "deep/part.html": "part"}


def kit(template="", environment=None, site=None, filters=None, **sources):
    named = {f"{name}.html": text for name, text in sources.items()}
    return Kit({**BASE, "page.html": template, **named}, environment or {}, filters or {}, {}, site or {})


def changes(template, name, **words):
    """Whether a page of the template is made again when another template changes."""
    before = kit(template, **words)
    after = kit(template, **words)
    return before.fingerprint("page.html") != Kit(
        {**after.sources, name: "changed"}, after.environment, {}, {}, after.site
    ).fingerprint("page.html")


@pytest.mark.parametrize(
    "template",
    [
        "{% extends 'other.html' %}",
        '{% extends "other.html" %}',
        "{%- include 'other.html' -%}",
        "{%+ include 'other.html' %}",
        "{% include 'other.html' ignore missing %}",
        "{% include 'other.html' without context %}",
        "{% import 'other.html' as other %}",
        "{% from 'other.html' import other %}",
        "{% from\n'other.html'\nimport other %}",
    ],
)
def test_a_template_named_by_itself_counts_and_no_other(template):
    assert changes(template, "other.html")
    assert not changes(template, "lone.html")


@pytest.mark.parametrize(
    "template",
    [
        "{% extends 'base.html' if SITENAME else 'other.html' %}",
        "{% include ['base.html', 'other.html'] %}",
        "{% include ('base.html') %}",
        "{% include 'ba' ~ 'se.html' %}",
        "{% include 'base.html'|lower %}",
        "{% include 'b\\x61se.html' %}",
        "{% extends name %}",
        "{% from name import other %}",
    ],
)
def test_where_an_expression_names_it_every_template_counts(template):
    assert changes(template, "other.html")
    assert changes(template, "lone.html")


def test_what_a_used_template_uses_counts():
    assert changes("{% extends 'middle.html' %}", "other.html", middle="{% include 'other.html' %}")
    assert changes("{% include 'page.html' %}{% include 'deep/part.html' %}", "deep/part.html")
    assert not changes("{# other.html #}", "other.html")


@pytest.mark.parametrize("name", ["block_start_string", "line_statement_prefix"])
def test_where_marks_are_other_ones_every_template_counts(name):
    assert changes("<% include 'base.html' %>", "lone.html", environment={name: "<%"})


def test_the_site_s_values_and_jinja_s_options_count():
    one = kit(site={"SITENAME": "One"}).fingerprint("page.html")
    assert one == kit(site={"SITENAME": "One"}).fingerprint("page.html")
    assert one != kit(site={"SITENAME": "Two"}).fingerprint("page.html")
    assert one != kit(site={"SITENAME": "One", "direction": direction}).fingerprint("page.html")
    assert one != kit(site={"SITENAME": "One"}, filters={"len": len}).fingerprint("page.html")
    assert one != kit(site={"SITENAME": "One"}, environment={"trim_blocks": True}).fingerprint("page.html")


def test_a_year_later_every_page_counts_as_changed(monkeypatch):
    found = set()
    for seconds in ("1775001600", "1775088000", "1798761600"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
        found.add(kit().fingerprint("page.html"))
    assert len(found) == 2


def test_a_kit_travels_unless_a_function_is_the_site_s_own():
    whole = kit("{{ direction }}", site={"direction": direction})
    assert whole.packed is not None
    assert pickle.loads(whole.packed).fingerprint("page.html") == whole.fingerprint("page.html")
    assert kit(filters={"own": lambda value: value}).packed is None


@pytest.fixture
def conf(tmp_path):
    theme, own = tmp_path / "theme" / "templates", tmp_path / "own"
    for folder in (theme, own):
        (folder / "deep").mkdir(parents=True)
    (theme / "a.html").write_text("{{ SITENAME }} {{ say() }} {{ picture() }}", "utf-8")
    (theme / "deep" / "b.html").write_text("theirs", "utf-8")
    (theme / "notes.txt").write_text("{{ OTHER }}", "utf-8")
    (own / "deep" / "b.html").write_text("ours", "utf-8")
    return {
        "THEME": str(tmp_path / "theme"),
        "THEME_TEMPLATES_OVERRIDES": [str(own)],
        "JINJA_ENVIRONMENT": {},
        "JINJA_FILTERS": {},
        "JINJA_TESTS": {},
        "JINJA_GLOBALS": {"say": direction, "picture": len, "unnamed": len},
        LOOKUPS: (Lookup("picture", str, len),),
        "SITENAME": "A",
        "OTHER": "B",
        "CONTENT_PATH": "C",
    }


def test_a_kit_holds_what_templates_name_and_a_site_s_own_templates_first(conf):
    made = kit_of(conf)
    assert made.sources["deep/b.html"] == "ours"
    assert made.files["deep/b.html"].endswith("own/deep/b.html")
    assert set(made.sources) == {"a.html", "deep/b.html"}
    assert set(made.site) == {"SITENAME", "say"}


def test_where_something_lies_counts_for_nothing(conf, tmp_path):
    before = kit_of(conf).fingerprint("a.html")
    (tmp_path / "theme").rename(tmp_path / "moved")
    assert kit_of({**conf, "THEME": str(tmp_path / "moved")}).fingerprint("a.html") == before
