"""How a plugin declares its settings: name, default and help in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from plugins import FirsthandError

PREFIX = "FIRSTHAND_"


class SettingsRefused(FirsthandError):
    """Settings that are wrong; says every problem at once."""


@dataclass(frozen=True)
class Setting:
    """One setting of pelicanconf.py; its type is that of its default."""

    name: str
    default: Any
    help: str

    def problem(self, value: object) -> str | None:
        """What is wrong with the value, or None."""
        kind = type(self.default)
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
            return None
        return f"{self.name} is {value!r}, but has to be like {self.default!r}. {self.help}"


def apply(settings: dict[str, Any], declared: Iterable[Setting]) -> None:
    """Fill in the defaults and check the values of one plugin's settings.

    Raises SettingsRefused with a line for every wrong value.
    """
    problems = []
    known = settings.setdefault("FIRSTHAND_SETTINGS_KNOWN", set())
    for setting in declared:
        known.add(setting.name)
        problem = setting.problem(settings.setdefault(setting.name, setting.default))
        if problem:
            problems.append(problem)
    if problems:
        raise SettingsRefused("\n".join(problems))


def unknown(settings: dict[str, Any]) -> list[str]:
    """Settings that begin with FIRSTHAND_ and that no plugin declared: most often a typing error."""
    known = settings.get("FIRSTHAND_SETTINGS_KNOWN", set()) | {"FIRSTHAND_SETTINGS_KNOWN"}
    return sorted(name for name in settings if name.startswith(PREFIX) and name not in known)
