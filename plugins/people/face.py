"""How a person shows in one place: name, face, colour, and whether the name links to a profile."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from plugins.guard.photo import Photograph

from .profile import Profile


@dataclass(frozen=True)
class Face:
    """A person as one place of a page shows them. `url` is None where the name must not link."""

    name: str
    url: str | None
    portrait: Photograph | None
    tint: str
    initials: str
    role: str
    staff: bool
    first_name: str


def face_of(
    profile: Profile,
    url: str,
    portrait: Photograph | None,
    *,
    on: datetime.date,
    today: datetime.date,
    gone_name: str,
) -> Face:
    """The face of a person on the day something was told, as it may be shown today.

    Somebody who left may have chosen that the name alone stays, or nothing: `gone_name` then
    stands in its place.
    """
    role = profile.role_on(on)
    keep = profile.gone(today)
    if keep == "nothing":
        return Face(gone_name, None, None, "line", gone_name[:1].upper(), "", False, gone_name)
    hidden = keep == "name"
    return Face(
        name=profile.name,
        url=None if hidden else url,
        portrait=None if hidden else portrait,
        tint=profile.tint,
        initials=profile.initials,
        role=role.title if role else "",
        staff=profile.kind == "staff",
        first_name=profile.first_name,
    )


def shown_as(face: Face, name: str) -> Face:
    """The same person under the name they agreed to; another name shows no face and no link."""
    if name == face.name:
        return face
    return Face(name, None, None, face.tint, name[:1].upper(), "", face.staff, name)
