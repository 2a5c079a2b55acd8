"""Hostile front matter: keys that move pages, values of the wrong kind, YAML's own tricks."""

from __future__ import annotations

import time

import pytest

from plugins.guard.finding import ContentRefused
from plugins.stories import check_content

from .hostile import Refused, assert_all_refused_by_a_build, assert_refused


def extra(field: str, value: str, says: str) -> Refused:
    return Refused(9, says, front={field: value})


def raw(text: str | bytes, line: int, says: str) -> Refused:
    return Refused(line, says, files={"stories/hostile/index.md": text})


NO_FIELD = "A story has no field"
READ = "The front matter cannot be read"
REFUSED = {
    "save_as out of the folder": extra("save_as", "../output-evil/x.html", NO_FIELD),
    "save_as over the home page": extra("save_as", "index.html", NO_FIELD),
    "Save_As in capitals": extra("Save_As", "index.html", NO_FIELD),
    "url": extra("url", "https://evil.example", NO_FIELD),
    "template": extra("template", "../../etc/passwd", NO_FIELD),
    "_content": extra("_content", "<script>alert(1)</script>", NO_FIELD),
    "_summary": extra("_summary", "x", NO_FIELD),
    "override_url": extra("override_url", "x", NO_FIELD),
    "file": extra("file", "x", NO_FIELD),
    "story": extra("story", "x", NO_FIELD),
    "json_ld": extra("json_ld", "</script><script>alert(1)</script>", NO_FIELD),
    "slug of another": extra("slug_", "the-first-day", "is not the name of the folder"),
    "slug out of the folder": extra("slug_", "../output2/x", "is not the name of the folder"),
    "Slug in capitals": extra("Slug", "../output2/x", NO_FIELD),
    "status unknown": extra("status", "hidden", "`status` is 'hidden'"),
    "lang out of the folder": extra("lang", "../..", "`lang` is '../..'"),
    "lang that is a path": extra("lang", "/etc", "`lang` is '/etc'"),
    "lang: no": extra("lang", "no", "`lang` is False"),
    "lang in capitals": extra("lang", "EN", "`lang` is 'EN'"),
    "relationship a list": extra("relationship", "[a, b]", "is not a text"),
    "via without http": extra("via", '{name: V, url: "javascript:alert(1)"}', "not a web address"),
    "via with a quote": extra(
        "via", "{name: V, url: 'https://e.org/\"onmouseover=alert(1)'}", "not a web address"
    ),
    "canonical a script": extra("canonical", '"javascript:alert(1)"', "not a web address"),
    "canonical without a host": extra("canonical", '"https:///x"', "not a web address"),
    "canonical with a link mark": extra("canonical", '"https://e.org/{static}/x"', "not a web address"),
    "source with more": extra("source", "{feed: a, id: b, save_as: c}", "`source.save_as` is not known"),
    "consent until before": Refused(
        8, "ends before", front={"consent": "{given: 2026-05-01, version: 1, name: full, until: 2020-01-01}"}
    ),
    "channels unknown": Refused(
        8, "no channel 'tv'", front={"consent": "{given: 2026-05-01, version: 1, name: full, channels: [tv]}"}
    ),
    "locked as text": extra("locked", '"yes"', "Write true or false"),
    "modified that is no day": extra("modified", "whenever", "not a day we can show"),
    "modified in the year 1": extra("modified", "0001-01-01", "not a day we can show"),
    "title of two lines": Refused(2, "more than one line", front={"title": '"a\\nsave_as: index.html"'}),
    "title with a carriage return": Refused(2, "more than one line", front={"title": '"a\\rsave_as: x"'}),
    "title with a line separator": Refused(2, "more than one line", front={"title": '"a\\Lb"'}),
    "title with a next line": Refused(2, "more than one line", front={"title": '"a\\Nb"'}),
    "title with NUL": Refused(2, "hidden character", front={"title": '"a\\0b"'}),
    "title of spaces": Refused(2, "`title` is missing", front={"title": '"  "'}),
    "title a day": Refused(2, "is not a text", front={"title": "2026-01-01"}),
    "title a truth": Refused(2, "is not a text", front={"title": "yes"}),
    "title a list": Refused(2, "is not a text", front={"title": "[a, b]"}),
    "title of fields": Refused(2, "is not a text", front={"title": "{a: b}"}),
    "category a list": Refused(5, "is not a text", front={"category": "[a]"}),
    "tags with fields": Refused(6, "is not a list of texts", front={"tags": "[{a: b}]"}),
    "date a number": Refused(3, "not a date", front={"date": "20260501"}),
    "date in the year 9999": Refused(3, "not a day we can show", front={"date": "9999-12-31"}),
    "date in the year 1": Refused(3, "not a day we can show", front={"date": "0001-01-01 00:00:00+14:00"}),
    "date of the week": Refused(3, "not a date", front={"date": '"2026-W01-1"'}),
    "date that is none": Refused(3, "There is no such day", front={"date": "2026-99-99"}),
    "authors by thousands": Refused(8, "lists 4000", front={"author": "", "authors": f"[{'a, ' * 3999}b]"}),
    "a title as long as a story": Refused(2, "The title has", front={"title": "word " * 100}),
    "a summary as long as a story": Refused(7, "The summary has", front={"summary": "word " * 100}),
    "an anchor and its alias": raw("---\ntitle: &a x\nsummary: *a\n---\nx\n", 3, "an alias (*name)"),
    "a billion laughs": raw(
        "---\na: &a [lol, lol]\nb: &b [*a, *a]\nc: &c [*b, *b]\n---\nx\n", 3, "an alias (*name)"
    ),
    "a Python object": raw("---\ntitle: !!python/object/apply:os.system [id]\n---\nx\n", 2, "a tag (!name)"),
    "bytes": raw("---\ntitle: !!binary aGVsbG8=\n---\nx\n", 2, "a tag (!name)"),
    "a set": raw("---\ntitle: x\ntags: !!set {a, b}\n---\nx\n", 3, "a tag (!name)"),
    "merged fields within": raw("---\nconsent: {<<: {a: b}}\n---\nx\n", 2, "`<<` is not allowed"),
    "a key that is empty": raw("---\n?\n---\nx\n", 2, "A field has no plain name"),
    "a key that is a day": raw("---\n2026-01-01: x\n---\nx\n", 2, "A field has no plain name"),
    "merged fields": raw("---\n<<: {save_as: index.html}\n---\nx\n", 2, "A field has no plain name"),
    "a key twice": raw("---\ntitle: a\ndate: 2026-01-01\ntitle: b\n---\nx\n", 4, "`title` is there twice"),
    "a key that is a list": raw("---\n? [a]\n: b\n---\nx\n", 2, "no plain name"),
    "nothing but a list": raw("---\n- a\n---\nx\n", 2, "not a list of fields"),
    "an open quote": raw('---\ntitle: a\nsummary: "b\n---\nx\n', 3, "The quote that begins here has no end"),
    "no front matter": raw("Just words.\n", 1, "There is no front matter"),
    "Pelican's own kind": raw("Title: a\nSave_as: index.html\n\nx\n", 1, "There is no front matter"),
    "huge": raw(f"---\ntitle: {'a' * 30_000}\n---\nx\n", 1, "The front matter has"),
    "nested by thousands": raw(f"---\ntitle: {'[' * 15_000}\n---\nx\n", 2, READ),
    "fields in fields by thousands": raw(f"---\ntitle: {'{a: ' * 4000}\n---\nx\n", 2, READ),
    "an empty file": raw("", 1, "There is no front matter"),
    "too large a file": raw(b"---\ntitle: x\n---\n" + b"a\n" * 300_000, 1, "bytes"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_front_matter_is_refused(site, case):
    started = time.perf_counter()
    assert_refused(site, case)
    assert time.perf_counter() - started < 5


def test_a_build_of_all_of_them_publishes_nothing(site):
    assert_all_refused_by_a_build(site, REFUSED)


KEYS = {
    "people": ["save_as", "url", "template", "_content", "title", "stories", "face", "slug: other"],
    "pages": ["save_as", "url", "template", "_content", "status", "author", "category", "slug: other"],
}


@pytest.mark.parametrize("kind", KEYS)
def test_people_and_pages_have_their_fields_only(site, kind):
    for place, key in enumerate(KEYS[kind]):
        field = key if ":" in key else f"{key}: index.html"
        first = "name: H\nkind: guest" if kind == "people" else "title: H\nversion: 1"
        site.write(f"{kind}/hostile-{place}.md", f"---\n{first}\n{field}\n---\nWords.\n")
    with pytest.raises(ContentRefused) as refused:
        site.build()
    said = [(f.path, f.line) for f in refused.value.findings]
    assert said == [(f"content/{kind}/hostile-{place}.md", 4) for place in range(len(KEYS[kind]))]


def test_a_page_with_values_of_the_wrong_kind(site):
    site.write(
        "pages/hostile.md", "---\ntitle: 2026-01-01\nsummary: [a]\ndate: never\nlang: ../..\n---\nWords.\n"
    )
    found = [f for f in check_content(site.content).findings if f.level == "error"]
    assert [f.line for f in found] == [2, 3, 4, 5]


def test_numbers_and_times_are_the_text_that_was_written(site):
    site.story("numbers", title="1984", category="24", tags="[365, 1.5]", summary="12:30")
    site.build()
    page = site.page("stories/numbers/")
    assert '<h1 class="story-title p-name">1984</h1>' in page
    assert "12:30" in page
    assert {"collections/24/index.html", "topics/365/index.html"} <= site.files()


def test_an_address_in_code_stays_as_it_was_written(site):
    site.story("hostile", '`href="/x"` [b](/people/ada-brook/) <q title="a" cite="/y">z</q>\n')
    site.build(SITEURL="https://host.example.org/sub")
    page = site.page("stories/hostile/")
    assert '<code>href="/x"</code>' in page
    assert 'href="/sub/people/ada-brook/"' in page
    assert 'cite="/sub/y"' in page
