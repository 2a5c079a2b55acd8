"""What an embed is given: a story's subject, and the words of the theme that is built with."""

from plugins.conversations.provider import Subject
from plugins.conversations.words import add_words
from plugins.guard.template import Words
from plugins.people import Face
from tests.conftest import ROOT


def words() -> Words:
    """The theme's words with the conversations' own."""
    found = Words(ROOT / "theme" / "translations")
    add_words(found)
    return found


def subject(slug: str, title: str = "A night", lang: str = "en", place: str = "") -> Subject:
    """A story that Mara answers."""
    face = Face("Mara Lind", None, None, "sage", "ML", "people/mara-lind/", True, "Mara")
    return Subject(slug, title, lang, face, "", place)
