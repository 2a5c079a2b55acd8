"""The receiver behind the form: a Flask application at /submit/. Every step works without JavaScript.

A form that is sent is kept as a draft; what is missing is said above it and beside each field, with
all that was typed and every photograph still there. Then comes a preview, then the receipt.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from flask import Flask, Response, redirect, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from plugins.database import DatabaseUnusable
from plugins.guard.heic import readable
from plugins.guard.template import policy

from .arriving import arrived
from .drafts import KEPT, Draft, Drafts
from .fields import TRAP, Fault, each_once, faults_of
from .form import FormShown, empty_values, slots_of
from .outbox import Outbox
from .pages import Pages
from .rates import FORMS, STORIES, Rates
from .readers import promise_version, staff_names
from .saying import Saying
from .sending import preview_of, submission_of
from .tokens import Seals

logger = logging.getLogger(__name__)

MAX_REQUEST = 100_000_000  # bytes of a whole form with its photographs
MAX_TEXT = 1_000_000  # bytes of all that is typed
QUICKEST = 2.0  # seconds between a preview and its confirmation: nobody looks at one in less
THANKED = 3600.0  # seconds for which the page after sending shows the private link
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": policy() + "; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_KINDS = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "avif": "image/avif"}

Answer = AnyResponse | tuple[str, int] | tuple[str, int, Mapping[str, str]]


@dataclass(frozen=True)
class Site:
    """What the receiver works with."""

    pages: Pages
    drafts: Drafts
    outbox: Outbox
    seals: Seals
    rates: Rates
    arrived: Callable[[], None] = lambda: None  # called when there is something to deliver
    quickest: float = QUICKEST
    letters: bool = True  # False where no mail server is known


def receiver_app(site: Site) -> Flask:
    """The application, to be mounted at /submit."""
    app = Flask("firsthand", static_folder=None, template_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MAX_REQUEST, MAX_FORM_MEMORY_SIZE=MAX_TEXT, MAX_FORM_PARTS=100)
    counter = Counter(site)
    app.add_url_rule("/", view_func=counter.form, methods=["GET", "POST"])
    app.add_url_rule("/preview/<draft>", view_func=counter.preview)
    app.add_url_rule("/confirm", view_func=counter.confirm, methods=["POST"])
    app.add_url_rule("/photo/<draft>/<name>", view_func=counter.photo)
    app.add_url_rule("/thanks/", view_func=counter.thanks)
    app.register_error_handler(RequestEntityTooLarge, counter.too_large)
    app.register_error_handler(HTTPException, counter.odd)
    app.register_error_handler(Exception, counter.broken)

    @app.after_request
    def secure(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return app


class Counter:
    """Where a storyteller hands in their story: one method a step."""

    def __init__(self, site: Site) -> None:
        self._site, self._pages, self._saying = site, site.pages, Saying(site.pages)
        self._here = f"{site.pages.site}{site.pages.settings['FIRSTHAND_SUBMIT_URL'] or '/submit'}"

    def form(self) -> Answer:
        """The form as it was sent: on to the preview, or back with what is missing."""
        if request.method == "GET":
            return redirect(f"{self._pages.site}/tell/", 303)
        if request.mimetype != "multipart/form-data":
            return self._sorry("odd", 415)
        draft = self._draft(request.form.get("draft", "")) or self._site.drafts.new()
        waits = self._site.rates.seconds_to_wait(FORMS, request.remote_addr or "")
        draft, faults = arrived(request, draft, self._site.drafts, photographs=not waits)
        draft = replace(draft, values={**draft.values, "page": self._pages.lang(draft.values["page"])})
        self._site.drafts.save(draft)
        if waits:
            return self._wait(draft, waits)
        if request.form.get("do", "").startswith("remove-"):
            return self._form(draft), 200
        if request.form.get(TRAP):
            faults.insert(0, Fault("text", "fault_trap"))
        if wrong := self._faults(draft, faults):
            return self._form(draft, wrong), 422
        return redirect(f"{self._here}/preview/{self._seal(draft)}", 303)

    def preview(self, draft: str) -> Answer:
        """How the story will look, and the button that sends it."""
        found = self._draft(draft)
        return self._gone("draft", draft) if found is None else (self._preview(found), 200)

    def photo(self, draft: str, name: str) -> Answer:
        """A draft's own photograph, for whoever has the draft's sealed number."""
        found = self._draft(draft)
        data = self._site.drafts.photo(found, name) if found else None
        return ("", 404) if data is None else Response(data, mimetype=_KINDS[name.rpartition(".")[2]])

    def confirm(self) -> Answer:
        """Kept for good, then thanked; or back to the form, where they want to change something."""
        sealed = request.form.get("draft", "")
        opened = self._site.seals.open("confirm", sealed, KEPT)
        draft = self._site.drafts.read(opened.value) if opened else None
        if opened is None or draft is None:
            return self._gone("confirm", sealed)
        if request.form.get("do") == "change":
            return self._form(draft), 200
        if opened.age < self._site.quickest:
            return self._preview(draft, self._say("preview_quick", draft)), 409
        if faults := self._faults(draft, []):  # the site has changed since
            return self._form(draft, faults), 422
        if waits := self._site.rates.seconds_to_wait(STORIES, request.remote_addr or ""):
            words = self._saying.waiting(draft.values["page"], waits)
            return self._preview(draft, words), 429, {"Retry-After": str(waits)}
        try:
            receipt = self._site.outbox.receive(submission_of(draft, self._site.drafts))
        except DatabaseUnusable as error:
            logger.error("A story could not be kept: %s", error)
            return self._preview(draft, self._say("fault_shut", draft)), 503, {"Retry-After": "60"}
        letters = ("letters" if self._site.letters else "no_letters") if draft.values["email"] else "no_mail"
        told = f"{receipt.id} {draft.values['page']} {letters}"
        self._site.drafts.mark_sent(draft.id, told)
        self._site.arrived()
        return redirect(f"{self._here}/thanks/?r={self._site.seals.seal('thanks', told)}", 303)

    def thanks(self) -> Answer:
        """The private link, for an hour after sending."""
        opened = self._site.seals.open("thanks", request.args.get("r", ""), THANKED)
        return (self._thanks(opened.value, again=False), 200) if opened else self._sorry("gone", 410)

    def too_large(self, error: Exception) -> Answer:
        """More bytes than a form may have; they were not read, so nothing of it can be shown again."""
        return self._sorry("large", 413, megabytes=MAX_REQUEST // 1_000_000)

    def odd(self, error: HTTPException) -> Answer:
        """What no form of ours sends."""
        return self._sorry("odd", error.code) if error.code and error.code >= 400 else error.get_response()

    def broken(self, error: Exception) -> Answer:
        """A fault of ours."""
        logger.error("The receiver broke: %s", error, exc_info=error)
        return self._sorry("broken", 500)

    def _form(self, draft: Draft, faults: tuple[Fault, ...] = (), notice: str = "") -> str:
        lang, sealed = draft.values["page"], self._seal(draft)
        shown = FormShown(
            action=f"{self._here}/",
            promise=promise_version(self._pages.content),
            values={**empty_values(lang), **draft.values, **self._unagreed(draft)},
            faults=faults,
            slots=slots_of(draft.photos, self._photos_at(sealed)),
            draft=sealed,
            notice=notice,
            heic=readable(),
        )
        title = self._pages.words.say("tell_your_story", lang)
        words = {"url": "", "title": title, "summary": title, "content": ""}
        return self._saying.render("tell.html", lang, form=shown, **words)

    def _unagreed(self, draft: Draft) -> dict[str, str]:
        """Nobody has agreed to words that they have not seen."""
        return {"agreed": ""} if draft.values["promise"] != promise_version(self._pages.content) else {}

    def _preview(self, draft: Draft, notice: str = "") -> str:
        address = self._photos_at(self._seal(draft))
        values = preview_of(draft, self._site.drafts, self._pages, address).values
        confirm = self._site.seals.seal("confirm", draft.id)
        words = {"page_lang": draft.values["page"], "action": f"{self._here}/confirm", "notice": notice}
        return self._pages.render("tell_preview.html", draft=confirm, **words, **values)

    def _wait(self, draft: Draft, seconds: int) -> Answer:
        notice = self._saying.waiting(draft.values["page"], seconds)
        if any(file.filename for file in request.files.values()):
            notice = f"{notice}. {self._say('fault_waiting_photos', draft)}"
        return self._form(draft, notice=notice), 429, {"Retry-After": str(seconds)}

    def _faults(self, draft: Draft, known: list[Fault]) -> tuple[Fault, ...]:
        found = [*known]
        if draft.values["promise"] != promise_version(self._pages.content):
            found.append(Fault("agreed", "fault_promise"))
        found += faults_of(draft.values, draft.photos, staff_names(self._pages.content))
        if not found:
            found += preview_of(draft, self._site.drafts, self._pages, "").faults
        return each_once(found)

    def _gone(self, purpose: str, sealed: str) -> Answer:
        """A draft that is not there: sent already, or too old."""
        opened = self._site.seals.open(purpose, sealed, KEPT)
        sent = self._site.drafts.sent(opened.value) if opened else None
        return (self._thanks(sent, again=True), 200) if sent else self._sorry("gone", 410)

    def _thanks(self, told: str, again: bool) -> str:
        receipt, lang, letters = told.split(" ")
        link = f"{self._here}/s/{self._site.outbox.token_of(receipt)}"
        shown = link if self._pages.site else f"{request.host_url.rstrip('/')}{link}"
        return self._saying.thanks(link, shown, lang, letters=letters, again=again)

    def _sorry(self, key: str, status: int, **values: object) -> Answer:
        return self._saying.sorry(key, self._pages.default_lang, **values), status

    def _draft(self, sealed: str) -> Draft | None:
        opened = self._site.seals.open("draft", sealed, KEPT)
        return self._site.drafts.read(opened.value) if opened else None

    def _seal(self, draft: Draft) -> str:
        return self._site.seals.seal("draft", draft.id)

    def _photos_at(self, sealed: str) -> str:
        """Where a draft's photographs lie, as templates want it: below the site's own address."""
        return f"{self._here.removeprefix(self._pages.site).lstrip('/')}/photo/{sealed}/"

    def _say(self, key: str, draft: Draft) -> str:
        return self._pages.words.say(key, draft.values["page"])
