"""The form's fields: what each may hold, and what is said where it cannot stay as it is.

Messages are keys of theme/translations; the template says them in the reader's language.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, StringField
from wtforms.validators import ValidationError

from plugins import today
from plugins.guard.content import LANGUAGE
from plugins.guard.likeness import skeleton
from plugins.guard.text import body_text, one_line
from plugins.guard.weight import MAX_BODY, too_heavy
from plugins.stories.consent import USUAL_CHANNELS, Channel
from plugins.stories.story import RELATIONSHIPS, TITLE_LENGTH

from .photographs import MAX_PHOTOS

STYLES = ("full", "first", "other")
CHOICES: tuple[Channel, ...] = tuple(channel for channel in USUAL_CHANNELS if channel != "site")
SHORTEST, NAME_LENGTH, EMAIL_LENGTH, ALT_LENGTH = 80, 80, 200, 400  # characters
TRAP = "website"
LOST = "\ufffd"  # what a decoder writes for bytes that are no text
_EMAIL = re.compile(r"[^\s@<>\"(),;:\\]+@[^\s@<>\"(),;:\\.]+(?:\.[^\s@<>\"(),;:\\.]+)+")


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field, by the key of the words that say what to do."""

    field: str
    key: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def filled(self) -> dict[str, str]:
        """What the words have places for."""
        return dict(self.values)


class Wrong(ValidationError):  # type: ignore[misc]
    """A field that cannot stay as it is; WTForms keeps the first argument among the field's errors."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__((key, tuple((name, str(value)) for name, value in values.items())))


def _line(length: int, missing: str = "") -> Any:
    def check(form: Form, field: StringField) -> None:
        if LOST in (field.data or ""):
            raise Wrong("fault_characters")
        if missing and not field.data:
            raise Wrong(missing)
        if len(field.data or "") > length:
            raise Wrong("fault_long", length=length)

    return check


def _flat(value: str | None) -> str:
    return one_line(value or "")


def _text_field(length: int, missing: str = "") -> Any:
    return StringField(filters=[_flat], validators=[_line(length, missing)])


class StoryForm(Form):  # type: ignore[misc]
    """One story as it is typed. Photographs and where it may appear are looked after elsewhere."""

    title = _text_field(TITLE_LENGTH)
    name = _text_field(NAME_LENGTH, "fault_name")
    shown_as = _text_field(NAME_LENGTH)
    style = StringField(default="full", filters=[_flat])
    relationship = StringField(default="", filters=[_flat])
    lang = StringField(default="en", filters=[_flat])
    email = _text_field(EMAIL_LENGTH)
    until = _text_field(40)
    quiet = BooleanField()
    agreed = BooleanField()
    text = StringField(filters=[lambda value: body_text(value or "").strip()])

    def validate_text(self, field: StringField) -> None:
        """Long enough to be a story, and nothing that would take minutes to set."""
        text = field.data or ""
        if LOST in text:
            raise Wrong("fault_characters")
        if len(text) < SHORTEST:
            raise Wrong("fault_text" if text else "fault_text_missing")
        if len(text) > MAX_BODY:
            raise Wrong("fault_text_long", length=len(text), most=MAX_BODY)
        if any(True for _ in too_heavy(text)):
            raise Wrong("fault_text_heavy")

    def validate_name(self, field: StringField) -> None:
        """A name has a letter in it."""
        if field.data and not any(mark.isalpha() for mark in field.data):
            raise Wrong("fault_name")

    def validate_shown_as(self, field: StringField) -> None:
        """Needed for a name of their own choice alone."""
        if self.style.data == "other" and not any(mark.isalpha() for mark in field.data or ""):
            raise Wrong("fault_shown_as")

    def validate_style(self, field: StringField) -> None:
        """One of three."""
        if field.data not in STYLES:
            raise Wrong("fault_choice")

    def validate_relationship(self, field: StringField) -> None:
        """One of ours."""
        if field.data not in RELATIONSHIPS:
            raise Wrong("fault_relationship")

    def validate_lang(self, field: StringField) -> None:
        """Two small letters."""
        if not LANGUAGE.fullmatch(field.data or ""):
            raise Wrong("fault_choice")

    def validate_email(self, field: StringField) -> None:
        """Nothing, or what may be an address: only a letter that arrives proves more."""
        if field.data and not _EMAIL.fullmatch(field.data):
            raise Wrong("fault_email")

    def validate_until(self, field: StringField) -> None:
        """Nothing, or a day to come."""
        if field.data and (day_of(field.data) is None or (day_of(field.data) or today()) <= today()):
            raise Wrong("fault_until")

    def validate_agreed(self, field: BooleanField) -> None:
        """Nothing is sent without consent."""
        if not field.data:
            raise Wrong("fault_agreed")


def day_of(text: str) -> datetime.date | None:
    """A day as a browser sends it, or as people write 2028-11-01; None for anything else."""
    try:
        return datetime.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


PLAIN = ("title", "text", "name", "shown_as", "style", "relationship", "lang", "email", "until")
FLAGS = ("quiet", "agreed")
PER_PHOTO = ("alt", "credit")


def values_of(given: MultiDict[str, str]) -> dict[str, str]:
    """Everything typed, by name, for the form to show again; lists joined by blanks."""
    form = StoryForm(given)
    kept = {name: str(getattr(form, name).data or "") for name in PLAIN}
    kept["text"] = kept["text"][: MAX_BODY * 2]
    kept |= {name: "yes" if getattr(form, name).data else "" for name in FLAGS}
    kept["channels"] = " ".join(choice for choice in CHOICES if choice in given.getlist("channels"))
    for place in range(1, MAX_PHOTOS + 1):
        for name in PER_PHOTO:
            kept[f"{name}-{place}"] = _flat(given.get(f"{name}-{place}"))[: ALT_LENGTH * 2]
    return kept


def faults_of(values: Mapping[str, str], photos: Mapping[int, Any], staff: Mapping[str, str]) -> list[Fault]:
    """What has to be mended, in the order of the page.

    `photos` are the photographs that are there, by place; `staff` the names of those who work here,
    by what each looks like.
    """
    given = MultiDict({name: value for name, value in values.items() if value and name != "channels"})
    form = StoryForm(given)
    form.validate()
    found = {field.name: Fault(field.name, *field.errors[0]) for field in form if field.errors}
    shown = values["shown_as"] if values["style"] == "other" else values["name"]
    field = "shown_as" if values["style"] == "other" else "name"
    if field not in found and (like := staff.get(skeleton(shown))):
        found[field] = Fault(field, "fault_staff", (("name", like),))
    for place in sorted(photos):
        for name in PER_PHOTO:
            value = values.get(f"{name}-{place}", "")
            at = f"{name}-{place}"
            if not value:
                found[at] = Fault(at, f"fault_{name}", (("number", str(place)),))
            elif LOST in value:
                found[at] = Fault(at, "fault_characters")
            elif len(value) > ALT_LENGTH:
                found[at] = Fault(at, "fault_long", (("length", str(ALT_LENGTH)),))
    return [found[name] for name in order() if name in found]


def order() -> list[str]:
    """Every field in the order in which the page has them."""
    photos = [f"{name}-{place}" for place in range(1, MAX_PHOTOS + 1) for name in ("photo", *PER_PHOTO)]
    about = ["name", "style", "shown_as", "relationship", "lang", "email"]
    return ["text", "title", *photos, *about, "channels", "quiet", "until", "agreed"]


def each_once(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The first fault of each field, in the order of the page."""
    first: dict[str, Fault] = {}
    for fault in faults:
        first.setdefault(fault.field, fault)
    return tuple(first[name] for name in order() if name in first)
