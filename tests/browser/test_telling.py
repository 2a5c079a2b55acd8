"""Telling a story on a phone without JavaScript: from the empty form to the site, photographs included."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
import time
from pathlib import Path

import html5lib
import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from plugins.desk import Desk
from plugins.fastbuild.build import build_site
from plugins.guard.heic import readable
from plugins.publishing.page import read_page
from plugins.serving import site_app
from plugins.submissions.running import running
from tests.conftest import ROOT
from tests.submissions.teller import MAKER, photograph

TEXT = """We were on the Turnstone when the bilge pump stopped, at ten at night, in February.

I rang the number on the plate, and a man asked me **what it sounded like**.

> That is not the pump, he said. That is a mitten."""
STEPS = ("form", "faults", "preview", "thanks", "gone")


class Served:
    """The sample site in a repository of its own, with everything behind /submit/ at work."""

    def __init__(self, root: Path) -> None:
        self.root, self.output = root, root / "output"
        shutil.copytree(ROOT / "content", root / "content")
        shutil.copytree(ROOT / "theme", root / "theme")
        conf = (ROOT / "pelicanconf.py").read_text("utf-8")
        (root / "pelicanconf.py").write_text(
            conf.replace('PLUGIN_PATHS = ["."]', f'PLUGIN_PATHS = ["{ROOT}"]')
        )
        (root / ".gitignore").write_text("var/\noutput/\n.cache/\n")
        self.git("init", "-q", "-b", "main")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "The site")
        self.build()

    def git(self, *words: str) -> bytes:
        who = ["-c", "user.name=Ed", "-c", "user.email=ed@example.org"]
        return subprocess.run(["git", *who, *words], cwd=self.root, check=True, capture_output=True).stdout

    def build(self) -> None:
        build_site(self.root / "pelicanconf.py", quiet=True)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    site = Served(tmp_path_factory.mktemp("telling"))
    with running(site.root, site.root / "pelicanconf.py", env={}) as receiver:
        app = DispatcherMiddleware(site_app(site.output), {"/submit": receiver})
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site.address = f"http://127.0.0.1:{server.server_port}"
        yield site
        server.shutdown()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Three photographs that know where they were taken; one as an iPhone makes it, where that can be."""
    folder = tmp_path_factory.mktemp("pictures")
    second = ("mitten.heic", "HEIF") if readable() else ("mitten.webp", "WEBP")
    kinds = dict([("boat.jpg", "JPEG"), second, ("pump.png", "PNG")])
    for name, kind in kinds.items():
        (folder / name).write_bytes(photograph(kind, (640, 480)))
        assert MAKER.encode() in (folder / name).read_bytes()
    return [folder / name for name in kinds]


@pytest.fixture
def opened(windows):
    yield lambda width=390, script=False: windows.page(width=width, height=844, script=script)
    windows.leave()


def fill(page, pictures=()):
    page.locator("#text").fill(TEXT)
    page.locator("#title").fill("The mitten in the pump")
    for place, picture in enumerate(pictures, start=1):
        page.locator(f"#photo-{place}").set_input_files(picture)
        page.locator(f"#alt-{place}").fill(f"What is in picture {place}")
        page.locator(f"#credit-{place}").fill("Greta Holm")
    page.locator("#name").fill("Greta Holm")
    page.locator("#relationship").select_option("customer")


def look(page):
    page.locator(".form-end button").click()


def test_a_story_with_three_photographs_from_a_phone_to_the_site(served, pictures, opened, tell):
    page = opened()
    page.goto(f"{served.address}/tell/")
    assert page.get_by_text("Emeka reads your story first").is_visible()
    fill(page, pictures)
    look(page)
    assert page.title().startswith("Error: ")
    assert page.locator(".faults li").all_inner_texts() == [
        "Tick the box if you agree; without that we may not keep your story"
    ]
    page.locator(".faults:focus").wait_for()  # the browser sets the focus when it next draws
    page.locator(".faults a").click()
    assert page.url.endswith("#agreed")
    assert page.locator("#text").input_value().replace("\r", "") == TEXT
    assert page.locator(".slot-kept").count() == 3
    page.locator("#agreed").check()
    look(page)
    assert page.get_by_role("heading", name="The mitten in the pump").is_visible()
    assert page.locator("main .photograph, main .figure img").count() == 3
    for image in page.locator("main img").all():
        assert page.request.get(served.address + image.get_attribute("src")).ok
    page.wait_for_timeout(2100)
    page.get_by_role("button", name="Send my story").first.click()
    assert page.get_by_role("heading", name="Your story is here").is_visible()
    page.get_by_role("link", name="Open my page").click()
    assert page.get_by_text("The mitten in the pump").first.is_visible()

    desk = Desk(served.root, env={})
    for _ in range(600):  # on a machine that has other work
        if rows := [row for row in desk.waiting() if row.title == "The mitten in the pump" and row.landed]:
            break
        time.sleep(0.2)
    (row,) = rows
    branch = f"story/{row.id}"
    names = served.git("diff", "--name-only", "main", branch).decode().split()
    files = {name: served.git("show", f"{branch}:{name}") for name in names}
    tell(f"{branch} holds {', '.join(f'{name} ({len(data):,} bytes)' for name, data in files.items())}")
    photos = [name for name in files if not name.endswith(".md")]
    assert len(photos) == 3
    for name in photos:
        assert MAKER.encode() not in files[name]
        assert b"Exif" not in files[name]
        assert b"GPS" not in files[name]
    assert "what it sounded like" in files[f"content/stories/{row.slug}/index.md"].decode()
    desk.publish(row.id, by="emeka-ashgrove")
    desk.close()
    served.build()
    page.goto(f"{served.address}/stories/{row.slug}/")
    assert page.locator("blockquote", has_text="That is a mitten.").is_visible()
    assert page.locator("main .cover img, main figure img").count() == 3
    shown = list((served.output / "stories" / row.slug).glob("*.*"))
    assert not [
        path.name for path in shown if MAKER.encode() in path.read_bytes() or b"GPS" in path.read_bytes()
    ]


def at(step, page, served, pictures):
    """Bring the page to one step of the way."""
    page.goto(f"{served.address}/tell/")
    if step == "form":
        return
    if step == "gone":
        page.goto(f"{served.address}/submit/preview/x")
        return
    fill(page, pictures[:2])
    if step == "faults":
        page.locator("#text").fill("Short")
        page.locator("#alt-2").fill("")
        page.locator("#email").fill("nobody")
        page.locator("#until").evaluate("field => field.type = 'text'")
        page.locator("#until").fill("some day")
        page.locator("#name").fill("Emeka Ashgrove")
        page.locator("#style-other").check()
        page.locator("#relationship").select_option("")
    else:
        page.locator("#agreed").check()
    look(page)
    if step == "thanks":
        page.wait_for_timeout(2100)
        page.get_by_role("button", name="Send my story").first.click()


@pytest.fixture(scope="module", params=STEPS)
def reached(request, browser, served, pictures):
    """A window at one step of the way, and the page as the server sent it."""
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    at(request.param, page, served, pictures)
    pages = [
        answer
        for answer in answers
        if "text/html" in answer.headers.get("content-type", "") and answer.status != 303
    ]
    yield page, pages[-1].text()
    page.context.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_step_can_be_used_by_everybody(reached, violations, width, dark):
    """The server knows nothing of widths and colours, nor has the page a script: only its styles change."""
    page, _ = reached
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme="dark" if dark else "light")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_step_is_right_html(reached):
    _, text = reached
    assert "<script" not in text.replace('<script type="application/ld+json"', "")
    html5lib.HTMLParser(strict=True).parse(text)
    assert read_page(text).problems == []
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for field in re.findall(r'(?:for|aria-describedby|aria-labelledby)="([^"]+)"', text):
        assert set(field.split()) <= set(ids)


def test_enter_in_a_field_presses_the_right_button(served, pictures, opened):
    page = opened()
    page.goto(f"{served.address}/tell/")
    fill(page, pictures[:1])
    look(page)
    page.locator("#title").press("Enter")
    assert page.title().startswith("Error: ")
    assert page.locator(".slot-kept").count() == 1


def test_the_box_of_consent_is_large_enough_for_a_thumb(served, opened):
    page = opened()
    page.goto(f"{served.address}/tell/")
    box = page.locator("#agreed").bounding_box()
    assert box["width"] >= 44
    assert box["height"] >= 44
    assert not page.locator("#agreed").is_checked()
