"""A form as it arrives: what was typed and the photographs, into the draft; what cannot stay is said."""

from __future__ import annotations

import re
from dataclasses import replace

from flask import Request
from werkzeug.datastructures import FileStorage

from plugins.guard.content import LANGUAGE
from plugins.guard.photo import MAX_BYTES, MAX_PIXELS, PhotoRefused

from .drafts import Draft, Drafts
from .fields import Fault, values_of
from .photographs import MAX_PHOTOS, called, clean

_MOST = {
    "bytes": (("megabytes", str(MAX_BYTES // 1_000_000)),),
    "pixels": (("megapixels", str(MAX_PIXELS // 1_000_000)),),
}
_PLACE = re.compile(r"photo-([1-9])")


def arrived(form: Request, draft: Draft, drafts: Drafts, *, photographs: bool) -> tuple[Draft, list[Fault]]:
    """The draft with all that was sent, and what of the photographs could not be kept.

    Without `photographs` those that come new are left out, since cleaning them takes work. Each that
    is good is written before the next is looked at. Raises OSError.
    """
    values = values_of(form.form)
    page = form.form.get("page", "")
    values["promise"] = form.form.get("promise", "")[:40]
    values["page"] = page if LANGUAGE.fullmatch(page) else "en"
    draft = replace(draft, values=values)
    removed = re.fullmatch(r"remove-([1-9])", form.form.get("do", ""))
    if removed:
        draft = _without(draft, int(removed[1]))
    faults = []
    for name, file in form.files.items(multi=True):
        if not file.filename or not photographs:
            continue
        place = int(found[1]) if (found := _PLACE.fullmatch(name)) else 0
        if not 1 <= place <= MAX_PHOTOS or len(form.files.getlist(name)) > 1:
            faults.append(Fault("photo-1", "fault_photos_many", (("most", str(MAX_PHOTOS)),)))
            continue
        if removed and place == int(removed[1]):
            continue
        try:
            draft = drafts.with_photo(draft, place, clean(_read(file)), called(file.filename))
        except PhotoRefused as refused:
            said = (("called", called(file.filename)), *_MOST.get(refused.why, ()))
            faults.append(Fault(f"photo-{place}", f"fault_photo_{refused.why}", said))
    told = {fault.field for fault in faults}
    for place in range(1, MAX_PHOTOS + 1):
        at = f"photo-{place}"
        if (
            place not in draft.photos
            and at not in told
            and any(values[f"{name}-{place}"] for name in ("alt", "credit"))
        ):
            faults.append(Fault(at, "fault_photo_alone", (("number", str(place)),)))
    return draft, faults


def _read(file: FileStorage) -> bytes:
    return file.stream.read(MAX_BYTES + 1)


def _without(draft: Draft, place: int) -> Draft:
    photos = {at: photo for at, photo in draft.photos.items() if at != place}
    values = {**draft.values, f"alt-{place}": "", f"credit-{place}": ""}
    return replace(draft, values=values, photos=photos)
