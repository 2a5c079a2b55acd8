"""WordPress keeps posts and comments without paragraphs, and puts them in when it shows a page.

Source: wpautop() and the shortcodes of wp-includes/formatting.php and media.php.
"""

from __future__ import annotations

import re

_BLOCKS = (
    "address article aside audio blockquote details div dl fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hr iframe li main nav ol p pre section table tbody td th thead tr ul video"
).replace(" ", "|")
_STARTS_BLOCK = re.compile(rf"</?(?:{_BLOCKS})\b|<!--", re.IGNORECASE)
# What is kept as it was written, its lines too; never longer than the text up to its own end mark.
_KEPT = re.compile(r"(<pre\b|</pre>)", re.IGNORECASE)
_BLANK = re.compile(r"\n[ \t]*\n\s*")
# Short ones with a bounded body: an export may be made to cost time.
_CAPTION = re.compile(r"\[caption\b[^\]\[]{0,500}\]([^\[]{0,5000})\[/caption\]")
_EMBED = re.compile(r"\[embed\b[^\]\[]{0,200}\]\s*(https?://[^\s\[\]<>\"]{1,2000})\s*\[/embed\]")
_GONE = re.compile(
    r"\[/?(gallery|playlist|contact-form|contact-form-7|jetpack[\w-]{0,30})\b[^\]\[]{0,1000}\]"
)
_PICTURE = re.compile(r"\s*((?:<a\b[^>]{0,2000}>\s*)?<img\b[^>]{0,4000}>(?:\s*</a>)?)", re.IGNORECASE)


def paragraphs(text: str) -> str:
    """The text with the paragraphs and line breaks that WordPress would show, as HTML. Nothing is cleaned."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "[" in text:
        text = _GONE.sub("", _EMBED.sub(r'<p><a href="\1">\1</a></p>', _CAPTION.sub(_figure, text)))
    if "<!-- wp:" in text:
        return text  # the block editor writes its paragraphs itself
    kept, shown = False, []
    for piece in _KEPT.split(text):
        if piece.lower() in ("<pre", "</pre>"):
            kept = piece.lower() == "<pre"
            shown.append(piece)
        elif kept:
            shown.append(piece)
        else:
            shown.append("\n".join(map(_paragraph, filter(str.strip, _BLANK.split(piece)))))
    return "".join(shown)


def left_out(text: str) -> tuple[str, ...]:
    """The names of what `paragraphs` leaves out, since only the blog itself can show it: `gallery`."""
    return tuple(dict.fromkeys(found[1] for found in _GONE.finditer(text)))


def _paragraph(part: str) -> str:
    part = part.strip("\n")
    if _STARTS_BLOCK.match(part.lstrip()) or not part.strip():
        return part
    return f"<p>{part.strip().replace(chr(10), '<br>' + chr(10))}</p>"


def _figure(found: re.Match[str]) -> str:
    picture = _PICTURE.match(found[1])
    if not picture:
        return found[1]
    words = found[1][picture.end() :].strip()
    return f"\n\n<figure>{picture[1]}<figcaption>{words}</figcaption></figure>\n\n"
