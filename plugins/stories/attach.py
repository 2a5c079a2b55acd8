"""Between reading and writing: consent enforced, people linked to their stories, pages made ready."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from pelican.generators import ArticlesGenerator

from plugins import today
from plugins.guard.finding import ContentRefused, Finding, errors
from plugins.guard.html import plain_text
from plugins.guard.photo import PhotoRefused
from plugins.guard.reader import base_path
from plugins.guard.setting import SettingsRefused
from plugins.guard.template import as_script
from plugins.people import PeopleGenerator, Person

from .consent import may_show
from .markup import article_data
from .neighbours import link_neighbours
from .story import parse_story
from .telling import minutes, photographs_of, telling_of, with_figures

logger = logging.getLogger(__name__)

# Where a run's settings keep the stories that were parsed and found right, by path.
STORIES = "STORIES_READ"


def parse_front_matter(generator: ArticlesGenerator, metadata: dict[str, Any]) -> None:
    """Pelican read a story: its front matter becomes a Story. Raises ContentRefused."""
    file, settings = metadata["file"], generator.settings
    story = settings.get(STORIES, {}).get(file.path)
    if story is None:  # read outside a whole build
        story, findings = parse_story(file, metadata["document"], settings["DEFAULT_LANG"])
        if wrong := errors(findings):
            raise ContentRefused(wrong)
    metadata["story"] = story
    metadata.setdefault("tags", [])


def withhold(generator: ArticlesGenerator) -> None:
    """Take out every story that may not show, before tags, collections and lists are made of them."""
    day = today()
    for name in ("articles", "translations"):
        kept = []
        for article in getattr(generator, name):
            if may_show(article.story, "site", day):
                kept.append(article)
            else:
                logger.info("%s is not shown: its consent does not cover today's site.", article.source_path)
        setattr(generator, name, kept)
    shown = set(map(id, chain(generator.articles, generator.translations)))
    for article in chain(generator.articles, generator.translations):
        article.translations = [other for other in article.translations if id(other) in shown]
    _promote_translations(generator)


def _promote_translations(generator: ArticlesGenerator) -> None:
    """A translation whose original may not show stands for itself in the lists."""
    slugs = {article.slug for article in generator.articles}
    for article in list(generator.translations):
        if article.slug not in slugs:
            slugs.add(article.slug)
            generator.articles.append(article)
            generator.translations.remove(article)
    generator.articles.sort(key=lambda article: (article.date, article.slug), reverse=True)


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
    shown = list(chain(articles.articles, articles.translations))
    for article in shown:
        refused += _make_page(article, by_slug)
    if refused:
        raise ContentRefused(refused)
    _link_people(articles.articles, by_slug)
    _open_feeds(articles, by_slug)
    link_neighbours(articles.articles, articles.translations, articles.settings["FIRSTHAND_RELATED"])


def _open_feeds(articles: ArticlesGenerator, people: Mapping[str, Person]) -> None:
    """A page names a feed only where consent leaves something in it."""
    day = today()
    fed = {article.slug for article in articles.articles if may_show(article.story, "feeds", day)}
    for person in people.values():
        person.has_feed = any(article.slug in fed for article in person.stories)
    articles.context["topics_with_feed"] = {
        tag.slug for tag, told in articles.tags.items() if any(article.slug in fed for article in told)
    }


def _make_page(article: Any, people: Mapping[str, Person]) -> list[Finding]:
    story, settings = article.story, article.settings
    words = settings["FIRSTHAND_WORDS"]
    try:
        photographs = photographs_of(story, article.file.folder)
    except PhotoRefused as error:
        line = article.document.line("photos")
        return [Finding(article.file.shown, line, "error", "A photograph cannot be shown.", str(error))]
    telling = telling_of(story, people)
    article.telling = telling
    article.tellers, article.appearing = telling.tellers, telling.appearing
    article.credit_lines, article.answering = telling.credit_lines, telling.answering
    article.photographs = photographs
    article.cover = photographs.get(story.cover)
    article.minutes = minutes(plain_text(article._content))
    article._content = with_figures(article._content, photographs, words, story.lang, base_path(settings))
    article.relationship = _relationship(words, story.relationship, story.lang)
    article.structured = article_data(
        article, story, telling, article.cover, settings["SITEURL"], settings["SITENAME"]
    )
    article.json_ld = as_script(article.structured)
    article.thread = article.embed = None
    return []


def _relationship(words: Any, relationship: str, lang: str) -> str:
    """The relationship in the reader's language where we have words for it, else as written."""
    known = words.look_up("relationships", lang)
    return str(known.get(relationship.replace(" ", "_"), relationship))


def _link_people(articles: list[Any], people: Mapping[str, Person]) -> None:
    """A profile lists what the person told and where they appear; not a story told under another name."""
    for article in articles:
        for slug, face in zip(article.story.authors, article.tellers, strict=True):
            if face.url:
                people[slug].stories.append(article)
        for slug in article.story.appearing:
            if slug not in article.story.authors:
                people[slug].appears_in.append(article)
