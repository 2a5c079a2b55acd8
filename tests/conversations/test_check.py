"""`./inv check` says of a snapshot what a build would stop with."""

from __future__ import annotations

from plugins.conversations import check_conversations
from plugins.stories import check_content


def test_a_right_snapshot_has_nothing_to_say(site):
    assert check_conversations(site.content, check_content(site.content).people) == []


def test_wrong_and_lost_snapshots(site):
    site.write(
        "conversations/the-first-day.json", '{\n  "provider": "isso",\n  "comments": [{"id": "1"}]\n}\n'
    )
    site.write("conversations/nowhere.json", '{"provider": "isso", "fetched": null, "comments": []}')
    found = check_conversations(site.content, check_content(site.content).people)
    assert [(finding.path, finding.level) for finding in found][:1] == [
        ("content/conversations/nowhere.json", "hint")
    ]
    assert any(f.path == "content/conversations/the-first-day.json" and f.level == "error" for f in found)
