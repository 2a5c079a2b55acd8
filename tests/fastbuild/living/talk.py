"""What happens to conversations and to pages."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from PIL import Image

from .site import Living
from .stories import words

AVATAR = "0123456789abcdef.png"


def comment(site: Living, chance: Random, number: int, parents: list[str]) -> dict[str, Any]:
    """A reader's words, or an answer by staff, who may be anybody."""
    return {
        "id": str(number),
        "parent": chance.choice([None, *parents]),
        "author": chance.choice(["Owen", "Mina", None]),
        "url": chance.choice([None, "https://mina.example.org/"]),
        "published": f"2026-03-{chance.randint(10, 28)}T10:00:00Z",
        "html": f"<p>{words(chance)}</p>",
        "staff": chance.choice([None, None, True, *site.slugs()]),
        **chance.choice(
            [{}, {}, {"gone": True}, {"place": "https://mina.example.org/9"}, {"avatar": AVATAR}]
        ),
    }


def conversation_grows(site: Living, chance: Random) -> None:
    """Or begins."""
    path = site.content / "conversations" / f"{chance.choice(site.stories()).name}.json"
    if (kept := site.texts("conversations/*.json")) and chance.random() < 0.6:
        path = chance.choice(kept)
    try:
        found = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        found = {"provider": "isso", "fetched": "2026-03-30T08:00:00Z", "comments": []}
    known = [item["id"] for item in found["comments"]]
    found["comments"].append(comment(site, chance, len(known) + 10, known))
    path.write_text(json.dumps(found, indent=chance.choice([None, 2])), "utf-8")


def comment_changes(site: Living, chance: Random) -> None:
    """Rewritten, or gone."""
    for path in site.texts("conversations/*.json"):
        try:
            found = json.loads(path.read_text("utf-8"))
        except ValueError:
            continue
        if found["comments"] and chance.random() < 0.7:
            at = chance.randrange(len(found["comments"]))
            if chance.random() < 0.4:
                del found["comments"][at]
            else:
                found["comments"][at]["html"] = f"<p>{words(chance)} &amp; {words(chance)}</p>"
            path.write_text(json.dumps(found), "utf-8")
            return


def picture(site: Living, chance: Random) -> None:
    """The picture of those who speak comes, changes, or goes."""
    path = site.content / "conversations" / "avatars" / AVATAR
    if path.exists() and chance.random() < 0.4:
        path.unlink()
        return
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", (96, chance.randint(90, 99)), chance.choice(["teal", "plum"])).save(path)


def many_answers(site: Living, chance: Random) -> None:
    """So many that they are folded, and listed on several pages."""
    path = site.content / "conversations" / f"{chance.choice(site.stories()).name}.json"
    listed = [comment(site, chance, number, []) for number in range(100, 100 + chance.randint(10, 60))]
    path.write_text(json.dumps({"provider": "isso", "fetched": None, "comments": listed}), "utf-8")


def kept_by(site: Living, chance: Random) -> None:
    """One language of a story says who keeps the conversation of all; some of it is written wrong."""
    places: list[Any] = ["isso", {"mastodon": "https://social.example/@mina/7"}, "nobody-we-know", None]
    both = {"isso": "", "mastodon": "https://social.example/@mina/8"}
    site.edit(chance.choice(site.texts()), conversation=chance.choice([*places, both]))


def conversation_goes(site: Living, chance: Random) -> None:
    if kept := site.texts("conversations/*.json"):
        chance.choice(kept).unlink()


def page(site: Living, chance: Random) -> None:
    """Edited, added, translated, or taken away."""
    name = chance.choice(["promise.md", "about.md", "about.es.md", "extra.md"])
    path = site.content / "pages" / name
    if path.exists() and chance.random() < 0.3:
        path.unlink()
        return
    front = {"title": words(chance, 2), "summary": words(chance), "version": chance.choice([1, 2])}
    site.write(path, front, f"{words(chance, 9)}. [A person](/people/{chance.choice(site.slugs())}/)\n")


STEPS = (conversation_grows, comment_changes, many_answers, picture, kept_by, conversation_goes, page)
