"""What the form shows: on the static page /tell/, and again with what was typed when something is missing.

Plain values only, since the static page is kept by what it shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plugins.guard.photo import Photograph
from plugins.stories.story import RELATIONSHIPS

from .drafts import KeptPhoto
from .fields import CHOICES, STYLES, Fault
from .photographs import MAX_PHOTOS

OPEN = 3  # photographs that are asked for at once; the others open on a press


@dataclass(frozen=True)
class Slot:
    """The place of one photograph in the form."""

    number: int
    photo: Photograph | None = None  # what is kept there
    called: str = ""


@dataclass(frozen=True)
class FormShown:
    """The form as a page shows it."""

    action: str  # where it is sent
    promise: str  # the version of the promise it speaks of
    values: Mapping[str, str]
    faults: tuple[Fault, ...] = ()
    slots: tuple[Slot, ...] = tuple(Slot(number) for number in range(1, MAX_PHOTOS + 1))
    draft: str = ""  # signed
    notice: str = ""  # the words above it that belong to no field
    heic: bool = True
    styles: tuple[str, ...] = STYLES
    choices: tuple[str, ...] = CHOICES
    relationships: tuple[str, ...] = RELATIONSHIPS

    @property
    def wrong(self) -> dict[str, Fault]:
        """The faults by their fields."""
        return {fault.field: fault for fault in self.faults}

    @property
    def chosen(self) -> list[str]:
        """The places where the story may show."""
        return self.values["channels"].split()

    @property
    def first_slots(self) -> tuple[Slot, ...]:
        """The photographs asked for at once."""
        return self.slots[:OPEN]

    @property
    def more_slots(self) -> tuple[Slot, ...]:
        """The others."""
        return self.slots[OPEN:]

    @property
    def more_open(self) -> bool:
        """True where something among the others is to be seen."""
        names = {f"{name}-{slot.number}" for slot in self.more_slots for name in ("photo", "alt", "credit")}
        return any(slot.photo for slot in self.more_slots) or bool(names & set(self.wrong))


def empty_values(lang: str) -> dict[str, str]:
    """What stands in a form that nobody has typed into: everywhere but nowhere agreed to."""
    names = ["title", "text", "name", "shown_as", "email", "until", "quiet", "agreed"]
    names += [f"{name}-{place}" for place in range(1, MAX_PHOTOS + 1) for name in ("alt", "credit")]
    return {
        **dict.fromkeys(names, ""),
        "style": "full",
        "relationship": "",
        "lang": lang,
        "channels": " ".join(CHOICES),
    }


def slots_of(photos: Mapping[int, KeptPhoto], address: str) -> tuple[Slot, ...]:
    """The photographs' places; what is kept shows from below `address`."""
    found = []
    for number in range(1, MAX_PHOTOS + 1):
        kept = photos.get(number)
        photo = Photograph(f"{address}{kept.file}", kept.width, kept.height, "") if kept else None
        found.append(Slot(number, photo, kept.called if kept else ""))
    return tuple(found)
