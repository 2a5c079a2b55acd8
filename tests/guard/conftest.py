"""What the guard's tests share."""

from .loopback import server

__all__ = ["server"]
