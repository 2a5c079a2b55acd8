"""What a failed build says, and which changes count."""

import sys
import threading

import pytest

from plugins.serving.rebuild import BuildFailed, build_command, changes, essence


def test_only_the_serious_lines_are_shown():
    said = "[10:00:00] INFO reading\n\x1b[31mERROR\x1b[0m content/a.md:3: No title.\n  Write one.\n"
    assert essence(said) == "ERROR content/a.md:3: No title.\n  Write one."
    assert essence("all\nwell\n") == "all\nwell"


def test_a_failing_command_says_its_words(tmp_path):
    with pytest.raises(BuildFailed, match=r"content/a\.md:3: No title\."):
        build_command([sys.executable, "-c", "exit('content/a.md:3: No title.')"], tmp_path)()
    with pytest.raises(BuildFailed, match="ended with 3"):
        build_command([sys.executable, "-c", "exit(3)"], tmp_path)()


def test_a_file_that_is_replaced_is_noticed(tmp_path):
    settings = tmp_path / "pelicanconf.py"
    settings.write_text("1")
    stop = threading.Event()
    found = changes(tmp_path, ("content", "pelicanconf.py"), stop)
    timer = threading.Timer(0.2, lambda: settings.write_text("2"))
    timer.start()
    next(found)
    timer.join()
    stop.set()
    assert next(found, None) is None
