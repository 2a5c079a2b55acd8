"""Somebody else's text: one-line fields, bodies, slugs, and front matter written from them."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import yaml

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_LENGTH = 80

# Cc: controls; Cf: format characters (bidi overrides, zero-width marks); Cs, Co, Cn: no characters
# at all. Zl and Zp are the line and paragraph separators that some parsers take for newlines.
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters and marks that show nothing: fillers, the blank Braille cell, the grapheme joiner.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# Emoji sequences and several Indic and Arabic scripts need the joiners. They stay between two
# characters of such scripts (letters without case, marks, symbols), and nowhere in "Ada".
_JOINERS = "\u200c\u200d"
_JOINED = frozenset({"Lo", "Mn", "Mc", "Me", "So", "Sk"})
_SPACES = re.compile(r"\s+")


def _without_format_characters(text: str, keep: str) -> str:
    # Most texts hold none. Python's own look at them is the quickest; it minds other spaces than the usual
    # one too, so that each kind of character, not each character, is asked about then.
    shown = text
    for character in keep:
        shown = shown.replace(character, " ")
    if shown.isprintable() and not any(character in text for character in _BLANK):
        return text
    if all(character in keep or not _shows_nothing(character) for character in set(text)):
        return text
    return "".join(
        character
        for place, character in enumerate(text)
        if character in keep
        or (character in _JOINERS and _joins(text, place))
        or not _shows_nothing(character)
    )


def _shows_nothing(character: str) -> bool:
    return unicodedata.category(character) in _DROPPED or character in _BLANK


def _joins(text: str, place: int) -> bool:
    around = (text[place - 1 : place], text[place + 1 : place + 2])
    return all(character and unicodedata.category(character) in _JOINED for character in around)


def one_line(text: str) -> str:
    """The text as one line: no newline, control, bidi or zero-width character, single spaces.

    It is not HTML-escaped: every template escapes what it prints.
    """
    flat = _SPACES.sub(" ", str(text).replace("\u2028", " ").replace("\u2029", " "))
    return " ".join(_without_format_characters(flat, keep="").split())


def body_text(text: str) -> str:
    """The text with its lines, but without control, bidi and zero-width characters."""
    lines = str(text).replace("\r\n", "\n").replace("\r", "\n")
    return _without_format_characters(lines, keep="\n\t")


def has_hidden_characters(text: str) -> bool:
    """True where `body_text` would take something out of the text beyond carriage returns."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _without_format_characters(lines, keep="\n\t") != lines


def is_slug(text: object) -> bool:
    """True for small Latin letters, digits and single hyphens, 80 characters at the most."""
    return isinstance(text, str) and len(text) <= SLUG_LENGTH and SLUG.fullmatch(text) is not None


def slugify(text: str, fallback: str = "story") -> str:
    """A slug made from any text: accents go, everything else becomes a hyphen; never empty."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if len(slug) > SLUG_LENGTH:
        slug = slug[:SLUG_LENGTH].rsplit("-", 1)[0].strip("-") or slug[:SLUG_LENGTH]
    return slug or fallback


class _Plain(yaml.SafeDumper):
    """Writes a value again where it stands again; readers, and our own reader, know no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def yaml_front_matter(fields: dict[str, Any]) -> str:
    """The fields between ``---`` lines; safe for any text in them, keys in the order given."""
    dumped = yaml.dump(
        fields, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=None
    )
    return f"---\n{dumped}---\n"
