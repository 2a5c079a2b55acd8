"""Structured data of a story (schema.org JSON-LD), from what the page itself shows."""

from __future__ import annotations

from typing import Any

from plugins.guard.photo import Photograph
from plugins.people import Face

from .story import Story
from .telling import Telling


def article_data(
    article: Any, story: Story, telling: Telling, cover: Photograph | None, site_url: str, site_name: str
) -> dict[str, Any]:
    """The story as a schema.org Article. Source: https://schema.org/Article"""
    url = f"{site_url}/{article.url}"
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": article.title,
        "description": story.summary,
        "inLanguage": story.lang,
        "datePublished": article.date.isoformat(),
        "url": url,
        "mainEntityOfPage": story.canonical or url,
        "author": [_person(face, site_url) for face in telling.tellers],
        "publisher": {"@type": "Organization", "name": site_name},
        "articleSection": str(article.category),
    }
    if story.tags:
        data["keywords"] = list(story.tags)
    if getattr(article, "modified", None):
        data["dateModified"] = article.modified.isoformat()
    if cover:
        data["image"] = {
            "@type": "ImageObject",
            "url": f"{site_url}/{cover.url}",
            "width": cover.width,
            "height": cover.height,
            "caption": cover.alt,
            "creditText": cover.credit,
        }
    for line in telling.credit_lines:
        if line.kind in ("edited", "translated"):
            key = {"edited": "editor", "translated": "translator"}[line.kind]
            data[key] = [_person(face, site_url) for face in line.names]
    if story.via:
        data["isBasedOn"] = story.via.url
    return data


def _person(face: Face, site_url: str) -> dict[str, Any]:
    person = {"@type": "Person", "name": face.name}
    if face.url:
        person["url"] = f"{site_url}/{face.url}"
    return person
