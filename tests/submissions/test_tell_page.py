"""The static page /tell/: the form, who reads it, the site's own words; and what is signed and limited."""

from __future__ import annotations

import re
import shutil
import subprocess
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from plugins import FirsthandError
from plugins.guard.setting import SettingsRefused
from plugins.submissions.fields import faults_of, order, values_of
from plugins.submissions.rates import FORMS, Rates, network_of
from plugins.submissions.tokens import Seals, site_secret

from .teller import GOOD, Clock


@pytest.fixture
def telling(site):
    conf = site.root / "pelicanconf.py"
    words = conf.read_text("utf-8")
    if '"plugins.submissions"' not in words:
        words = words.replace('"plugins.syndication",', '"plugins.syndication",\n    "plugins.submissions",')
    conf.write_text(words + '\nFIRSTHAND_STORY_READER = "ada-brook"\n')
    return site


def test_the_page_is_there_without_words_of_the_sites_own(telling):
    telling.build()
    page = telling.page("tell/")
    assert 'action="/submit/"' in page
    assert 'enctype="multipart/form-data"' in page
    assert "Ada reads your story first" in page
    assert "the promise, version 1" in page
    fields = set(re.findall(r'name="([\w-]+)"', page))
    assert {"text", "photo-6", "alt-6", "credit-6", "agreed", "email", "website", "channels"} <= fields
    assert "checked" not in re.findall(r'<input id="agreed"[^>]*>', page)[0]


def test_the_sites_own_words_stand_under_the_form_in_each_language(telling):
    for lang, title in (("", "Telling"), (".es", "Contar")):
        telling.write(
            f"pages/tell{lang}.md", f"---\ntitle: {title}\nslug: tell\nsummary: S\n---\nOur **own** words.\n"
        )
    telling.build()
    page = telling.page("tell/")
    assert "Telling" in page
    assert page.index('name="agreed"') < page.index("Our <strong>own</strong> words.")
    assert "Tu consentimiento" in telling.page("es/tell/")


def test_a_site_without_a_receiver_has_no_form(telling):
    telling.build(FIRSTHAND_SUBMIT_URL="")
    assert "<form" not in telling.page("tell/").partition("<main")[2]


@pytest.mark.parametrize("wrong", ["submit", "//evil.example/x", "https://x.example/submit", "/submit/"])
def test_a_path_that_the_pages_policy_forbids_is_refused(telling, wrong):
    with pytest.raises(SettingsRefused, match="FIRSTHAND_SUBMIT_URL"):
        telling.build(FIRSTHAND_SUBMIT_URL=wrong)


def test_a_second_build_writes_nothing_anew(telling):
    telling.build()
    assert telling.build().written == 0
    telling.write("pages/promise.md", "---\ntitle: Promise\nslug: promise\nversion: 2\n---\nMore.\n")
    telling.build()
    assert "the promise, version 2" in telling.page("tell/")


def test_a_seal_opens_for_its_purpose_in_its_time_and_unchanged():
    clock = Clock()
    seals = Seals(b"secret of a test", clock)
    sealed = seals.seal("draft", "abc")
    assert seals.open("draft", sealed, 10).value == "abc"
    assert seals.open("confirm", sealed, 10) is None
    assert Seals(b"another secret", clock).open("draft", sealed, 10) is None
    clock.now += 11
    assert seals.open("draft", sealed, 10) is None
    assert seals.open("draft", sealed, 12).age == pytest.approx(11)


@given(st.text(max_size=200))
def test_no_other_text_is_a_seal(text):
    assert Seals(b"secret of a test").open("draft", text, 1e12) is None


def test_the_sites_secret_is_made_once_for_nobody_else_to_read(tmp_path):
    made = site_secret(tmp_path, {})
    assert site_secret(tmp_path, {}) == made
    assert (tmp_path / "var" / "secret").stat().st_mode & 0o777 == 0o600
    assert site_secret(tmp_path, {"FIRSTHAND_SECRET": "x" * 20}) == b"x" * 20
    with pytest.raises(FirsthandError, match="random"):
        site_secret(tmp_path, {"FIRSTHAND_SECRET": "short"})


def test_rates_count_by_network_and_say_how_long_to_wait():
    rates = Rates({FORMS: "1 per hour"})
    assert rates.seconds_to_wait(FORMS, "203.0.113.9") == 0
    assert 0 < rates.seconds_to_wait(FORMS, "203.0.113.9") <= 3600
    assert rates.seconds_to_wait(FORMS, "203.0.113.10") == 0
    assert network_of("::ffff:203.0.113.9") == "203.0.113.9"
    assert network_of("2001:db8:1:2:3::4") == "2001:db8:1:2::/64"
    assert network_of("no address") == "unknown"


def test_rates_are_counted_here_while_their_own_server_is_gone(monkeypatch, caplog):
    rates = Rates({FORMS: "1 per hour"})

    def gone(*_):
        raise ConnectionError("Connection refused.")

    monkeypatch.setattr(rates._limiter, "hit", gone)
    caplog.set_level("WARNING", logger="plugins.submissions.rates")  # a build before this set another
    assert rates.seconds_to_wait(FORMS, "203.0.113.9") == 0
    assert rates.seconds_to_wait(FORMS, "203.0.113.9") > 0
    assert "FIRSTHAND_RATES_URL cannot be asked" in caplog.text


def test_rates_of_a_redis_count_for_every_process(tmp_path):
    pytest.importorskip("redis", reason="The package redis is not installed.")
    program = shutil.which("redis-server") or pytest.skip("redis-server is not installed.")
    place = tmp_path / "redis"
    words = [program, "--port", "0", "--unixsocket", str(place), "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as server:
        try:
            while not place.exists():
                time.sleep(0.02)
            env = {FORMS: "1 per hour", "FIRSTHAND_RATES_URL": f"redis+unix://{place}"}
            assert Rates(env).seconds_to_wait(FORMS, "203.0.113.9") == 0
            assert Rates(env).seconds_to_wait(FORMS, "203.0.113.9") > 0
        finally:
            server.kill()


@pytest.mark.parametrize("env", [{FORMS: "often"}, {"FIRSTHAND_RATES_URL": "nothing://x"}])
def test_a_rate_that_cannot_be_read_is_said(env):
    with pytest.raises(FirsthandError, match=next(iter(env))):
        Rates(env)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), st.text(max_size=60)))
def test_whatever_is_typed_is_kept_or_told_of(typed):
    values = values_of(MultiDict(typed))
    again = values_of(MultiDict({name: value for name, value in values.items() if value}))
    first = {name: values[name] for name in ("channels", "lang", "style")}  # they begin with something
    assert {**again, **first} == values
    assert {fault.field for fault in faults_of(values, {}, {})} <= set(order())
    assert "\n" not in "".join(value for name, value in values.items() if name != "text")
