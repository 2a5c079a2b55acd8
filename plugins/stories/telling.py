"""What a story page shows of people and pictures: faces under the names agreed to, credits, figures."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from plugins import today
from plugins.guard.content import ContentFile
from plugins.guard.photo import Photograph, measure
from plugins.guard.template import Words
from plugins.people import Face, Person, Profile, shown_as

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


class Tellings:
    """The people of every story of a build, under the names agreed to. What many show alike is one object."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self._people = people
        self._lines: dict[tuple[Any, ...], CreditLine] = {}
        self._answering: dict[str, Answering] = {}
        self._renamed: dict[tuple[int, str], Face] = {}
        self._with_page = {slug for slug, person in people.items() if person.has_page}

    def tellers(self, story: Story) -> tuple[Face, ...]:
        """Who told it, each once."""
        return tuple({slug: self._teller(story, slug) for slug in story.authors}.values())

    def linked(self, story: Story) -> Iterator[str]:
        """The slugs of those who told it under their own name, and have a page."""
        for slug in story.authors:
            if slug in self._with_page:
                consent, profile = story.consent, self._people[slug].profile
                if consent is None or consent.name == "full" or consent.name_for(profile) == profile.name:
                    yield slug

    def appearing(self, story: Story) -> tuple[Face, ...]:
        """Who appears in it."""
        return self._named(story, story.appearing)

    def credit_lines(self, story: Story) -> tuple[CreditLine, ...]:
        """Who told, edited, translated and photographed it."""
        lines = [self._line("told", self.tellers(story))]
        lines += [self._line(kind, self._named(story, slugs)) for kind, slugs in story.credits]
        makers = dict.fromkeys(photo.credit for photo in story.photos if photo.credit)
        if makers:
            faces = tuple(Face(name, None, None, "line", "", "", False, name) for name in makers)
            lines.append(CreditLine("photographed", faces))
        return tuple(lines)

    def _named(self, story: Story, slugs: Iterable[str]) -> tuple[Face, ...]:
        """A storyteller's name is the one agreed to, wherever it shows."""
        people, authors, day = self._people, story.authors, story.date
        return tuple(
            [self._teller(story, slug) if slug in authors else people[slug].face_on(day) for slug in slugs]
        )

    def _teller(self, story: Story, slug: str) -> Face:
        person = self._people[slug]
        face = person.face_on(story.date)
        if story.consent is None or story.consent.name == "full" or face.name != person.profile.name:
            return face  # whoever left may have chosen that not even the name stays
        name = story.consent.name_for(person.profile)
        if (id(face), name) not in self._renamed:  # people hold on to their faces
            self._renamed[id(face), name] = shown_as(face, name)
        return self._renamed[id(face), name]

    def _line(self, kind: str, names: tuple[Face, ...]) -> CreditLine:
        key = (kind, *map(id, names))
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = CreditLine(kind, names)  # holds the faces, so that ids stay theirs
        return line

    def answering(self, story: Story) -> Answering | None:
        """Who answers: the person named, else the first teller who is staff.

        Nobody who has left; and no teller under another name than their own, since answering would
        show who they are.
        """
        slug = who_answers(story, lambda slug: self._people[slug].profile, today())
        if slug is None:
            return None
        if slug not in self._answering:
            person = self._people[slug]
            self._answering[slug] = Answering(slug, person.face, person.answers_within, person.ask_me_about)
        return self._answering[slug]


def who_answers(story: Story, profile: Callable[[str], Profile], day: datetime.date) -> str | None:
    """The slug of who answers a story's conversation on a day: see Tellings.answering.

    `profile` gives the person of a slug. Raises what it raises for one who is nobody here.
    """
    if story.answers == NOBODY:
        return None
    for slug in (story.answers,) if story.answers else story.authors:
        person = profile(slug)
        if not story.answers and person.kind != "staff":
            continue
        consent = story.consent if slug in story.authors else None
        hidden = consent is not None and consent.name != "full" and consent.name_for(person) != person.name
        if person.gone(day) is None and not hidden:
            return slug
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


def relationship_of(story: Story, words: Words) -> str:
    """The relationship in the reader's language where we have words for it, else as written."""
    if not story.relationship:
        return ""
    known = words.look_up("relationships", story.lang)
    return str(known.get(story.relationship.replace(" ", "_"), story.relationship))


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
            return f"{found['open'] or ''}{image}{found['close'] or ''}"
        caption = escape(words.say("photograph_by", lang, name=photograph.credit))
        return Markup('<figure class="figure">{}<figcaption>{}</figcaption></figure>').format(image, caption)

    return _IMAGE.sub(figure, html) if "<img" in html else html
