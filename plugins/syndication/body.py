"""The blocks of a story as the HTML of its file: one <div>, cleaned, with our pictures in their places."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Mapping, Sequence

from plugins.guard.html import clean_html
from plugins.guard.text import body_text
from plugins.guard.weight import MAX_OPEN

from .images import picture, replaced
from .tree import Node, serialise

# What Pelican takes for a link mark, and Markdown for a fence or a picture, stays text for both.
MARK = re.compile(r"[{|](?=\s*\w+\s*[}|])")
_MARKDOWN = re.compile(r"`{3,}|~{3,}|!(?=\[)")


def body(
    parts: Sequence[Node], base: str, names: Mapping[str, str] | None = None, without: Container[str] = ()
) -> str:
    """HTML of the blocks. `names` has the file for each picture, by its key, as far as there is one.

    The others become links to where they are, in the author's words for them; without words, nothing,
    and nothing for those in `without`.
    """
    html = "".join(map(serialise, parts))
    # A word that no text of a feed can hold, since it would have to know its own digest.
    token = f"picture-{hashlib.sha256(html.encode('utf-8', 'replace')).hexdigest()[:32]}-"
    placed: list[str] = []

    def put(place: Node) -> list[Node | str]:
        shown = picture(place)
        if name := (names or {}).get(shown.key):
            placed.append(name)
            return [f"{token}{len(placed) - 1};"]
        if not shown.alt or shown.key in without:
            return []
        return [Node("a", {"href": shown.addresses[0]}, [shown.alt])]

    # An empty line between them: the guard weighs a text paragraph by paragraph.
    rows = "\n\n".join(serialise(part) for part in replaced(parts, put))
    # Again body_text: an entity can hide what the first pass took out.
    cleaned = body_text(clean_html(f"<div>\n{rows}\n</div>", base)).strip()
    cleaned = MARK.sub(lambda mark: f"&#{ord(mark[0])};", cleaned)
    cleaned = _MARKDOWN.sub(lambda run: f"&#{ord(run[0][0])};" * len(run[0]), cleaned)
    if cleaned.count("[") > MAX_OPEN:
        # The guard refuses a text of Markdown with many that are not closed; here they are no links.
        cleaned = cleaned.replace("[", "&#91;").replace("]", "&#93;")
    return re.sub(rf"{token}(\d+);", lambda found: _image(placed[int(found[1])]), cleaned)


def _image(name: str) -> str:
    # Its alt text and credit are those under `photos`, where an editor mends them once.
    return f'<img src="{{attach}}{name}">'
