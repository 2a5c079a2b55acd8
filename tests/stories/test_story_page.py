"""What a story page shows, and what machines read of it."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"


def data_of(page):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1])


def test_faces_credits_and_figures(site):
    site.build()
    page = site.page("stories/the-first-day/")
    for words in (
        "Ada Brook",
        "Fitter",
        "The workshop",
        "Ruth Keel",
        "works here",
        "Photograph: Ruth Keel",
        "Talk with",
    ):
        assert words in page
    assert re.search(
        r'<figure class="figure"><picture><source type="image/avif" .*'
        r'<img src="/stories/the-first-day/door.jpg" alt="A green door" width="320"',
        page,
    )
    assert 'href="https://example.org/page"' in page
    assert 'lang="es"' in page
    assert "/es/stories/the-first-day/" in page


def test_a_picture_among_words_stands_in_their_paragraph(site):
    index = site.content / "stories" / "the-first-day" / "index.md"
    index.write_text(index.read_text().rstrip() + "\n\n![A door]({attach}door.jpg) It was green.\n")
    site.build()
    page = site.page("stories/the-first-day/")
    assert "&lt;p&gt;" not in page
    assert re.search(
        r'<p><picture><source [^>]*><img src="/stories/the-first-day/door.jpg"[^>]*></picture> It', page
    )


def test_first_published_elsewhere(site):
    site.build()
    page = site.page("stories/the-borrowed-van/")
    assert '<link rel="canonical" href="https://ivo.example.org/van"' in page
    assert "His own blog" in page


def test_structured_data(site):
    site.build(SITEURL="https://small.example.org")
    data = data_of(site.page("stories/the-first-day/"))
    assert data["@type"] == "Article"
    assert data["author"] == [
        {"@type": "Person", "name": "Ada Brook", "url": "https://small.example.org/people/ada-brook/"}
    ]
    assert data["image"]["width"] == 320
    assert data["editor"] == [{"@type": "Person", "name": "Ruth Keel"}]
    assert (
        data_of(site.page("stories/the-borrowed-van/"))["mainEntityOfPage"] == "https://ivo.example.org/van"
    )


def test_the_feed_has_full_text_and_every_author(site):
    site.story(
        "together",
        title="Together",
        authors="[ada-brook, ivo-marsh]",
        author="",
        body="See [her](/people/ada-brook/).\n",
    )
    site.build(SITEURL="https://small.example.org")
    root = ElementTree.fromstring(site.page("feeds/all.atom.xml"))
    entry = next(e for e in root.iter(f"{ATOM}entry") if e.findtext(f"{ATOM}title") == "Together")
    assert [author.findtext(f"{ATOM}name") for author in entry.iter(f"{ATOM}author")] == [
        "Ada Brook",
        "Ivo Marsh",
    ]
    assert 'href="https://small.example.org/people/ada-brook/"' in entry.findtext(f"{ATOM}content")
    assert entry.findtext(f"{ATOM}id").startswith("tag:small.example.org,2026-05-01:")
    assert root.findtext(f"{ATOM}updated")


def test_a_draft_is_nowhere(site):
    site.story("not-yet", title="Not yet", status="draft", consent="", tags="[hidden-topic]")
    site.build()
    found = [
        p
        for p in site.output.rglob("*")
        if p.is_file() and (b"not-yet" in p.read_bytes() or b"Not yet" in p.read_bytes())
    ]
    assert found == []
    assert not (site.output / "topics/hidden-topic").exists()


def test_neighbours_and_related(site):
    site.story("third", title="The third one", date="2026-06-01", tags="[lathes]")
    site.build()
    page = site.page("stories/the-borrowed-van/")
    assert "/stories/the-first-day/" in page
    assert "/stories/third/" in page
    first = site.page("stories/the-first-day/")
    assert "The third one" in first  # shares a tag, the collection and the teller


def test_ten_and_one_hundred_do_not_collide(site):
    for number in range(27):
        site.story(f"many-{number}", title=f"Number {number}", tags="[many]")
    site.story("clash", tags="[many-2]")
    site.build()
    assert (site.output / "topics/many/page/2/index.html").is_file()
    assert (site.output / "topics/many-2/index.html").is_file()


def test_a_story_without_tags(site):
    site.story("plain", tags="")
    site.build()
    assert "plain" in site.page("stories/")


def test_a_summary_in_the_feed_stays_words(site):
    site.story("words", summary="'About <script>alert(1)</script> and <b>'")
    site.build()
    root = ElementTree.fromstring(site.page("feeds/all.atom.xml"))
    entry = next(e for e in root.iter(f"{ATOM}entry") if "/words/" in e.findtext(f"{ATOM}id"))
    assert entry.findtext(f"{ATOM}summary") == "About &lt;script&gt;alert(1)&lt;/script&gt; and &lt;b&gt;"


def test_a_language_from_right_to_left(site):
    site.story("urdu", lang="ur")
    site.build()
    assert '<html lang="ur" dir="rtl">' in site.page("ur/stories/urdu/")
    assert '<html lang="en" dir="ltr">' in site.page("stories/the-first-day/")


def test_a_translation_leads_on_in_its_own_language(site):
    spanish = (site.content / "stories/the-first-day/index.es.md").read_text()
    site.story("otra", title="Other")
    site.write("stories/otra/index.es.md", spanish.replace("El primer día", "Otra").replace("03-02", "05-02"))
    photo = (site.content / "stories/the-first-day/door.jpg").read_bytes()
    site.write("stories/otra/door.jpg", photo)
    site.build()
    page = site.page("es/stories/the-first-day/")
    assert page.count('href="/es/stories/otra/"') >= 2  # newer, and related
    assert 'href="/stories/otra/"' not in page
