"""How fast, with how much memory, and beside whom: `./inv bench`. No test depends on a time."""
