"""Pictures of those who speak, brought from elsewhere: small, square, and kept in our own folder.

A reader's browser asks nobody but us for them. One that cannot be had is none: a page draws initials.
"""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from sqlalchemy import Column, DateTime, Table, Text, delete, insert, select

from plugins.database import Database, metadata
from plugins.guard.fetch import Fetcher, FetchFailed, FetchRefused, Validators
from plugins.guard.files import write_atomically
from plugins.guard.photo import PhotoRefused, decode
from plugins.guard.text import one_line

from .written import FOLDER

AVATARS = "avatars"  # within conversations/
SIDE = 96  # pixels
LIMIT = 5_000_000  # bytes of somebody's picture
DEADLINE = 10.0  # seconds for one
MOST = 300  # asked for in one run; who is left is asked for in the next
PATIENCE = 60.0  # seconds for all of a run
AGAIN = datetime.timedelta(days=7)  # until a picture is asked for again, and only where its thread changed
_ADDRESS = 2_000  # characters
_NAMED = re.compile(r'"avatar"\s*:\s*"([a-z0-9]+\.[a-z]+)"')
_OURS = re.compile(r"[a-z0-9]{20}\.webp")

_TABLE = Table(
    "conversations_avatars",
    metadata,
    Column("address", Text, primary_key=True),
    Column("name", Text, nullable=False),  # of the file, "" where there is no picture
    Column("etag", Text),
    Column("modified", Text),
    Column("asked", DateTime, nullable=False),  # in UTC
)


@dataclass(frozen=True)
class _Known:
    name: str
    etag: str | None
    modified: str | None
    asked: datetime.datetime


class Faces:
    """The pictures of one run; with `dry`, none that is not here; without `shown`, none at all."""

    def __init__(
        self,
        content: Path,
        fetcher: Fetcher,
        kept: Database | None,
        now: datetime.datetime,
        *,
        dry: bool,
        shown: bool = True,
    ) -> None:
        self._folder, self._fetcher, self._kept = content / FOLDER / AVATARS, fetcher, kept
        self._dry, self._shown = dry, shown
        self._until = 0.0  # of the event loop's clock
        self._now = now.astimezone(datetime.UTC).replace(tzinfo=None)
        self._known = _read(kept)
        self._asked: dict[str, asyncio.Task[str]] = {}
        self._changed: dict[str, _Known] = {}

    async def names(self, addresses: Iterable[str]) -> tuple[dict[str, str], bool]:
        """The file of each address that has one; and whether some are left for the next run."""
        wanted = {address for address in addresses if _is_asked(address)} if self._shown else set()
        tasks = {address: task for address in sorted(wanted) if (task := self._task(address))}
        if tasks:
            now = asyncio.get_running_loop().time()
            self._until = self._until or now + PATIENCE
            await asyncio.wait(tasks.values(), timeout=max(0.0, self._until - now))
        done = {address: task.result() for address, task in tasks.items() if task.done()}
        names = {address: done.get(address, self._kept_name(address)) for address in wanted}
        return {address: name for address, name in names.items() if name}, len(done) < len(wanted)

    def _task(self, address: str) -> asyncio.Task[str] | None:
        if address not in self._asked:
            if len(self._asked) >= MOST and not self._is_fresh(address):
                return None
            self._asked[address] = asyncio.create_task(self._name(address))
        return self._asked[address]

    def _kept_name(self, address: str) -> str:
        """The file that is here of an address, or ""."""
        known = self._known.get(address)
        return known.name if known and known.name and (self._folder / known.name).is_file() else ""

    def _is_fresh(self, address: str) -> bool:
        known = self._known.get(address)
        if known is None or known.name != self._kept_name(address):
            return False
        return self._dry or abs(self._now - known.asked) < AGAIN

    async def _name(self, address: str) -> str:
        known, kept = self._known.get(address), self._kept_name(address)
        if self._dry or (known and self._is_fresh(address)):
            return kept
        validators = Validators(known.etag, known.modified) if known and kept else None
        try:
            answer = await self._fetcher.fetch(
                address, limit=LIMIT, deadline=DEADLINE, validators=validators, accept="image/*"
            )
            if answer.not_modified and known:
                told, name = Validators(known.etag, known.modified), kept
            elif answer.status == 200:
                told, name = answer.validators, await asyncio.to_thread(self._put, answer.body)
            else:  # a picture that was taken away is not shown
                told, name = Validators(), "" if answer.status in (403, 404, 410) else kept
        except (FetchRefused, PhotoRefused):
            told, name = Validators(), ""
        except (FetchFailed, OSError):
            told, name = Validators(), kept
        except Exception:  # whatever is wrong with somebody's picture, the threads are brought
            told, name = Validators(), ""
        self._changed[address] = _Known(name, told.etag, told.modified, self._now)
        return name

    def _put(self, raw: bytes) -> str:
        data = small(raw)
        name = f"{hashlib.sha256(data).hexdigest()[:20]}.webp"
        write_atomically(self._folder / name, data)
        return name

    async def end(self) -> None:
        """Remember what was asked, and remove the pictures that no conversation names.

        Raises DatabaseUnusable.
        """
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)
        if self._kept is None or self._dry:
            return
        if self._changed:
            with self._kept.begin() as connection:
                for address, known in self._changed.items():
                    connection.execute(delete(_TABLE).where(_TABLE.c.address == address))
                    connection.execute(insert(_TABLE).values(address=address, **vars(known)))
        clear(self._folder)


def small(raw: bytes) -> bytes:
    """Somebody's picture as a square of 96 pixels, without metadata. Raises PhotoRefused."""
    image = decode(raw, width=2 * SIDE).image
    image = image.convert("RGBA" if "A" in image.mode or "transparency" in image.info else "RGB")
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    image = image.resize((SIDE, SIDE), Image.Resampling.LANCZOS, (left, top, left + side, top + side))
    out = io.BytesIO()
    image.save(out, "WEBP", quality=80, method=4)
    return out.getvalue()


def clear(folder: Path) -> None:
    """Remove the pictures that no conversation names; all stay where a conversation cannot be read."""
    there = {path.name for path in folder.glob("*.webp") if _OURS.fullmatch(path.name)}
    if not there:
        return
    try:
        for path in folder.parent.glob("*.json"):
            there -= set(_NAMED.findall(path.read_text("utf-8")))
        for name in there:
            (folder / name).unlink()
    except (OSError, ValueError):
        return


def is_ours(name: object) -> bool:
    """True for the name of a picture as it is made here."""
    return isinstance(name, str) and _OURS.fullmatch(name) is not None


def _is_asked(address: str) -> bool:
    whole = address.lower().startswith(("http://", "https://"))
    return whole and len(address) <= _ADDRESS and one_line(address) == address


def _read(kept: Database | None) -> dict[str, _Known]:
    if kept is None:
        return {}
    with kept.begin() as connection:
        rows = connection.execute(select(_TABLE)).mappings().all()
    return {row["address"]: _Known(row["name"], row["etag"], row["modified"], row["asked"]) for row in rows}
