"""What happens to people."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from .site import Living
from .stories import words

TITLES = ["Fitter", "Driver", "Cook", "Head of stairs"]


def _one(site: Living, chance: Random) -> Path:
    return chance.choice(site.texts("people/*.md"))


def person_name(site: Living, chance: Random) -> None:
    path = _one(site, chance)
    site.edit(path, name=f"{path.stem.title()} {words(chance, 1).title()}")


def person_kind(site: Living, chance: Random) -> None:
    site.edit(_one(site, chance), kind=chance.choice(["staff", "member", "customer", "guest"]))


def person_roles(site: Living, chance: Random) -> None:
    roles: list[dict[str, Any]] = [
        {"title": chance.choice(TITLES), "since": f"{2020 + at}-01-01", "until": f"{2020 + at}-12-31"}
        for at in range(chance.randint(0, 2))
    ]
    if chance.random() < 0.7:
        roles.append({"title": chance.choice(TITLES), "since": chance.choice(["2025-01-01", "2026-04-20"])})
    site.edit(_one(site, chance), roles=roles or None)


def person_facts(site: Living, chance: Random) -> None:
    facts = {
        "tint": ["rose", "sky", None],
        "pronouns": ["they/them", None],
        "place": ["Lower Mill", None],
        "languages": [["en", "es"], ["de"], None],
        "ask_me_about": [["old keys", "rain"], None],
        "answers_within": ["3 days", "an hour", None],
        "links": [["https://somebody.example.org/"], None],
        "summary": ["Somebody who mends.", None],
    }
    chosen = chance.sample(sorted(facts), 3)
    site.edit(_one(site, chance), **{key: chance.choice(facts[key]) for key in chosen})


def person_words(site: Living, chance: Random) -> None:
    path = _one(site, chance)
    front, _ = site.read(path)
    site.write(path, front, f"{words(chance, 8)}.\n")


def person_leaves(site: Living, chance: Random) -> None:
    """Or comes back; one of the days is still to come when the test begins."""
    day = chance.choice(["2025-12-31", "2026-04-15", "2026-05-01"])
    left = {"date": day, "keep": chance.choice(["page", "name", "nothing"])}
    site.edit(_one(site, chance), left=chance.choice([left, left, None]))


def person_aliases(site: Living, chance: Random) -> None:
    path = _one(site, chance)
    site.edit(path, aliases=chance.choice([[f"{path.stem}-old"], ["somebody"], None]))


def person_comes(site: Living, chance: Random) -> None:
    slug = f"new-{chance.choice(['ann', 'ben', 'cy'])}"
    front = {"name": slug.replace("-", " ").title(), "kind": chance.choice(["staff", "guest"])}
    site.write(site.content / "people" / f"{slug}.md", front, f"{words(chance)}.\n")


def person_goes(site: Living, chance: Random) -> None:
    """Their stories are another's then, or the site is wrong until somebody mends it."""
    if len(site.slugs()) < 4:
        return
    slug = chance.choice(site.slugs())
    (site.content / "people" / f"{slug}.md").unlink()
    if chance.random() < 0.8:
        _named_otherwise(site, slug, chance.choice(site.slugs()))


def person_is_renamed(site: Living, chance: Random) -> None:
    slug = chance.choice(site.slugs())
    other = f"{slug.split('-')[0]}-{chance.choice(['hill', 'field', 'moor'])}"
    if other not in site.slugs():
        (site.content / "people" / f"{slug}.md").rename(site.content / "people" / f"{other}.md")
        if chance.random() < 0.5:
            site.edit(site.content / "people" / f"{other}.md", aliases=[slug])
        _named_otherwise(site, slug, other)


def _named_otherwise(site: Living, slug: str, other: str) -> None:
    for path in [*site.texts(), *site.texts("conversations/*.json")]:
        path.write_text(path.read_text("utf-8").replace(slug, other), "utf-8")
    site.conf.write_text(site.conf.read_text("utf-8").replace(f'"{slug}"', f'"{other}"'), "utf-8")


STEPS = (
    person_name, person_kind, person_roles, person_facts, person_words, person_leaves, person_aliases,
    person_comes, person_goes, person_is_renamed,
)  # fmt: skip
