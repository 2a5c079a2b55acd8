"""What every page is rendered with: templates, words, filters and the site's own values.

A kit goes to other processes as bytes; there it becomes a renderer.
"""

from __future__ import annotations

import logging
import pickle
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from plugins import today

from .calling import fingerprint_of, travels
from .fingerprint import Fingerprints, Lookup, digest

logger = logging.getLogger(__name__)

# A run's setting that plugins add to: what templates look up about a value by a global function.
LOOKUPS = "PAGE_LOOKUPS"
# Where the build runs, what it keeps there and where it is sent is nothing that a page shows; the
# address that feeds begin with is given to them.
_NOT_SHOWN = re.compile(
    r".*(?:PATH|PATHS|OVERRIDES|CACHE|CONTENT)|THEME|PLUGINS|PORT|BIND|(?:JINJA|BUILD|CHECK)_.*"
    r"|FEED_DOMAIN|FIRSTHAND_PUBLISH_TO|FIRSTHAND_SETTINGS_KNOWN"
)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# A template named by itself; `include "a" if b else "c"`, a list, or a name is an expression.
_REFERENCE = re.compile(
    r"\{%[-+]?\s*(?:extends|include|import|from)\b"
    r"\s*(?:(?:'([^'\\]+)'|\"([^\"\\]+)\")\s*(?=[-+]?%\}|(?:import|as|ignore|with|without)\b))?"
)
# Where these are set, a reference may be written in another way.
_OTHER_MARKS = ("block_start_string", "line_statement_prefix")


@dataclass(frozen=True)
class Kit:
    """Everything that templates find without being given it."""

    sources: Mapping[str, str]  # the templates by name
    environment: Mapping[str, Any]  # Jinja's own options
    filters: Mapping[str, Any]
    tests: Mapping[str, Any]
    site: Mapping[str, Any]  # the site's values, and the functions that templates call
    files: Mapping[str, str] = field(default_factory=dict)  # where each template lies, for messages

    @cached_property
    def common(self) -> bytes:
        """The fingerprint of all but the templates."""
        named = [*self.filters.items(), *self.tests.items(), *self.site.items()]
        values = sorted((name, fingerprint_of(value)) for name, value in named)
        options = repr(sorted(self.environment.items(), key=str))
        return digest(values, options, today().year)  # a date of this year is shown without it

    def fingerprint(self, template: str) -> bytes:
        """The fingerprint of a template with all that it extends, includes or imports, and of the rest."""
        if template not in self._known:
            used = [(name, self.sources.get(name)) for name in self._reached(template)]
            self._known[template] = digest(self.common, used)
        return self._known[template]

    @cached_property
    def _known(self) -> dict[str, bytes]:
        return {}

    def _reached(self, template: str) -> list[str]:
        if any(self.environment.get(mark) for mark in _OTHER_MARKS):
            return sorted(self.sources)
        reached, waiting = set(), [template]
        while waiting:
            name = waiting.pop()
            if name in reached:
                continue
            reached.add(name)
            for found in _REFERENCE.finditer(self.sources.get(name, "")):
                if not (found[1] or found[2]):
                    return sorted(self.sources)  # named by an expression: it may be any of them
                waiting.append(found[1] or found[2])
        return sorted(reached)

    @cached_property
    def packed(self) -> bytes | None:
        """The kit as bytes; None where a filter or function of the site cannot leave this process."""
        # A cache of compiled templates is this process's own.
        environment = {name: value for name, value in self.environment.items() if name != "bytecode_cache"}
        parts = Kit(self.sources, environment, self.filters, self.tests, self.site, self.files)
        called = [*self.filters.values(), *self.tests.values(), *self.site.values()]
        try:
            if not all(map(travels, called)):
                raise TypeError("a filter or function is the site's own")
            return pickle.dumps(parts, pickle.HIGHEST_PROTOCOL)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            logger.info("All pages are rendered in one process: %s", error)
            return None


def kit_of(settings: Mapping[str, Any]) -> Kit:
    """The kit of a run's settings. What they hold besides plain values and JINJA_GLOBALS is left out."""
    folders = [*map(Path, settings["THEME_TEMPLATES_OVERRIDES"]), Path(settings["THEME"]) / "templates"]
    files = {
        path.relative_to(folder).as_posix(): path
        for folder in reversed(folders)
        for path in sorted(folder.rglob("*.html"))
        if path.is_file()
    }
    sources = {name: path.read_text("utf-8") for name, path in files.items()}
    # What no template names is not shown, and a change of it makes nothing again.
    named = set(_WORD.findall("\n".join(sources.values()))) - {
        each.name for each in settings.get(LOOKUPS, ())
    }
    site = {
        name: value
        for name, value in settings.items()
        if name in named and name.isupper() and not _NOT_SHOWN.fullmatch(name) and _is_plain(value)
    }
    site |= {name: value for name, value in settings["JINJA_GLOBALS"].items() if name in named}
    environment = dict(settings["JINJA_ENVIRONMENT"])
    filters, tests = settings["JINJA_FILTERS"], settings["JINJA_TESTS"]
    return Kit(sources, environment, filters, tests, site, {name: str(path) for name, path in files.items()})


def lookups_of(settings: Mapping[str, Any]) -> tuple[Lookup, ...]:
    """What the run's plugins let templates look up."""
    return tuple(settings.get(LOOKUPS, ()))


def _is_plain(value: Any) -> bool:
    try:
        Fingerprints().of(value)
    except (TypeError, ValueError):
        return False
    return True
