"""The words of each letter: what happened, who did it, and where the storyteller can say what they want."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Protocol

from plugins.mail import Letter, wrapped

from .steps import Step


class Say(Protocol):
    """The site's words in the storyteller's language, their places filled in."""

    def __call__(self, key: str, **values: object) -> str: ...  # noqa: D102


@dataclass(frozen=True)
class About:
    """What a letter is about: the story, its teller, their page, and whom of us they have to do with."""

    receipt: str
    name: str
    title: str
    link: str  # the storyteller's own page; "" where only they have its address
    live: str  # the story's address; "" where it is not live
    site: str
    person: str  # the name of who did the step, or of who reads the stories; "" where nobody is named


def letter(step: Step, about: About, say: Say) -> Letter:
    """The letter about one step of TOLD_BY_LETTER; its words begin "letter_" in theme/translations/."""
    # A story that was merged before its teller was asked is live while they are.
    kind = "asked_live" if step.kind == "asked" and about.live else step.kind
    someone = about.person or say("letter_someone")
    first, _, rest = say(f"letter_{kind}", someone=someone, live=about.live).partition("\n\n")
    parts = [say("letter_dear", name=about.name), first]
    if step.words:
        said = textwrap.indent(wrapped(step.words), "    ")
        parts.append(f"{say('letter_writes', someone=someone)}\n\n{said}")
    parts += [rest] if rest else []
    parts.append(f"{say('letter_page')}\n{about.link or say('letter_page_lost')}")
    parts.append(f"{about.person or about.site}\n{about.site if about.person else ''}".strip())
    return Letter(
        f"{about.receipt}.{step.id}",
        say(f"letter_{kind}_subject", title=about.title)[:150],
        "\n\n".join(wrapped(part) for part in parts) + "\n",
        step.at,
        about.person,
    )
