"""The process that reads one feed: bytes in, JSON out, limits set before the first byte is read."""

from __future__ import annotations

import json
import resource
import sys

from .parse import CPU_SECONDS, MEMORY_BYTES, parse_feed


def main() -> None:
    """Read a feed from standard input; the arguments are its base address and its content type."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    base, content_type = [*sys.argv[1:], "", ""][:2]
    try:
        feed = parse_feed(sys.stdin.buffer.read(), base, content_type)
    except ValueError as error:
        answer: dict[str, object] = {"refused": str(error)}
    except (MemoryError, RecursionError):
        answer = {"refused": "reading it took too much memory, so it was left"}
    else:
        answer = feed.as_json()
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
