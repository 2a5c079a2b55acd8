"""Between reading and writing: people linked to their stories, and each story given what its page shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import chain
from typing import Any

from pelican.generators import ArticlesGenerator

from plugins import today
from plugins.fastbuild.run import run_of
from plugins.fastbuild.world import world_of
from plugins.guard.finding import ContentRefused, Finding
from plugins.guard.photo import Photograph, PhotoRefused
from plugins.guard.reader import base_path
from plugins.guard.setting import SettingsRefused
from plugins.people import PeopleGenerator, Person

from .article import StoryArticle
from .consent import may_show
from .neighbours import Kept, link_neighbours
from .telling import Tellings, photographs_of, with_figures


def make_ready(generators: Iterable[Any]) -> None:
    """Link stories and people, and give each page what it shows. Raises ContentRefused."""
    generators = list(generators)
    articles = next(g for g in generators if isinstance(g, ArticlesGenerator))
    people = next(g for g in generators if isinstance(g, PeopleGenerator))
    by_slug: Mapping[str, Person] = people.context["person_by_slug"]
    reader = articles.settings["FIRSTHAND_STORY_READER"]
    if reader and (reader not in by_slug or by_slug[reader].has_left):
        raise SettingsRefused(
            f"FIRSTHAND_STORY_READER is {reader!r}, who is nobody here. Write the slug of a person who is."
        )
    refused: list[Finding] = []
    tellings = Tellings(by_slug)
    for article in chain(articles.articles, articles.translations):
        refused += _give(article, tellings)
    if refused:
        raise ContentRefused(refused)
    _link_people(articles.articles, by_slug)
    _open_feeds(articles, by_slug)
    run, count = run_of(articles.settings), articles.settings["FIRSTHAND_RELATED"]
    known = [(slug, person.body.fingerprint()) for slug, person in by_slug.items()]
    kept = Kept(run.cache / "related", (today().isoformat(), known), run.full)
    link_neighbours(articles.articles, articles.translations, count, kept)
    stories = [_told(article) for article in chain(articles.articles, articles.translations)]
    world_of(articles.settings).stands_on("plugins.stories", stories)
    portraits = [_size(person.portrait) for person in by_slug.values()]
    world_of(articles.settings).stands_on("plugins.people", known, portraits)


def _told(article: StoryArticle) -> tuple[Any, ...]:
    """All that other pages may show of a story; what its own shows besides is told by its file's key."""
    sizes = [_size(photograph) for photograph in article.photographs.values()]
    return article.file.shown, article.kept.value.outline, article.date.isoformat(), sizes


def _size(photograph: Photograph | None) -> tuple[int, int] | None:
    return (photograph.width, photograph.height) if photograph else None


def _open_feeds(articles: ArticlesGenerator, people: Mapping[str, Person]) -> None:
    """A page names a feed only where consent leaves something in it."""
    day = today()
    fed = {article.slug for article in articles.articles if may_show(article.story, "feeds", day)}
    for person in people.values():
        person.has_feed = any(card.slug in fed for card in person.stories)
    articles.context["topics_with_feed"] = {
        tag.slug for tag, told in articles.tags.items() if any(article.slug in fed for article in told)
    }


def _give(article: StoryArticle, tellings: Tellings) -> list[Finding]:
    story, settings = article.story, article.settings
    words = settings["FIRSTHAND_WORDS"]
    try:
        photographs = photographs_of(story, article.file)
    except PhotoRefused as error:
        line = article.document.line("photos")
        return [Finding(article.file.shown, line, "error", "A photograph cannot be shown.", str(error))]
    telling = tellings.of(story)
    article.tellers, article.appearing = telling.tellers, telling.appearing
    article.credit_lines, article.answering = telling.credit_lines, telling.answering
    article.photographs = photographs
    article.cover = photographs.get(story.cover)
    article.relationship = _relationship(words, story.relationship, story.lang) if story.relationship else ""
    figures = partial(
        with_figures, photographs=photographs, words=words, lang=story.lang, root=base_path(settings)
    )
    article.text.steps.append(figures)
    article.body.steps.append(figures)
    article.make_card()
    return []


def _relationship(words: Any, relationship: str, lang: str) -> str:
    """The relationship in the reader's language where we have words for it, else as written."""
    known = words.look_up("relationships", lang)
    return str(known.get(relationship.replace(" ", "_"), relationship))


def _link_people(articles: list[StoryArticle], people: Mapping[str, Person]) -> None:
    """A profile lists what the person told and where they appear; not a story told under another name."""
    for article in articles:
        for slug, face in zip(article.story.authors, article.tellers, strict=True):
            if face.url:
                people[slug].stories.append(article.card)
        for slug in article.story.appearing:
            if slug not in article.story.authors:
                people[slug].appears_in.append(article.card)
