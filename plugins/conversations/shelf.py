"""The folder content/conversations/: a thread that was told is cleaned, merged and put in its place."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from types import MappingProxyType
from typing import Any

from plugins import FirsthandError
from plugins.fastbuild.code import code
from plugins.guard.files import alone_in, write_atomically
from plugins.guard.reader import base_path

from .cleaned import cleaned
from .faces import AVATARS, is_ours
from .merge import Merged, is_strange, merge, of_provider
from .provider import Fetched, Wanted
from .providers import PROVIDERS
from .snapshot import MAX_BYTES
from .staff import Staff
from .written import FOLDER, ThreadUnwritable, moment, read_written, text_of


class NotBelieved(FirsthandError):
    """A thread that was told, and that is not put in the place of what is kept; says why."""


class Shelf:
    """The conversations' files of one site at one time; `dry` writes none.

    `own` names the provider of each story's file, where it has none yet: the first that the story names.
    """

    def __init__(
        self,
        content: Path,
        settings: dict[str, Any],
        staff: Staff,
        own: Mapping[str, str],
        now: datetime.datetime,
        *,
        dry: bool,
    ) -> None:
        self._folder, self._settings, self._staff, self._own = content / FOLDER, settings, staff, own
        self._root, self._now, self._dry = base_path(settings), now, dry

    def path(self, slug: str) -> Path:
        """The file of a story's thread."""
        return self._folder / f"{slug}.json"

    def put(
        self, provider: str, outcome: Fetched, *, known: bool, faces: Mapping[str, str] = MappingProxyType({})
    ) -> Merged:
        """Write the thread, if it is not as it was. `known` where it was brought from there before.

        `faces` has the file of each author's picture, by the address it was had from.
        Raises NotBelieved, ThreadUnwritable.
        """
        try:
            with nullcontext() if self._dry else alone_in(self._folder):
                return self._put(provider, outcome, known, faces)
        except OSError as error:
            why = f"{FOLDER}/{outcome.slug}.json could not be written: {error.strerror or error}."
            raise ThreadUnwritable(f"{why} Make the folder writable.") from error

    def _put(self, provider: str, outcome: Fetched, known: bool, faces: Mapping[str, str]) -> Merged:
        slug = outcome.slug
        document = read_written(self.path(slug), self._own[slug])
        told = []
        for said in outcome.said:
            one = cleaned(said, provider, document["provider"], f"{self._root}/stories/{slug}/", self._now)
            if one is None:
                continue
            one["staff"] = self._staff.proved(provider, slug, said)
            # Who answers for the site shows as on their own page.
            if said.avatar in faces and not said.gone and not isinstance(one["staff"], str):
                one["avatar"] = faces[said.avatar]
            told.append(one)
        if not known and is_strange(document, provider, told):
            raise NotBelieved(
                "it knows none of the comments that are kept here, so it may be another server. Where it is"
                f" the right one, delete {FOLDER}/{slug}.json and run this again"
            )
        merged = merge(document, provider, told, moment(self._now))
        if merged.is_other:
            text = text_of({**document, "fetched": moment(self._now), "comments": merged.comments})
            if len(text.encode()) > MAX_BYTES:
                raise NotBelieved(f"the thread has more than {MAX_BYTES:,} bytes")
            if not self._dry:
                write_atomically(self.path(slug), text)
        return merged

    def stamp(self, provider: str, story: Wanted) -> str:
        """All that a thread in its file rests on, but for what its server says; "" where it is unreadable."""
        try:
            there = of_provider(read_written(self.path(story.slug), self._own[story.slug]), provider)
        except ThreadUnwritable:
            return ""
        chosen: Mapping[str, Any] = {
            setting.name: self._settings.get(setting.name) for setting in PROVIDERS[provider].settings
        }
        proof = self._staff.rests_on(provider, story.slug)
        faces = {one["avatar"] for one in there if is_ours(one.get("avatar"))}
        lost = sorted(name for name in faces if not (self._folder / AVATARS / name).is_file())
        shown = self._settings.get("FIRSTHAND_AVATARS")
        rests = [code().hex(), self._root, story.url, story.place, chosen, proof, there, lost, shown]
        return hashlib.sha256(json.dumps(rests, default=str, sort_keys=True).encode()).hexdigest()
