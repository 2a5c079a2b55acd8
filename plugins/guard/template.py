"""What every template may count on: escaping, words in the reader's language, the page's policy."""

from __future__ import annotations

import datetime
import hashlib
import json
import logging
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import StrictUndefined
from markupsafe import Markup

from plugins import FirsthandError, today

logger = logging.getLogger(__name__)

DEFAULT_LANGUAGE = "en"


class Words:
    """The interface's words, by language, from the theme's translations folder."""

    def __init__(self, folder: Path, default: str = DEFAULT_LANGUAGE) -> None:
        self.default = default
        self._said: dict[tuple[str, str | None], str] = {}
        self.made: dict[tuple[str, ...], Markup] = {}  # of words alone, by whoever made it
        self.catalogues: dict[str, dict[str, Any]] = {}
        for path in sorted(folder.glob("[!.]*.toml")):
            try:
                self.catalogues[path.stem] = tomllib.loads(path.read_text("utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise FirsthandError(f"{path}: the words cannot be read: {error}. Mend the file.") from error

    def __getstate__(self) -> dict[str, Any]:
        """Without what was said: it is this process's own."""
        return {**vars(self), "_said": {}, "made": {}}

    def fingerprint(self) -> bytes:
        """Changes with any of the words."""
        words = json.dumps([self.default, self.catalogues], sort_keys=True, default=str)
        return hashlib.blake2b(words.encode(), digest_size=16).digest()

    def look_up(self, key: str, lang: str | None) -> Any:
        """The entry in the language, else in its parent ("pt" for "pt-br"), else in the default."""
        for name in (lang, (lang or "").split("-")[0], self.default):
            if name and key in self.catalogues.get(name, {}):
                return self.catalogues[name][key]
        raise FirsthandError(f"translations/{self.default}.toml has no entry {key!r}. Add it.")

    def say(self, key: str, lang: str | None = None, **values: object) -> str:
        """The words for a key, with `{name}` places filled in; escaped by the template, not here."""
        said = self._said.get((key, lang))
        if said is None:
            said = self._said[key, lang] = str(self.look_up(key, lang))
        return said.format(**values) if "{" in said or "}" in said else said

    def day(self, date: datetime.date, lang: str | None = None) -> str:
        """A date as people write it: "12 November 2026"; no locale of the machine is asked."""
        months = self.look_up("months", lang)
        return self.say("day", lang, day=date.day, month=months[date.month - 1], year=date.year)

    def day_short(self, date: datetime.date, lang: str | None = None) -> str:
        """A date in little room: "12 Nov", and the year only where it is another than today's."""
        key = "day_this_year" if date.year == today().year else "day"
        months = self.look_up("months_short", lang)
        return self.say(key, lang, day=date.day, month=months[date.month - 1], year=date.year)

    def month(self, date: datetime.date, lang: str | None = None) -> str:
        """A month as people write it: "November 2026"."""
        months = self.look_up("months", lang)
        return self.say("month", lang, month=months[date.month - 1], year=date.year)


class Once:
    """For templates: what a macro says in one language, said once. `once(footer, lang)`.

    The macro may show nothing but words and the site's own values.
    """

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], Markup] = {}

    def __call__(self, macro: Callable[[str], Markup], lang: str) -> Markup:
        """The macro's markup."""
        name = str(getattr(macro, "name", ""))
        if (name, lang) not in self._said:
            self._said[name, lang] = macro(lang)
        return self._said[name, lang]

    def __getstate__(self) -> dict[str, Any]:
        return {"_said": {}}

    def fingerprint(self) -> bytes:
        """It shows nothing of its own."""
        return b""


# Languages written from right to left, by their first part (source: the Unicode CLDR).
_RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa ha-arab he khw ks ku-arab ps sd ug ur yi".split())


def direction(lang: str) -> str:
    """The `dir` attribute of a language: "rtl" or "ltr"."""
    return "rtl" if lang.split("-")[0] in _RIGHT_TO_LEFT or lang in _RIGHT_TO_LEFT else "ltr"


def as_script(data: dict[str, Any]) -> Markup:
    """JSON that may stand inside a script element: no character in it can end the element."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    for character, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(character, escaped)
    return Markup(text)  # noqa: S704 - every character that HTML could read is escaped above


def policy(
    *,
    scripts: tuple[str, ...] = (),
    frames: tuple[str, ...] = (),
    forms: tuple[str, ...] = (),
    links: tuple[str, ...] = (),
) -> str:
    """A page's Content-Security-Policy: this site alone, and the origins of what the reader may ask for.

    Those of `scripts` may bring a program with its styles, pictures and answers; `frames` show
    themselves; `forms` are sent something.
    """
    del links  # a page may link to anywhere
    run = "".join(f" {origin}" for origin in scripts)
    sent = "".join(f" {origin}" for origin in forms)
    shown = " ".join(frames) or "'none'"
    return (
        f"default-src 'self'; script-src 'self'{run}; style-src 'self'{run}; connect-src 'self'{run}{sent};"
        f" img-src 'self'{run}; frame-src {shown}; object-src 'none';"
        f" base-uri 'self'; form-action 'self'{sent}"
    )


def origin(url: str) -> tuple[str, ...]:
    """The origin of an absolute http(s) address as a policy names it; nothing for a path."""
    parts = urlsplit(url)
    return (f"{parts.scheme}://{parts.netloc}",) if parts.scheme in ("http", "https") else ()


def prepare(settings: dict[str, Any]) -> None:
    """Autoescape on, a missing name an error, and our words and filters for every template."""
    environment = settings["JINJA_ENVIRONMENT"]
    environment["autoescape"] = True
    environment["undefined"] = StrictUndefined
    words = Words(Path(settings["THEME"]) / "translations", settings.get("DEFAULT_LANG", DEFAULT_LANGUAGE))
    settings["FIRSTHAND_WORDS"] = words
    settings["JINJA_GLOBALS"] = {
        **settings["JINJA_GLOBALS"],
        "say": words.say,
        "csp": policy(),
        "words": words,
        "once": Once(),
        # Components are imported without a page's context; these they use too.
        **{name: settings.get(name, "") for name in ("SITENAME", "SITEURL", "SITESUBTITLE", "DEFAULT_LANG")},
        "direction": direction,
    }
    filters = {"day": words.day, "day_short": words.day_short, "month": words.month}
    settings["JINJA_FILTERS"] = {**settings["JINJA_FILTERS"], **filters}
