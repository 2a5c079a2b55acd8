"""The theme keeps its promises: one word list a language, nothing inline, colours that can be read."""

import re
import tomllib
from pathlib import Path

import pytest

THEME = Path(__file__).parents[2] / "theme"
TEMPLATES = sorted((THEME / "templates").rglob("*.html"))
CSS = (THEME / "static" / "site.css").read_text("utf-8")
WORDS = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in THEME.glob("translations/*.toml")}
TINTS = ("peach", "sage", "lilac", "straw", "sky", "rose")

CLASSES = re.compile(r"\{% block body_class %\}.*?\{% endblock %\}", re.DOTALL)
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)


def read(path: Path) -> str:
    return path.read_text("utf-8")


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def schemes() -> dict[str, str]:
    light, dark = CSS.split("@media (prefers-color-scheme: dark)", 1)
    return {"light": light, "dark": dark.split("@layer base", 1)[0]}


def token(scheme: str, name: str) -> str:
    found = re.search(rf"--{name}: (#[0-9a-f]{{6}})", schemes()[scheme])
    assert found, name
    return found[1]


def ground(scheme: str, tint: str) -> str:
    found = re.search(rf"\.tint-{tint} \{{ --tint: (#[0-9a-f]{{6}})", schemes()[scheme])
    assert found, tint
    return found[1]


@pytest.mark.parametrize("tint", TINTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_on_every_tint(scheme: str, tint: str) -> None:
    for text in ("ink", "soft"):
        assert contrast(token(scheme, text), ground(scheme, tint)) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("surface", ["paper", "neutral", "quiet"])
def test_words_can_be_read_on_every_paper(scheme: str, surface: str) -> None:
    for text in ("ink", "soft"):
        assert contrast(token(scheme, text), token(scheme, surface)) >= 4.5


@pytest.mark.parametrize("tint", TINTS)
def test_a_second_storyteller_has_the_same_colour_as_the_first(tint: str) -> None:
    for scheme, part in schemes().items():
        assert f".and-{tint} {{ --second: {ground(scheme, tint)}; }}" in part


def test_every_language_has_the_same_words() -> None:
    keys = {lang: set(words) for lang, words in WORDS.items()}
    assert all(found == keys["en"] for found in keys.values()), keys


def test_every_language_fills_in_the_same_places() -> None:
    for key, words in WORDS["en"].items():
        if isinstance(words, str):
            places = set(re.findall(r"\{\w+\}", words))
            for lang in WORDS:
                assert set(re.findall(r"\{\w+\}", WORDS[lang][key])) == places, (lang, key)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_word_a_template_asks_for_is_there(path: Path) -> None:
    for key in re.findall(r"say\('(\w+)'\s*[,)]", read(path)):
        assert key in WORDS["en"], key


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_nothing_by_itself(path: Path) -> None:
    assert re.sub(r"[\s·,.&;]+", "", TAG.sub("", JINJA.sub("", CLASSES.sub("", read(path))))) == ""


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_nothing_stands_inline_that_the_policy_would_block(path: Path) -> None:
    source = read(path)
    assert not re.search(r"\sstyle=|\son\w+=|javascript:|<style", source)
    assert not re.search(r"<script(?![^>]*(src=|application/ld\+json))", source)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_only_cleaned_html_is_let_through(path: Path) -> None:
    allowed = {"content", "page.content", "comment.html"}
    assert set(re.findall(r"([\w.]+)\|safe", read(path))) <= allowed


def test_words_have_the_apostrophes_of_print() -> None:
    for lang, words in WORDS.items():
        for key, value in words.items():
            assert not re.search(r"\w['\"]\w", str(value) if isinstance(value, str) else ""), (lang, key)
