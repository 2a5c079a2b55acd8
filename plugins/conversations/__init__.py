"""Conversations: the thread under a story, who answers it, and the way into the live one.

A thread is shown from its snapshot in content/conversations/, without JavaScript. The live
conversation opens on a click, at the provider that the settings name.
"""

from __future__ import annotations

from pelican import Pelican
from pelican.plugins import signals

from .attach import attach
from .check import check_conversations
from .exchange import Conversation, Reply
from .fold import fold
from .generator import ConversationsGenerator
from .jsonld import comments_ld
from .settings import SETTINGS, check
from .thread import Comment, Thread, flat, nest, unanswered
from .words import add_words

__all__ = [
    "SETTINGS",
    "Comment",
    "Conversation",
    "ConversationsGenerator",
    "Reply",
    "Thread",
    "attach",
    "check_conversations",
    "comments_ld",
    "flat",
    "nest",
    "register",
    "unanswered",
]


def _initialized(pelican: Pelican) -> None:
    check(pelican.settings)
    add_words(pelican.settings["FIRSTHAND_WORDS"])
    # Every story's page tells other sites where to say that they wrote about it (rel=webmention).
    pelican.settings["JINJA_GLOBALS"]["webmention"] = pelican.settings["FIRSTHAND_WEBMENTION_URL"]
    pelican.settings["JINJA_GLOBALS"] |= {"fold": fold, "comments_ld": comments_ld}


def _generators(pelican: Pelican) -> type[ConversationsGenerator]:
    return ConversationsGenerator


def register() -> None:
    """Called by Pelican."""
    signals.initialized.connect(_initialized)
    signals.get_generators.connect(_generators)
