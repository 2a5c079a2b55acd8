"""What was typed and chosen so far, kept on the server between the steps of the form.

A browser cannot fill a file field again, so a photograph that was sent once must not be asked for
twice. A draft is a folder of its own in var/drafts/, read by nobody else, gone after a day.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from plugins.guard.files import write_atomically
from plugins.guard.photo import Photo

KEPT = 24 * 3600.0  # seconds
_ID = re.compile(r"[0-9a-f]{32}")
_WORDS, _SENT = "draft.json", "sent"


@dataclass(frozen=True)
class KeptPhoto:
    """One photograph of a draft, cleaned already."""

    file: str  # its name in the draft's folder: ours
    called: str  # what the storyteller's own file was called
    width: int
    height: int


@dataclass(frozen=True)
class Draft:
    """The fields as they were typed, and the photographs by their place in the form."""

    id: str
    values: Mapping[str, str] = field(default_factory=dict)
    photos: Mapping[int, KeptPhoto] = field(default_factory=dict)


class Drafts:
    """The drafts of a site. Everything raises OSError where the disk says no."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self.folder, self._clock = folder, clock

    def new(self) -> Draft:
        """An empty draft; what is older than a day goes."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.expire()
        return Draft(secrets.token_hex(16))

    def read(self, id: str) -> Draft | None:
        """The draft of that number, None where it is gone."""
        try:
            kept = json.loads((self._at(id) / _WORDS).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        photos = {int(place): KeptPhoto(**photo) for place, photo in kept["photos"].items()}
        return Draft(id, kept["values"], photos)

    def save(self, draft: Draft) -> None:
        """Keep the draft; photographs that are no longer in it go."""
        folder = self._make(draft.id)
        photos = {str(place): asdict(photo) for place, photo in draft.photos.items()}
        write_atomically(folder / _WORDS, json.dumps({"values": dict(draft.values), "photos": photos}))
        named = {photo.file for photo in draft.photos.values()}
        for path in folder.glob("photo-*"):
            if path.name not in named:
                path.unlink(missing_ok=True)

    def with_photo(self, draft: Draft, place: int, photo: Photo, called: str) -> Draft:
        """The draft with a photograph in that place, written already; `save` keeps it."""
        # A new name each time: a browser that has shown the old one would show it again.
        name = f"photo-{place}-{secrets.token_hex(3)}{photo.suffix}"
        write_atomically(self._make(draft.id) / name, photo.data)
        kept = KeptPhoto(name, called, photo.width, photo.height)
        return replace(draft, photos={**draft.photos, place: kept})

    def photo(self, draft: Draft, name: str) -> bytes | None:
        """The bytes of one of the draft's own photographs."""
        if name not in {photo.file for photo in draft.photos.values()}:
            return None
        try:
            return (self._at(draft.id) / name).read_bytes()
        except OSError:
            return None

    def sent(self, id: str) -> str | None:
        """The receipt of a draft that was sent, else None."""
        try:
            return (self._at(id) / _SENT).read_text("ascii") or None
        except OSError:
            return None

    def mark_sent(self, id: str, receipt: str) -> None:
        """Keep only that it was sent, so that a second press of the button finds the same receipt."""
        folder = self._make(id)
        write_atomically(folder / _SENT, receipt)
        for path in folder.iterdir():
            if path.name != _SENT:
                path.unlink(missing_ok=True)

    def drop(self, id: str) -> None:
        """Forget the draft."""
        shutil.rmtree(self._at(id), ignore_errors=True)

    def expire(self) -> None:
        """Forget what nobody touched for a day."""
        with suppress(OSError):
            for path in self.folder.iterdir():
                if _ID.fullmatch(path.name) and path.stat().st_mtime < self._clock() - KEPT:
                    shutil.rmtree(path, ignore_errors=True)

    def _at(self, id: str) -> Path:
        if not _ID.fullmatch(id):
            raise FileNotFoundError(id)
        return self.folder / id

    def _make(self, id: str) -> Path:
        folder = self._at(id)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder
