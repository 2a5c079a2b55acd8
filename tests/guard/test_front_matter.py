"""What libyaml reads of a front matter is what PyYAML's own parser reads; the rest is left to that one."""

from __future__ import annotations

import pickle
import re
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from plugins.guard import libyaml
from plugins.guard.document import read_document
from plugins.guard.finding import ContentRefused
from plugins.guard.front_matter import read_front_matter, read_slowly
from plugins.guard.libyaml import read_quickly
from plugins.guard.text import body_text

PROJECT = Path(__file__).parents[2]
WRITTEN = sorted([*PROJECT.glob("content/**/*.md"), *PROJECT.glob("tests/sites/small/**/*.md")])
PIECES = [
    *r"""title summary name: : [ ] { } , - ? ' " '' \ | |- > >+ & &a * *a ! !x !!str << = # ~ null yes No on
    12:30 1 01 -0 1.5 -1.50 1e3 0x1f 1_000 2026-11-01 2026-13-40 2026-1-1 2026-11-01T09:30:00Z .inf 0o7 % @ `
    --- ... text é 漢 \x41 http://a/b?c=1&d=2#e Tom&Jerry Hi!""".split(),
    *("b: ", " ", "  ", "\n", "\n\n", "\n  ", "\n    ", "\n- ", "\n  - ", " #", "\t", "%YAML 1.2\n", "--- "),
    *("2026-11-01 09:30", "2026-11-01 09:30:00", "a b", "\ntitle: ", "\nname: ", "\n? ", "\n&a b: "),
    *("consent: {given: 2012-01-01, version: 1, name: full}", '\ntags: ["x", y, 3]', "\nalt: x # y"),
    *("\nphotos:\n  belt.jpg:\n    alt: A belt # and more", '"quoted": ', "'q': 'it''s'", "\ntitle: &Sons"),
]
FRONT_MATTER = st.tuples(
    st.sampled_from(["title: ", "a: ", ""]),
    st.lists(st.sampled_from(PIECES) | st.characters(codec="utf-8"), max_size=15).map("".join),
).map("".join)


@settings(max_examples=1_500, deadline=None, suppress_health_check=list(HealthCheck))
@given(FRONT_MATTER)
@example("a: |-# b\n")
@example("title: \x85\nalt: x # y")
@example("a:\tb\n")
@example("a: {null: b?c}\n")
@example("a: [b?c]\n")
@example("a: {?\n}\n")
@example("a: [?,,\n]\n")
@example("? a\n: b\n")
@example("photos:\n  a.jpg: {alt: b # c\n  }\n  b.jpg:\n    alt: d # e\n")
@example("roles:\n- since: 2026-01-01\n  name: x # y\n- 12:30\n")
def test_what_libyaml_reads_is_what_python_reads(text):
    text = body_text(text)  # a document's other characters are refused before
    quickly = read_quickly(text)
    if quickly is not None:
        slowly = read_slowly("x", text)
        assert repr(quickly) == repr(slowly)
        assert list(quickly.lines.items()) == list(slowly.lines.items())


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: str(file.relative_to(PROJECT)))
def test_what_is_written_here_libyaml_reads(file):
    found = re.match(r"---\n(.*?)^---$", file.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found
    quickly = read_quickly(found[1])
    assert quickly == read_slowly("x", found[1])
    assert quickly is not None


VALUES = {
    "yes": True,
    "Off": False,
    "~": None,
    "": None,
    "12:30": "12:30",
    "-7": -7,
    "-0.5": -0.5,
    "012": "012",
    "2026-11-01": date(2026, 11, 1),
    "2026-11-01 09:30:00": datetime(2026, 11, 1, 9, 30),
    "[a, {b: 1}]": ["a", {"b": 1}],
    "'it''s'": "it's",
    '"\\u00e9"': "é",
}


@pytest.mark.parametrize("written", VALUES)
def test_values(written):
    text = f"title: {written}\n"
    for read in (read_quickly(text), read_slowly("x", text)):
        assert read is not None
        assert repr(read.fields["title"]) == repr(VALUES[written])


UNUSUAL = {
    "title: &Sons\n": (2, "an anchor (&name) is not allowed here", "Put the text in double quotes."),
    "a: b\ntags: [&x c]\n": (3, "an anchor (&name) is not allowed here", "Put the text in double quotes."),
    "&a title: b\n": (2, "an anchor (&name) is not allowed here", "Put the text in double quotes."),
    "a: &b\n  c: d\n": (2, "an anchor (&name) is not allowed here", "Put the text in double quotes."),
    "a: [*b]\n": (2, "an alias (*name) is not allowed here", "Put texts with a colon or quote in quotes."),
    "a: !b c\n": (2, "a tag (!name) is not allowed here", "Put texts with a colon or quote in quotes."),
    "a: {<<: {b: c}}\n": (2, "`<<` is not allowed here", "Put texts with a colon or quote in quotes."),
    "a: 1\nb: 2\na: 3\n": (4, "`a` is there twice", "Keep one of them."),
    "a:\n  since: 2026-02-31\n": (3, "There is no such day", "Correct the date."),
    "1: a\n": (2, "A field has no plain name", "Write `key: value`."),
    "- a\n": (2, "The front matter is not a list of fields", "Write one `key: value` a line."),
    f"a: {'x' * 20_000}\n": (1, "The front matter has 20,004 characters", "Keep it under 20,000."),
    f"a: {'[' * 5_000}\n": (
        2,
        "The front matter cannot be read",
        "Put texts with a colon or quote in quotes.",
    ),
}


@pytest.mark.parametrize("text", UNUSUAL, ids=lambda text: text[:20])
def test_what_is_refused_is_explained(text):
    with pytest.raises(ContentRefused) as refused:
        read_front_matter("content/x.md", text)
    (finding,) = refused.value.findings
    line, message, fix = UNUSUAL[text]
    assert (finding.path, finding.line, finding.fix) == ("content/x.md", line, fix)
    assert message in finding.message


def test_a_question_in_a_title_is_usual():
    text = "title: Why, and why not?\nsummary: 'Pourquoi ? Who?'\ntags: [\"why?\", b]\n"
    assert read_quickly(text) == read_slowly("x", text)
    assert read_quickly(text) is not None
    assert read_quickly("tags: [why?, b]\n") is None


def test_an_ampersand_within_a_text_is_a_text():
    fields = {"title": "Tom & Sons", "b": "a&b", "c": "&Sons"}
    assert read_front_matter("x", "title: Tom & Sons\nb: a&b\nc: '&Sons'\n").fields == fields


def test_without_libyaml_the_other_parser_reads(monkeypatch):
    text = "title: A # b\nphotos:\n  a.jpg: {alt: x}\n"
    quickly = read_front_matter("x", text)
    monkeypatch.setattr(libyaml, "CParser", None)
    assert read_quickly(text) is None
    assert read_front_matter("x", text) == quickly
    assert quickly.cut == (2,)


def test_a_document_can_be_sent_to_another_process(tmp_path):
    file = tmp_path / "index.md"
    file.write_text("---\ntitle: A # b\ndate: 2026-11-01\nphotos:\n  a.jpg:\n    alt: é\n---\n\nText.\n")
    document = read_document(file)
    assert pickle.loads(pickle.dumps(document)) == document
    assert document.line("photos.a.jpg.alt") == 6
