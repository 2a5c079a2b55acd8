"""Every page that was made of a feed, in Chromium: no script, no load from elsewhere, all in its place.

Each is opened twice: as it is, with a listener for whatever the page's Content-Security-Policy has to
stop, and with that policy switched off, so that nothing depends on a browser that has one.
"""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.syndication.hostile_feeds import Pulled, pulled_site

LISTEN = """
window.stopped = [];
document.addEventListener('securitypolicyviolation', event =>
    window.stopped.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""
# What the page is, seen from inside: the story's one <div> within what is ours, and ours after it.
LOOK = """() => {
    const article = document.querySelector('body > main#main > article.story');
    const proses = document.querySelectorAll('.e-content');
    const prose = article && article.querySelector(':scope > .wrap > .prose.e-content');
    return {
        stopped: window.stopped,
        one: proses.length === 1 && proses[0] === prose && prose.childElementCount === 1
            && prose.firstElementChild.tagName === 'DIV'
            && prose.nextElementSibling.matches('footer.credits'),
        after: document.querySelectorAll('body > footer').length,
        heads: document.querySelectorAll('h1').length,
        titled: document.title.endsWith(' · The people of Small'),
        scripts: [...document.scripts].filter(one => one.type !== 'application/ld+json')
            .map(one => one.getAttribute('src')).filter(src => !src || !src.startsWith('/theme/')),
        loads: [...document.querySelectorAll('img, source, iframe, video, audio, embed, object, link[href]')]
            .filter(one => one.tagName !== 'LINK' || /stylesheet|preload|icon|manifest/.test(one.rel))
            .map(one => one.currentSrc || one.src || one.href || one.data || '')
            .filter(url => url && new URL(url, location).origin !== location.origin),
        runs: [...document.querySelectorAll('*')].flatMap(one => [...one.attributes]
            .filter(own => /^on|^style$/.test(own.name) || /^\\s*javascript:/i.test(own.value))
            .map(own => `${one.tagName} ${own.name}`)),
        canonical: [...document.querySelectorAll('link[rel=canonical]')].map(one => one.getAttribute('href')),
    };
}"""


@pytest.fixture(scope="module")
def pulled(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pulled]:
    with pulled_site(tmp_path_factory.mktemp("pulled")) as found:
        yield found


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site_url(pulled: Pulled) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(Path(pulled.site.output)))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        threading.Thread(target=httpd.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


@pytest.mark.slow
@pytest.mark.parametrize("policy", [True, False], ids=["as-it-is", "without-its-policy"])
def test_every_pulled_page_is_harmless_and_whole(browser, pulled, site_url, policy, tell):
    context = browser.new_context(bypass_csp=not policy)
    context.add_init_script(LISTEN)
    page = context.new_page()
    ran, asked, wrong = [], [], {}
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: ran.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    # Without the policy the same texts in RSS and as excerpts would say nothing new.
    slugs = [slug for slug in pulled.slugs if policy or not slug.startswith(("rss-", "excerpt-"))]
    for slug in slugs:
        page.goto(f"{site_url}/stories/{slug}/", wait_until="load")
        if not policy:  # whatever waits for a reader's hand finds one
            page.mouse.move(300, 500)
            page.keyboard.press("Tab")
            page.mouse.wheel(0, 3000)
        seen = page.evaluate(LOOK)
        leads_to = pulled.story(slug).front["canonical"]
        expected = {
            "stopped": [], "one": True, "after": 1, "heads": 1, "titled": True, "scripts": [], "loads": [],
            "runs": [], "canonical": [leads_to],
        }  # fmt: skip
        if seen != expected or ran or not page.url.endswith(f"/stories/{slug}/"):
            wrong[slug] = (
                {key: seen[key] for key in seen if seen[key] != expected[key]},
                list(ran),
                page.url,
            )
            ran.clear()
    elsewhere = [url for url in asked if not url.startswith((site_url, "data:", "blob:"))]
    context.close()
    assert wrong == {}
    assert elsewhere == []
    tell(f"{len(slugs)} pages of feeds in Chromium, {len(asked)} requests, none to another host")


def test_the_listener_hears_what_it_is_for(browser, pulled, site_url):
    """A page with the payloads in it fails the test above: the policy stops them, and that is heard."""
    page = pulled.site.output / "stories" / "broken" / "index.html"
    page.parent.mkdir(exist_ok=True)
    good = pulled.site.page("stories/script/")
    bad = '<p onclick="1">x</p><script>window.ran = 1</script><img src="http://127.0.0.2:9/x.jpg">'
    page.write_text(good.replace("<p>x</p>", bad, 1))
    for policy in (True, False):
        context = browser.new_context(bypass_csp=not policy)
        context.add_init_script(LISTEN)
        opened = context.new_page()
        opened.goto(f"{site_url}/stories/broken/", wait_until="load")
        seen = opened.evaluate(LOOK)
        assert bool(opened.evaluate("window.ran")) is not policy
        assert bool(seen["stopped"]) is policy
        assert (seen["scripts"], seen["loads"], seen["runs"]) == (
            [None], ["http://127.0.0.2:9/x.jpg"], ["P onclick"],
        )  # fmt: skip
        context.close()
