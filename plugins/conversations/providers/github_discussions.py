"""Discussions of a GitHub repository, by its GraphQL API: many in one question, long ones page by page.

Sources: https://docs.github.com/en/graphql/guides/using-the-graphql-api-for-discussions, and
https://docs.github.com/en/graphql/overview/rate-limits-and-node-limits-for-the-graphql-api (at most
500,000 nodes in a question; an error may come with status 200).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plugins.guard.html import from_root

from ..asking import PAGES, Asking, NoAnswer
from ..heard import Json, Misshapen
from ..pictures import as_words
from ..provider import Said

API = "https://api.github.com/graphql"
TOKEN = "FIRSTHAND_GISCUS_TOKEN"  # noqa: S105 - the variable's name
_ADVICE = f"Put a token that may read the repository's discussions into {TOKEN}."
_COMMENTS = 50  # of each discussion, and replies of each comment, in the first question
_PAGE = "pageInfo { hasNextPage endCursor }"
_SAID = (
    "fragment said on DiscussionComment { id url createdAt deletedAt isMinimized bodyHTML"
    " author { login url avatarUrl(size: 96) } }"
)
_LISTED = (
    "query($owner: String!, $name: String!, $category: ID, $after: String) {"
    " repository(owner: $owner, name: $name) { isPrivate discussions(first: 100, after: $after,"
    " categoryId: $category, orderBy: {field: CREATED_AT, direction: ASC})"
    f" {{ {_PAGE} nodes {{ number title body }} }} }} }}"
)
_THREAD = (
    f"fragment thread on Discussion {{ comments(first: {_COMMENTS}) {{ {_PAGE}"
    f" nodes {{ ...said replies(first: {_COMMENTS}) {{ {_PAGE} nodes {{ ...said }} }} }} }} }}"
)
_MORE = (
    "query($owner: String!, $name: String!, $number: Int!, $after: String) {"
    " repository(owner: $owner, name: $name) { isPrivate discussion(number: $number) {"
    f" comments(first: {_COMMENTS}, after: $after) {{ {_PAGE}"
    f" nodes {{ ...said replies(first: {_COMMENTS}) {{ {_PAGE} nodes {{ ...said }} }} }} }} }} }} }} {_SAID}"
)
_REPLIES = (
    "query($id: ID!, $after: String) { node(id: $id) { ... on DiscussionComment {"
    f" replies(first: 100, after: $after) {{ {_PAGE} nodes {{ ...said }} }} }} }} }} {_SAID}"
)


# What giscus writes into a discussion that it opens, and looks for when it is strict.
# Source: https://github.com/giscus/giscus/blob/main/ADVANCED-USAGE.md ("data-strict")
_MARK = re.compile(r"<!-- sha1: ([0-9a-f]{40}) -->")


@dataclass(frozen=True)
class Listed:
    """The discussions of a category, by giscus' mark and by title; of several the oldest's number."""

    marked: dict[str, int]
    titled: dict[str, int]

    def number_of(self, term: str) -> int | None:
        """The discussion that giscus shows for a term, else the one that has it as its title."""
        mark = hashlib.sha1(term.encode(), usedforsecurity=False).hexdigest()
        return self.marked.get(mark) or self.titled.get(term)


class NoDiscussion(NoAnswer):
    """GitHub is sure that there is no discussion of this number."""


Told = tuple[Said, ...] | NoAnswer | Misshapen


@dataclass(frozen=True)
class Discussions:
    """The discussions of one category of one repository, "owner/name"."""

    asking: Asking
    repo: str
    category: str
    api: str
    token: str

    async def listed(self) -> Listed:
        """Every discussion of the category. Raises NoAnswer and Misshapen."""
        found = Listed({}, {})
        after: str | None = None
        for _ in range(PAGES):
            repository = await self._repository(_LISTED, category=self.category or None, after=after)
            page = repository.need("discussions")
            for one in page.items("nodes"):
                number = one.whole("number")
                found.titled.setdefault(one.words("title"), number)
                for mark in _MARK.findall(one.text("body")):
                    found.marked.setdefault(mark, number)
            after = _next(page, after)
            if after is None:
                return found
        raise NoAnswer("GitHub's list of discussions does not end.")

    async def read(self, numbers: Sequence[int]) -> dict[int, Told]:
        """The comments of each discussion, or why they cannot be had. Raises nothing."""
        try:
            repository = await self._many(numbers)
        except (NoAnswer, Misshapen) as error:
            if len(numbers) == 1 or getattr(error, "again", None) or not self.token.strip():
                return dict.fromkeys(numbers, error)
            half = len(numbers) // 2  # one that GitHub cannot tell must not keep the others from us
            return await self.read(numbers[:half]) | await self.read(numbers[half:])
        told: dict[int, Told] = {}
        for place, number in enumerate(numbers):
            try:
                told[number] = await self._whole(number, repository.inner(f"d{place}"))
            except (NoAnswer, Misshapen) as error:
                told[number] = error
        return told

    async def _many(self, numbers: Sequence[int]) -> Json:
        names = "".join(f", $n{place}: Int!" for place in range(len(numbers)))
        asked = " ".join(
            f"d{place}: discussion(number: $n{place}) {{ ...thread }}" for place in range(len(numbers))
        )
        query = (
            f"query($owner: String!, $name: String!{names})"
            f" {{ repository(owner: $owner, name: $name) {{ isPrivate {asked} }} }} {_THREAD} {_SAID}"
        )
        return await self._repository(query, **{f"n{place}": number for place, number in enumerate(numbers)})

    async def _whole(self, number: int, discussion: Json) -> tuple[Said, ...]:
        """A thread with the pages that were not in the first answer. Raises NoAnswer and Misshapen."""
        if discussion.value is None:
            raise NoDiscussion(f"{self.repo} has no discussion {number}. Look at the story's `conversation`.")
        said: list[Said] = []
        after: str | None = None
        for _ in range(PAGES):
            page = discussion.need("comments")
            for comment in page.items("nodes"):
                said += _said(comment, await self._replies(comment))
            after = _next(page, after)
            if after is None:
                return tuple(said)
            repository = await self._repository(_MORE, number=number, after=after)
            discussion = repository.need("discussion")
        raise NoAnswer("GitHub's discussion does not end.")

    async def _replies(self, comment: Json) -> list[Json]:
        page = comment.need("replies")
        found = page.items("nodes")
        after: str | None = None
        for _ in range(PAGES):
            after = _next(page, after)
            if after is None:
                return found
            answer = await self._ask(_REPLIES, {"id": comment.id("id"), "after": after})
            page = answer.need("node").need("replies")
            found += page.items("nodes")
        raise NoAnswer("GitHub's replies to a comment do not end.")

    async def _repository(self, query: str, **variables: object) -> Json:
        owner, _, name = self.repo.partition("/")
        data = await self._ask(query, {"owner": owner, "name": name, **variables})
        repository = data.need("repository")
        if repository.flag("isPrivate"):
            raise NoAnswer(f"{self.repo} is private: what is said there was not meant for this page.")
        return repository

    async def _ask(self, query: str, variables: dict[str, object]) -> Json:
        """The answer's data, whole but for discussions that are not there. Raises NoAnswer, Misshapen."""
        token = self.token.strip()
        if not token:
            raise NoAnswer(f"GitHub tells nothing without a token. {_ADVICE}")
        answer = await self.asking.ask(
            self.api,
            headers={"Authorization": f"Bearer {token}"},
            question={"query": query, "variables": variables},
            through=(403,),
            advice=_ADVICE,
        )
        errors = answer.json.some("errors")
        limited = any(error.text("type") == "RATE_LIMITED" for error in errors)
        if answer.status == 403:  # GitHub's second limit looks like a refusal
            said = answer.json.text("message").lower()
            limited = "rate limit" in said or "retry-after" in answer.response.headers
        if limited:
            raise self.asking.later(self.api, answer.response)
        if answer.status == 403:
            raise NoAnswer(f"GitHub does not let us read it (403). {_ADVICE}")
        for error in errors:
            path = error.inner("path").value
            missing = error.text("type") == "NOT_FOUND" and isinstance(path, list) and len(path) == 2
            if not missing:  # a part that failed would read as a part that is not there
                raise NoAnswer(f"GitHub says: {error.text('message')[:200] or 'an error without words'}")
        return answer.json.need("data")


def _next(page: Json, before: str | None) -> str | None:
    """The cursor of the next page, or None where there is none. Raises NoAnswer, Misshapen."""
    told = page.need("pageInfo")
    if not told.flag("hasNextPage"):
        return None
    after = told.id("endCursor")
    if after == before:
        raise NoAnswer("GitHub gives the same page again and again.")
    return after


def _said(comment: Json, replies: Sequence[Json]) -> Iterator[Said]:
    """A comment and its replies. Source: GitHub's GraphQL schema, DiscussionComment."""
    shown = [reply for reply in replies if not _is_gone(reply)]
    if shown or not _is_gone(comment):
        yield _one(comment, None)
    for reply in shown:
        yield _one(reply, comment.id("id"))


def _is_gone(comment: Json) -> bool:
    """Deleted, or hidden by a moderator: as spam, abuse, off-topic, outdated."""
    return comment.flag("isMinimized") or bool(comment.text("deletedAt"))


def _one(comment: Json, parent: str | None) -> Said:
    name, published = comment.id("id"), comment.time("createdAt")
    if _is_gone(comment):
        return Said(name, parent, "", "", published, "", gone=True)
    author = comment.inner("author")  # None of whoever has left GitHub
    login = author.text("login")
    return Said(
        id=name,
        parent=parent,
        author=login,
        url=author.text("url"),
        published=published,
        html=from_root(as_words(comment.words("bodyHTML")), "https://github.com"),
        account=login,
        place=comment.text("url"),
        avatar=author.text("avatarUrl"),
    )
