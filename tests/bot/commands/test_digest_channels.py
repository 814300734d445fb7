"""Digests in forums and announcement channels, over the loopback Discord."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.client import Bobbin
from retrieval.archive import Archive
from tests.bot.archives import fill
from tests.bot.commands.test_digest import (
    BEES,
    Clock,
    admin,
    bobbin,
    clock,
    digest,
    posted,
    set_up,
    tick,
)
from tests.discord import Channel, Person
from tests.discord.fixtures import Loopback
from tests.discord.waiting import until

__all__ = ["admin", "bobbin", "clock"]


def midday(clock: Clock) -> str:
    """Return a zone in which it is no night, so that minutes later it is the same date."""
    return "Asia/Tokyo" if clock.now.hour in {0, 23} else "UTC"


@pytest.mark.parametrize("step", [None, "renew", "finish"])
async def test_a_forum_gets_a_post_for_each_digest_once_also_after_a_crash(  # noqa: PLR0917
    loopback: Loopback,
    bobbin: Bobbin,
    archive: Archive,
    admin: Person,
    hall: Channel,
    clock: Clock,
    step: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(*_: object) -> None:
        raise OSError("killed")

    assert hall.guild
    forum, readers = hall.guild.add_forum("news"), hall.guild.add_role("readers")
    loopback.let_ping(readers)
    await until(lambda: bobbin.get_channel(forum.id) is not None)
    clock.now = datetime.now(UTC)
    told = await set_up(admin, hall, channel=forum, mention=readers, timezone=midday(clock))
    assert f"<#{forum.id}>" in told.text
    fill(archive, bees=BEES)
    if step is not None:
        with monkeypatch.context() as killing:
            killing.setattr(bobbin.digests.ledger, step, die)
            await digest(admin, hall, "now")
        clock.now += timedelta(minutes=3)
    await digest(admin, hall, "now")
    await digest(admin, hall, "now")
    (post,) = [one for one in hall.guild.channels.values() if one.parent is forum]
    assert post.name.startswith("Daily digest · ")
    (message,) = post.messages.values()
    assert message.id == post.id
    assert f"<@&{readers.id}>" in posted(post)[0]
    assert message.allowed_mentions == {"parse": [], "roles": [readers.id]}
    assert f"/{hall.guild.id}/{post.id}" in (await digest(admin, hall, "status")).text


async def test_a_server_s_fault_over_a_forum_post_that_was_opened_opens_no_second_one(  # noqa: PLR0917
    loopback: Loopback, bobbin: Bobbin, archive: Archive, admin: Person, hall: Channel, clock: Clock
) -> None:
    assert hall.guild
    forum = hall.guild.add_forum("news")
    await until(lambda: bobbin.get_channel(forum.id) is not None)
    clock.now = datetime.now(UTC)
    await set_up(admin, hall, channel=forum, timezone=midday(clock))
    fill(archive, bees=BEES)
    loopback.fail("POST", rf"^/channels/{forum.id}/threads$", status=502, after=True)
    await digest(admin, hall, "now")
    clock.now += timedelta(minutes=3)
    await digest(admin, hall, "now")
    assert len([one for one in hall.guild.channels.values() if one.parent is forum]) == 1
    assert len(loopback.called("POST", r"/threads$")) == 1


async def test_a_digest_is_published_by_who_takes_over_from_a_process_that_died_in_between(  # noqa: PLR0917
    loopback: Loopback,
    bobbin: Bobbin,
    archive: Archive,
    admin: Person,
    hall: Channel,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(*_: object) -> None:
        raise OSError("killed")

    assert hall.guild
    news = hall.guild.add_announcements("news")
    await until(lambda: bobbin.get_channel(news.id) is not None)
    await set_up(admin, hall, channel=news)
    fill(archive, bees=BEES)
    clock.now = datetime(2026, 11, 23, 8, 1, tzinfo=UTC)
    for step in ("_publish", "finish"):
        with monkeypatch.context() as killing:
            owner = bobbin.digests.poster if step == "_publish" else bobbin.digests.ledger
            killing.setattr(owner, step, die)
            assert await tick(bobbin) == 1
        clock.now += timedelta(minutes=3)
    assert await tick(bobbin) == 1
    (message,) = [one for one in news.messages.values() if one.author is loopback.bot_user]
    assert message.flags & 1
