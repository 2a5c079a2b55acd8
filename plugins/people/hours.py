"""When a person answers: how soon they promise to, and at which hours of the week they do."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOURS = re.compile(r"([A-Za-z]{3,9}) +(\d{1,2}):(\d{2})(?: ?[-–] ?(\d{1,2}):(\d{2}))?")

# The languages whose words the site brings; days that are worked are said before the day.
_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "a an one ein eine einem einer eines un una uno",
            "two zwei dos",
            "three drei tres",
            "four vier cuatro",
            "five fünf cinco",
            "six sechs seis",
            "seven sieben siete",
            "eight acht ocho",
            "nine neun nueve",
            "ten zehn diez",
        ),
        start=1,
    )
    for word in words.split()
}
_UNITS = (
    (r"min(?:ute|uten|utes|uto|utos|s)?", datetime.timedelta(minutes=1)),
    (r"h(?:ours?|rs?|oras?)?|std|stunden?", datetime.timedelta(hours=1)),
    (r"d(?:ays?|ías?|ias?)?|tage?|tagen", datetime.timedelta(days=1)),
    (r"w(?:eeks?|oche|ochen)|semanas?", datetime.timedelta(weeks=1)),
    (r"months?|monate?|monaten|mes(?:es)?", datetime.timedelta(days=30)),
)
_WORDS = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_WORKED = r"(?:working|business|work|week)[- ]?"
_PROMISE = re.compile(
    rf"\b(?P<number>\d{{1,3}} *|(?:{_WORDS}) +|)(?P<worked>{_WORKED})?"
    rf"(?:{'|'.join(f'(?P<unit{place}>{unit})' for place, (unit, _) in enumerate(_UNITS))})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Promise:
    """How soon somebody answers; of a promise in working days Saturdays and Sundays do not count."""

    within: datetime.timedelta
    working: bool = False

    def until(self, since: datetime.datetime) -> datetime.datetime:
        """The moment by which what was asked at `since` should be answered."""
        if not self.working:
            return since + self.within
        due, left = since, self.within.days
        while left > 0:
            due += datetime.timedelta(days=1)
            left -= due.weekday() < 5
        return due


def promise(text: str) -> Promise | None:
    """What `answers_within` promises ("2 days", "an hour", "3 working days"); None where that is not said.

    Of several times the longest counts: "a day or two" is two days, as "2-3 days" are three.
    """
    found = [_promised(match) for match in _PROMISE.finditer(_spelled(text[:200]))]
    return max(found, key=lambda one: (one.within, one.working), default=None)


def _spelled(text: str) -> str:
    """ "a day or two" as "two day", "2-3 days" as "3 days": the longer one is the promise."""
    text = re.sub(
        rf"\b(?:an?|one|un|una|ein|einen) (\w+) (?:or|o|oder) (\d+|{_WORDS})\b",
        r"\2 \1",
        text,
        flags=re.IGNORECASE,
    )
    number = rf"(?:\d{{1,3}}|{_WORDS})"
    return re.sub(rf"\b{number} ?(?:-|–|to|or|bis|oder|a|o) ?({number})\b", r"\1", text, flags=re.IGNORECASE)


def _promised(match: re.Match[str]) -> Promise:
    said = match["number"].strip().lower()
    number = int(said) if said.isdigit() else _NUMBERS.get(said, 1)
    unit = next(unit for place, (_, unit) in enumerate(_UNITS) if match[f"unit{place}"])
    return Promise(number * unit, bool(match["worked"]) and unit == datetime.timedelta(days=1))


@dataclass(frozen=True)
class Hours:
    """A time of the week, as its place has it, at which somebody sits down and answers."""

    day: int  # 0 is Monday
    begins: datetime.time
    ends: datetime.time | None = None

    def __str__(self) -> str:
        end = f" to {self.ends:%H:%M}" if self.ends else ""
        return f"{DAYS[self.day]} {self.begins:%H:%M}{end}"

    def last_before(self, now: datetime.datetime) -> datetime.datetime:
        """The latest of its beginnings that is not after `now`, in the time zone of `now`."""
        day = now.date() - datetime.timedelta(days=(now.weekday() - self.day) % 7)
        begin = datetime.datetime.combine(day, self.begins, now.tzinfo)
        if begin > now:
            begin = datetime.datetime.combine(day - datetime.timedelta(days=7), self.begins, now.tzinfo)
        return begin


def hours(text: str) -> Hours | None:
    """ "Monday 14:00" or "Monday 14:00-16:00"; None for what is no such time."""
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        return None
    named = [place for place, day in enumerate(DAYS) if found[1].lower() in (day.lower(), day[:3].lower())]
    try:
        begins = datetime.time(int(found[2]), int(found[3]))
        ends = datetime.time(int(found[4]), int(found[5])) if found[4] else None
    except ValueError:
        return None
    if not named or (ends is not None and ends <= begins):
        return None
    return Hours(named[0], begins, ends)
