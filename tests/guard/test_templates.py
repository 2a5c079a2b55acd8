"""The theme: what it prints unescaped, and that nothing in it runs or styles in place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import StrictUndefined
from pelican.settings import read_settings

from plugins.guard.template import prepare

TEMPLATES = sorted(Path("theme/templates").rglob("*.html"))
# Each is cleaned by the guard before a template sees it.
SAFE = {"content", "page.content", "comment.html"}
IDS = [path.relative_to("theme/templates").as_posix() for path in TEMPLATES]


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_only_cleaned_text_is_printed_unescaped(path):
    text = path.read_text("utf-8")
    assert set(re.findall(r"([\w.]+)\s*\|\s*safe\b", text)) <= SAFE
    assert len(re.findall(r"\|\s*safe\b", text)) == len(re.findall(r"[\w.]+\s*\|\s*safe\b", text))
    assert not re.search(r"autoescape|Markup|\|\s*(?:forceescape|xmlattr|tojson|urlize)\b", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_nothing_runs_or_styles_in_place(path):
    text = path.read_text("utf-8")
    assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:|data:", text, re.IGNORECASE)
    for tag in re.findall(r"<script\b[^>]*>", text, re.IGNORECASE):
        assert 'type="application/ld+json"' in tag or re.search(r'src="\{\{ SITEURL \}\}/theme/[\w.-]+"', tag)


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_every_value_in_a_tag_is_quoted(path):
    text = re.sub(r"\{%.*?%\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    unquoted = re.sub(r'"[^"]*"', '""', text)
    assert not re.search(r"<[^<>]*\s[\w-]+='?\{\{", unquoted)


def test_every_page_has_the_policy_first(site):
    site.build()
    for path in site.output.rglob("*.html"):
        head = path.read_text("utf-8").split("</head>")[0]
        place = head.index('http-equiv="Content-Security-Policy"')
        assert not re.search(r"<(?:script|link|title|img)\b", head[:place]), path
        policy = re.search(r'Policy" content="([^"]*)"', head)[1].replace("&#39;", "'")
        assert "default-src 'self'" in policy
        assert "object-src 'none'" in policy
        assert "unsafe" not in policy


def test_a_name_that_is_missing_stops_the_build(site):
    """StrictUndefined: an empty place is how a forgotten value hides."""
    settings = read_settings(str(site.root / "pelicanconf.py"))
    prepare(settings)
    assert settings["JINJA_ENVIRONMENT"]["autoescape"] is True
    assert settings["JINJA_ENVIRONMENT"]["undefined"] is StrictUndefined
