"""The static site as a real host would answer it; nothing outside its folder."""

import gzip
from urllib.parse import unquote_to_bytes

import pytest
from werkzeug.test import Client, create_environ, run_wsgi_app

from plugins.serving.site import content_type, site_app


def raw(site, path):
    """Ask with the path as it is; a client library would tidy it first."""
    environ = create_environ("/")
    environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1")
    body, status, headers = run_wsgi_app(site_app(site / "output"), environ)
    return int(status[:3]), headers.get("Location"), b"".join(body)


@pytest.fixture
def client(site):
    return Client(site_app(site / "output"))


def test_a_folder_is_its_index(client):
    assert client.get("/").text.startswith("<h1>Home</h1>")
    assert client.get("/stories/night/").text == "<h1>Night</h1>"


def test_a_folder_without_its_slash_leads_there(client):
    answer = client.get("/stories/night?from=feed")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/stories/night/?from=feed")


def test_no_address_leads_to_another_host(site):
    assert raw(site, "//stories//night")[:2] == (308, "/stories/night/")


def test_a_missing_page_is_the_sites_own_404(client):
    answer = client.get("/nowhere/")
    assert (answer.status_code, answer.text) == (404, "<h1>Nothing here</h1>")
    assert client.get("/index.html/").status_code == 404
    assert client.get("/index.html").status_code == 200


def test_a_site_without_404_page_says_so_all_the_same(tmp_path):
    assert Client(site_app(tmp_path / "none")).get("/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../private.txt",
        "/%2e%2e/private.txt",
        "/..%2fprivate.txt",
        "/stories/../../private.txt",
        "/stories/%2e%2e/%2e%2e/private.txt",
        "/..%5cprivate.txt",
        "/%00",
        "/index.html%00.css",
        "/.secret",
        "/way-out.txt",
        "/" + "a" * 5000,
        "/%ff%fe",
    ],
)
def test_nothing_outside_or_hidden_is_served(site, path):
    status, _, body = raw(site, path)
    assert status == 404
    assert b"private" not in body


def test_every_answer_has_the_security_headers(client):
    for path in ("/", "/nowhere/", "/photo.webp", "/theme/style.css"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-cache"


def test_what_is_no_page_has_the_strictest_policy(client):
    """A page names its own, since it knows who keeps its conversation."""
    assert client.get("/photo.webp").headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert client.get("/").headers["Content-Security-Policy"] == "frame-ancestors 'none'"


def test_text_is_compressed_for_those_who_take_it(client):
    answer = client.get("/", headers={"Accept-Encoding": "br, gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data).startswith(b"<h1>Home</h1>")
    assert len(answer.data) < 200
    for refusing in ({}, {"Accept-Encoding": "gzip;q=0"}):
        assert "Content-Encoding" not in client.get("/", headers=refusing).headers
    assert "Content-Encoding" not in client.get("/photo.webp", headers={"Accept-Encoding": "gzip"}).headers


def test_what_the_reader_has_is_not_sent_again(client, site):
    for path in ("/", "/photo.webp"):
        etag = client.get(path).headers["ETag"]
        again = client.get(path, headers={"If-None-Match": etag})
        assert (again.status_code, again.data) == (304, b"")
    (site / "output/index.html").write_text("new")
    assert client.get("/", headers={"If-None-Match": etag}).text == "new"


def test_a_page_is_read_only(client):
    assert client.post("/").status_code == 405
    head = client.head("/stories/night/")
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", "14")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("all.atom.xml", "application/atom+xml"),
        ("sitemap.xml", "application/xml"),
        ("a.woff2", "font/woff2"),
        ("a.avif", "image/avif"),
        ("a.b.JS", "text/javascript"),
        ("plain", "application/octet-stream"),
    ],
)
def test_content_types_do_not_depend_on_the_machine(name, kind):
    assert content_type(name) == kind
