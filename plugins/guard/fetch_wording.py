"""Why an address could not be read, in words for people who do not run servers."""

from __future__ import annotations

from .text import one_line

_WORDS = (
    # a part of what the library says: what it means. What to do.
    (
        "certificate_verify_failed",
        "its certificate is not valid, so nobody can say who answers. Tell its owner.",
    ),
    ("certificate", "its certificate is not accepted. Tell its owner."),
    ("[ssl", "no secure connection could be made. Check the address, or tell its owner."),
    ("name or service not known", "no machine has that name. Check the address."),
    ("no address associated", "no machine has that name. Check the address."),
    ("nodename nor servname", "no machine has that name. Check the address."),
    ("no name of a machine", "no machine has that name. Check the address."),
    ("temporary failure in name resolution", "its name could not be looked up just now. Try later."),
    ("not looked up", "its name could not be looked up just now. Try later."),
    ("refused", "nobody answers there. Check the address, or try later."),
    ("connect", "no connection could be made. Check the address, or try later."),
    ("disconnected", "the server broke off before it answered. Try later."),
    ("closed", "the server broke off in the middle. Try later."),
    ("illegal", "the server answered, but not as a web server does. Check the address."),
)


def in_words(error: BaseException) -> str:
    """What went wrong and what to do, for the end of a sentence."""
    said = one_line(str(error)) or type(error).__name__
    words = said.lower()
    return next(
        (meant for part, meant in _WORDS if part in words), f"{said}. Check the address, or try later."
    )
