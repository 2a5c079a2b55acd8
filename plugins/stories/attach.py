"""Between reading and writing: people linked to their stories, and each story given what its page shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from pelican.generators import ArticlesGenerator

from plugins import today
from plugins.fastbuild.run import run_of
from plugins.fastbuild.world import world_of
from plugins.guard.finding import ContentRefused, Finding
from plugins.guard.photo import Photograph, PhotoRefused
from plugins.guard.setting import SettingsRefused
from plugins.people import PeopleGenerator, Person

from .article import StoryArticle
from .consent import may_show
from .neighbours import Kept, link_neighbours
from .telling import Tellings, photographs_of


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
    fed = {article.slug: article for article in articles.articles if may_show(article.story, "feeds", day)}
    articles.context["stories_with_feed"] = fed
    for person in people.values():
        person.has_feed = any(article.slug in fed for article in person.stories)
    articles.context["topics_with_feed"] = {
        tag.slug for tag, told in articles.tags.items() if any(article.slug in fed for article in told)
    }


def _give(article: StoryArticle, tellings: Tellings) -> list[Finding]:
    article.tellings = tellings
    if article.story.photos:
        try:
            article.photographs = photographs_of(article.story, article.file)
        except PhotoRefused as error:
            line = article.document.line("photos")
            return [Finding(article.file.shown, line, "error", "A photograph cannot be shown.", str(error))]
    return []


def _link_people(articles: list[StoryArticle], people: Mapping[str, Person]) -> None:
    """A profile lists what the person told and where they appear; not a story told under another name."""
    for article in articles:
        for slug in article.tellings.linked(article.story):
            people[slug].stories.append(article)
        for slug in article.story.appearing:
            if slug not in article.story.authors:
                people[slug].appears_in.append(article)
