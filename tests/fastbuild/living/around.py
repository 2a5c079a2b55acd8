"""What happens around the content: settings, days, and files that change without saying more, or less."""

from __future__ import annotations

import os
import re
from pathlib import Path
from random import Random

from .site import Living
from .stories import words

SETTINGS = {
    "SITENAME": ['"The people of Living"', '"Living & others"'],
    "SITESUBTITLE": ['"Eight stories"', '"Some stories"'],
    "FEED_DOMAIN": ['"http://127.0.0.1:8000"', '"http://127.0.0.1:8001"'],
    "SITEURL": ['""', '"https://living.example.org"', '"https://host.example.org/living"'],
    "DEFAULT_PAGINATION": ["3", "2", "24"],
    "FEED_MAX_ITEMS": ["4", "2"],
    "FIRSTHAND_RELATED": ["3", "1", "0"],
    "FIRSTHAND_STORY_READER": ['"ada-brook"', '"sol-reyes"', '""'],
    "FIRSTHAND_ISSO_URL": ['"/comments"', '"https://talk.example.org/"'],
    "FIRSTHAND_CONVERSATIONS": ['"isso"', '""'],
    "DEFAULT_LANG": ['"en"', '"es"'],
    "TIMEZONE": ['"UTC"', '"Europe/Berlin"'],
}
DAYS = ["1775001600", "1775001600", "1776211200", "1776384000", "1777680000", "1779321600", "1798761600"]


def setting(site: Living, chance: Random) -> None:
    key = chance.choice(sorted(SETTINGS))
    line = f"{key} = {chance.choice(SETTINGS[key])}"
    text = site.conf.read_text("utf-8")
    if re.search(rf"^{key} = ", text, re.MULTILINE):
        site.conf.write_text(re.sub(rf"^{key} = .*$", line, text, flags=re.MULTILINE), "utf-8")
    else:
        site.conf.write_text(f"{text}{line}\n", "utf-8")


def day(site: Living, chance: Random) -> None:
    """Consents run out, people leave and begin, a year ends; and a clock may go back."""
    site.day = chance.choice(DAYS)


def touch(site: Living, chance: Random) -> None:
    """A new time, the same bytes: as `git checkout` leaves files."""
    for path in chance.sample(_all(site), 3):
        os.utime(path)


def all_is_touched(site: Living, chance: Random) -> None:
    """A new time for every file: a fresh clone."""
    del chance
    for path in _all(site):
        os.utime(path)


def change_in_hiding(site: Living, chance: Random) -> None:
    """Other bytes, the same size and time: what only the file's ctime or its bytes tell."""
    path = chance.choice([*site.texts(), *site.texts("people/*.md"), *site.texts("conversations/*.json")])
    letter, other = chance.sample("aeou", 2)
    head, mark, rest = path.read_text("utf-8").rpartition(' "html"' if path.suffix == ".json" else "---\n")
    before = path.stat()
    path.write_text(head + mark + rest.replace(letter, other), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced_in_hiding(site: Living, chance: Random) -> None:
    """The same by way of another file in its place, with an old time."""
    path = chance.choice(site.texts("people/*.md"))
    before = path.stat()
    aside = path.with_name(f".{path.name}.swp")
    head, mark, rest = path.read_text("utf-8").rpartition("---\n")
    aside.write_text(head + mark + rest.swapcase(), "utf-8")
    os.utime(aside, ns=(before.st_atime_ns, before.st_mtime_ns))
    aside.replace(path)


def time_of_its_own(site: Living, chance: Random) -> None:
    """A file from the future, or from long ago: a clock went wrong, or an archive was unpacked."""
    for path in chance.sample(_all(site), 3):
        os.utime(path, (when := chance.choice([1_000_000_000, 4_000_000_000]), when))


def order_of_a_setting(site: Living, chance: Random) -> None:
    """The same entries in another order, which a template shows."""
    foot = site.theme / "templates" / "base.html"
    shows = "{% for name in MENU|default({}) %}<i>{{ name }}</i>{% endfor %}"
    if shows not in (text := foot.read_text("utf-8")):
        foot.write_text(text.replace("</body>", f"{shows}</body>"), "utf-8")
    entries = chance.sample(["one", "two", "three"], 3)
    line = f"MENU = {dict.fromkeys(entries, 1)}"
    text = re.sub(r"^MENU = .*\n", "", site.conf.read_text("utf-8"), flags=re.MULTILINE)
    site.conf.write_text(f"{text}{line}\n", "utf-8")


def own_filter(site: Living, chance: Random) -> None:
    """A filter of the site's own settings says something else."""
    foot, shows = site.theme / "templates" / "base.html", "{{ SITENAME|own }}"
    if shows not in (text := foot.read_text("utf-8")):
        foot.write_text(text.replace("</body>", f"{shows}</body>"), "utf-8")
    line = f'JINJA_FILTERS = {{"own": lambda value: "{words(chance)} " + value}}'
    text = re.sub(r"^JINJA_FILTERS = .*\n", "", site.conf.read_text("utf-8"), flags=re.MULTILINE)
    site.conf.write_text(f"{text}{line}\n", "utf-8")


def left_behind(site: Living, chance: Random) -> None:
    """An editor's own file, which nobody publishes."""
    (chance.choice(site.stories()) / "index.md~").write_text(words(chance), "utf-8")


def story_is_broken(site: Living, chance: Random) -> None:
    path = chance.choice(site.texts())
    front, text = site.read(path)
    wrong = [
        {**front, "author": "nobody-here", "authors": None},
        {**front, "title": None},
        {**front, "consent": None, "status": None},
        {**front, "cover": "nowhere.jpg"},
        {**front, "stauts": "draft"},
        {**front, "date": "soon"},
    ]
    site.write(path, chance.choice(wrong), text)


def something_is_broken(site: Living, chance: Random) -> None:
    """In a conversation, a person, the settings, or in what lies about."""
    match chance.randrange(4):
        case 0:
            slug = chance.choice(site.stories()).name
            (site.content / "conversations" / f"{slug}.json").write_text('{"provider": ', "utf-8")
        case 1:
            site.edit(chance.choice(site.texts("people/*.md")), kind="robot")
        case 2:
            site.conf.write_text(site.conf.read_text("utf-8") + "FIRSTHAND_RELATDE = 3\n", "utf-8")
        case 3:
            (site.content / "stories" / "shell.php").write_text("no", "utf-8")


def nothing(site: Living, chance: Random) -> None:
    """Two builds of the same."""


def _all(site: Living) -> list[Path]:
    found = [path for folder in (site.content, site.theme) for path in folder.rglob("*") if path.is_file()]
    return sorted(found)


STEPS = (
    setting, day, touch, all_is_touched, change_in_hiding, replaced_in_hiding, time_of_its_own,
    order_of_a_setting, own_filter, left_behind,
    story_is_broken, something_is_broken, nothing,
)  # fmt: skip
