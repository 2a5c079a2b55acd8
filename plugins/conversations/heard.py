"""Somebody else's JSON, which may be anything: what is needed is there and of its type, or it is Misshapen.

What is not needed is simply empty where it is missing or of another type.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from typing import NoReturn

from plugins import FirsthandError
from plugins.guard.text import one_line


class Misshapen(FirsthandError):
    """An answer that is not what the server's API promises; the words are for an editor."""


@dataclass(frozen=True)
class Json:
    """A value with the name of where it was found: "Mastodon", then "Mastodon: `account.acct`"."""

    value: object
    system: str
    path: str = ""

    @classmethod
    def read(cls, body: bytes, system: str) -> Json:
        """A whole answer. Raises Misshapen."""
        try:
            return cls(json.loads(body), system)
        except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
            raise Misshapen(f"{system} answered something that is not JSON.") from error

    def inner(self, key: str) -> Json:
        """What stands under a key; None where nothing does."""
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return Json(found, self.system, f"{self.path}.{key}" if self.path else key)

    def need(self, key: str) -> Json:
        """The object under a key. Raises Misshapen."""
        found = self.inner(key)
        return found if isinstance(found.value, dict) else found._refuse()

    def items(self, key: str) -> list[Json]:
        """The objects in the list under a key. Raises Misshapen: a list that is missing is no empty one."""
        return self.inner(key).listed()

    def listed(self) -> list[Json]:
        """The objects in this list. Raises Misshapen."""
        if not isinstance(self.value, list):
            self._refuse()
        found = [Json(item, self.system, f"{self.path}[{n}]") for n, item in enumerate(self.value)]
        return [item if isinstance(item.value, dict) else item._refuse() for item in found]

    def some(self, key: str) -> list[Json]:
        """The objects in the list under a key, if there is one; whatever else is in it is passed over."""
        listed = self.inner(key).value
        found = listed if isinstance(listed, list) else []
        return [Json(item, self.system, f"{self.path}.{key}") for item in found if isinstance(item, dict)]

    def texts(self, key: str) -> list[str]:
        """The texts in the list under a key, if there is one."""
        listed = self.inner(key).value
        return [_whole(item) for item in listed if isinstance(item, str)] if isinstance(listed, list) else []

    def text(self, key: str) -> str:
        """A text, or "" where there is none."""
        found = self.inner(key).value
        return _whole(found) if isinstance(found, str) else ""

    def words(self, key: str) -> str:
        """A text that has to be there, and may be empty. Raises Misshapen."""
        found = self.inner(key)
        return _whole(found.value) if isinstance(found.value, str) else found._refuse()

    def id(self, key: str) -> str:
        """A text or whole number that tells things apart. Raises Misshapen."""
        found = self.inner(key)
        if isinstance(found.value, bool) or not isinstance(found.value, str | int):
            found._refuse()
        return one_line(_whole(str(found.value))) or found._refuse()

    def id_or_none(self, key: str) -> str | None:
        """The same where there may be none. Raises Misshapen for another type."""
        return None if self.inner(key).value is None else self.id(key)

    def number(self, key: str) -> int | None:
        """A whole number, or None."""
        found = self.inner(key).value
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def whole(self, key: str) -> int:
        """A whole number that has to be there. Raises Misshapen."""
        found = self.number(key)
        return self.inner(key)._refuse() if found is None else found

    def flag(self, key: str) -> bool:
        """True where it is true, and not merely something."""
        return self.inner(key).value is True

    def time(self, key: str) -> datetime.datetime:
        """A time as RFC 3339 writes it, in UTC. Raises Misshapen."""
        return self.time_or_none(key) or self.inner(key)._refuse()

    def time_or_none(self, key: str) -> datetime.datetime | None:
        """The same where there may be none, or nothing sensible."""
        try:
            time = datetime.datetime.fromisoformat(self.text(key))
            time = time if time.tzinfo else time.replace(tzinfo=datetime.UTC)
            return time.astimezone(datetime.UTC)
        except (ValueError, OverflowError):
            return None

    def seconds(self, key: str, of: int = 1) -> datetime.datetime:
        """Seconds since 1970, or so many parts of one, as a time in UTC. Raises Misshapen."""
        found = self.inner(key)
        if isinstance(found.value, bool) or not isinstance(found.value, int | float):
            found._refuse()
        try:
            return datetime.datetime.fromtimestamp(found.value / of, datetime.UTC)
        except (ValueError, OverflowError, OSError):
            found._refuse()

    def _refuse(self) -> NoReturn:
        what = "is missing" if self.value is None else f"is {one_line(repr(self.value)[:60])}"
        place = f": `{self.path}` {what}" if self.path else ""
        raise Misshapen(f"{self.system} answered something that is not a thread{place}.")


def _whole(text: str) -> str:
    """The text without halves of characters (JSON's lone surrogates), which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
