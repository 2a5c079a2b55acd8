"""Posted, answered, approved, edited, deleted on the real Isso in Chromium: the static thread is the live."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pelican.settings import read_settings
from playwright.sync_api import Browser, Page
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from plugins.conversations.bring import bring
from plugins.conversations.settings import check
from plugins.serving import site_app
from tests.conftest import Site, copy_site
from tests.conversations.real_isso import RealIsso

STORY = "stories/the-borrowed-van/"
JOIN = "Join the conversation"
# Of every comment: its id, what it answers, its words, who said them, and whether it was taken away.
LIVE = """() => [...document.querySelectorAll('#isso-root .isso-comment')].map(one => {
    const above = one.parentElement.closest('.isso-comment');
    const own = one.querySelector(':scope > .isso-text-wrapper');
    const text = own.querySelector('.isso-text');
    return [one.id.slice(5), above && above.id.slice(5), text.innerText.trim(),
        own.querySelector('.isso-author').innerText.trim()];
})"""
STATIC = """() => [...document.querySelectorAll('#thread .bubble, #thread .bubble-gone')].map(one => {
    const above = one.closest('li').parentElement.closest('li');
    const parent = above && above.querySelector(':scope > .bubble, :scope > .bubble-gone');
    const words = one.querySelector('.bubble-words');
    return [one.id.slice(13), parent && parent.id.slice(13), words ? words.innerText.trim() : null,
        words ? one.querySelector('.p-name').innerText.trim() : null];
})"""


class Talk:
    """A site that is served with its Isso."""

    def __init__(self, site: Site, isso: RealIsso, address: str, browser: Browser) -> None:
        self.site, self.isso, self.address, self.browser = site, isso, address, browser

    def open(self, page: Page | None = None) -> Page:
        """The live conversation, as a reader has it who comes for the first time, or again."""
        page = page or self.browser.new_page()
        page.goto(f"{self.address}/{STORY}")
        page.get_by_role("button", name=JOIN).click()
        page.locator("#isso-thread .isso-postbox").first.wait_for()
        return page

    def say(self, page: Page, words: str, name: str, number: int, to: str = "#isso-thread") -> None:
        """Fill the box and send it; a moderator approves."""
        if to != "#isso-thread":
            page.locator(f"{to} .isso-reply").click()
        form = page.locator(f"{to} .isso-postbox").first
        form.locator(".isso-textarea").fill(words)
        form.locator("[name=author]").fill(name)
        form.locator("[type=submit]").click()
        page.locator(f"#isso-{number}").wait_for()
        page.get_by_text("Somebody reads it first; then it is on the page.").wait_for()
        self.isso.moderate(number, "activate")

    def static(self) -> list[list[str | None]]:
        """Bring the thread, build, and look without JavaScript."""
        settings: dict[str, Any] = read_settings(str(self.site.root / "pelicanconf.py"))
        settings["FIRSTHAND_ISSO_DB"] = str(self.isso.file)
        check(settings)
        with ThreadPoolExecutor(1) as elsewhere:  # Playwright has this thread's event loop
            elsewhere.submit(bring, self.site.content, settings, say=lambda line: None).result()
        self.site.build()
        page = self.browser.new_page(java_script_enabled=False)
        page.goto(f"{self.address}/{STORY}")
        found: list[list[str | None]] = page.evaluate(STATIC)
        page.close()
        return found


@pytest.fixture
def talk(tmp_path: Path, browser: Browser) -> Iterator[Talk]:
    site = copy_site("small", tmp_path)
    site.build()
    served = DispatcherMiddleware(site_app(site.output))
    server = make_server("127.0.0.1", 0, served, threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    isso = RealIsso(
        tmp_path / "comments.db",
        moderation__enabled="true",
        general__host=address,
        server__public_endpoint=f"{address}/comments",
    )
    served.mounts = {"/comments": isso.app}
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Talk(site, isso, address, browser)
    server.shutdown()
    server.server_close()


def test_what_readers_do_is_what_the_page_shows(talk: Talk) -> None:
    one = talk.open()
    talk.say(one, "Did *nobody* mention it?\n\nNot <b>once</b>, & never?", "A & B", 1)
    talk.say(one, "I did: **twice**.\n\n> a dent\n\n- front\n- back", "Ćiro", 2)
    two = talk.open()
    talk.say(two, "Nobody.", "Ivo", 3, to="#isso-1")
    talk.say(two, "When?", "", 4, to="#isso-2")
    edited = two.locator("#isso-3")
    edited.locator(".isso-edit").click()
    edited.locator("textarea.isso-textarea").fill("Nobody, and that was kind.")
    edited.locator(".isso-edit").click()
    edited.locator(".isso-text", has_text="that was kind").wait_for()
    mine = one.locator("#isso-2 > .isso-text-wrapper")
    mine.locator(".isso-delete").click()
    mine.locator(".isso-delete").click()
    mine.locator(".isso-text", has_text="I did").wait_for(state="detached")
    talk.isso.post("the-borrowed-van", "This one waits.")
    talk.open(two).locator("#isso-4").wait_for()
    live = two.evaluate(LIVE)
    assert [one[0] for one in live] == ["1", "3", "2", "4"]
    assert "that was kind" in live[1][2]
    live[2][2:] = [None, None]  # what was taken back is told in each one's own words
    live[3][3] = "Somebody"  # as is somebody without a name
    assert talk.static() == live
    kept = talk.site.content / "conversations/the-borrowed-van.json"
    first_is_adas = kept.read_text().replace('"staff": null', '"staff": "ada-brook"', 1)
    kept.write_text(first_is_adas)
    talk.site.build()
    talk.open(two).locator("#isso-1.isso-staff .staff-mark").first.wait_for()
    assert two.locator("#isso-root .staff-mark").count() == 1
    one.close()
    two.close()
