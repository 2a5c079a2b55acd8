"""Pictures of an entry: brought in once, under names of ours, credited, asked about, or left out."""

import asyncio
import datetime
import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from plugins.guard.document import read_document
from plugins.guard.fetcher import Fetcher
from plugins.guard.photo import measure
from plugins.syndication import illustrate as module
from plugins.syndication import pictures
from plugins.syndication.compose import Composed, compose, pulled
from plugins.syndication.credit import read_people
from plugins.syndication.entry import Entry, Feed
from plugins.syndication.illustrate import Illustrated, illustrate, picture_name
from plugins.syndication.source import Source

from .blog import Blog, forget
from .conftest import Served

DAY = datetime.date(2026, 11, 15)
URL = "https://walt.example/post"
LEAD = "It sang at about two in the morning, and everybody on the shift heard it sing."


def jpeg(width: int = 640, height: int = 480, colour: str = "peru", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG", **more)
    return out.getvalue()


def gif() -> bytes:
    out = io.BytesIO()
    Image.new("P", (90, 90)).save(out, "GIF")
    return out.getvalue()


@pytest.fixture
def photos(served: Served) -> Served:
    for name, colour in (("a", "peru"), ("b", "teal"), ("c", "olive")):
        served.pages[f"/{name}.jpg"] = (200, "image/jpeg", jpeg(colour=colour))
    served.pages["/dot.jpg"] = (200, "image/jpeg", jpeg(1, 1))
    served.pages["/small.jpg"] = (200, "image/jpeg", jpeg(120, 90))
    served.pages["/moving.gif"] = (200, "image/gif", gif())
    served.pages["/page.jpg"] = (200, "text/html", b"<!doctype html><title>no</title>")
    return served


def made(html: str, served: Served, content: Path, mode: str = "full", **more: str) -> tuple[Composed, Entry]:
    entry = Entry("1", URL, "t", html=html.replace("HOST", served.url), base=f"{served.url}/post", **more)  # type: ignore[arg-type]
    consent = (("given", DAY), ("version", 1), ("name", "first"))
    source = Source("walt-okafor", served.url, mode=mode, consent=consent)  # type: ignore[arg-type]
    people = read_people(content)
    return compose(entry, Feed("W"), source, key="1", date=DAY, status="published", people=people), entry


def brought(
    html: str, served: Served, content: Path, kept: Path | None = None, mode: str = "full", **more: str
) -> Illustrated:
    story, entry = made(html, served, content, mode, **more)

    async def run() -> Illustrated:
        async with Fetcher() as fetcher:
            return await illustrate(story, entry, Source("walt-okafor"), fetcher, kept=kept)

    return asyncio.run(run())


def name(served: Served, path: str) -> str:
    return f"{picture_name(served.host.partition(':')[0] + path)}.jpg"


@pytest.fixture
def people(content: Path) -> Path:
    (content / "people" / "walt-okafor.md").write_text("---\nname: Walt Okafor\nkind: member\n---\n")
    return content


def test_a_picture_stands_where_it_stood(photos: Served, people: Path, tmp_path: Path) -> None:
    story = brought(f'<p>{LEAD}</p><img src="/a.jpg" alt="The pump"><p>Then it stopped.</p>', photos, people)
    own = name(photos, "/a.jpg")
    assert story.made.body == (
        f'<div>\n<p>{LEAD}</p>\n\n<p><img src="{{attach}}{own}"></p>\n\n<p>Then it stopped.</p>\n</div>'
    )
    # The credit is the name that the author agreed to, not the one we know.
    assert story.made.fields["photos"] == {own: {"alt": "The pump", "credit": "Walt"}}
    assert story.made.fields["status"] == "published"
    assert (story.questions, story.notes) == ((), ())
    (tmp_path / own).write_bytes(story.photos[own])
    assert measure(tmp_path / own) == (640, 480)


def test_metadata_does_not_come_with_it(photos: Served, people: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera of Walt's"
    photos.pages["/a.jpg"] = (200, "image/jpeg", jpeg(exif=exif))
    (data,) = brought(f'<p>{LEAD}</p><img src="/a.jpg" alt="x y z">', photos, people).photos.values()
    assert b"camera" not in data


def test_the_picture_it_begins_with_stands_at_the_head_and_only_there(photos: Served, people: Path) -> None:
    for html in (
        f'<p><img src="/a.jpg" alt="The pump"></p><p>{LEAD}</p>',
        f'<img src="/a.jpg?w=300" alt=""><p>{LEAD}</p><img src="/a.jpg" alt="The pump"><p>End.</p>',
        f'<figure><a href="/a.jpg"><img src="/a.jpg?resize=30,30" alt="The pump"></a></figure><p>{LEAD}</p>',
    ):
        story = brought(html, photos, people)
        own = name(photos, "/a.jpg")
        assert story.made.fields["cover"] == own
        assert story.made.fields["photos"] == {own: {"alt": "The pump", "credit": "Walt"}}
        assert "<img" not in story.made.body


def test_what_the_feed_offers_beside_the_text(photos: Served, people: Path) -> None:
    aside = {"image": f"{photos.url}/b.jpg", "image_alt": "A bench"}
    story = brought(f'<p>{LEAD}</p><img src="/a.jpg" alt="The pump">', photos, people, **aside)
    assert story.made.fields["cover"] == name(photos, "/b.jpg")
    assert list(story.made.fields["photos"]) == [name(photos, "/b.jpg"), name(photos, "/a.jpg")]
    # What stands in the middle of the text stays there.
    story = brought(f'<p>{LEAD}</p><img src="/b.jpg" alt="The pump"><p>End.</p>', photos, people, **aside)
    assert "cover" not in story.made.fields
    assert story.made.body.count("<img") == 1
    # Too small for the head of a page.
    story = brought(f"<p>{LEAD}</p>", photos, people, image=f"{photos.url}/small.jpg")
    assert not story.photos
    assert "too small" in story.notes[0]


def test_what_a_feed_offers_with_every_entry_belongs_to_none() -> None:
    entries = [Entry(str(n), f"{URL}/{n}", html="<p>Words.</p>", image=f"{URL}/me.jpg") for n in range(3)]
    for count, lead in ((2, True), (3, False)):
        feed = Feed(entries=tuple(entries[:count]))
        story = compose(entries[0], feed, Source("walt-okafor"), key="1", date=DAY, status="draft")
        assert (story.lead is not None) is lead


@pytest.mark.parametrize("alt", ["", 'alt=""', 'alt="a.jpg"', 'alt="IMG_2041"', 'alt="DSC-0001.JPG"'])
def test_a_picture_without_words_is_a_question_and_a_draft(photos: Served, people: Path, alt: str) -> None:
    story = brought(f'<p>{LEAD}</p><img src="/a.jpg" {alt}>', photos, people)
    own = name(photos, "/a.jpg")
    assert story.made.fields["photos"] == {own: {"credit": "Walt"}}
    assert story.made.fields["status"] == "draft"
    assert story.questions == (f"{own} has no alt text. Write what it shows under `photos`.",)


def test_what_cannot_be_read_is_left_out_with_a_note(photos: Served, people: Path) -> None:
    broken = ("/gone.jpg", "/moving.gif", "/page.jpg", "/dot.jpg")
    html = "".join(f'<p>{LEAD}</p><img src="{path}" alt="The pump, once more">' for path in broken)
    story = brought(html + '<img src="/b.jpg" alt="The bench">', photos, people)
    assert list(story.photos) == [name(photos, "/b.jpg")]
    assert len(story.notes) == 4
    words = "\n".join(story.notes)
    for part in ("answered 404", "no JPEG, PNG, WebP or AVIF", "1 x 1 pixels"):
        assert part in words
    # The author's words stay, as a link to where the picture is.
    assert story.made.body.count(">The pump, once more</a>") == 4
    assert story.made.fields["status"] == "published"


def test_a_picture_inside_the_network_is_not_fetched(photos: Served, people: Path) -> None:
    html = f'<p>{LEAD}</p><img src="http://169.254.169.254/x.jpg" alt="The pump">'
    story = brought(html, photos, people)
    assert not story.photos
    assert "may not be read" in story.notes[0]
    photos.pages["/in.jpg"] = (302, "", b"http://127.0.0.1:1/x.jpg")
    story = brought(f'<p>{LEAD}</p><img src="/in.jpg" alt="The pump">', photos, people)
    assert not story.photos


def test_the_same_picture_is_fetched_once(photos: Served, people: Path, tmp_path: Path) -> None:
    html = f'<p>{LEAD}</p><img src="/a.jpg" alt="One"><p>x</p><img src="/a.jpg?w=20" alt="Two">'
    story, entry = made(html, photos, people)

    async def run() -> list[Illustrated]:
        async with Fetcher() as fetcher:
            source = Source("walt-okafor")
            return [await illustrate(story, entry, source, fetcher) for _ in range(3)]

    one, *others = asyncio.run(run())
    assert photos.asked == ["/a.jpg"]
    assert all(other == one for other in others)
    assert len(one.photos) == 1
    # Nor by a later pull, where it lies in the story's folder.
    for own, data in one.photos.items():
        (tmp_path / own).write_bytes(data)
    assert brought(html, photos, people, kept=tmp_path) == one
    assert photos.asked == ["/a.jpg"]


def test_two_addresses_of_the_same_bytes_are_one_file(photos: Served, people: Path) -> None:
    photos.pages["/z.jpg"] = photos.pages["/a.jpg"]
    html = f'<p>{LEAD}</p><img src="/a.jpg" alt="One"><p>x</p><img src="/z.jpg" alt="Two">'
    story = brought(html, photos, people)
    assert len(story.photos) == 1
    assert story.made.body.count(f"{{attach}}{name(photos, '/a.jpg')}") == 2


def test_the_mark_knows_the_feed_and_the_file(photos: Served, people: Path, tmp_path: Path) -> None:
    html = f'<p>{LEAD}</p><img src="/a.jpg?X-Amz-Signature=SIGNED" alt="One">'
    story, _ = made(html.replace("SIGNED", "1"), photos, people)
    done = brought(html.replace("SIGNED", "2"), photos, people).made
    # A signed address is another every day; the story is the same.
    assert done.digest == story.digest
    assert pulled(done.document(tmp_path)) == (story.digest, True)
    assert pulled(story.document(tmp_path)) == (story.digest, True)
    edited = done.document(tmp_path)
    edited.front["title"] = "Mine"
    assert pulled(edited) == (story.digest, False)
    assert made(html.replace("a.jpg", "b.jpg"), photos, people)[0].digest != story.digest


def test_as_many_as_a_story_may_have(photos: Served, people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_PHOTOS", 2)
    html = f"<p>{LEAD}</p>" + "".join(f'<p>x</p><img src="/{n}.jpg" alt="Picture of {n}">' for n in "abc")
    story = brought(html, photos, people)
    assert len(story.photos) == 2
    assert story.notes == ("1 pictures were left out: a story has 2 at most.",)
    monkeypatch.setattr(module, "MAX_TOTAL", len(next(iter(story.photos.values()))))
    story = brought(html, photos, people)
    assert len(story.photos) == 1
    assert "as many pictures as it may" in story.notes[-1]


def test_a_host_that_fails_is_left_alone(
    photos: Served, people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "DEADLINE", 0.1)
    photos.slow = 0.5
    html = f"<p>{LEAD}</p>" + "".join(f'<img src="/{n}.jpg" alt="Picture of {n}">' for n in range(12))
    story = brought(html, photos, people)
    assert not story.photos
    assert len(story.notes) == 12
    assert any("did not deliver other pictures" in note for note in story.notes)
    assert len(photos.asked) < 12


def test_an_entry_takes_only_so_long(photos: Served, people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ALTOGETHER", 0.1)
    photos.slow = 0.5
    story = brought(f'<p>{LEAD}</p><img src="/a.jpg" alt="One">', photos, people)
    assert not story.photos
    assert "took more than 0.1 seconds" in story.notes[0]


def test_an_excerpt_has_the_pictures_among_its_paragraphs(photos: Served, people: Path) -> None:
    paragraphs = "".join(f'<p>{LEAD * 4}</p><img src="/{n}.jpg" alt="Picture of {n}">' for n in "abc")
    story = brought(paragraphs, photos, people, mode="excerpt")
    assert list(story.photos) == [name(photos, "/a.jpg")]
    assert story.made.body.count("<p>") == 3
    assert "Read the full story at" in story.made.body


def test_words_for_a_picture_are_one_line_without_marks(photos: Served, people: Path) -> None:
    html = f'<p>{LEAD}</p><img src="/a.jpg" alt="One\nStatus: x {{attach}}../../etc">'
    story = brought(html, photos, people)
    (note,) = story.made.fields["photos"].values()
    assert note["alt"] == "One Status: x (attach}../../etc"


def test_a_text_cannot_pretend_to_be_a_picture(photos: Served, people: Path) -> None:
    first = brought(f'<p>{LEAD}</p><img src="/a.jpg" alt="One">', photos, people)
    html = f"<p>{LEAD} picture-00000000000000000000000000000000-0; {{attach}}x.jpg &#123;attach}}y.jpg</p>"
    story = brought(html + '<img src="/a.jpg" alt="One">', photos, people)
    assert first.made.body.count("{attach}") == story.made.body.count("{attach}") == 1


@pytest.mark.parametrize(
    "address",
    ["http://10.0.0.7/a.jpg", "http://[::1]/a.jpg", "http://169.254.169.254/a.jpg", "HOST/inside.jpg"],
)
def test_nobody_is_sent_to_a_picture_inside_a_network(photos: Served, people: Path, address: str) -> None:
    photos.pages["/inside.jpg"] = (302, "", b"http://192.168.1.2/a.jpg")
    story = brought(f'<p>{LEAD}</p><img src="{address}" alt="My desk"><p>End.</p>', photos, people)
    assert "<a " not in story.made.body
    assert "desk" not in story.made.body
    (note,) = story.notes
    assert "was left out: " in note
    assert "may not be read" in note
    assert not story.lacks


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress((b"\0" + b"x" * 300) * 100))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + rows + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (png(30_000, 30_000), "The photograph has more than 50 megapixels."),
        (png(8_000, 7_000), "The photograph has 8000 x 7000 pixels, more than 50 megapixels."),
        (
            png(100, 100, chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 5_000_000))),
            "it unpacks to far more than a photograph holds.",
        ),
    ],
    ids=["many pixels", "too many pixels", "a bomb"],
)
def test_a_picture_that_is_too_much_is_said_to_an_editor(
    photos: Served, people: Path, data: bytes, words: str
) -> None:
    photos.pages["/a.jpg"] = (200, "image/png", data)
    story = brought(f'<p>{LEAD}</p><img src="/a.jpg" alt="The pump">', photos, people)
    (note,) = story.notes
    assert note == f"{photos.url}/a.jpg was left out: {words}"
    assert not story.lacks


@pytest.mark.parametrize("memory", ["kept", "lost"])
def test_a_picture_that_could_not_be_had_is_asked_for_again_while_the_story_is_a_draft(
    blog: Blog, memory: str
) -> None:
    shown = f'<img src="{blog.served.url}/a.jpg" alt="The lamp"><p>We hung another.</p>'
    blog.edit(("<p>We hung another.</p>", shown))
    blog.served.pages["/a.jpg"] = (503, "text/plain", b"busy")
    counts, said = blog.pull()
    assert counts == {"new": 5}
    assert any("/a.jpg was left out: the server answered 503" in line for line in said)
    assert said_of(blog) == ""
    if memory == "lost":
        forget(blog.content)
    assert blog.pull()[0] == {"same": 5}
    blog.served.pages["/a.jpg"] = (200, "image/jpeg", jpeg())
    if memory == "lost":
        forget(blog.content)
    counts, said = blog.pull()
    assert counts == {"changed": 1, "same": 4}
    assert any(
        "a picture could be had only now; the draft stories/five-the-lamp follows" in line for line in said
    )
    assert said_of(blog) == "The lamp"
    assert blog.pull()[0] == {"same": 5}
    assert blog.served.asked.count("/a.jpg") == 3


def said_of(blog: Blog) -> str:
    """The words for the picture of the story, where it has one."""
    photos = read_document(blog.story("five-the-lamp")).front.get("photos", {})
    return "".join(note["alt"] for note in photos.values())
