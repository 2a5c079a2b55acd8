"""The editors' page /desk/listen/: who waits for an answer. On this machine alone, and in no published site.

It only reads. Answers are given by `./inv reply`, whose words stand beside each question.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pelican.settings import read_settings
from werkzeug.wrappers import Request, Response

from plugins import FirsthandError
from plugins.conversations.comments.notice import in_words
from plugins.conversations.listen import Heard, listen
from plugins.conversations.waitlist import how_long
from plugins.fastbuild.kit import kit_of
from plugins.fastbuild.render import Page, Renderer
from plugins.guard.settings import enforce
from plugins.guard.template import policy
from plugins.photos import Album

from .private import privately
from .site import HEADERS as USUAL

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MOUNT = "/desk/listen"
TEMPLATE = "desk_listen.html"
MOST = 200  # on one page
# In English, as the commands are that stand beside them.
WORDS = {
    "title": "Who waits for an answer",
    "order": "The longest wait comes first. Nothing is sent to anybody but by you.",
    "nobody": "Nobody waits.",
    "everybody": "Everybody",
    "unread": "What could not be read",
    "people": "Who answers",
    "under": "under",
    "answers": "answers",
    "unnamed": "Nobody is named to answer",
    "beside": "more beside it",
    "more": "more wait:",
    "listen": "./inv listen",
    "reply": "./inv reply",
}
HEADERS = {**USUAL, "Content-Security-Policy": f"{policy()}; frame-ancestors 'none'"}


def listening_app(
    settings_file: Path, now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC)
) -> WSGIApplication:
    """The page, to be mounted at /desk/listen; content is read at every call. Raises FirsthandError."""
    settings = read_settings(str(settings_file))
    enforce(settings)
    settings["JINJA_GLOBALS"]["picture"] = Album()  # no picture of the page has other sizes
    render = Renderer(kit_of(settings)).render

    @Request.application
    def app(request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return Response("Only reading here.\n", 405, {"Allow": "GET, HEAD"})
        path = request.environ.get("PATH_INFO")
        if not path:
            return Response(status=308, headers={"Location": f"{MOUNT}/"})
        if path != "/":
            return Response("There is no page at this address.\n", 404, mimetype="text/plain")
        try:
            heard = listen(Path(settings["PATH"]), settings, now())
        except FirsthandError as error:
            return Response(f"{error}\n", 500, mimetype="text/plain", headers=HEADERS)
        values = _shown(heard, request.args.get("by", ""), settings)
        return Response(render(Page("", TEMPLATE, values)), mimetype="text/html", headers=HEADERS)

    return privately(app)


def _shown(heard: Heard, by: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """What the template is given: who waits, for all or for one who answers."""
    owed: dict[str, int] = {}
    for one in heard.waiting:
        owed[one.person] = owed.get(one.person, 0) + 1
    asked = [one for one in heard.waiting if not by or one.person == by]
    names = {slug: heard.people[slug].name if slug else "" for slug in owed}
    return {
        "words": WORDS,
        "lang": settings["DEFAULT_LANG"],
        "waiting": [(one, how_long(one)) for one in asked[:MOST]],
        "more": len(asked[MOST:]),
        "people": [(slug, names[slug], owed[slug]) for slug in sorted(owed, key=lambda slug: names[slug])],
        "by": by if by in owed else "",
        "problems": heard.problems,
        "held": in_words(heard.held) if heard.held else "",
    }
