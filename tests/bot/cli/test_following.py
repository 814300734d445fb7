"""Who is followed, as a list for people and as JSON for scripts."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.database import ServerFile
from bot.fetching.schedule import Course
from bot.fetching.service import Account
from bot.servers.follow_store import FollowStore, Place
from tests.bot.cli.commands import run

NOW = datetime(2026, 11, 30, 8, 15, tzinfo=UTC)
ADA = Account("Bluesky", "bsky.app", "did:plc:ada", "ada.example")
BEN = Account("Mastodon", "tooting.example", "7", "@ben@tooting.example")


def follow() -> None:
    with ServerFile.open(Path("data/servers.db")) as file:
        store = FollowStore(file)
        assert store.add(ADA, Place(None, "main"), NOW)
        assert store.add(BEN, Place(81234567890123456, "boats"), NOW)
        course = Course(NOW + timedelta(hours=1), looked=NOW, failures=1, reason="answers with status 503")
        store.note_look(ADA, course)
        store.note_look(BEN, replace(course, succeeded=NOW, failures=0, reason=None))


def test_the_list_is_there_for_scripts_too_and_says_the_same() -> None:
    assert json.loads(run("following", "--json").stdout) == []
    follow()
    (ada,) = json.loads(run("following", "--json").stdout)
    assert ada == {
        "author": "ada.example",
        "service": "Bluesky",
        "collection": "main",
        "server": None,
        "since": "2026-11-30T08:15:00+00:00",
        "last_look": "2026-11-30T08:15:00+00:00",
        "last_success": None,
        "next_look": "2026-11-30T09:15:00+00:00",
        "reason": "answers with status 503",
    }
    everyone = json.loads(run("following", "--all", "--json").stdout)
    (ben,) = (one for one in everyone if one != ada)
    assert (ben["server"], ben["collection"], ben["reason"]) == ("81234567890123456", "boats", None)
    shown = run("following", "--all").stdout
    for one in (ada, ben):
        assert f"{one['author']}  ({one['service']})" in shown
    assert shown.count("nothing is taken") == 1
