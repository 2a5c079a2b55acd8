"""What may not be done to a site by a story: each case through the receiver, to the commit of its branch.

Nothing is refused that can be told harmlessly: what software would read as a command stays words.
"""

from __future__ import annotations

import re
import subprocess
import time
from dataclasses import dataclass, field

import pytest

from plugins.desk import Desk
from plugins.guard.finding import errors
from plugins.submissions.delivery import deliver
from plugins.submissions.fields import SHORTEST
from tests.guard.harmless import page_problems

from .teller import TEXT, photograph, upload

OUR_BUTTONS = re.compile(r'<form class="preview-send".*?</form>', re.DOTALL)
SECRET = "TOP-SECRET-OF-THE-SERVER"


@dataclass(frozen=True)
class Case:
    """What is sent; the field at which it is kindly refused, else "" and it becomes a harmless story."""

    given: dict[str, object] = field(default_factory=dict)
    refused: str = ""


def text(hostile: str, refused: str = "") -> Case:
    return Case({"text": f"{TEXT}\n\n{hostile}\n\n{TEXT}"}, refused)


CASES = {
    "attach outside": text("![x]({attach}../../secret.env)"),
    "static outside": text("[x]({static}../../secret.env) {static}/etc/passwd"),
    "attach of a process": text("![x]({attach}../../../../../../../../proc/self/environ)"),
    "filename mark": text("[x]({filename}../../pelicanconf.py) |filename|../x.md"),
    "marks half hidden": text("{\u200battach}../../secret.env {ATTACH}../../secret.env {attach }x"),
    "front matter in the text": Case(
        {"text": f"---\nsave_as: ../output-evil/x.html\nslug: index\n---\n{TEXT}"}
    ),
    "save_as in the title": Case({"title": "x\nsave_as: index.html\nslug: ../output2/x"}),
    "template in the name": Case({"name": "Greta\r\ntemplate: evil\r\n_content: <b>x</b>"}),
    "yaml in the title": Case({"title": "!!python/object/apply:os.system ['touch /tmp/x'] &a *a {a: b} # x"}),
    "newline by another sign": Case({"title": "x\u2028save_as: index.html\x85url: /"}),
    "slug index": Case({"title": "index"}),
    "slug of a page": Case({"title": "page"}),
    "slug of a story that is there": Case({"title": "The first day"}),
    "a title of dots": Case({"title": "../../../etc/passwd"}),
    "a title without letters": Case({"title": "////"}),
    "NUL and controls": Case({"text": f"{TEXT}\x00\x07\x1b[31m{TEXT}"}),
    "letters that were lost": Case({"text": f"{TEXT}\ufffd"}, "text"),
    "script": text("<script>alert(1)</script><img src=x onerror=alert(1)>"),
    "iframe, style, base": text(
        "<iframe src=//e.example></iframe><style>*{display:none}</style><base href=//e>"
    ),
    "meta refresh and a form": text("<meta http-equiv=refresh content=0;//e><form action=//e><input></form>"),
    "the end of the page": text("</main></article></body></html><h1>Mine</h1>"),
    "javascript links": text(
        "[a](javascript:alert(1)) [b](java&#115;cript:alert(1)) [c]({index}javascript:x)"
    ),
    "data link": text("[a](data:text/html,<script>alert(1)</script>) ![b](data:image/svg+xml,<svg/>)"),
    "attributes by attr_list": text("![x](a.jpg){ onclick=alert(1) style=x } # T {: onmouseover=alert(1) }"),
    "HTML in every line": Case(
        {
            "title": "<script>alert(1)</script>",
            "name": "<img src=x onerror=alert(1)>Greta",
            "photo-1": upload(photograph(), "<b>.jpg"),
            "alt-1": '"><script>alert(1)</script>',
            "credit-1": "<svg onload=alert(1)>",
        }
    ),
    "another name with HTML": Case({"style": "other", "shown_as": "A <b>customer</b> ](javascript:x)"}),
    "a mark in the photograph's words": Case(
        {"photo-1": upload(photograph()), "alt-1": "{attach}../x ](y) {static}z", "credit-1": "|static|x"}
    ),
    "thousands of brackets": text("[" * 5000, "text"),
    "thousands of quotes": text("> " * 5000, "text"),
    "thousands of stars": text("*a _b " * 5000, "text"),
    "too long": Case({"text": "A line of some words.\n\n" * 6000}, "text"),
    "turned round": Case({"title": "gpj.\u202etext", "name": "Greta\u202e\u2066 Holm"}),
    "a staff name": Case({"name": "Ada Brook"}, "name"),
    "a name that looks like staff": Case({"name": "\u0410da Br\u043e\u043ek"}, "name"),
    "a staff name as another name": Case({"style": "other", "shown_as": "AD\u0410 BR00K"}, "shown_as"),
    "an unknown channel": Case({"channels": ["feeds", "syndication", "../x"]}),
    "an unknown relationship": Case({"relationship": "owner\nconsent: {}"}, "relationship"),
    "an unknown language": Case({"lang": "../../x"}, "lang"),
    "an unknown style": Case({"style": "initials\n"}, "style"),
    "fields of ours": Case(
        {"author": "ada-brook", "slug": "x", "receipt": "1", "status": "published", "key": "1"}
    ),
    "too short": Case({"text": "Buy now!"}, "text"),
}


def files_of(root, branch: str) -> dict[str, str]:
    """Each file that the branch adds or changes, with its mode."""
    said = subprocess.run(
        ["git", "diff-tree", "-r", "--root", "main", branch],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return {line.split("\t")[1]: line.split()[1] for line in said.splitlines()}


@pytest.fixture
def repository(site):
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "The site"]):
        (site.root / ".gitignore").write_text("var/\ncache/\noutput/\n__pycache__/\n")
        (site.root / "secret.env").write_text(SECRET)
        who = ["-c", "user.name=E", "-c", "user.email=e@example.org"]
        subprocess.run(["git", *who, *words], cwd=site.root, check=True, capture_output=True)
    return site.root


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_story_is_words_or_kindly_refused(teller, repository, name):
    case = CASES[name]
    begun = time.process_time()
    teller.tell(**{key: _fresh(value) for key, value in case.given.items()})
    assert time.process_time() - begun < 20
    assert SECRET not in teller.page
    if case.refused:
        assert teller.status == 422
        assert case.refused in teller.faults()
        assert "Everything you wrote is still here" in teller.page
        assert teller.waiting() == []
        return
    assert teller.status == 200, teller.faults()
    assert page_problems(OUR_BUTTONS.sub("", teller.page)) == []
    teller.confirm()
    assert "Your story is here" in teller.page
    desk = Desk(repository, teller.site.pages.settings, {}, store=teller.site.outbox.database)
    assert deliver(teller.site.outbox, desk, repository / "content") == 1
    (row,) = desk.waiting()
    files = files_of(repository, f"story/{row.id}")
    folder = f"content/stories/{row.slug}/"
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row.slug)
    assert all(re.fullmatch(re.escape(folder) + r"(index\.md|photo-\d\.jpg)", path) for path in files), files
    assert set(files.values()) == {"100644"}
    assert f"{folder}index.md" in files
    story = desk.files(row.id).text
    assert SECRET not in story
    front = story.split("---\n")[1]
    assert not re.search(r"^(save_as|slug|url|template|_content):", front, re.MULTILINE)
    # A picture that nobody sent is left to the editor, and shows nowhere.
    told = [str(finding) for finding in errors(list(desk.show(row.id).checks))]
    assert [words for words in told if "is not among `photos`" not in words] == []


def test_bytes_that_are_no_text_are_asked_for_again(teller):
    teller.tell()
    fields = [("name", b"Gr\xff\xfeta"), ("text", TEXT.encode()), ("page", b"en"), ("promise", b"1")]
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (n.encode(), v) for n, v in fields
    ]
    answer = teller.client.post(
        "/", data=b"".join(parts) + b"--x--", content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 422
    assert "some of its letters were lost" in answer.get_data(as_text=True)


def _fresh(value: object) -> object:
    """A file is read once; it is sent anew in every test."""
    if isinstance(value, tuple):
        value[0].seek(0)
        return upload(value[0].read(), value[1])
    return value


def test_the_text_limit_is_a_few_sentences():
    assert 40 <= SHORTEST <= 200
