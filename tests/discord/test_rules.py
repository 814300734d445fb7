"""Rules of Discord's that clients meet in real servers, each with the real client against it."""

import asyncio
import time

import discord
import pytest
from discord import ui

from tests.discord.echo import QUIET, Echo, running
from tests.discord.fixtures import Loopback, Room, loopback, room
from tests.discord.limits import bytes_of
from tests.discord.waiting import until

__all__ = ["loopback", "room"]

MESSAGES = ("POST", "/channels/{channel_id}/messages")


def wide(characters: int) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay("漢" * characters))
    return view


async def test_a_client_keeps_to_the_bucket_of_a_route_and_each_channel_has_its_own(
    loopback: Loopback, room: Room
) -> None:
    loopback.api.buckets.limits[MESSAGES] = (3, 0.4)
    other = room[0].add_channel("other")
    async with running(loopback) as client:
        await until(lambda: client.get_channel(other.id) is not None)
        began = time.monotonic()
        for number in range(7):
            await client.get_channel(room[1].id).send(str(number), allowed_mentions=QUIET)
        taken = time.monotonic() - began
        await client.get_channel(other.id).send("elsewhere", allowed_mentions=QUIET)
        assert time.monotonic() - began - taken < 0.3
    assert [message.content for message in room[1].messages.values()] == list("0123456")
    assert taken >= 0.7
    assert loopback.api.buckets.refused == 0


async def test_a_request_too_many_is_refused_for_as_long_as_its_bucket_says(
    loopback: Loopback, room: Room
) -> None:
    loopback.api.buckets.limits[MESSAGES] = (1, 0.3)
    async with running(loopback) as client:
        # Two processes of a bot share a bucket, of which each knows its own requests only.
        loopback.api.buckets.take(*MESSAGES, {"channel_id": str(room[1].id)})
        await client.get_channel(room[1].id).send("late", allowed_mentions=QUIET)
    assert [request.status for request in loopback.called("POST", "/messages$")] == [429, 200]


@pytest.mark.parametrize(("characters", "status"), [(3_386, 200), (3_387, 500)])
async def test_texts_beyond_discords_bytes_end_in_an_error_of_the_server(
    loopback: Loopback, room: Room, characters: int, status: int
) -> None:
    loopback.expect_problems()
    view = wide(characters)
    assert (bytes_of(view.to_components()) > 10_170) == (status == 500)  # type: ignore[no-untyped-call]
    async with running(loopback) as client:
        sending = asyncio.create_task(client.get_channel(room[1].id).send(view=view, allowed_mentions=QUIET))
        request = await loopback.requested("POST", r"/messages$")
        sending.cancel()  # the client would try a 500 five times
    assert request.status == status
    assert bool(loopback.problems) == (status == 500)


@pytest.mark.parametrize(("as_label", "shown"), [(False, "thread 0"), (True, "thread neg0")])
async def test_a_suggestions_label_may_arrive_as_the_value(
    loopback: Loopback, room: Room, *, as_label: bool, shown: str
) -> None:
    async with running(loopback):
        use = await room[2].picks(room[1], "thread", name="neg", as_label=as_label)
        assert (await use.reply()).text == shown


async def test_a_forum_post_is_a_thread_with_a_title_whose_text_needs_a_mention(
    loopback: Loopback, room: Room
) -> None:
    forum = room[0].add_forum("questions")
    async with running(loopback) as client:
        thread, first = await room[2].posts(forum, "Why dawn?", "Why does the ferry cross at dawn?")
        assert first.id == thread.id
        await until(lambda: len(client.heard) == 1)
        heard = client.heard[0]
        assert (heard.content, heard.channel.name) == ("", "Why dawn?")
        assert isinstance(heard.channel.parent, discord.ForumChannel)
        await room[2].posts(forum, "Again", f"{loopback.bot_user.mention} and now?")
        await until(lambda: len(client.heard) == 2)
        assert "and now?" in client.heard[1].content


async def test_only_messages_in_announcement_channels_are_published_and_only_once(
    loopback: Loopback, room: Room
) -> None:
    news = room[0].add_announcements("news")
    async with running(loopback) as client:
        await until(lambda: client.get_channel(news.id) is not None)
        channel = client.get_channel(news.id)
        assert channel.is_news()
        message = await channel.send("hear ye", allowed_mentions=QUIET)
        await message.publish()
        assert news.messages[message.id].flags & 1
        with pytest.raises(discord.HTTPException) as again:
            await message.publish()
        plain = await client.get_channel(room[1].id).send("not here", allowed_mentions=QUIET)
        with pytest.raises(discord.HTTPException) as elsewhere:
            await plain.publish()
    assert [again.value.code, elsewhere.value.code] == [40033, 50024]


async def test_what_mentions_nobody_arrives_without_its_words(loopback: Loopback, room: Room) -> None:
    guild, channel, alice = room
    role = guild.add_own_role()
    loopback.world.role_mentions_carry_text = False
    async with running(loopback) as client:
        for words in ("for nobody", f"{role.mention} for the role", f"{loopback.bot_user.mention} for you"):
            await alice.says(channel, words)
        await until(lambda: len(client.heard) == 3)
        assert ["for" in message.content for message in client.heard] == [False, False, True]
        assert [bool(message.role_mentions) for message in client.heard] == [False, True, False]


async def test_a_shard_that_identifies_too_soon_after_another_is_sent_away_until_it_waits(
    loopback: Loopback, room: Room
) -> None:
    loopback.gateway.identify_seconds = 0.3
    async with running(loopback, Echo(shard_count=2), shards=2, timeout=15):
        pass
    assert room[0].has_bot
    assert loopback.gateway.identified_too_soon >= 1
    assert {tuple(each["shard"]) for each in loopback.gateway.identifies} == {(0, 2), (1, 2)}


async def test_shards_of_different_keys_identify_at_once(loopback: Loopback, room: Room) -> None:
    loopback.gateway.identify_seconds, loopback.gateway.concurrency = 30.0, 2
    async with running(loopback, Echo(shard_count=2), shards=2):
        pass
    assert room[0].has_bot
    assert loopback.gateway.identified_too_soon == 0
