"""A person as far as reading a conversation needs them, where nothing is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from plugins.people import Face, Profile


@dataclass(frozen=True)
class Known:
    """Somebody whose file was read, without a page, a portrait or a colour of their own."""

    profile: Profile

    @property
    def kind(self) -> str:
        """The person's kind: "staff" counts."""
        return self.profile.kind

    def face_on(self, day: date) -> Face:
        """The name alone."""
        name = self.profile.name
        return Face(name, None, None, self.profile.tint, self.profile.initials, "", False, name)
