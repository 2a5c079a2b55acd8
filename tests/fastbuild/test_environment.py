"""Our environment says what Jinja's own says, of every value and in every place of a template."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup, escape

from plugins.fastbuild import environment as module
from plugins.fastbuild.environment import environment_of, shown
from plugins.fastbuild.kit import Kit

PIECES = {
    "parts.html": '{% macro quoted(words, level=2) %}<q class="l{{ level }}">{{ words }}</q>{% endmacro %}'
    "{% macro framed() %}<b>{{ caller() }}</b>{% endmacro %}",
    "page.html": "{% from 'parts.html' import quoted, framed %}{{ words }}{{ words|safe }}{{ quoted(words) }}"
    "{% set kept %}<i>{{ words }}</i>{% endset %}{{ kept }}{{ kept ~ words }}{{ [words, 3] }}{{ none }}"
    "{% filter upper %}{{ words }}{% endfilter %}{% call framed() %}{{ words }}{% endcall %}"
    "{% autoescape false %}{{ words }}{% endautoescape %}"
    "{{ words|e }}{{ words|e|e }}{{ words|upper|replace('A', '<') }}"
    "{{ '%s' % words }}{{ marked }}{{ marked ~ words }}{{ SITEURL }}",
}


class Spoken(str):
    """A text of another kind."""


class Tagged:
    """Says its own markup."""

    def __html__(self) -> str:
        return "<u>&</u>"


@given(st.text() | st.integers() | st.none() | st.lists(st.text()))
def test_a_value_is_escaped_as_jinja_does_it(value):
    assert str(shown(value)) == str(escape(value))


@pytest.mark.parametrize("value", [Spoken("<a>"), Tagged(), Markup("<a>"), "<a>", b"<a>"])
def test_other_kinds_of_values_too(value):
    assert str(shown(value)) == str(escape(value))


@given(st.text(alphabet="ab<>&\"'{} \n"))
def test_a_page_is_the_same_as_from_jinja(words):
    options = {"autoescape": True, "undefined": StrictUndefined}
    own = Environment(loader=DictLoader(PIECES), **options)
    ours = environment_of(Kit(PIECES, options, {}, {}, {"SITEURL": "https://a.example/?a&b"}))
    values = {"words": words, "marked": Markup("<hr>"), "SITEURL": "https://a.example/?a&b"}
    assert ours.get_template("page.html").render(values) == own.get_template("page.html").render(values)


def test_the_quick_way_is_there_and_the_plain_one_does_as_well(monkeypatch):
    assert module._escaped is not escape, "markupsafe's C part has another name now: pages take longer"
    monkeypatch.setattr(module, "_escaped", escape)
    assert str(shown("<a>")) == "&lt;a&gt;"
