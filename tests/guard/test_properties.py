"""What holds for every text: cleaning, one-line fields, slugs, front matter, and reading any bytes."""

from __future__ import annotations

import datetime
import re
import time
import unicodedata

import html5lib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.guard.content import ContentFile, check_document
from plugins.guard.document import read_document
from plugins.guard.finding import ContentRefused, Finding
from plugins.guard.html import clean_html, plain_text, safe_link
from plugins.guard.text import SLUG, SLUG_LENGTH, body_text, is_slug, one_line, slugify, yaml_front_matter

from .harmless import elements_problems_of_fragment

FAST = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
TEXTS = st.text(
    st.characters(codec=None) | st.sampled_from("\0\r\n\t\u200b\u200d\u202e\u2028\ufeff\u3164<>\"'&")
)
WRITTEN = st.text(st.characters(codec="utf-8"), max_size=60)
NAMES = st.sampled_from(
    "a p img div svg math style script title textarea noscript template table td mglyph mtext annotation-xml "
    "foreignObject iframe form input select option b i plaintext xmp details summary desc figure br".split()
)
VALUES = st.sampled_from(
    [
        *(
            "javascript:alert(1)",
            "java\tscript:x",
            "&#106;avascript:x",
            "data:text/html,x",
            "//evil.example/x",
        ),
        *("x.jpg", "https://e.example/", "{attach}x", "</style><img src=x onerror=x>", "a > b", "/\\e.x"),
        "--><script>x</script>",
    ]
)
ATTRIBUTES = st.sampled_from(
    "href src onerror onclick style title alt srcset xlink:href cite rel id formaction".split()
)
TAGS = st.builds(
    lambda name, attribute, value, quote, close: f"<{close}{name} {attribute}={quote}{value}{quote}>",
    NAMES,
    ATTRIBUTES,
    VALUES,
    st.sampled_from(["", '"', "'", "`"]),
    st.sampled_from(["", "", "/"]),
)
PIECES = (
    TAGS
    | st.sampled_from(["<!--", "-->", "<![CDATA[", "]]>", "<?x", "</p>", "</svg>", "<", ">", "&lt;"])
    | WRITTEN
)
HTML = st.lists(PIECES, max_size=12).map("".join)
BASES = st.sampled_from(["/stories/x/", "https://small.example.org/stories/x/"])


@FAST
@given(HTML, BASES)
def test_cleaned_html_is_harmless_and_stays_as_it_is(html, base):
    cleaned = clean_html(html, base)
    fragment = html5lib.parseFragment(cleaned, treebuilder="etree")
    assert elements_problems_of_fragment(fragment, base.removesuffix("stories/x/")) == []
    assert clean_html(cleaned, base) == cleaned
    assert not re.search(r"<[^>]*<", cleaned), "the expressions that look at tags rest on this"
    assert "<" not in re.sub(r"</?[a-z0-9]+[^<>]*>", "", cleaned)
    plain_text(cleaned)


@FAST
@given(
    st.lists(
        st.sampled_from([*list("/\\.:@?#%{}|\t\n "), "javascript", "https", "http", "evil.example", "x"])
    )
)
def test_a_link_leads_where_it_is_seen_to_lead(parts):
    value = "".join(parts)
    for base in ("/stories/x/", "https://small.example.org/stories/x/"):
        link = safe_link(value, base)
        assert link is None or not re.match(r"(?!https?:|mailto:)[^/?#]*:", link, re.IGNORECASE)
        image = safe_link(value, base, image=True)
        assert image is None or image.startswith(base.removesuffix("stories/x/"))
        assert image is None or not image.startswith(("//", "/\\"))


@FAST
@given(TEXTS)
def test_one_line_is_one_line_and_shows_what_it_holds(text):
    line = one_line(text)
    assert line == one_line(line) == line.strip()
    assert len(line.splitlines()) <= 1
    assert not {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"} & {unicodedata.category(mark) for mark in line}
    assert all(mark in "\u200c\u200d" for mark in line if unicodedata.category(mark) == "Cf")
    line.encode("utf-8")


@FAST
@given(TEXTS)
def test_a_body_keeps_its_lines_and_nothing_hidden(text):
    body = body_text(text)
    assert body == body_text(body)
    assert body.count("\n") == text.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    assert not {"\0", "\r", "\u202e", "\u200b", "\u2028", "\ufeff"} & set(body)


@FAST
@given(TEXTS)
def test_a_slug_is_made_of_any_text(text):
    slug = slugify(text)
    assert is_slug(slug)
    assert slugify(slug) == slug
    assert len(slug) <= SLUG_LENGTH
    assert is_slug(text) == (SLUG.fullmatch(text) is not None and len(text) <= SLUG_LENGTH)


@pytest.mark.parametrize(
    "text", ["a\n", "", "-", "a--b", "A", "а", "a/b", "..", "a" * 81, None, 5, "a\u200d"]
)
def test_no_slug(text):
    assert not is_slug(text)


SCALARS = WRITTEN.filter(lambda text: body_text(text) == text) | st.booleans() | st.none()
SCALARS |= st.integers(-(10**14), 10**14) | st.dates()
FIELDS = st.dictionaries(
    st.from_regex(r"[a-z_]{1,12}", fullmatch=True),
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WRITTEN.map(repr), inner, max_size=3),
    ),
    min_size=1,
    max_size=6,
)


@FAST
@given(fields=FIELDS, body=WRITTEN.filter(lambda text: "[" not in text))
def test_fields_written_are_the_fields_read(tmp_path, fields, body):
    body = body_text(body)
    file = tmp_path / "index.md"
    file.write_bytes((yaml_front_matter(fields) + body).encode())
    document = read_document(file)
    assert document.front == fields
    assert document.body == body
    assert list(fields) == [key for key in document.lines if "." not in key and key in fields]


MARKS = st.text(st.sampled_from(list("-:{}[]&*!|>'\"%@`#? \n\r\tab01.\0\u200b\u2028\ufeff\x85")), max_size=80)


@FAST
@given(
    st.binary(max_size=200)
    | st.tuples(MARKS, MARKS).map(lambda two: f"---\n{two[0]}\n---\n{two[1]}".encode())
)
def test_any_bytes_are_read_or_refused(tmp_path, data):
    file = tmp_path / "index.md"
    file.write_bytes(data)
    started = time.perf_counter()
    try:
        document = read_document(file, "content/stories/x/index.md")
        found = check_document(ContentFile(file, "content/stories/x/index.md", "story", "x", None), document)
    except ContentRefused as refused:
        found = refused.findings
        assert found
    lines = re.split(rb"\r\n|\r|\n", data)
    assert all(1 <= finding.line <= len(lines) + 1 and finding.fix for finding in found)
    assert time.perf_counter() - started < 2


@FAST
@given(TEXTS, TEXTS)
def test_a_finding_is_one_line_of_a_log(path, message):
    assert len(str(Finding(path, 1, "error", message, "Mend it.")).splitlines()) == 1


def test_days_are_read_as_days(tmp_path):
    file = tmp_path / "index.md"
    file.write_text(yaml_front_matter({"date": datetime.date(2026, 11, 1)}))
    assert read_document(file).front == {"date": datetime.date(2026, 11, 1)}
