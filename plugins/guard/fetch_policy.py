"""Which addresses may be read at all: the public web on its usual ports, and what a test allows."""

from __future__ import annotations

import ipaddress
import os
from urllib.parse import urlsplit

import ssrfguard

from plugins import FirsthandError

ALLOW = "FIRSTHAND_FETCH_ALLOW"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Pair = tuple[str, int]  # a host in lower case and a port
_PORTS = {"http": 80, "https": 443}
_LOOPBACK: tuple[Network, ...] = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


def allowed_pairs() -> frozenset[Pair]:
    """The host and port pairs of FIRSTHAND_FETCH_ALLOW, for tests and local tries.

    Raises FirsthandError where an entry is no host:port.
    """
    pairs = set()
    for entry in filter(None, (part.strip() for part in os.environ.get(ALLOW, "").split(","))):
        try:
            parts = urlsplit(f"//{entry}")
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        if not host or not port:
            raise FirsthandError(f"{ALLOW} has the entry {entry!r}. Write host:port, like 127.0.0.1:8765.")
        pairs.add((host.lower(), port))
    return frozenset(pairs)


def pair_of(url: str, allowed: frozenset[Pair]) -> Pair | None:
    """The allowed pair that this address names; None for the public web and for what is no address."""
    try:
        parts = urlsplit(url)
        pair = (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    return pair if pair in allowed else None


def policy_for(pair: Pair | None) -> ssrfguard.Policy:
    """The public web on its usual ports; for a pair that was allowed, exactly that pair."""
    if pair is None:
        return ssrfguard.Policy()
    host, port = pair
    try:
        networks: tuple[Network, ...] = (ipaddress.ip_network(host),)
    except ValueError:  # a name: it may stand for this machine, for nothing else inside
        networks = _LOOPBACK
    return ssrfguard.Policy(allowed_networks=networks, allowed_ports=frozenset({port}))


def origin_of(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an address (RFC 6454); None for what is no address."""
    try:
        parts = urlsplit(url)
        return parts.scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
