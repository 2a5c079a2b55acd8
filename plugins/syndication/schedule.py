"""When a feed is asked again: as rarely as it wishes, between an hour and a day.

Sources: RFC 9111, section 5.2.2 (max-age), RFC 9110, section 10.2.3 (Retry-After), RSS 2.0 (ttl).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

HOUR = 3600
DAY = 24 * HOUR
EARLY = 60  # seconds: a job that runs every hour is not always equally late
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)


def is_due(next_at: int, now: int) -> bool:
    """True where the time has come, or is less than a minute away."""
    return next_at <= now + EARLY


def interval(headers: Mapping[str, str], ttl: int | None, now: int) -> int:
    """Seconds until a feed that was read, or had not changed, may be asked again."""
    return _clamped(max(_fresh(headers, now) or 0, ttl or 0))


def retry_after(headers: Mapping[str, str], failures: int, now: int) -> int:
    """Seconds that a server asked to be left alone for, with 429 or 503; else as after any error."""
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return _clamped(int(told[:12]))
    moment = _seconds(told)
    return back_off(failures) if moment is None else _clamped(moment - now)


def back_off(failures: int) -> int:
    """Seconds after so many errors in a row: one hour, two, four, ... up to a day."""
    return _clamped(HOUR << min(max(failures - 1, 0), 5))


def _clamped(seconds: int) -> int:
    return min(max(seconds, HOUR), DAY)


def _fresh(headers: Mapping[str, str], now: int) -> int | None:
    control = headers.get("cache-control", "")
    if found := _MAX_AGE.search(control):
        return int(found[1])
    expires = _seconds(headers.get("expires", ""))
    if expires is None or control:
        return None
    date = _seconds(headers.get("date", ""))
    return expires - (now if date is None else date)


def _seconds(date: str) -> int | None:
    """An HTTP date in seconds since 1970, or None where it is none."""
    try:
        moment = parsedate_to_datetime(date)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=datetime.UTC)
        return int(moment.timestamp())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
