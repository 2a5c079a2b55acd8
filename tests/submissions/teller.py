"""A storyteller at the form, by HTTP as a browser without JavaScript sends it; and photographs to send."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path
from typing import Any

import html5lib
from flask import Flask
from PIL import Image, TiffImagePlugin

from plugins.submissions.opening import open_site
from plugins.submissions.receiver import Site, receiver_app

TEXT = "The pump stopped at ten at night, in February. A man answered at the second ring. " * 3
GOOD = {
    "page": "en",
    "promise": "1",
    "text": TEXT,
    "title": "A mitten",
    "name": "Greta Holm",
    "style": "full",
    "relationship": "customer",
    "lang": "en",
    "channels": ["feeds", "cards"],
    "agreed": "yes",
    "do": "look",
}
MAKER = "SecretPhoneMaker"


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self, now: float = 1_762_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Teller:
    """One storyteller and the receiver they talk to; `page` is what they see now."""

    def __init__(self, root: Path, clock: Clock, **env: str) -> None:
        self.clock, self.woken = clock, 0
        self.site: Site = open_site(root, root / "pelicanconf.py", env=env, clock=clock, arrived=self._wake)
        self.app: Flask = receiver_app(self.site)
        self.client = self.app.test_client()
        self.page, self.status = "", 0

    def _wake(self) -> None:
        self.woken += 1

    def send(self, path: str = "/", *, address: str = "203.0.113.9", **given: Any) -> Any:
        """Post fields and files; follows the way on, as a browser does."""
        answer = self.client.post(
            path,
            data={name: value for name, value in given.items() if value is not None},
            content_type="multipart/form-data",
            environ_base={"REMOTE_ADDR": address},
        )
        answer.request.environ["wsgi.input"].close()  # a large one is a file
        while answer.status_code == 303:
            answer = self.client.get(answer.headers["Location"].removeprefix("/submit"))
        self.page, self.status = answer.get_data(as_text=True), answer.status_code
        return answer

    def tell(self, **other: Any) -> Any:
        """The form with everything right but what is given otherwise."""
        return self.send(**{**GOOD, **other})

    def again(self, **other: Any) -> Any:
        """The form as the page has it now, sent once more with something mended."""
        return self.send(**{**self.fields(), "do": "look", **other})

    def confirm(self, do: str = "send", wait: float = 5.0) -> Any:
        """Press a button of the preview after a while."""
        self.clock.now += wait
        return self.send("/confirm", draft=self.fields()["draft"], do=do)

    def fields(self) -> dict[str, Any]:
        """What a browser would send of the page's form, but for its files and buttons."""
        tree = html5lib.parse(self.page, treebuilder="etree", namespaceHTMLElements=False)
        form = tree.find(".//form")
        found: dict[str, Any] = {}
        for element in form.iter() if form is not None else ():
            name, kind = element.get("name"), element.get("type")
            if not name or kind in ("file",) or element.tag == "button":
                continue
            if element.tag == "textarea":
                found[name] = element.text or ""
            elif element.tag == "select":
                chosen = [
                    each.get("value") for each in element.iter("option") if each.get("selected") is not None
                ]
                found[name] = chosen[0] if chosen else element.find(".//option").get("value")
            elif kind in ("checkbox", "radio"):
                if element.get("checked") is not None:
                    found.setdefault(name, []).append(element.get("value"))
            else:
                found[name] = element.get("value", "")
        return found

    def faults(self) -> dict[str, str]:
        """What the page says is missing, by field."""
        listed = self.page.partition('class="faults"')[2].partition("<form")[0]
        return {name: unescape(said) for name, said in re.findall(r'<a href="#([\w-]+)">(.*?)</a>', listed)}

    def waiting(self) -> list[Any]:
        """What the outbox has."""
        return self.site.outbox.pending(self.clock.now + 10)

    def sent(self) -> Any:
        """The one story that was sent."""
        (one,) = self.waiting()
        return self.site.outbox.read(one.id)


def photograph(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **words: Any) -> bytes:
    """A picture with all that a phone writes into it: the place, the maker, a comment."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = MAKER
    place = {1: "N", 2: tuple(map(TiffImagePlugin.IFDRational, (51, 28, 57))), 3: "E"}
    exif.get_ifd(0x8825).update(place)
    out = io.BytesIO()
    image.save(out, kind, exif=exif, **words)
    return out.getvalue()


def upload(data: bytes, name: str = "bench.jpg") -> tuple[io.BytesIO, str]:
    """A file as the test client takes it."""
    return io.BytesIO(data), name
