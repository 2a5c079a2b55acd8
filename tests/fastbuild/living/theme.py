"""What happens to the theme: templates, macros, words, static files."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from random import Random

from .site import Living
from .stories import words


def _say(path: Path, place: str, chance: Random) -> None:
    """Put a word before a mark of the template, or change the one that stands there."""
    text = re.sub(r"<i>word [^<]*</i>", "", path.read_text("utf-8"))
    assert place in text, f"{path.name} has no {place}"
    path.write_text(text.replace(place, f"<i>word {words(chance, 1)}</i>{place}", 1), "utf-8")


def template(site: Living, chance: Random) -> None:
    names = "article person people index archives category tag categories tags conversations feeds page 404"
    path = site.theme / "templates" / f"{chance.choice(names.split())}.html"
    _say(path, "{% endblock %}\n{% block scripts" if path.stem == "article" else _last_end(path), chance)


def _last_end(path: Path) -> str:
    """The template's last block is its main one."""
    text = re.sub(r"<i>word [^<]*</i>", "", path.read_text("utf-8"))
    lines = [line for line in text.split("\n") if line.strip()]
    return "\n".join(lines[-2:]) if lines[-1] == "{% endblock %}" else lines[-1]


def base(site: Living, chance: Random) -> None:
    _say(site.theme / "templates" / "base.html", "</body>", chance)


def macro(site: Living, chance: Random) -> None:
    parts = sorted((site.theme / "templates" / "components").glob("*.html"))
    path = chance.choice([one for one in parts if "endmacro" in one.read_text("utf-8")])
    ends = re.findall(r"[^\n]*\{%-? endmacro -?%\}", path.read_text("utf-8"))
    text = path.read_text("utf-8")
    end = chance.choice(ends)
    mark = re.search(r"\{%-? endmacro -?%\}", end)
    assert mark is not None
    at = text.index(end) + mark.start()
    path.write_text(f"{text[:at]}<!-- {words(chance, 1)} -->{text[at:]}", "utf-8")


def part(site: Living, chance: Random) -> None:
    """A file of the theme that another includes: it comes, changes, and goes."""
    foot, path = site.theme / "templates" / "base.html", site.theme / "templates" / "components" / "foot.html"
    text, include = foot.read_text("utf-8"), "{% include 'components/foot.html' %}"
    if include not in text:
        foot.write_text(text.replace("</body>", f"{include}</body>"), "utf-8")
        path.write_text(f"<p>{words(chance)}</p>", "utf-8")
    elif chance.random() < 0.7:
        path.write_text(f"<p>{words(chance)}</p>", "utf-8")
    else:
        foot.write_text(text.replace(include, ""), "utf-8")
        path.unlink()


def static(site: Living, chance: Random) -> None:
    path = site.theme / "static" / chance.choice(["site.css", "conversation.js", "extra.css", "deep/more.js"])
    if path.name in ("extra.css", "more.js") and path.exists() and chance.random() < 0.4:
        path.unlink()
        return
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"/* {words(chance)} */\n", "utf-8")


def words_of_the_theme(site: Living, chance: Random) -> None:
    path = site.theme / "translations" / chance.choice(["en.toml", "es.toml"])
    keys = "skip|stories|related|credits|minute|staff|former_colleague|anonymous|people_words|foot_words"
    text = path.read_text("utf-8")
    key = chance.choice([key for key in keys.split("|") if re.search(rf"^{key} = ", text, re.MULTILINE)])
    path.write_text(
        re.sub(rf"^{key} = .*$", f'{key} = "{words(chance, 2)}"', text, flags=re.MULTILINE), "utf-8"
    )


def a_third_language(site: Living, chance: Random) -> None:
    path = site.theme / "translations" / "fr.toml"
    if path.exists():
        path.unlink()
    else:
        path.write_text(f'stories = "{words(chance, 1)}"\n', "utf-8")


def template_is_broken(site: Living, chance: Random) -> None:
    path = site.theme / "templates" / chance.choice(["article.html", "person.html", "base.html"])
    path.write_text(path.read_text("utf-8") + "{% if %}", "utf-8")


def either_part(site: Living, chance: Random) -> None:
    """Of two files that a template may include, an expression says which."""
    foot, folder = site.theme / "templates" / "base.html", site.theme / "templates" / "components"
    include = "{% include 'components/one.html' if SITEURL else 'components/other.html' %}"
    if include not in (text := foot.read_text("utf-8")):
        foot.write_text(text.replace("</body>", f"{include}</body>"), "utf-8")
    for name in ("one.html", "other.html"):
        (folder / name).write_text(f"<p>{words(chance)}</p>", "utf-8")


def override(site: Living, chance: Random) -> None:
    """A site's own template in the place of the theme's comes, changes, and goes."""
    line = 'THEME_TEMPLATES_OVERRIDES = [str(HERE / "theme" / "own")]'
    if line not in (text := site.conf.read_text("utf-8")):
        site.conf.write_text(f"{text}{line}\n", "utf-8")
    path = site.theme / "own" / chance.choice(["404.html", "page.html", "components/person.html"])
    if path.exists() and chance.random() < 0.4:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    theirs = site.theme / "templates" / path.relative_to(site.theme / "own")
    text = theirs.read_text("utf-8") if theirs.exists() else "{% extends 'base.html' %}"
    path.write_text(f"{text}{{# {words(chance, 1)} #}}", "utf-8")


def file_and_folder(site: Living, chance: Random) -> None:
    """What was a file of the theme becomes a folder, and the other way round."""
    path = site.theme / "static" / "shape.css"
    if path.is_dir():
        shutil.rmtree(path)
        path.write_text(words(chance), "utf-8")
    else:
        path.unlink(missing_ok=True)
        (path / "deep").mkdir(parents=True)
        (path / chance.choice(["one.css", "deep/two.css"])).write_text(words(chance), "utf-8")


STEPS = (
    template, base, macro, part, static, words_of_the_theme, a_third_language, template_is_broken,
    either_part, override, file_and_folder,
)  # fmt: skip
