"""Where stories lie, and how many related ones a page shows."""

from __future__ import annotations

from typing import Any

from pelican.paginator import PaginationRule

from plugins.guard.setting import Setting, apply

SETTINGS: tuple[Setting, ...] = (
    Setting("FIRSTHAND_RELATED", 3, "How many related stories stand under a story."),
    Setting("FIRSTHAND_STORY_READER", "", "The slug of the person who reads the stories that come in."),
)
ADDRESSES: dict[str, Any] = {
    "ARTICLE_URL": "stories/{slug}/",
    "ARTICLE_SAVE_AS": "stories/{slug}/index.html",
    "ARTICLE_LANG_URL": "{lang}/stories/{slug}/",
    "ARTICLE_LANG_SAVE_AS": "{lang}/stories/{slug}/index.html",
    # A draft has no page in the published site; the desk previews it elsewhere.
    "DRAFT_SAVE_AS": "",
    "DRAFT_LANG_SAVE_AS": "",
    "PAGE_URL": "{slug}/",
    "PAGE_SAVE_AS": "{slug}/index.html",
    "PAGE_LANG_URL": "{lang}/{slug}/",
    "PAGE_LANG_SAVE_AS": "{lang}/{slug}/index.html",
    "CATEGORY_URL": "collections/{slug}/",
    "CATEGORY_SAVE_AS": "collections/{slug}/index.html",
    "TAG_URL": "topics/{slug}/",
    "TAG_SAVE_AS": "topics/{slug}/index.html",
    "DIRECT_TEMPLATES": ["index", "archives", "categories", "tags", "conversations", "feeds", "404"],
    "ARCHIVES_SAVE_AS": "stories/index.html",
    "ARCHIVES_URL": "stories/",
    "CATEGORIES_SAVE_AS": "collections/index.html",
    "CATEGORIES_URL": "collections/",
    "TAGS_SAVE_AS": "topics/index.html",
    "TAGS_URL": "topics/",
    "CONVERSATIONS_SAVE_AS": "conversations/index.html",
    "CONVERSATIONS_URL": "conversations/",
    "FEEDS_SAVE_AS": "feeds/index.html",
    "FEEDS_URL": "feeds/",
    "404_SAVE_AS": "404.html",
    "PAGINATED_TEMPLATES": {"category": None, "tag": None, "archives": 60, "conversations": 24},
    # The default pattern makes person-10 collide with the tenth page of "person-1".
    "PAGINATION_PATTERNS": [
        PaginationRule(1, "{url}", "{save_as}"),
        PaginationRule(2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
    ],
    "FEED_ALL_ATOM": None,
    "FEED_ATOM": None,
    "CATEGORY_FEED_ATOM": None,
    "AUTHOR_FEED_ATOM": None,
    "AUTHOR_FEED_RSS": None,
    "TRANSLATION_FEED_ATOM": None,
}


def enforce(settings: dict[str, Any]) -> None:
    """Fill in the addresses. Raises SettingsRefused for a wrong value."""
    apply(settings, SETTINGS)
    settings.update(ADDRESSES)
    settings["STORY_READER"] = settings["FIRSTHAND_STORY_READER"]
    settings["FEED_DOMAIN"] = settings["SITEURL"] or settings.get("FEED_DOMAIN") or ""
    if settings["FEED_MAX_ITEMS"] in (None, 100):
        settings["FEED_MAX_ITEMS"] = 30
