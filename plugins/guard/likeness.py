"""Names that look like other names: Cyrillic "а" in "Mаra", fullwidth letters, a zero for an O.

Source: the idea of the skeleton in Unicode TS #39; the table holds what looks like Latin letters.
"""

from __future__ import annotations

import unicodedata

_LOOK_ALIKE = str.maketrans(
    "авекмнорстухіјѕԁһӏԛԝьґєηικνορτυχαβεγζμωϲϳıɑɡɩʟɴʀʏꓐꓑ0153|ß",
    "abekmhopctyxijsdhlqwbreniknoptuxabeyzuwcjiagilnrybpolsel" + "s",
)


def skeleton(name: str) -> str:
    """What a name looks like: the same for two names that a reader would take for one."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    letters = "".join(mark for mark in plain if unicodedata.category(mark)[0] not in "MC")
    looks = letters.translate(_LOOK_ALIKE).replace("rn", "m").replace("vv", "w").replace("i", "l")
    return "".join(mark for mark in looks if mark.isalnum())
