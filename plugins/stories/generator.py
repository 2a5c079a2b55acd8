"""The stories of a site as Pelican's ArticlesGenerator has them, and every page that shows several."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

from pelican.generators import ArticlesGenerator
from pelican.paginator import Paginator
from pelican.plugins import signals

from plugins import today
from plugins.fastbuild import SiteWriter
from plugins.fastbuild.ahead import compile_ahead
from plugins.fastbuild.kit import kit_of
from plugins.fastbuild.run import run_of
from plugins.people import Face

from .article import Shelves, StoryArticle
from .card import Label, Listing, Shelf
from .consent import may_show

LATEST = 7  # stories on the home page
TALKED = 3  # conversations there
OF_EACH = 3  # stories of a collection, among all collections
FACES, TITLES = 4, 3  # of a topic, among all topics


class StoriesGenerator(ArticlesGenerator):  # type: ignore[misc]
    """Takes the place of Pelican's: stories come read, and each page says what it shows."""

    articles: list[StoryArticle]
    translations: list[StoryArticle]
    drafts: list[StoryArticle]
    categories: Any  # Pelican's: a dict of lists, then sorted pairs
    authors: Any

    def generate_context(self) -> None:
        """Make an article of every story that may show today, and the lists of them."""
        run, day = run_of(self.settings), today()
        if run.crew.is_called:  # with what every plugin has added by now
            run.compiled = compile_ahead(kit_of(self.settings), run.crew)
        shelves = Shelves(self.settings)
        published: list[StoryArticle] = []
        for kept in run.kept.values():
            story = kept.value.story
            if story is not None:
                article = StoryArticle(kept.file, kept, self.settings, shelves)
                (self.drafts if story.status == "draft" else published).append(article)
        self.articles, self.translations = by_language(
            published, lambda one: may_show(one.story, "site", day)
        )
        run.stories = len(self.articles) + len(self.translations)
        signals.article_generator_pretaxonomy.send(self)
        _file(self.articles, self.categories, lambda article: [article.category])
        _file(self.articles, self.tags, lambda article: article.tags)
        _file(self.articles, self.authors, lambda article: article.authors)
        self.dates = list(self.articles)
        self.categories = sorted(self.categories.items())
        self.authors = sorted(self.authors.items())
        self._update_context(("articles", "translations", "drafts", "dates", "categories", "authors"))
        self.context["tags"] = sorted(self.tags.items())
        signals.article_generator_finalized.send(self)

    def check_disabled_readers(self) -> None:
        """Nothing: what lies in the content folder has been surveyed."""

    def refresh_metadata_intersite_links(self) -> None:
        """Nothing: links were resolved when the text was cleaned."""

    def generate_output(self, writer: SiteWriter) -> None:
        """Write every story, and every page that shows several."""
        for article in chain(self.articles, self.translations):
            writer.page_of(article.save_as, "article.html", article.kept.key, article.shown)
        self._write_home(writer)
        self._write_talked(writer)
        self._write_lists(writer)
        self._write_overviews(writer)
        signals.article_writer_finalized.send(self, writer=writer)

    def _write_home(self, writer: SiteWriter) -> None:
        writer.page_of("index.html", "index.html", b"", self._home)
        writer.page_of("404.html", "404.html", b"", lambda: {"people_lately": self._lately()})

    def _home(self) -> dict[str, Any]:
        reader = self.context["person_by_slug"].get(self.settings["STORY_READER"])
        return {
            "articles": tuple(article.card for article in self.articles[:LATEST]),
            "people_lately": self._lately(),
            "conversations": self._newest_talk(),
            "reader": reader.entry if reader else None,
        }

    def _lately(self) -> tuple[Face, ...]:
        return tuple(person.face for person in self.context.get("people_lately", ()))

    def _talked(self) -> tuple[Any, ...]:
        return tuple(self.context.get("conversations", ()))

    def _newest_talk(self) -> tuple[Any, ...]:
        """The newest conversation of each story, so that one that is much talked about leaves room."""
        newest: dict[str, Any] = {}
        for one in self._talked():
            newest.setdefault(one.article.slug, one)
        return tuple(newest.values())[:TALKED]

    def _write_talked(self, writer: SiteWriter) -> None:
        """All conversations, the latest first."""

        def shown(talked: Sequence[Any], url: str, *around: str | None) -> dict[str, Any]:
            return {"listing": Listing((), url, *around), "conversations": tuple(talked)}

        for save_as, page in self._pages("conversations", "conversations/", self._talked()):
            writer.page_of(save_as, "conversations.html", b"", partial(shown, *page))

    def _write_lists(self, writer: SiteWriter) -> None:
        labels = tuple(category.label for category, _ in self.categories)
        self._write_list(writer, "archives", "stories/", self.articles, categories=labels)
        for category, told in self.categories:
            self._write_list(writer, "category", category.url, told, category=category.label)
        fed = self.context["topics_with_feed"]
        for tag, told in self.context["tags"]:
            self._write_list(writer, "tag", tag.url, told, tag=tag.label, has_feed=tag.slug in fed)

    def _write_list(
        self, writer: SiteWriter, template: str, url: str, told: list[StoryArticle], **values: Any
    ) -> None:
        """The pages of one list; paginated as Pelican paginates."""

        def shown(stories: Sequence[StoryArticle], url: str, *around: str | None) -> dict[str, Any]:
            return {"listing": Listing(tuple([story.card for story in stories]), url, *around), **values}

        for save_as, page in self._pages(template, url, told):
            writer.page_of(save_as, f"{template}.html", b"", partial(shown, *page))

    def _pages(
        self, template: str, url: str, items: Sequence[Any]
    ) -> Iterator[tuple[str, tuple[Sequence[Any], str, str | None, str | None]]]:
        """A list as Pelican paginates it: each page's file, its items and address, and those beside it."""
        each = self.settings["PAGINATED_TEMPLATES"][template] or self.settings["DEFAULT_PAGINATION"]
        if not each:
            yield f"{url}index.html", (items, url, None, None)
            return
        paginator = Paginator(f"{url}index.html", url, items, self.settings, each)
        pages = [paginator.page(number) for number in range(1, paginator.num_pages + 1)]
        urls = [None, *(page.url for page in pages), None]
        for page in pages:
            yield page.save_as, (page.object_list, page.url, urls[page.number - 1], urls[page.number + 1])

    def _write_overviews(self, writer: SiteWriter) -> None:
        writer.page_of("collections/index.html", "categories.html", b"", self._collections)
        writer.page_of("topics/index.html", "tags.html", b"", self._topics)
        writer.page_of("feeds/index.html", "feeds.html", b"", self._feeds)

    def _collections(self) -> dict[str, Any]:
        return {
            "collections": tuple(
                (category.label, tuple(article.card for article in told[:OF_EACH]))
                for category, told in self.categories
            )
        }

    def _topics(self) -> dict[str, Any]:
        return {"topics": tuple(shelf(tag.label, told) for tag, told in self.context["tags"])}

    def _feeds(self) -> dict[str, Any]:
        fed = self.context["topics_with_feed"]
        return {
            "people": tuple(person.entry for person in self.context["people"] if person.has_feed),
            "topics": tuple(tag.label for tag, _ in self.context["tags"] if tag.slug in fed),
            "members": self.context.get("members_list", ""),  # the address of their own sites' list
        }


def _file(
    articles: Iterable[StoryArticle],
    lists: dict[Any, list[StoryArticle]],
    labels: Callable[[StoryArticle], Iterable[Any]],
) -> None:
    """Put each story into the list of each of its labels."""
    known: dict[int, list[StoryArticle]] = {}  # by a label's id: to compare labels takes long
    for article in articles:
        for label in labels(article):
            if id(label) not in known:
                known[id(label)] = lists[label]
            known[id(label)].append(article)


def by_language(
    stories: Iterable[StoryArticle], shows: Callable[[StoryArticle], bool]
) -> tuple[list[StoryArticle], list[StoryArticle]]:
    """The stories that show, each once for the lists, and their translations; the latest first.

    A translation whose original may not show stands for itself in the lists.
    """
    groups: dict[str, list[StoryArticle]] = defaultdict(list)
    for story in stories:
        groups[story.slug].append(story)
    originals: list[StoryArticle] = []
    translations: list[StoryArticle] = []
    for group in groups.values():
        if len(group) == 1:  # nearly every story
            originals += filter(shows, group)
            continue
        shown = [story for story in group if shows(story)]
        if not shown:
            continue
        told_first = [story for story in group if story.in_default_lang] or group
        first = [story for story in shown if story in told_first] or shown[:1]
        originals += first
        translations += [story for story in shown if story not in first]
        for story in shown:
            story.translations = [other for other in shown if other is not story]
    for found in (originals, translations):
        found.sort(key=lambda story: (story.date, story.slug), reverse=True)
    return originals, translations


def shelf(label: Label, told: list[StoryArticle]) -> Shelf:
    """A topic among all topics: each storyteller once, the latest first."""
    faces: dict[str, Face] = {}
    for article in told:
        if article.tellers and len(faces) < FACES:
            faces.setdefault(article.tellers[0].name, article.tellers[0])
    return Shelf(label, tuple(faces.values()), tuple(article.title for article in told[:TITLES]))
