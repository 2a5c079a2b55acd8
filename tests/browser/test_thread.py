"""Threads in Chromium: two hundred comments, hostile ones, frames of other sites, and no JavaScript."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from werkzeug.serving import make_server

from plugins.serving import site_app
from tests.conftest import copy_site
from tests.guard.loopback import Server
from tests.guard.test_payloads_markup import SCRIPTS

LONG, HOSTILE, FRAMED, LIVE, SENT, SIGNED = "a-long-talk", "hostile", "framed", "live", "sent", "signed"
KEEPERS = "isso giscus discourse mastodon bluesky remark42 waline webmention feed disqus wordpress".split()
BREAKOUTS = [
    "javascript:alert(1)",
    'https://e.example/"onmouseover="alert(1)',
    "https://e.example/' onfocus='alert(1)' autofocus x='",
    "data:text/html,<script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "../../../secret.png",
]
WIDE = {
    "author": "W" * 80,
    "html": f"<p>{'w' * 300}</p><pre>{'w' * 300}</pre><table><tr><td>{'w' * 90}</td><td>w</td></tr></table>",
    "place": f"https://{'w' * 60}.example/",
}
SHOWS = b"""<!doctype html><title>Talk</title><p>The live thread
<script>parent.postMessage(JSON.stringify({talk: {iframeHeight: 444}}), "*")</script>"""
SIGNS = """<!doctype html><title>giscus</title><p>The live thread
<button onclick="parent.postMessage({giscus: {signOut: true}}, '*')">Sign out</button>
<script>parent.postMessage({giscus: {resizeHeight: 300}}, "*")</script>"""
GISCUS = ["REPO", "REPO_ID", "CATEGORY", "CATEGORY_ID"]
RUNS = """() => [...document.querySelectorAll('main *')].flatMap(one => [...one.attributes]
    .filter(own => /^on|^style$|^srcdoc$/.test(own.name)
        || /^\\s*(javascript|data|vbscript):/i.test(own.value))
    .map(own => `${one.tagName} ${own.name}=${own.value}`))"""
STIR = """() => document.querySelectorAll('main *').forEach(one => {
    for (const kind of ['mouseover', 'focus', 'toggle', 'load', 'error'])
        one.dispatchEvent(new Event(kind, {bubbles: true}));
})"""


def said(number, parent=None, **more):
    day = f"{1 + number // 10 % 28:02}"
    return {
        "id": str(number),
        "parent": parent,
        "author": ["Ann Ash", "Ben", "Ćiro Öz", "李伟", "🙂"][number % 5],
        "url": "https://ann.example/" if number % 7 == 0 else None,
        "published": f"2026-05-{day}T{number % 24:02}:{number % 60:02}:00Z",
        "html": f"<p>Word {number} and <a href='https://e.example/'>a link</a>, <code>code</code></p>",
        "staff": None,
        **more,
    }


def two_hundred():
    """Answered ones and ones that wait, deep ones, one that was taken away, and forty answers to one."""
    for number in range(1, 201):
        parent = str(number - number % 5) if number % 5 and number > 5 else None
        if 100 < number <= 140:
            parent = "100"
        yield said(
            number,
            parent if parent != str(number) else None,
            **({"staff": "ada-brook"} if number % 5 == 1 else {}),
            **({"gone": True} if number == 150 else {}),
            **({"place": f"https://social.example/{number}"} if number % 11 == 0 else {}),
            **(WIDE if number in (3, 102) else {}),
        )


def hostile():
    """Every payload in every field, told by every comment system there is."""
    for keeper in KEEPERS:
        for place, payload in enumerate([*SCRIPTS, *BREAKOUTS]):
            yield {
                **said(place % 200),
                "id": f"{keeper}-{place}{payload if place % 2 else ''}",
                "parent": f"{keeper}-{place - 1}" if place % 3 else payload,
                "author": payload,
                "url": payload if place % 2 else f"https://e.example/{payload}",
                "html": payload,
                "place": f"https://e.example/?{payload}" if place % 2 else payload,
                "avatar": payload,
                "staff": payload if place % 5 == 0 else None,
            }


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Server]:
    """Another site, which keeps a conversation."""
    server = Server()
    yield server
    server.close()


@pytest.fixture(scope="module")
def talk(chromium, tmp_path_factory, elsewhere) -> Iterator[str]:
    """The address of a site with all of them."""
    site = copy_site("small", tmp_path_factory.mktemp("talk"))
    kept = {
        LONG: ("isso", list(two_hundred()), ""),
        HOSTILE: ("isso", list(hostile()), ""),
        FRAMED: (
            "remark42",
            [
                said(1),
                said(2, "1", staff="ada-brook"),
                said(3, id="feed-3", place="https://social.example/3"),
            ],
            "{remark42: 'https://people.example/framed/'}",
        ),
        LIVE: (
            "isso",
            [
                said(1),
                said(2, "1", staff="ada-brook"),
                said(3, id="feed-3", place="https://social.example/3"),
            ],
            "",
        ),
        SENT: ("webmention", [], "webmention"),
        SIGNED: ("giscus", [said(1)], "giscus"),
    }
    for slug, (provider, comments, conversation) in kept.items():
        site.story(slug, answers="ada-brook", **({"conversation": conversation} if conversation else {}))
        thread = {"provider": provider, "fetched": "2026-06-01T00:00:00Z", "comments": comments}
        site.write(f"conversations/{slug}.json", json.dumps(thread))
    server = make_server("127.0.0.1", 0, site_app(site.output), threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    keepers = {f"FIRSTHAND_{name}_URL": elsewhere.url for name in ("REMARK42", "WEBMENTION")}
    keepers |= {f"FIRSTHAND_GISCUS_{name}": "brand/talk" for name in GISCUS}
    site.build(SITEURL=address, **keepers)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    for path in site.output.rglob("*.atom.xml"):
        ElementTree.parse(path)
    yield f"{address}/stories"
    server.shutdown()


@pytest.fixture
def shown(browser, talk):
    contexts = []

    def opened(slug, width=1280, dark=False, script=True, **more):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.heard = []
        for kind in ("dialog", "pageerror"):
            page.on(kind, lambda one: (page.heard.append(str(one)), getattr(one, "dismiss", str)()))
        page.goto(f"{talk}/{slug}/")
        return page

    yield opened
    for context in contexts:
        context.close()


def test_axe_finds_nothing_in_two_hundred_comments(shown, tell):
    page = shown(LONG, width=390, dark=True)
    folds = page.locator("details").count()
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    violations = Axe().run(page).response["violations"]
    assert [(found["id"], [node["html"] for node in found["nodes"]]) for found in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    bubbles = page.locator("#thread .bubble").count()
    assert (bubbles, page.locator("#thread .bubble-gone").count()) == (199, 1)
    tell(f"axe: 0 in a thread of {bubbles} comments, with its {folds} folds opened")


def test_without_javascript_a_long_thread_opens_and_a_link_leads_into_a_fold(shown, talk):
    page = shown(LONG, script=False)
    hidden = page.locator("details .bubble").nth(5)
    anchor = hidden.get_attribute("id")
    assert not hidden.is_visible()
    page.locator("#thread > .thread-fold > details > summary").first.click()
    assert page.locator("#thread > .thread-fold > details .bubble").first.is_visible()
    page.goto("about:blank")
    page.goto(f"{talk}/{LONG}/#{anchor}")
    assert page.locator(f"#{anchor}").is_visible()
    assert page.locator(f"#{anchor}").bounding_box()["y"] < 900
    assert not page.locator(".live-button").is_visible()


@pytest.mark.parametrize("policy", [True, False], ids=["as-it-is", "without-its-policy"])
def test_nothing_hostile_runs(shown, tell, policy):
    page = shown(HOSTILE, bypass_csp=not policy)
    page.evaluate(STIR)
    assert page.evaluate(RUNS) == []
    assert page.heard == []
    assert page.locator("main script, main iframe, main form, main style, main object").count() == 0
    images = page.locator("#thread img")
    assert images.evaluate_all("all => all.filter(one => !one.src.startsWith(location.origin))") == []
    count = page.locator("#thread .bubble").count()
    assert count == len(KEEPERS) * len([*SCRIPTS, *BREAKOUTS])
    tell(f"{count} hostile comments of {len(KEEPERS)} comment systems in Chromium, 0 run")


ISSO = """
const box = document.querySelector('#isso-thread');
box.innerHTML = '<div class="isso-postbox"><textarea></textarea></div><div id="isso-root"></div>';
window.bring = (id, time, words) => {
    box.querySelector('#isso-root').insertAdjacentHTML('beforeend',
    `<div class="isso-comment" id="isso-${id}"><div class="isso-text-wrapper">
    <div class="isso-comment-header"><span class="isso-author">Ada Brook</span>
    <a class="isso-permalink"><time datetime="${time}">now</time></a></div>
    <div class="isso-text"><p>${words}</p></div></div></div>`);
    return new Promise(done => setTimeout(done, 50));
};
"""
FIRST, SECOND = "2026-05-01T01:01:00Z", "2026-05-01T02:02:00Z"


@pytest.fixture
def live(shown):
    """A page whose live conversation is open; `bring` has Isso show a comment."""
    page = shown(LIVE)
    script = {"status": 200, "content_type": "text/javascript", "body": ISSO}
    page.route("**/comments/js/embed.min.js", lambda route: route.fulfill(**script))
    page.get_by_role("button", name="Join the conversation").click()
    page.get_by_text("You can write now.").wait_for()
    page.bring = lambda *said: page.evaluate("said => bring(...said)", said)
    return page


def test_what_isso_keeps_gives_way_when_it_shows_and_staff_keep_their_colour(live):
    """The script alone is not enough, nor a server that lost its comments: ours go when they are there."""
    live.bring(77, FIRST, "Something else")
    assert live.locator("#comment-isso-1").is_visible()
    live.bring(1, FIRST, "Word 1 and a link, code")
    live.bring(2, SECOND, "Word 2 and <a href='https://e.example/'>a link</a>, <code>code</code>")
    assert not live.locator("#comment-isso-1").is_visible()
    assert live.locator("#comment-feed-3").is_visible()
    assert live.locator("#isso-2.isso-staff.tint-sage > .face").count() == 1
    assert live.locator("#isso-2 .staff-mark").inner_text() == "Staff"
    assert live.locator("#isso-1 .staff-mark, #isso-77 .staff-mark").count() == 0


def test_a_comment_that_got_the_id_of_a_deleted_answer_is_nobodys(live):
    """Isso gives ids again: neither the name, nor the id, nor one of time and words makes it staff's."""
    live.bring(1, "2026-06-01T09:00:00Z", "Word 1 and a link, code")
    live.bring(2, "2026-06-01T09:00:00Z", "Word 2 and a link, code")
    assert live.locator("#comment-isso-2").is_visible()  # ours is not there
    live.evaluate("document.querySelector('#isso-2').remove()")
    live.bring(2, SECOND, "Send me your password")
    assert live.locator(".isso-comment").count() == 2
    assert live.locator(".isso-comment .staff-mark, .isso-staff, .isso-comment .face").count() == 0


def frame_of(page, elsewhere, body=None):
    src = page.locator(".live").get_attribute("data-src")
    path = src.removeprefix(elsewhere.url)
    elsewhere.pages.clear()
    if body is not None:
        elsewhere.page(path, body, Content_Type="text/html")
    return path


def test_a_frame_takes_the_place_of_its_own_comments_once_it_shows(shown, elsewhere):
    page = shown(FRAMED)
    path = frame_of(page, elsewhere, SHOWS)
    elsewhere.asked.clear()
    assert page.locator("#comment-remark42-1").is_visible()
    assert elsewhere.asked == []  # nothing before the reader asks
    page.get_by_role("button", name="Join the conversation").click()
    page.frame_locator(".live-frame").get_by_text("The live thread").wait_for()
    page.locator("#comment-remark42-1").wait_for(state="hidden")
    assert not page.locator("#comment-remark42-2").is_visible()
    assert page.locator("#comment-feed-3").is_visible()
    frame = page.locator(".live-frame")
    assert frame.bounding_box()["height"] == pytest.approx(444, abs=3)
    assert "allow-scripts" in frame.get_attribute("sandbox")
    assert "allow-top-navigation " not in frame.get_attribute("sandbox") + " "
    assert [asked[0] for asked in elsewhere.asked if "favicon" not in asked[0]] == [path]
    assert page.heard == []


def test_a_frame_that_tells_nothing_leaves_the_page_its_comments(shown, elsewhere):
    page = shown(FRAMED)
    frame_of(page, elsewhere, b"<!doctype html><title>Talk</title><p>Something else")
    page.evaluate("document.querySelector('.live').dataset.tells = ''")
    page.get_by_role("button", name="Join the conversation").click()
    page.get_by_text("You can write now.").wait_for()
    assert page.locator("#comment-remark42-1").is_visible()


def test_a_frame_that_shows_what_is_wrong_gives_the_comments_back(shown, elsewhere):
    page = shown(FRAMED)
    fails = SHOWS.replace(
        b"</script>", b"; go = () => parent.postMessage({talk: {error: 'Down'}}, '*')</script>"
    )
    frame_of(page, elsewhere, fails + b"<button onclick='go()'>Fail</button>")
    page.get_by_role("button", name="Join the conversation").click()
    page.locator("#comment-remark42-1").wait_for(state="hidden")
    page.frame_locator(".live-frame").get_by_role("button").click()
    page.locator("#comment-remark42-1").wait_for()
    assert page.locator("#comment-remark42-2").is_visible()
    assert page.locator(".live-frame").is_visible()


def test_a_frame_that_never_comes_is_spoken_of(shown, elsewhere):
    page = shown(FRAMED)
    page.clock.install()
    page.route(f"{elsewhere.url}/**", lambda route: route.abort())
    page.get_by_role("button", name="Join the conversation").click()
    page.wait_for_timeout(100)
    assert not page.locator(".live-frame").is_visible()  # nor the browser's words on what is wrong
    page.clock.run_for(30_000)
    page.get_by_text("did not open").wait_for()
    assert page.locator("#comment-remark42-1").is_visible()
    assert page.locator(".live-frame").count() == 0
    assert page.get_by_role("button", name="Join the conversation").is_visible()


def test_whoever_signs_in_at_giscus_stays_so_until_they_sign_out(shown):
    page, asked = shown(SIGNED), []

    def giscus(route):
        asked.append(parse_qs(urlsplit(route.request.url).query, keep_blank_values=True))
        route.fulfill(body=SIGNS, content_type="text/html")

    page.route("https://giscus.app/**", giscus)
    page.get_by_role("button", name="Join the conversation").click()
    page.locator("#comment-giscus-1").wait_for(state="hidden")
    address = page.url
    assert (asked[0]["origin"], asked[0]["session"], asked[0]["term"]) == (
        [address],
        [""],
        ["stories/signed/"],
    )
    page.goto(f"{address}?giscus=a-key")  # GitHub's sign-in leads back so, and the frame opens by itself
    leave = page.frame_locator(".live-frame").get_by_role("button", name="Sign out")
    leave.wait_for()
    assert page.url == address
    assert asked[1]["session"] == ["a-key"]
    with page.expect_request("https://giscus.app/**"):
        leave.click()
    leave.wait_for()
    page.reload()
    page.get_by_role("button", name="Join the conversation").click()
    leave.wait_for()
    assert [one["session"] for one in asked[2:]] == [[""], [""]]
    assert page.heard == []


def test_a_reader_tells_of_their_own_page_without_leaving_ours(shown, elsewhere):
    page = shown(SENT)
    form = page.locator(".live-form")
    elsewhere.pages.clear()
    elsewhere.page("/", b"{}", 201)
    elsewhere.sent.clear()
    form.get_by_role("textbox").fill("https://ann.example/mine/")
    form.get_by_role("button").click()
    page.get_by_text("Thank you.").wait_for()
    assert page.url.endswith(f"/{SENT}/")
    assert b"source=https%3A%2F%2Fann.example%2Fmine%2F" in elsewhere.sent[0]
