"""Talking: nothing of the live conversation loads before a click; a comment reaches the real Isso."""

from __future__ import annotations

STORY = "/stories/the-machine-that-screamed/"


def test_nothing_is_asked_of_the_comment_server_before_a_click(open_page):
    asked = []
    page = open_page(STORY)
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.get_by_role("button", name="Join the conversation").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/comments/" in url]


def test_a_comment_is_posted_and_shows(open_page):
    page = open_page(STORY, width=390)
    page.get_by_role("button", name="Join the conversation").click()
    form = page.locator("#isso-thread .isso-postbox").first
    form.wait_for()
    form.locator(".isso-textarea").fill(
        "Ours did the same. <script>alert(1)</script> It was a stone in the grinder.\n\n- one\n- two"
    )
    form.locator("[name=author]").fill("Bruna")
    form.locator("[type=submit]").click()
    said = page.locator("#isso-root .isso-comment").first
    said.wait_for()
    assert "It was a stone in the grinder." in said.inner_text()
    assert "Bruna" in said.inner_text()
    lists = said.locator("ul")
    assert lists.evaluate("list => getComputedStyle(list).listStyleType") == "disc"  # as in the page later
    again = open_page(STORY)
    again.get_by_role("button", name="Join the conversation").click()
    said = again.locator("#isso-root .isso-comment", has_text="stone in the grinder").last
    said.locator(".isso-reply").click()
    assert said.locator("textarea").get_attribute("aria-label") == "Write your reply"
    assert said.locator("[type=submit]").get_attribute("value") == "Send"
    assert "Send to " in (
        again.locator("#isso-thread > .isso-postbox [type=submit]").get_attribute("value") or ""
    )


def test_the_static_thread_stays_where_the_comment_server_is_blocked(open_page):
    page = open_page(STORY)
    page.route(
        "**/comments/**", lambda route: route.fulfill(status=200, body="", content_type="text/javascript")
    )
    page.clock.install()
    page.get_by_role("button", name="Join the conversation").click()
    page.wait_for_timeout(300)
    page.clock.run_for(30_000)
    assert page.locator("[data-static-thread]").is_visible()
    assert page.get_by_text("did not open").is_visible()


def test_an_empty_box_is_spoken_of_and_thanks_stand_in_view_until_it_is_deleted(open_page):
    page = open_page("/stories/ten-past-three/", width=390)
    page.get_by_role("button", name="Join the conversation").click()
    form = page.locator("#isso-thread .isso-postbox").first
    form.wait_for()
    form.locator("[type=submit]").click()
    page.get_by_text("Write a few words first.").wait_for()
    assert form.locator(".isso-textarea").get_attribute("aria-invalid") == "true"
    form.locator(".isso-textarea").fill("Who rings at ten past three?")
    assert form.locator(".isso-textarea").get_attribute("aria-invalid") is None
    form.locator("[type=submit]").click()
    thanks = page.get_by_text("is on the page")
    thanks.wait_for()
    box = thanks.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 900
    for _ in range(2):  # Isso asks "Confirm"
        page.locator("#isso-root .isso-comment").last.locator(".isso-delete").click()
    page.get_by_text("Your comment is deleted.").wait_for()
    assert not page.get_by_text("is on the page").count()
    page.locator(".live-status:focus").wait_for()
