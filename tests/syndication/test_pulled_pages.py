"""Cases 8 to 12, from a server on loopback to the page: nothing runs, loads or leaves its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import html5lib
import pytest

from plugins.publishing.check import check_site
from plugins.syndication import pull
from tests.guard.harmless import HTML, assert_harmless

from .hostile_feeds import EXCERPTS, FIELDS, IN_RSS, TEXTS, Pulled, files, pulled_site

EVERY = [*TEXTS, *(f"rss-{name}" for name in IN_RSS), *(f"excerpt-{name}" for name in EXCERPTS)]
# Where the payload is a text that readers are to see.
SAID = (
    "cdata markdown-link markdown-reference markdown-autolink textarea fence plaintext escaped-script"
    " escaped-image twice-escaped noscript title-element comment-script closes-everything"
).split()
USUAL = ("wordpress", "substack", "blogger", "ghost")


@pytest.fixture(scope="module")
def pulled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pulled]:
    with pulled_site(tmp_path_factory.mktemp("pulled")) as found:
        yield found


def tree(pulled: Pulled, slug: str) -> ElementTree.Element:
    return html5lib.parse(pulled.site.page(f"stories/{slug}/"), treebuilder="etree")


def only(found: ElementTree.Element, path: str) -> ElementTree.Element:
    (one,) = found.findall(path.replace("~", HTML))
    return one


def words(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def story_div(pulled: Pulled, slug: str) -> ElementTree.Element:
    """The one <div> of the story in its place: nothing closed what is around it or swallowed the rest."""
    page = tree(pulled, slug)
    body = only(page, "~body")
    article = only(body, "~main/~article")
    prose, credits = article.findall(f"{HTML}div")[-1]  # before it the cover, where there is one
    assert (prose.get("class"), credits.tag) == ("prose e-content", f"{HTML}footer")
    assert body[-2].tag == f"{HTML}footer" or body[-1].tag == f"{HTML}footer"
    (div,) = prose
    assert not (prose.text or "").strip()
    assert not (div.tail or "").strip()
    return div


def test_every_entry_has_a_page_and_nothing_in_it_is_harmful(pulled: Pulled) -> None:
    assert sorted(set(EVERY) - set(pulled.slugs)) == []
    assert pulled.report.counts["skipped"] == 0
    assert pulled.report.counts["new"] == len(EVERY) + len(FIELDS) + len(USUAL)
    assert_harmless(pulled.site.output)
    # The small site has no page /tell/ and so on: nothing is wrong but what is wrong with its own story too.
    said: dict[str, set[str]] = {}
    for finding in check_site(pulled.site.output, ""):
        said.setdefault(finding.path.partition("/output/")[2], set()).add(finding.message)
    own = said.pop("stories/the-first-day/index.html")
    assert {path: more for path in said if path.startswith("stories/") and (more := said[path] - own)} == {}


@pytest.mark.parametrize("slug", [*EVERY, *USUAL])
def test_the_page_is_whole(pulled: Pulled, slug: str) -> None:
    div = story_div(pulled, slug)
    text = words(div)
    assert "it ran" not in text or re.sub("^(?:rss|excerpt)-", "", slug) in SAID
    if slug not in USUAL and "comment-open" not in slug:  # nothing can be known of what a comment hides
        assert "The last words of it, after everything." in text
    if slug.startswith("excerpt-"):
        assert text.endswith("Read the full story at 127.0.0.1.")
        assert 1 <= len(div.findall(f"{HTML}p")) <= 6
    canonical = [
        link.get("href") for link in tree(pulled, slug).iter(f"{HTML}link") if link.get("rel") == "canonical"
    ]
    assert canonical == [f"{pulled.url}/{slug}/"]


def test_case_8_a_nest_keeps_its_words_and_little_else(pulled: Pulled) -> None:
    for slug in ("nested-quotes", "nested-lists", "nested-bold"):
        div = story_div(pulled, slug)
        assert words(div) == "deep The last words of it, after everything."
        assert sum(1 for _ in div.iter()) < 150


def test_case_9_a_link_that_runs_is_no_link(pulled: Pulled) -> None:
    for slug in ("entity-script-link", "newline-script-link", "tab-script-link", "data-link", "svg-link"):
        assert [a.get("href") for a in story_div(pulled, slug).iter(f"{HTML}a")] == []


def test_case_10_marks_are_text_and_addresses_lead_to_the_author(pulled: Pulled) -> None:
    def links(slug: str) -> list[str | None]:
        return [link.get("href") for link in story_div(pulled, slug).iter(f"{HTML}a")]

    assert "{attach}../../secret.env" in words(story_div(pulled, "attach"))
    for slug in ("attach", "static", "filename", "entity-attach"):
        assert links(slug) == []
    at = f"{pulled.url}/relative/"
    assert links("relative") == [f"{pulled.url}/about", f"{at}?q=1", f"{at}#top"]
    assert links("relative-above") == [f"{pulled.url}/etc/passwd", "http://evil.example/y"]
    assert links("file-link") == []


def test_case_11_what_was_escaped_stays_text(pulled: Pulled) -> None:
    assert "<script>alert('it ran')</script>" in words(story_div(pulled, "escaped-script"))
    assert "&lt;script&gt;" in words(story_div(pulled, "twice-escaped"))
    assert "[x](javascript:alert('it ran')) ![y](https://evil.example/m.jpg)" in words(
        story_div(pulled, "markdown-link")
    )
    assert "status: draft" in words(story_div(pulled, "front-matter"))


def test_case_12_a_field_is_one_field(pulled: Pulled) -> None:
    story = pulled.story("title-status-draft-save-as-evil-html").front
    assert story["title"] == "Title Status: draft --- save_as: ../../evil.html"
    assert story["status"] == "published"
    assert story["author"] == "ada-brook"
    assert story["tags"] == ["a template: evil", "Template: evil", "(attach}x", "ok"]
    assert story["via"]["name"] == "Evil Status: x"
    assert not any(name.endswith("evil.html") for name in files(pulled.site.root))
    markup = next(slug for slug in pulled.slugs if slug.startswith("title-script"))
    page = tree(pulled, markup)
    assert words(only(page, "~body/~main/~article/~header//~h1")).startswith("</title><script>alert(")
    data = [json.loads(one.text or "") for one in page.iter(f"{HTML}script") if not one.get("src")]
    assert data[0]["headline"].startswith("</title><script>")


def test_nothing_from_outside_content_came_into_the_site(pulled: Pulled) -> None:
    every = b"".join(files(pulled.site.output).values())
    assert b"root:x:0:0" not in every
    assert pulled.report.failed == {}


def test_usual_entries_keep_what_belongs_to_them(pulled: Pulled) -> None:
    texts = {slug: words(story_div(pulled, slug)) for slug in USUAL}
    assert texts["wordpress"] == (
        "It sang at about two in the morning, and everybody on the shift heard it sing. What it was"
        " A bearing, of course🙂. As it came out OneTwo It has been quiet since."
    )
    assert texts["substack"] == "Two winters ago I bought a boat I could not afford. It leaked."
    assert (
        texts["blogger"]
        == "We built it out of doors. The doors came from the old school, all eleven of them."
    )
    assert "Four o'clock" in texts["ghost"]
    assert "if hot:\n    wait()" in "".join(only(story_div(pulled, "ghost"), ".//~pre").itertext())
    pictures = {slug: pulled.story(slug).front.get("photos", {}) for slug in USUAL}
    assert {slug: [note["alt"] for note in notes.values()] for slug, notes in pictures.items()} == {
        "wordpress": ["The pump on bench two", "Half a bearing"],
        "substack": ["A boat under a tarpaulin"],
        "blogger": ["The shed"],
        "ghost": ["The kiln, open"],
    }
    assert all(note["credit"] == "Ada Brook" for notes in pictures.values() for note in notes.values())
    assert {slug for slug in USUAL if "cover" in pulled.story(slug).front} == {
        "wordpress",
        "blogger",
        "ghost",
    }
    # Each is on its page once, from this site, with the author's words.
    for slug, notes in pictures.items():
        shown = [
            image.get("alt") for image in only(tree(pulled, slug), "~body/~main/~article").iter(f"{HTML}img")
        ]
        assert sorted(filter(None, shown)) == sorted(note["alt"] for note in notes.values())


def test_a_second_pull_changes_no_byte(pulled: Pulled) -> None:
    before = files(pulled.site.content)
    again = pull(pulled.site.content, source="ada-brook", say=lambda line: None)
    assert (again.counts["new"], again.counts["changed"], again.failed) == (0, 0, {})
    assert files(pulled.site.content) == before
    assert re.search(r"0 new, \d+ the same", again.summary())
