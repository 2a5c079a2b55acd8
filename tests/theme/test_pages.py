"""The sample site as its pages come out: what stands where, and in whose words."""

import re
from pathlib import Path

import pytest
import yaml

from plugins.fastbuild.build import build_site

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("theme") / "output"
    build_site(ROOT / "pelicanconf.py", quiet=True, OUTPUT_PATH=str(output))
    return output


def page(site: Path, url: str) -> str:
    return (site / url / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    "path", sorted(CONTENT.rglob("*.md")), ids=lambda path: str(path.relative_to(CONTENT))
)
def test_titles_and_summaries_have_the_apostrophes_of_print(path: Path) -> None:
    front = yaml.safe_load(path.read_text("utf-8").split("---\n")[1])
    for key in ("title", "summary"):
        assert not re.search(r"\w['\"]\w", str(front.get(key, ""))), key


def test_whoever_left_stands_apart(site: Path) -> None:
    before, after = page(site, "people").split('id="gone"')
    assert "Ralph Ormesby" in after
    assert "Fitter and turner until 2026" in after
    assert "Ralph Ormesby" not in before
    assert "Ralph Ormesby" not in (site / "404.html").read_text("utf-8")
    own = page(site, "people/ralph-ormesby")
    assert "no longer works here" in own
    assert "usually within" not in own


def test_a_person_can_be_asked_under_a_story_they_answer(site: Path) -> None:
    assert '<a href="/stories/the-machine-that-screamed/#talk">Ask Noelia under' in page(
        site, "people/noelia-barros"
    )


def test_an_answer_stands_with_its_question(site: Path) -> None:
    answered = page(site, "people/noelia-barros").split('id="replies"')[1]
    assert answered.index("Greta") < answered.index("Not the same, and not frightened.")


def test_a_page_without_stories_leads_on(site: Path) -> None:
    assert 'href="/people/">Everybody</a>' in page(site, "people/agnes-o").split("<main", 1)[1]


def test_what_is_not_spanish_says_so(site: Path) -> None:
    story = page(site, "es/stories/the-cat-in-the-crate")
    assert '<span class="p-job-title" lang="en">' in story
    assert re.search(r'normalmente en <span lang="en">', story)
    assert 'lang="en">' not in re.sub(r"<html.*", "", page(site, "promise"))


@pytest.mark.parametrize("url", ["", "conversations", "people/noelia-barros"])
def test_every_exchange_has_a_heading(site: Path, url: str) -> None:
    exchanges = page(site, url).split('<article class="exchange">')[1:]
    assert exchanges
    assert all(re.match(r"\s*<h[23] class=\"under\">", exchange) for exchange in exchanges)


def test_a_topic_shows_each_storyteller_once(site: Path) -> None:
    for faces in re.findall(r'class="shelf-faces">(.*?)</span>\s*<h2>', page(site, "topics"), re.DOTALL):
        portraits = re.findall(r'src="([^"]+)"', faces)
        assert len(portraits) == len(set(portraits))
