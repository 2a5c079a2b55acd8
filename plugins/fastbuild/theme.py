"""The theme's static files: fonts, stylesheet, script."""

from __future__ import annotations

from pathlib import Path

from pelican.generators import Generator

from .writer import SiteWriter


class ThemeGenerator(Generator):  # type: ignore[misc]
    """Copies theme/static/ to /theme/ through the site's writer."""

    def generate_output(self, writer: SiteWriter) -> None:
        """Write every file; links and hidden files stay behind."""
        static = Path(self.theme) / "static"
        for path in sorted(static.rglob("*")):
            relative = path.relative_to(static)
            if (
                path.is_file()
                and not path.is_symlink()
                and not any(part.startswith(".") for part in relative.parts)
            ):
                writer.put(Path("theme") / relative, path.read_bytes())
