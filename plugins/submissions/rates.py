"""How often one address may send: enough for a family or an office, too little for a flood."""

from __future__ import annotations

import ipaddress
import logging
import os
import time
from collections.abc import Mapping

from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from plugins import FirsthandError

logger = logging.getLogger(__name__)
URL = "FIRSTHAND_RATES_URL"
FORMS = "FIRSTHAND_FORM_RATE"
STORIES = "FIRSTHAND_STORY_RATE"
_USUAL = {FORMS: "120 per hour", STORIES: "12 per hour"}


class Rates:
    """Counts by address, in memory or where FIRSTHAND_RATES_URL says ("redis://host:6379")."""

    def __init__(self, env: Mapping[str, str] = os.environ) -> None:
        """Raises FirsthandError for a rate or an address that cannot be read."""
        try:
            self._limiter = MovingWindowRateLimiter(storage_from_string(env.get(URL) or "memory://"))
        except Exception as error:  # whatever the storage's own library raises
            raise FirsthandError(
                f"{URL} cannot be used: {error}. Write it like redis://host:6379 and install the package "
                "redis into .venv, or unset it."
            ) from error
        self._spare = MovingWindowRateLimiter(storage_from_string("memory://"))
        self._rates = {}
        for name, usual in _USUAL.items():
            try:
                self._rates[name] = parse(env.get(name) or usual)
            except ValueError as error:
                raise FirsthandError(f'{name} is {env[name]!r}. Write it like "12 per hour".') from error

    def seconds_to_wait(self, which: str, address: str) -> int:
        """0 where this one may go ahead, and is counted; else after how many seconds the next may."""
        rate, who = self._rates[which], network_of(address)
        try:
            return _waits(self._limiter, rate, which, who)
        except Exception as error:  # whatever the storage's own library raises: no story is lost for it
            logger.warning("%s cannot be asked (%s). Counted in this process meanwhile.", URL, error)
            return _waits(self._spare, rate, which, who)


def _waits(limiter: MovingWindowRateLimiter, rate: RateLimitItem, which: str, who: str) -> int:
    if limiter.hit(rate, which, who):
        return 0
    return max(1, round(limiter.get_window_stats(rate, which, who).reset_time - time.time()))


def network_of(address: str) -> str:
    """The address; of IPv6 the first half, since a house has as many as it likes of the second."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
