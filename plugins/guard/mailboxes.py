"""E-mail addresses in somebody else's text, however they are written: nobody's is kept.

Written for people, not for machines, they are as private: `bob [at] blog.example`, `bob%40blog.example`.
"""

from __future__ import annotations

import html
import re

from .text import one_line

# All of it bounded: the text is somebody else's. Not what follows a slash: https://social.example/@mara.
_WORD = r"[^\s<>()\[\]{}\"'=:;,/@&%＠﹫"
_TAGS = r"(?:</?[a-zA-Z][^<>]{0,200}>){0,2}"
_SPACE = r"(?:\s|&nbsp;){0,3}"
_AT = (
    rf"(?:{_TAGS}(?:[@＠﹫]|%40|&amp;(?:#0{{0,5}}64|#[xX]0{{0,5}}40|commat);){_TAGS}"
    rf"|(?:\s|&nbsp;)@(?:\s|&nbsp;)(?={_WORD}.]{{1,63}}\.[a-z]{{2}})|{_SPACE}[\[({{<]{_SPACE}(?:at|ät|@|arroba){_SPACE}[\])}}>]{_SPACE})"
)
_DOT = rf"(?:\.|%2[eE]|{_SPACE}[\[({{]{_SPACE}(?:dot|punkt|punto|point|\.){_SPACE}[\])}}]{_SPACE})"
_SAID = (
    rf"{_WORD}]{{1,64}}+ {{1,3}}at {{1,3}}{_WORD}.]{{1,63}}+(?: {{1,3}}dot {{1,3}}{_WORD}.]{{1,63}}+){{1,4}}"
)
_EMAIL = re.compile(
    rf"{_WORD}]{{1,64}}+{_AT}{_TAGS}{_WORD}.]{{1,63}}+(?:{_TAGS}{_DOT}{_TAGS}{_WORD}.]{{1,63}}+){{1,8}}|{_SAID}",
    re.IGNORECASE,
)
_MAILTO = re.compile(
    r"<a\b[^>]{0,2000}\bhref=\"\s{0,9}mailto:[^>]{0,2000}>(.*?)</a>", re.IGNORECASE | re.DOTALL
)
_LOCAL = re.compile(r"[^\s<>()\[\]]{1,64}@[^\s<>()\[\]]{1,255}")  # in a name: walt@localhost
_LONGEST_NAME = 1_000  # characters that are looked at
_AROUND = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)")  # one bracket around all of it


def without_mailboxes(cleaned: str) -> str:
    """Cleaned HTML without addresses: `…` in their place, and links to them only their words.

    Tags within an address are left out with it, so what comes back has to be cleaned again.
    """
    return _EMAIL.sub("…", _MAILTO.sub(r"\1", cleaned))


def has_mailbox(text: str) -> bool:
    """True where there is an address in it."""
    return _EMAIL.search(text) is not None


def name_alone(said: str) -> str:
    """The name in `walt@example.org (Walt)` and `Walt (Halle) <walt@example.org>`; "" where there is none."""
    line = one_line(html.unescape(said[:_LONGEST_NAME]))
    without = _LOCAL.sub(" ", _EMAIL.sub(" ", line))
    if without == line:
        return line
    name = re.sub(r"\(\s*\)|<\s*>|\[\s*\]|[<>]", " ", without).strip()
    around = _AROUND.fullmatch(name)
    return one_line(around[1] if around else name)
