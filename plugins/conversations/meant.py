"""Whom and what a command names: a comment by its story and id or by its address, a staff member by slug."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from plugins import FirsthandError, today
from plugins.guard.text import one_line
from plugins.people import Profile

from .thread import Comment, Thread, flat


class NotMeant(FirsthandError):
    """A comment or a person that is not here; says what to write."""


def story_of(ref: str) -> str:
    """The slug in "the-line/12" or "https://.../stories/the-line/#comment-isso-12". Raises NotMeant."""
    slug, mark = _parts(ref)
    if not slug or not mark:
        raise NotMeant(
            f"{ref!r} names no comment. Write it as ./inv listen does: the-night-the-line-stopped/12."
        )
    return slug


def comment_of(ref: str, thread: Thread) -> Comment:
    """The comment of a conversation that `ref` names. Raises NotMeant."""
    mark = _parts(ref)[1]
    for comment in flat(thread.comments):
        if mark in (comment.id, f"#{comment.anchor}") and not comment.gone:
            return comment
    raise NotMeant(
        f"The conversation of stories/{thread.slug} has no comment {mark.lstrip('#')!r}. "
        f"Bring it as it is now: ./inv conversations --story {thread.slug}"
    )


def staff_of(slug: str, people: Mapping[str, Profile]) -> Profile:
    """The staff member of that slug, who is here. Raises NotMeant."""
    here = {name: person for name, person in people.items() if _is_staff(person)}
    if slug in here:
        return here[slug]
    known = f"{people[slug].name} is not staff here" if slug in people else f"Nobody is called {slug!r}"
    raise NotMeant(f"{known}. Give one of these with --by: {', '.join(sorted(here)) or 'nobody yet'}.")


def _is_staff(person: Profile) -> bool:
    return person.kind == "staff" and person.gone(today()) is None


def _parts(ref: str) -> tuple[str, str]:
    ref = one_line(ref)
    if not ref.lower().startswith(("http://", "https://")):
        slug, _, id = ref.removeprefix("stories/").partition("/")
        return slug, id
    try:
        parts = urlsplit(ref)
    except ValueError:  # what looks like an address and is none
        return "", ""
    slug = parts.path.rstrip("/").rpartition("/stories/")[2]
    return slug, f"#{parts.fragment}" if parts.fragment else ""
