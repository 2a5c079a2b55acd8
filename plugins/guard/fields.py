"""Reading the fields of a front matter by type, and saying everything that is wrong with them."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from .content import ContentFile
from .document import Document, as_date
from .finding import Finding, Level
from .text import is_slug

# Nothing that a page shows well has more entries; thousands of names would cost a check minutes.
MAX_LIST = 50


class Fields:
    """The fields of one file (or of one mapping in it); `findings` fills up as they are read."""

    def __init__(
        self,
        file: ContentFile,
        document: Document,
        *,
        within: tuple[str, dict[str, Any]] | None = None,
        findings: list[Finding] | None = None,
    ) -> None:
        self.file = file
        self.document = document
        self._at, self._values = within or ("", document.front)
        self.findings: list[Finding] = [] if findings is None else findings

    def refuse(self, key: str, message: str, fix: str, level: Level = "error") -> None:
        """Note a problem at the line of a field."""
        line = self.document.line(f"{self._at}.{key}" if self._at else key)
        self.findings.append(Finding(self.file.shown, line, level, message, fix))

    def named(self, key: str) -> str:
        """The field as messages write it: `consent.until`."""
        return f"`{self._at.split('.')[0]}.{key}`" if self._at else f"`{key}`"

    def only(self, allowed: Collection[str]) -> None:
        """Refuse every other key of the mapping."""
        for key in self._values:
            if key not in allowed:
                self.refuse(
                    str(key), f"{self.named(str(key))} is not known.", f"Known: {', '.join(allowed)}."
                )

    def text(self, key: str, *, required: str = "") -> str:
        """A text of one line; `required` says what to do where it is missing."""
        value = self._values.get(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            if required:
                self.refuse(key, f"{self.named(key)} is missing.", required)
            return ""
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return " ".join(str(value).split())
        self.refuse(key, f"{self.named(key)} is not a text.", f"Write `{key}: a text`.")
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text alone counts as a list of one."""
        value = self._values.get(key)
        if value is None:
            return ()
        items = value if isinstance(value, list) else [value]
        if len(items) > MAX_LIST:
            self.refuse(key, f"{self.named(key)} lists {len(items)}.", f"Keep it to {MAX_LIST}.")
            return ()
        if all(isinstance(item, (str, int, float)) and not isinstance(item, bool) for item in items):
            return tuple(" ".join(str(item).split()) for item in items)
        self.refuse(key, f"{self.named(key)} is not a list of texts.", f"Write `{key}: [one, two]`.")
        return ()

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """A mapping of names to texts, or to lists of texts, as pairs in the order written."""
        inner = self.mapping(key)
        if inner is None:
            return ()
        return tuple((name, text) for name in inner.keys() for text in inner.texts(name) or ("",))  # noqa: SIM118 - a method

    def slugs(self, key: str) -> tuple[str, ...]:
        """A list of people's slugs."""
        found = self.texts(key)
        for name in found:
            if not is_slug(name):
                self.refuse(
                    key,
                    f"{name!r} in {self.named(key)} is no person's slug.",
                    "Write the name of their file.",
                )
        return tuple(dict.fromkeys(name for name in found if is_slug(name)))

    def one_of(self, key: str, choices: Collection[str], default: str = "") -> str:
        """One word of several; the default where it is missing or wrong."""
        value = self._values.get(key)
        if value is None:
            return default
        if isinstance(value, str) and value in choices:
            return value
        self.refuse(key, f"{self.named(key)} is {value!r}.", f"Write one of: {', '.join(choices)}.")
        return default

    def flag(self, key: str) -> bool:
        """true or false; false where it is missing."""
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            self.refuse(key, f"{self.named(key)} is {value!r}.", "Write true or false.")
        return value is True

    def date(self, key: str, *, required: str = "") -> datetime.date | None:
        """A day, written 2026-11-01."""
        value = self._values.get(key)
        if value is None:
            if required:
                self.refuse(key, f"{self.named(key)} is missing.", required)
            return None
        found = as_date(value)
        if found is None:
            self.refuse(key, f"{self.named(key)} is {value!r}, not a date.", "Write it like 2026-11-01.")
        return found

    def web_address(self, key: str) -> str:
        """An absolute http or https address, or nothing."""
        value = self.text(key)
        if value and not is_web_address(value):
            self.refuse(key, f"{self.named(key)} is {value!r}, not a web address.", "Write https://...")
            return ""
        return value

    def mapping(self, key: str) -> Fields | None:
        """The fields within a field, or None where it is missing or no mapping."""
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.refuse(
                key, f"{self.named(key)} has no fields of its own.", f"Write `{key}: {{name: value}}`."
            )
            return None
        return self._inner(key, value)

    def mappings(self, key: str) -> list[Fields]:
        """A list of fields within a field."""
        value = self._values.get(key) or []
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return [self._inner(f"{key}.{place}", item) for place, item in enumerate(value)]
        self.refuse(key, f"{self.named(key)} is not a list of fields.", "Write `- {title: ...}` a line.")
        return []

    def has(self, key: str) -> bool:
        """True where the field is there and not empty."""
        return self._values.get(key) is not None

    def keys(self) -> list[str]:
        """The names of the fields."""
        return [str(key) for key in self._values]

    def _inner(self, key: str, value: dict[str, Any]) -> Fields:
        at = f"{self._at}.{key}" if self._at else key
        return Fields(self.file, self.document, within=(at, value), findings=self.findings)


def is_web_address(value: str) -> bool:
    """True for an absolute http or https address without spaces, quotes or link marks."""
    if any(character.isspace() or character in "<>\"'{}|\\^`" for character in value):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False
