"""People: content/people/SLUG.md becomes a Person, a profile page and an entry in the directory.

A person is staff, a member, a customer or a guest; has dated roles, a portrait, a colour, and says
what to ask about. Whoever leaves chooses whether the page, the name or nothing stays.
"""

from __future__ import annotations

from pelican import Pelican
from pelican.plugins import signals

from .face import Face, shown_as
from .generator import PROFILES, PeopleGenerator, PersonRead
from .nearest import did_you_mean, nearest
from .person import Person
from .profile import Profile, Role, initials_of, parse_profile
from .settings import enforce

__all__ = [
    "PROFILES",
    "Face",
    "PeopleGenerator",
    "Person",
    "PersonRead",
    "Profile",
    "Role",
    "did_you_mean",
    "initials_of",
    "nearest",
    "parse_profile",
    "register",
    "shown_as",
]


def _initialized(pelican: Pelican) -> None:
    enforce(pelican.settings)


def _generators(pelican: Pelican) -> type[PeopleGenerator]:
    return PeopleGenerator


def register() -> None:
    """Called by Pelican."""
    signals.initialized.connect(_initialized)
    signals.get_generators.connect(_generators)
