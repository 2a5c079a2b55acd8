"""Rendering: the same text here and in any other process, of what a page is given and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from jinja2 import StrictUndefined

from plugins.fastbuild.crew import Crew
from plugins.fastbuild.failure import BuildFailed
from plugins.fastbuild.fingerprint import Fingerprints, Lookup
from plugins.fastbuild.kit import Kit
from plugins.fastbuild.render import FEW, PARCEL, Page, Rendering

from .jobs import shout

SOURCES = {
    "base.html": "<title>{{ SITENAME }}</title>{% block main %}{% endblock %}",
    "page.html": "{% extends 'base.html' %}"
    "{% block main %}{{ thing.name }} {{ size(thing) }} {{ body }}{% endblock %}",
    "wrong.html": "\n\n{{ nowhere }}",
}


@dataclass(frozen=True)
class Thing:
    name: str


@dataclass(frozen=True)
class Text:
    text: str

    def body(self) -> str:
        return f"<p>{self.text}</p>"

    def fingerprint(self) -> bytes:
        return self.text.encode()


@pytest.fixture
def crew():
    crew = Crew()
    yield crew
    crew.close()


def rendered(crew, count, maker="page.html", more=()):
    options = {"autoescape": True, "undefined": StrictUndefined}
    files = {name: f"theme/{name}" for name in SOURCES}
    kit = Kit(SOURCES, options, {}, {}, {"SITENAME": "A & B"}, files)
    lookups = (Lookup("size", Thing, lambda thing: len(thing.name)),)
    prints, pages = Fingerprints(lookups), []
    for number in range(count):
        values = {"thing": Thing(f"<{number}>"), "body": Text(f"{number}"), "bodies": (Text("a"), Text("b"))}
        for value in values.values():
            prints.of(value)
        pages.append(Page(f"{number}.html", maker, values, prints.asked()))
    found = []
    rendering = Rendering(kit, lookups, crew, lambda page, data: found.append((page.path, data.decode())))
    for page in [*pages, *more]:
        rendering.add(page)
    rendering.finish()
    return found


@pytest.mark.parametrize("maker", ["page.html", shout])
def test_in_other_processes_pages_come_out_the_same_and_in_order(crew, maker):
    many = FEW + PARCEL + 1
    together = rendered(crew, many, maker)
    alone = rendered(crew, FEW - 1, maker)
    assert together[: len(alone)] == alone
    assert [path for path, _ in together] == [f"{number}.html" for number in range(many)]
    assert len({text for _, text in together}) == many


def test_a_page_is_escaped_and_its_text_fetched(crew):
    [(_, text)] = rendered(crew, 1)
    assert text == "<title>A &amp; B</title>&lt;0&gt; 3 &lt;p&gt;0&lt;/p&gt;"


@pytest.mark.parametrize("count", [0, FEW])
def test_a_template_s_error_is_told_with_its_line_wherever_it_was_rendered(crew, count):
    with pytest.raises(BuildFailed, match=r"^theme/wrong\.html:3: 'nowhere' is undefined\."):
        rendered(crew, count, more=[Page("x.html", "wrong.html", {})])
