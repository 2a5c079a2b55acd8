"""Stories, people, pages, topics and translations that want an address that is not theirs, or is none."""

from __future__ import annotations

import pytest

from plugins.guard.finding import ContentRefused, errors
from plugins.guard.survey import RESERVED
from plugins.stories import check_content

from .harmless import assert_harmless
from .hostile import Refused, assert_all_refused_by_a_build, assert_refused, snapshot

STORY = "---\ntitle: A\n---\nWords.\n"
LONG = "a" * 81


def at(path: str, line: int, says: str, text: str = STORY) -> Refused:
    return Refused(line, says, files={path: text}, path=path)


REFUSED = {
    "a story's slug in capitals": at("stories/Hostile-A/index.md", 1, "cannot be an address"),
    "a story's slug with dots": at("stories/a..b/index.md", 1, "cannot be an address"),
    "a story's slug with a space": at("stories/a b/index.md", 1, "cannot be an address"),
    "a story's slug in Cyrillic": at("stories/о-нас/index.md", 1, "cannot be an address"),
    "a story's slug with a backslash": at("stories/a\\b/index.md", 1, "cannot be an address"),
    "a story's slug too long": at(f"stories/{LONG}/index.md", 1, "cannot be an address"),
    "a story's language in the name": at("stories/hostile/index.ESP.md", 1, "Two letters: index.es.md."),
    "a person's slug with a newline": at("people/a\nb.md", 1, "cannot be an address"),
    "a person's slug with two hyphens": at("people/a--b.md", 1, "cannot be an address"),
    "a person's slug with an escape": at("people/a\x1b[2Jb.md", 1, "cannot be an address"),
    "a page's slug with a tag": at("pages/<b>.md", 1, "cannot be an address"),
    "a photograph's name with a quote": at('stories/hostile/a"b.jpg', 1, "other marks than letters"),
    "a photograph's name with a space": at("stories/hostile/a b.png", 1, "other marks than letters"),
    "a photograph's name with a double ending": at("people/a.php.png", 1, "other marks than letters"),
    "a topic of marks": Refused(6, "gives no address", front={"tags": '["!!!"]'}),
    "a topic of emoji": Refused(6, "gives no address", front={"tags": '["👍"]'}),
    "a topic of dots": Refused(6, "gives no address", front={"tags": '["../.."]'}),
    "a topic of a hyphen": Refused(6, "gives no address", front={"tags": '["-"]'}),
    "a topic too long": Refused(6, "gives no address", front={"tags": f'["{"long " * 60}"]'}),
    "two topics of one address": Refused(
        6, "have one address", front={"tags": '[Night shift, "night-shift!"]'}
    ),
    "a collection of marks": Refused(5, "gives no address", front={"category": '"***"'}),
    "a language twice": Refused(
        1,
        "is in 'en' too",
        files={"stories/hostile/index.en.md": STORY, "stories/hostile/index.md": STORY},
        path="stories/hostile/index.md",
    ),
    "a page in one language twice": Refused(
        1,
        "is in 'es' too",
        files={"pages/hostile.md": "---\ntitle: A\nlang: es\n---\nx\n", "pages/hostile.es.md": STORY},
        path="pages/hostile.md",
    ),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_an_address_is_refused(site, case):
    assert_refused(site, case)


def test_a_build_of_all_of_them_publishes_nothing(site):
    assert_all_refused_by_a_build(site, REFUSED)


def test_a_page_takes_no_address_of_the_site(site):
    site.build()
    for slug in RESERVED:
        site.write(f"pages/{slug}.md", STORY)
    before = snapshot(site.output)
    with pytest.raises(ContentRefused) as refused:
        site.build()
    assert {f.path for f in refused.value.findings} == {f"content/pages/{slug}.md" for slug in RESERVED}
    assert snapshot(site.output) == before


def test_every_folder_of_a_built_site_is_reserved(site):
    site.build()
    folders = {path.name for path in site.output.iterdir() if path.is_dir()}
    pages = {path.stem for path in (site.content / "pages").iterdir()}
    languages = {"es"}
    assert folders - pages - languages <= RESERVED


def test_an_alias_belongs_to_one_person(site):
    site.write(
        "people/hostile.md", "---\nname: H\nkind: guest\naliases: [ada-b, ivo-marsh, free, free]\n---\nx\n"
    )
    found = errors(check_content(site.content).findings)
    assert [(f.path, f.line, f.message) for f in found] == [
        ("content/people/hostile.md", 4, "The alias 'ada-b' is an alias of ada-brook too."),
        ("content/people/hostile.md", 4, "The alias 'ivo-marsh' is a person's own."),
    ]


def test_names_that_look_dangerous_and_are_not(site):
    """`index` and `page` are words like others; the dots of a topic do not survive."""
    for slug in ("index", "page", "2", "stories", "theme"):
        site.story(
            slug, title=f'"A story {slug}"', tags='["../../x", index, page]', category='"../../index.html"'
        )
        site.write(f"people/{slug}.md", f"---\nname: P {slug}\nkind: guest\n---\nWords.\n")
    site.build(DEFAULT_PAGINATION=2)
    assert_harmless(site.output)
    assert {
        "stories/index/index.html",
        "stories/page/index.html",
        "people/index/index.html",
        "people/page/index.html",
        "topics/x/index.html",
        "topics/x/page/2/index.html",
        "topics/page/index.html",
        "topics/page/page/2/index.html",
        "collections/indexhtml/index.html",
    } <= site.files()
    assert not {"x", "index.html.html"} & {path.name for path in site.root.iterdir()}


def test_a_language_nobody_speaks_is_still_an_address_of_its_own(site):
    site.story("hostile", lang="xx")
    site.build()
    assert '<html lang="xx"' in site.page("xx/stories/hostile/")
    assert_harmless(site.output)
