"""The storyteller's own page, /submit/s/TOKEN: what happens to their story, and what they say to it.

Whoever has the address is the storyteller, so it stands in no log of ours, no cache and no search
engine, and no page that it leads to is told where somebody came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from plugins.guard.template import policy
from plugins.guard.text import body_text
from plugins.guard.weight import too_heavy

from .compose import title_of
from .fields import SHORTEST
from .forget import forget, take_back
from .outbox import Outbox
from .pages import Pages
from .readers import Reader, reader_of
from .standing import WORDS, Standing, rewrite, say, standing
from .steps import Step, StepKind

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": policy() + "; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
Answer = tuple[str, int] | AnyResponse


@dataclass(frozen=True)
class StepShown:
    """A step as the page shows it: `who` is nobody's name where the storyteller did it."""

    step: Step
    who: str


@dataclass(frozen=True)
class Shown:
    """What the page shows. `key` begins the words that say how the story stands."""

    standing: Standing
    key: str
    title: str
    steps: tuple[StepShown, ...]
    live: str
    mailed: bool
    text: str  # in the field for another text
    notice: str = ""  # the key of what went wrong
    wrong: str = ""  # the field that the notice is about


def status_pages(outbox: Outbox, pages: Pages, *, mail: bool = False) -> Blueprint:
    """The page, to be registered at /s of the receiver. `mail`: letters can be sent from here."""
    blueprint = Blueprint("storyteller", __name__)
    counter = _Page(outbox, pages, mail)
    blueprint.add_url_rule("/<token>", view_func=counter.show)
    blueprint.add_url_rule("/<token>", view_func=counter.act, methods=["POST"])

    @blueprint.after_request
    def secure(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    return blueprint


class _Page:
    def __init__(self, outbox: Outbox, pages: Pages, mail: bool) -> None:
        self._outbox, self._pages, self._mail = outbox, pages, mail

    def show(self, token: str) -> Answer:
        """How the story stands."""
        found = standing(self._outbox, token)
        return self._said("lost", 404) if found is None else (self._page(found), 200)

    def act(self, token: str) -> Answer:
        """What the storyteller wants."""
        found = standing(self._outbox, token)
        if found is None:
            return self._said("lost", 404)
        words = body_text(request.form.get("words", "")).strip()
        problem = self._do(found, request.form.get("do", ""), words)
        if problem == "forgotten":
            return self._said("forgotten", 200)
        if problem:
            again = standing(self._outbox, token) or found
            return self._page(again, problem, words), 422
        return redirect(token, 303)

    def _do(self, found: Standing, action: str, words: str) -> str:
        """The key of what is wrong with it; "" where it is done."""
        if action in ("yes", "no", "comment"):
            return self._answer(found, action, words)
        if action == "rewrite":
            if len(words) < SHORTEST:
                return "status_rewrite_short"
            if next(too_heavy(words), None):
                return "status_rewrite_long"
            return "" if rewrite(self._outbox, found, words) else "status_late"
        if action in ("leave", "forget") and not request.form.get("sure"):
            return f"status_{action}_sure"
        if action == "leave":
            take_back(self._outbox, found.id)
            return "" if found.can_leave else "status_late"
        if action == "forget":
            forget(self._outbox, found.id)
            return "forgotten"
        return "status_late"

    def _answer(self, found: Standing, action: str, words: str) -> str:
        if len(words) > WORDS:
            return "status_words_long"
        if action == "comment":
            if not words:
                return "status_words_missing"
            return (
                ""
                if (found.is_open or found.question) and say(self._outbox, found, "comment", words)
                else "status_late"
            )
        question = found.question
        if question is None or request.form.get("shown") != question.digest:
            return "status_edited_since"
        kind: StepKind = "agreed" if action == "yes" else "refused"
        if question.answer and (question.answer.kind, question.answer.words) == (kind, words):
            return ""  # the same button, pressed twice
        return "" if say(self._outbox, found, kind, words, question.digest) else "status_late"

    def _page(self, found: Standing, notice: str = "", words: str = "") -> str:
        submission = found.submission
        lang = self._pages.lang(submission.lang if submission else None)
        steps = tuple(StepShown(step, self._who(step)) for step in found.steps)
        shown = Shown(
            standing=found,
            key=_key(found),
            title=title_of(submission) if submission else "",
            steps=steps,
            live=f"{self._pages.site}/stories/{found.address}/" if found.state == "published" else "",
            mailed=self._mail and bool(submission and submission.email),
            text=words if notice.startswith("status_rewrite") else submission.text if submission else "",
            notice=notice,
            wrong=_field(notice),
        )
        last = next((step.person for step in reversed(found.steps) if step.person), "")
        return self._pages.render(
            "tell_status.html",
            lang=lang,
            shown=shown,
            reader=self._reader(last),
            words=words if not notice.startswith("status_rewrite") else "",
            length=WORDS,
        )

    def _who(self, step: Step) -> str:
        if step.kind in ("agreed", "refused", "comment", "rewritten", "left"):
            return ""
        reader = self._reader(step.person)
        return reader.face.name if reader else str(self._pages.settings["SITENAME"])

    def _reader(self, slug: str) -> Reader | None:
        content = self._pages.content
        return reader_of(content, slug) or reader_of(content, self._pages.reader)

    def _said(self, key: str, status: int) -> tuple[str, int]:
        lang, words = self._pages.default_lang, self._pages.words
        values: Mapping[str, object] = {
            "title": words.say(f"status_{key}_title", lang),
            "paragraphs": [words.say(f"status_{key}_words", lang)],
            "link": f"{self._pages.site}/",
            "address": "",
            "linked": words.say("home", lang),
            "reader": self._reader(""),
        }
        return self._pages.render("tell_said.html", lang=lang, **values), status


def _key(found: Standing) -> str:
    """What the page says first."""
    if found.is_open and found.question:
        return f"status_{found.question.answer.kind}" if found.question.answer else "status_asked"
    if found.is_open and any(step.kind == "edited" for step in found.steps):
        return "status_edited"
    return f"status_{'waits' if found.is_open else found.state}"


def _field(notice: str) -> str:
    if notice.startswith("status_words"):
        return "words"
    if notice.startswith("status_rewrite"):
        return "rewrite"
    return {"status_leave_sure": "sure-leave", "status_forget_sure": "sure-forget"}.get(notice, "")
