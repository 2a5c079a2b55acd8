"""What leads on from a story: the newer and the older one, and related ones, in its own language first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from plugins.fastbuild.code import code
from plugins.fastbuild.fingerprint import digest
from plugins.fastbuild.sealed import load, save

from .related import Subject, related


class Kept:
    """What was found related, by what was compared: the last comparisons, in one file."""

    def __init__(self, file: Path, people: Any, full: bool = False) -> None:
        # `people` stands for all that is asked of them, as a plain value.
        self._file, self._people = file, people
        self._before: dict[bytes, dict[str, list[str]]] = {} if full else load(file, code()) or {}
        self._now: dict[bytes, dict[str, list[str]]] = {}

    def related(self, articles: Sequence[Any], count: int) -> dict[str, list[Any]]:
        """For each story's slug the nearest others, of stories in one language."""
        key = digest(count, self._people, [article.kept.value.outline for article in articles])
        if key not in self._now:
            found = self._before.get(key)
            if found is None:
                near = related([_subject(article) for article in articles], count)
                found = {slug: [other.slug for other in others] for slug, others in near.items()}
            self._now[key] = found
        by_slug = {article.slug: article for article in articles}
        return {slug: [by_slug[other] for other in others] for slug, others in self._now[key].items()}

    def save(self) -> None:
        """Keep it for the next build."""
        if self._now.keys() != self._before.keys():
            save(self._file, code(), self._now)


def link_neighbours(articles: Sequence[Any], translations: Sequence[Any], count: int, kept: Kept) -> None:
    """Set `newer`, `older` and `related` of every story.

    Where a language has too few stories, what is related to the original fills the row.
    """
    languages: dict[str, list[Any]] = defaultdict(list)
    for article in [*articles, *translations]:
        languages[article.lang].append(article)
    everywhere: dict[str, list[Any]] | None = None
    for own in languages.values():
        ordered = sorted(own, key=lambda article: (article.date, article.slug))
        for older, newer in pairwise(ordered):
            older.newer, newer.older = newer, older
        ordered[0].older = ordered[-1].newer = None
        near = kept.related(own, count)
        here = {article.slug for article in own}
        for article in own:
            article.related = near[article.slug]
            if len(article.related) < count and len(languages) > 1:
                if everywhere is None:
                    everywhere = kept.related(articles, count)
                others = [other for other in everywhere.get(article.slug, ()) if other.slug not in here]
                article.related = [*article.related, *others][:count]
    kept.save()


def _subject(article: Any) -> Subject[Any]:
    return Subject(
        article,
        article.slug,
        article.date,
        _open_people(article),
        frozenset(tag.slug for tag in article.tags),
        article.category.slug,
    )


def _open_people(article: Any) -> frozenset[str]:
    """Who is linked from the page; a name withheld there must not show through its neighbours."""
    story = article.story
    faces = zip(story.authors + story.appearing, article.tellers + article.appearing, strict=True)
    return frozenset(slug for slug, face in faces if face.url)
