"""What a story page shows of people and pictures: faces under the names agreed to, credits, figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from plugins.guard.content import ContentFile
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


class Tellings:
    """The people of every story of a build. What many stories show alike is one object."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self._people = people
        self._lines: dict[tuple[Any, ...], CreditLine] = {}
        self._answering: dict[str, Answering] = {}

    def of(self, story: Story) -> Telling:
        """The people of a story. The storyteller's name is the one agreed to, wherever it shows."""
        people, day = self._people, story.date
        shown = {slug: self._teller(story, slug) for slug in story.authors}
        tellers = tuple(shown.values())

        def named(slug: str) -> Face:
            return shown[slug] if slug in shown else people[slug].face_on(day)

        lines = [self._line("told", tellers)]
        for kind, slugs in story.credits:
            lines.append(self._line(kind, tuple([named(slug) for slug in slugs])))
        makers = dict.fromkeys(photo.credit for photo in story.photos if photo.credit)
        if makers:
            faces = tuple(Face(name, None, None, "line", "", "", False, name) for name in makers)
            lines.append(CreditLine("photographed", faces))
        appearing = tuple([named(slug) for slug in story.appearing])
        return Telling(tellers, appearing, tuple(lines), self._answers(story, shown))

    def _teller(self, story: Story, slug: str) -> Face:
        person = self._people[slug]
        face = person.face_on(story.date)
        if story.consent is None or story.consent.name == "full" or face.name != person.profile.name:
            return face  # whoever left may have chosen that not even the name stays
        return shown_as(face, story.consent.name_for(person.profile))

    def _line(self, kind: str, names: tuple[Face, ...]) -> CreditLine:
        key = (kind, *map(id, names))
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = CreditLine(kind, names)  # holds the faces, so that ids stay theirs
        return line

    def _answers(self, story: Story, shown: Mapping[str, Face]) -> Answering | None:
        """Who answers: the person named, else the first teller who is staff.

        Nobody who has left; and no teller under another name than their own, since answering would
        show who they are.
        """
        if story.answers == NOBODY:
            return None
        if story.answers:
            named: Iterable[str] = (story.answers,)
        else:
            named = (slug for slug in story.authors if self._people[slug].profile.kind == "staff")
        for slug in named:
            person = self._people[slug]
            hidden = slug in shown and shown[slug].name != person.profile.name
            if not person.has_left and not hidden:
                if slug not in self._answering:
                    self._answering[slug] = Answering(
                        slug, person.face, person.answers_within, person.ask_me_about
                    )
                return self._answering[slug]
        return None


def photographs_of(story: Story, file: ContentFile) -> dict[str, Photograph]:
    """The story's photographs by file name. Raises PhotoRefused for a file that is none."""
    found: dict[str, Photograph] = {}
    for note in story.photos:
        source = file.folder / note.name
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
