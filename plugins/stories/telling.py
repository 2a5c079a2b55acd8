"""What a story page shows of people and pictures: faces under the names agreed to, credits, figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from plugins.guard.photo import Photograph, measure
from plugins.guard.template import Words
from plugins.people import Face, Person, shown_as

from .story import NOBODY, Story

WORDS_A_MINUTE = 220


@dataclass(frozen=True)
class CreditLine:
    """One line of the credits: who told, edited, translated, photographed."""

    kind: str
    names: tuple[Face, ...]


@dataclass(frozen=True)
class Answering:
    """The named person who answers the conversation, how soon, and what to ask."""

    slug: str
    face: Face
    within: str
    ask_about: tuple[str, ...]


@dataclass(frozen=True)
class Telling:
    """The people of one story, as its page and its cards show them."""

    tellers: tuple[Face, ...]
    appearing: tuple[Face, ...]
    credit_lines: tuple[CreditLine, ...]
    answering: Answering | None


def telling_of(story: Story, people: Mapping[str, Person]) -> Telling:
    """The people of a story. The storyteller's name is the one agreed to, wherever it shows."""
    day = story.date

    def teller(slug: str) -> Face:
        person = people[slug]
        face = person.face_on(day)
        if story.consent is None or face.name != person.name:
            return face  # whoever left may have chosen that not even the name stays
        return shown_as(face, story.consent.name_for(person.profile))

    def named(slug: str) -> Face:
        return teller(slug) if slug in story.authors else people[slug].face_on(day)

    tellers = tuple(teller(slug) for slug in story.authors)
    lines = [CreditLine("told", tellers)]
    lines += [CreditLine(kind, tuple(named(slug) for slug in slugs)) for kind, slugs in story.credits]
    makers = dict.fromkeys(photo.credit for photo in story.photos if photo.credit)
    if makers:
        faces = tuple(Face(name, None, None, "line", "", "", False, name) for name in makers)
        lines.append(CreditLine("photographed", faces))
    return Telling(
        tellers,
        tuple(named(slug) for slug in story.appearing),
        tuple(lines),
        _answering(story, people, tellers),
    )


def _answering(story: Story, people: Mapping[str, Person], tellers: tuple[Face, ...]) -> Answering | None:
    """Who answers: the person named, else the first teller who is staff.

    Nobody who has left; and no teller under another name than their own, since answering would
    show who they are.
    """
    if story.answers == NOBODY:
        return None
    shown = dict(zip(story.authors, tellers, strict=True))
    named = [story.answers] if story.answers else [s for s in story.authors if people[s].kind == "staff"]
    for slug in named:
        person = people[slug]
        hidden = slug in shown and shown[slug].name != person.name
        if not person.has_left and not hidden:
            return Answering(slug, person.face, person.answers_within, person.ask_me_about)
    return None


def photographs_of(story: Story, folder: Any) -> dict[str, Photograph]:
    """The story's photographs by file name. Raises PhotoRefused for a file that is none."""
    found = {}
    for note in story.photos:
        source = folder / note.name
        width, height = measure(source)
        focal = f"focal-{note.focal}" if note.focal else ""
        url = f"stories/{story.slug}/{note.name}"
        found[note.name] = Photograph(url, width, height, note.alt, note.credit, focal, source)
    return found


def minutes(text: str) -> int:
    """Reading time of a text in whole minutes, at least one."""
    return max(1, round(len(text.split()) / WORDS_A_MINUTE))


_IMAGE = re.compile(r'(?P<open><p>\s*)?<img\b[^>]*\bsrc="(?P<src>[^"]+)"[^>]*>(?P<close>\s*</p>)?')


def with_figures(html: str, photographs: Mapping[str, Photograph], words: Words, lang: str, root: str) -> str:
    """Cleaned HTML in which each picture has its size, alt text and credit; alone in a paragraph, a figure.

    A picture that is not the story's own photograph is dropped: nobody gave an alt text or a
    credit for it. `root` is the path of the site.
    """

    def figure(found: re.Match[str]) -> str:
        photograph = photographs.get(found["src"].rsplit("/", 1)[-1])
        if photograph is None:
            return ""
        image = Markup(
            '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy" decoding="async">'
        ).format(f"{root}/{photograph.url}", photograph.alt, photograph.width, photograph.height)
        if not (found["open"] and found["close"]):
            return (found["open"] or "") + image + (found["close"] or "")
        caption = escape(words.say("photograph_by", lang, name=photograph.credit))
        return Markup('<figure class="figure">{}<figcaption>{}</figcaption></figure>').format(image, caption)

    return _IMAGE.sub(figure, html) if "<img" in html else html
