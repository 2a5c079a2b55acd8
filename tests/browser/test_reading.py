"""Reading: from the front page to a story and its thread, with and without JavaScript, at every width."""

from __future__ import annotations

import pytest

STORY = "/stories/the-machine-that-screamed/"
KINDS = {
    "home": "/",
    "story": STORY,
    "person": "/people/noelia-barros/",
    "people": "/people/",
    "collection": "/collections/the-workshop/",
    "topic": "/topics/pumps/",
    "archive": "/stories/",
    "conversations": "/conversations/",
    "page": "/promise/",
    "telling": "/tell/",
    "customer": "/people/agnes-o/",
    "feeds": "/feeds/",
    "wrong-turn": "/nowhere/",
    "spanish": "/es/stories/the-cat-in-the-crate/",
}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_axe_finds_nothing(look_at, violations, kind, width, dark):
    page = look_at(KINDS[kind], width=width, dark=dark)
    assert violations(page) == []


@pytest.mark.parametrize("width", [390, 700, 1024, 1600])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nothing_sticks_out_at_the_side(look_at, kind, width):
    page = look_at(KINDS[kind], width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_from_the_front_page_to_the_thread(open_page, script):
    page = open_page("/", script=script, width=390)
    page.get_by_role("link", name="Stories").first.click()
    page.get_by_role("link", name="The machine that screamed at eight o").first.click()
    assert page.url.endswith(STORY)
    thread = page.locator("[data-static-thread]")
    assert thread.is_visible()
    assert "Owen" in thread.inner_text()
    assert "Staff" in thread.inner_text()
    assert page.get_by_role("heading", name="Talk with Noelia").is_visible()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_page_reads_without_javascript(look_at, kind):
    page = look_at(KINDS[kind], script=False, width=390)
    assert page.locator("h1").first.is_visible()
    assert len(page.locator("main").inner_text().split()) > 20
    assert page.get_by_role("link", name="People").first.is_visible()


def test_the_skip_link_is_the_first_stop_of_the_keyboard(open_page):
    page = open_page(STORY)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#main').contains(document.activeElement)")


def test_pictures_keep_their_place_and_show(open_page):
    page = open_page(STORY)
    for image in page.locator("img").all():
        image.scroll_into_view_if_needed()
    page.wait_for_function("() => [...document.images].every(image => image.complete)")
    broken = page.evaluate("[...document.images].filter(i => !i.naturalWidth || !i.width).map(i => i.src)")
    assert broken == []


def test_print_leaves_the_navigation_out(open_page):
    page = open_page(STORY)
    page.emulate_media(media="print")
    assert not page.locator("header nav").first.is_visible()
    assert page.locator("article.story h1").is_visible()
