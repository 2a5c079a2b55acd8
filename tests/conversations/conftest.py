"""What the conversations' tests share."""

from tests.guard.loopback import server

__all__ = ["server"]
