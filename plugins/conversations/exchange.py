"""A question and its answer, as other pages than the story's own show them; and what somebody answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from .thread import Comment, flat


@dataclass(frozen=True)
class Conversation:
    """A reader's comment under a story, and the first answer that staff gave to it."""

    article: Any  # the story as a card
    question: Comment
    answer: Comment | None
    waits: bool = False  # nobody has answered, and somebody should


@dataclass(frozen=True)
class Reply:
    """An answer that a person gave, what it answers, and the story both stand under."""

    comment: Comment
    article: Any
    question: Comment | None
    waits: ClassVar[bool] = False

    @property
    def answer(self) -> Comment:
        """The comment, as a Conversation calls it."""
        return self.comment


def conversations(articles: Iterable[Any]) -> Iterator[Conversation]:
    """Every reader's top-level comment with its first answer by staff."""
    for article in articles:
        for comment in article.thread.comments if article.thread else ():
            if not (comment.staff or comment.gone):
                answers = [reply for reply in flat(comment.replies) if reply.staff]
                answer = min(answers, key=lambda reply: reply.published, default=None)
                waits = answer is None and comment.anchor in article.thread.waits
                yield Conversation(article.card, _alone(comment), answer and _alone(answer), waits)


def by_story(found: Iterable[Conversation]) -> dict[str, list[Conversation]]:
    """The conversations by the slugs of their stories."""
    under: dict[str, list[Conversation]] = defaultdict(list)
    for conversation in found:
        under[conversation.article.slug].append(conversation)
    return under


def replies(articles: Iterable[Any]) -> dict[str, list[Reply]]:
    """What each person answered, by their slug, the latest first."""
    found: dict[str, list[Reply]] = defaultdict(list)
    for article in articles:
        said = list(flat(article.thread.comments if article.thread else ()))
        by_id = {comment.id: comment for comment in said}
        for comment in said:
            if comment.staff and comment.person_slug:
                asked = by_id.get(comment.parent or "")
                question = asked if asked and not asked.gone else None
                reply = Reply(_alone(comment), article.card, question and _alone(question))
                found[comment.person_slug].append(reply)
    for given in found.values():
        given.sort(key=lambda reply: reply.comment.published, reverse=True)
    return found


def _alone(comment: Comment) -> Comment:
    """Without what answers it: a page that does not show that does not depend on it."""
    return replace(comment, replies=()) if comment.replies else comment


def latest(conversation: Conversation) -> Any:
    """When something was said last: the answer, or the question that has none."""
    return (conversation.answer or conversation.question).published, conversation.question.anchor
