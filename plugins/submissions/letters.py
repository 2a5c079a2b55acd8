"""The words of each letter: what happened, who did it, and where the storyteller can say what they want."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from plugins.mail import Letter, wrapped

from .steps import Step


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


_SUBJECTS = {
    "received": "We have your story: {title}",
    "edited": "Your story is being edited: {title}",
    "asked": "May it go out like this? {title}",
    "published": "Your story is live: {title}",
    "declined": "About your story: {title}",
    "withdrawn": "Your story has been taken down: {title}",
    "left": "You have taken your story back: {title}",
}
_WORDS = {
    "received": (
        "thank you for your story. It is safe with us. {someone} reads it next, and writes to you either "
        "way. No change of your text goes out before you have said yes to it.",
    ),
    "edited": (
        "{someone} has begun to edit your story. You will get the new text beside your own, and it goes "
        "out only with your yes.",
    ),
    "asked": (
        "{someone} has edited your story. On your own page you find the new text beside yours, with every "
        "change marked. Say yes, or no, or what you would rather have. It goes out only with your yes.",
    ),
    "published": (
        "your story is live:\n{live}",
        "Thank you. You may take it back whenever you like, on your own page.",
    ),
    "declined": ("thank you for trusting us with your story. We are not going to publish it.",),
    "withdrawn": (
        "we have taken your story down. It is on no page, in no feed and in no picture of ours after the "
        "next build, and a short note stays at the address, with nothing of yours in it.",
    ),
    "left": (
        "as you wished, your story goes no further. If it was live, its pages, its feeds and its photographs "
        "are gone with the next build, and a short note stays at the address, with nothing of yours in it.",
    ),
}


def letter(step: Step, about: About) -> Letter:
    """The letter about one step of TOLD_BY_LETTER."""
    someone = about.person or "One of us"
    parts = [f"Dear {about.name},"]
    filled = [part.format(someone=someone, live=about.live) for part in _WORDS[step.kind]]
    parts += filled[:1]
    if step.words:
        parts.append(f"{someone} writes:\n\n{textwrap.indent(wrapped(step.words), '    ')}")
    parts += filled[1:]
    link = about.link or "Its address is in our first letter, and on the page that you saw after sending."
    parts.append(f"Your own page, for you alone:\n{link}")
    parts.append(f"{about.person or about.site}\n{about.site if about.person else ''}".strip())
    return Letter(
        f"{about.receipt}.{step.id}",
        _SUBJECTS[step.kind].format(title=about.title)[:150],
        "\n\n".join(wrapped(part) for part in parts) + "\n",
        step.at,
        about.person,
    )
