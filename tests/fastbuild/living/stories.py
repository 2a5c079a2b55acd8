"""What happens to stories."""

from __future__ import annotations

import shutil
from random import Random
from typing import Any

from .site import Living

WORDS = "door bench rain tin ladder noon bolt soup chalk bridge glove clock".split()
TAGS = ["keys", "lamps", "mornings", "stairs", "vans", "night work"]
COLLECTIONS = ["The workshop", "At home", "On the road", "In the yard"]
DAYS = ["2025-06-01", "2025-12-31", "2026-01-31", "2026-02-14 07:30", "2026-03-30", "2026-05-05"]


def words(chance: Random, count: int = 5) -> str:
    """A few words that mean nothing."""
    return " ".join(chance.choice(WORDS) for _ in range(count)) + f" {chance.randint(1, 99)}"


def body(site: Living, chance: Random) -> None:
    path = chance.choice(site.texts())
    front, text = site.read(path)
    more = [
        f"{text}\n{words(chance)}.\n",
        f"{words(chance)}.\n",
        f"{words(chance, 400)}.\n",
        f"{text}\n[{words(chance)}](/people/{chance.choice(site.slugs())}/)\n",
        f"## {words(chance)}\n\n{text}",
    ]
    site.write(path, front, chance.choice(more))


def title(site: Living, chance: Random) -> None:
    long = chance.choice([2, 4, 20])
    site.edit(chance.choice(site.texts()), title=f'{words(chance, long)} & "{words(chance, 1)}"')


def summary(site: Living, chance: Random) -> None:
    site.edit(chance.choice(site.texts()), summary=f"{words(chance)} < {words(chance, 2)}.")


def date(site: Living, chance: Random) -> None:
    changed = chance.choice([None, "2026-03-15", "2026-03-16"])
    site.edit(chance.choice(site.texts()), date=chance.choice(DAYS), modified=changed)


def tags(site: Living, chance: Random) -> None:
    site.edit(chance.choice(site.texts()), tags=chance.sample(TAGS, chance.randint(0, 3)))


def category(site: Living, chance: Random) -> None:
    site.edit(chance.choice(site.texts()), category=chance.choice(COLLECTIONS))


def author(site: Living, chance: Random) -> None:
    several = chance.sample(site.slugs(), chance.choice([1, 1, 2]))
    site.edit(chance.choice(site.texts()), author=None, authors=several)


def appearing(site: Living, chance: Random) -> None:
    path = chance.choice(site.texts())
    site.edit(path, **{"with": chance.sample(site.slugs(), chance.randint(0, 2)) or None})


def credits_(site: Living, chance: Random) -> None:
    some = {kind: chance.choice(site.slugs()) for kind in chance.sample(["edited", "translated"], 1)}
    site.edit(chance.choice(site.texts()), credits=chance.choice([some, some, None]))


def answers(site: Living, chance: Random) -> None:
    who = chance.choice([*site.slugs(), "nobody", None])
    site.edit(chance.choice(site.texts()), answers=who)


def relationship(site: Living, chance: Random) -> None:
    known = chance.choice(["employee", "customer", "an old friend", "former employee", None])
    via = {"name": words(chance, 2), "url": f"https://elsewhere.example.org/{chance.randint(1, 9)}"}
    where = via if chance.random() < 0.5 else None
    canonical = via["url"] if chance.random() < 0.3 else None
    site.edit(chance.choice(site.texts()), relationship=known, via=where, canonical=canonical)


def consent(site: Living, chance: Random) -> None:
    channels = [["site", "feeds", "cards"], ["site"], ["feeds"], ["site", "feeds", "syndication"], None]
    given: dict[str, Any] = {"given": "2025-12-20", "version": 1}
    given["name"] = chance.choice(["full", "first", "initials", "other"])
    if given["name"] == "other":
        given["shown_as"] = chance.choice(["A neighbour", "Somebody"])
    if listed := chance.choice(channels):
        given["channels"] = listed
    if until := chance.choice([None, None, "2026-01-01", "2026-04-10", "2026-05-20"]):
        given["until"] = until
    site.edit(chance.choice(site.texts()), consent=given)


def status(site: Living, chance: Random) -> None:
    path = chance.choice(site.texts())
    site.edit(path, status="published" if site.read(path)[0].get("status") == "draft" else "draft")


def withdraw_and_return(site: Living, chance: Random) -> None:
    """Every language of a story at once."""
    channels = chance.choice([["feeds"], ["site", "feeds"]])
    for path in chance.choice(site.stories()).glob("index*.md"):
        given = site.read(path)[0].get("consent") or {}
        site.edit(path, consent={**given, "channels": channels})


def new(site: Living, chance: Random) -> None:
    slug = f"new-{chance.choice(WORDS)}-{chance.randint(1, 9)}"
    front = {
        "title": words(chance, 3),
        "date": chance.choice(DAYS),
        "lang": chance.choice([None, None, "es"]),
        "author": chance.choice(site.slugs()),
        "category": chance.choice(COLLECTIONS),
        "tags": chance.sample(TAGS, 2),
        "summary": f"{words(chance)}.",
        "consent": {"given": "2025-12-20", "version": 1, "name": "full"},
    }
    site.write(site.content / "stories" / slug / "index.md", front, f"{words(chance, 30)}.\n")


def delete(site: Living, chance: Random) -> None:
    if len(site.stories()) > 3:
        shutil.rmtree(chance.choice(site.stories()))


def rename(site: Living, chance: Random) -> None:
    folder = chance.choice(site.stories())
    target = folder.with_name(f"moved-{chance.choice(WORDS)}-{chance.randint(1, 99)}")
    if not target.exists():
        folder.rename(target)


def translate(site: Living, chance: Random) -> None:
    path = chance.choice(site.stories()) / "index.es.md"
    if path.exists():
        path.unlink()
    elif path.with_name("index.md").exists():
        front, _ = site.read(path.with_name("index.md"))
        front = {**front, "lang": "es", "title": words(chance, 3), "source": None}
        site.write(path, front, f"{words(chance, 12)}.\n")


def language(site: Living, chance: Random) -> None:
    path = chance.choice(site.texts("stories/*/index.md"))
    site.edit(path, lang=chance.choice([None, "es", "fr"]))


def swap(site: Living, chance: Random) -> None:
    """Two stories change places: names, sizes and texts are all known already."""
    one, other = chance.sample(site.stories(), 2)
    aside = one.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


STEPS = (
    body, title, summary, date, tags, category, author, appearing, credits_, answers, relationship,
    consent, status, withdraw_and_return, new, delete, rename, translate, language, swap,
)  # fmt: skip
