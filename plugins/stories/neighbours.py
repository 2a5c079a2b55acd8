"""What leads on from a story: the newer and the older one, and related ones, in its own language first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from .related import Subject, related


def link_neighbours(articles: Sequence[Any], translations: Sequence[Any], count: int) -> None:
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
        near = related([_subject(article) for article in own], count)
        here = {article.slug for article in own}
        for article in own:
            article.related = near[article.slug]
            if len(article.related) < count and len(languages) > 1:
                if everywhere is None:
                    everywhere = related([_subject(article) for article in articles], count)
                others = [other for other in everywhere.get(article.slug, ()) if other.slug not in here]
                article.related = [*article.related, *others][:count]


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
