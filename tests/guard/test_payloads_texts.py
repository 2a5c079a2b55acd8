"""HTML written into every field that takes a text: it is shown as the text that it is."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import html5lib
import pytest

from .harmless import assert_harmless, elements_problems_of_fragment

HTML = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;"
FIELD = "'" + HTML.replace("'", "''") + "'"


@pytest.fixture
def written_all_over(site):
    """A site that says the same HTML in every field that takes a text."""
    site.write("stories/hostile/photo.jpg", (site.content / "stories/the-first-day/door.jpg").read_bytes())
    site.story(
        "hostile",
        "![a]({attach}photo.jpg)\n",
        title=FIELD,
        category=FIELD,
        tags=f"[{FIELD}]",
        summary=FIELD,
        author="hostile",
        with_="[ada-brook]",
        relationship=FIELD,
        answers="hostile",
        cover="photo.jpg",
        photos=f"{{photo.jpg: {{alt: {FIELD}, credit: {FIELD}}}}}",
        via=f"{{name: {FIELD}, url: 'https://e.example/?a&b'}}",
        canonical="https://e.example/?a&amp;b",
        source=f"{{feed: {FIELD}, id: {FIELD}}}",
    )
    fields = "".join(f"{key}: {FIELD}\n" for key in "name pronouns place answers_within summary".split())
    site.write(
        "people/hostile.md",
        f"---\n{fields}kind: staff\nroles: [{{title: {FIELD}, team: {FIELD}}}]\nlanguages: [{FIELD}]\n"
        f"ask_me_about: [{FIELD}]\nportrait: ivo-marsh.png\nportrait_alt: {FIELD}\nportrait_credit: {FIELD}\n"
        "links: ['https://e.example/?a&b']\n---\nWords.\n",
    )
    site.write("pages/hostile.md", f"---\ntitle: {FIELD}\nsummary: {FIELD}\nversion: {FIELD}\n---\nWords.\n")
    site.build(FEED_DOMAIN="https://small.example.org")
    return site


def test_html_in_every_field_is_shown_as_text(written_all_over):
    site = written_all_over
    assert_harmless(site.output)
    for path in site.output.rglob("*"):
        if path.suffix in (".html", ".xml"):
            text = path.read_text("utf-8")
            assert "<script>alert" not in text, path
            assert "<img src=x" not in text, path
    story = site.page("stories/hostile/")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in story
    data = json.loads(story.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert data["headline"] == data["author"][0]["name"] == data["image"]["creditText"] == HTML
    assert "<title>&lt;script&gt;alert(1)" in site.page("feeds/all.atom.xml")


def test_the_feed_shows_it_as_text_too(written_all_over):
    feed = ElementTree.fromstring(written_all_over.page("feeds/all.atom.xml"))
    atom = "{http://www.w3.org/2005/Atom}"
    entry = next(e for e in feed.iter(atom + "entry") if "hostile" in e.find(atom + "id").text)
    assert entry.find(atom + "title").text == HTML
    assert entry.find(atom + "author").find(atom + "name").text == HTML
    content = html5lib.parseFragment(entry.find(atom + "content").text, treebuilder="etree")
    assert elements_problems_of_fragment(content, "https://small.example.org/") == []
