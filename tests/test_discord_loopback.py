"""Hold the loopback Discord to what the real client needs."""

import asyncio
import io
from typing import Any

import discord
import pytest
from discord import ui

from tests.discord import LoopbackDiscord, Reply, Upload
from tests.discord.echo import QUIET, Echo, page, running
from tests.discord.fixtures import Loopback, Room, loopback, point_at, room
from tests.discord.waiting import PATIENCE, until

__all__ = ["loopback", "room"]

V2 = 1 << 15


async def test_a_client_is_ready_at_once_and_knows_its_servers(loopback: Loopback, room: Room) -> None:
    thread = room[1].add_thread("a thread")
    async with running(loopback) as client:
        await asyncio.wait_for(client.wait_until_ready(), PATIENCE)
        assert client.user.id == loopback.bot_user.id
        assert client.application_id == loopback.application_id
        guild = client.get_guild(room[0].id)
        assert guild.name == "Reading room"
        assert guild.get_channel_or_thread(thread.id).parent.id == room[1].id
        assert guild.get_channel(room[1].id).permissions_for(guild.me).send_messages
        later = room[0].add_channel("later")
        await asyncio.sleep(0.05)
        assert guild.get_channel(later.id).name == "later"
        assert [command["name"] for command in loopback.commands] == [
            "ask", "thread", "note", "take", "digest", "waver", "Ask the threads",
        ]  # fmt: skip


async def test_a_command_is_deferred_and_answered_with_components(loopback: Loopback, room: Room) -> None:
    async with running(loopback):
        use = await room[2].uses(room[1], "ask", question="why?", private=True)
        assert (await use.acknowledged()).reply is Reply.DEFERRED_MESSAGE
        answer = await use.reply()
        assert answer.text == "page 0\nwhy?"
        assert answer.ephemeral
        assert answer.flags & V2
        assert [button.label for button in answer.buttons] == ["More"]
        assert answer.allowed_mentions == {"parse": []}
        assert use.first_reply_ms is not None
        assert use.answer_ms is not None
        assert 0 <= use.first_reply_ms <= use.answer_ms < 1000


async def test_the_final_state_is_what_edits_follow_ups_and_deletions_leave(
    loopback: Loopback, room: Room
) -> None:
    async with running(loopback):
        final = await (await room[2].uses(room[1], "waver")).final()
        assert [message.text for message in final.messages] == ["second", "beside it"]
        assert [message.seen_only_by for message in final.messages] == [None, room[2]]
        assert (final.source, final.modal) == (None, None)


async def test_what_the_client_still_works_at_is_not_final(loopback: Loopback, room: Room) -> None:
    async with running(loopback):
        loopback.busy = lambda: True
        use = await room[2].uses(room[1], "ask", question="why?")
        with pytest.raises(TimeoutError, match="did not settle"):
            await use.final(timeout=0.2)
        loopback.busy = lambda: False
        assert (await use.final()).text == "page 0\nwhy?"


async def test_a_button_keeps_working_without_its_view(loopback: Loopback, room: Room) -> None:
    async with running(loopback):
        first = await (await room[2].uses(room[1], "ask", question="why?")).reply()
    async with running(loopback):
        use = await room[2].presses(first, "More")
        assert (await use.acknowledged()).reply is Reply.UPDATE_MESSAGE
        assert (await use.reply()).text == "page 1"
        assert first.text.startswith("page 0")
        assert loopback.now(first).text == "page 1"


async def test_an_option_is_completed_and_a_followup_follows(loopback: Loopback, room: Room) -> None:
    async with running(loopback):
        choices = await room[2].completes(room[1], "thread", name="neg")
        assert choices == [{"name": "neg0", "value": "0"}, {"name": "neg1", "value": "1"}]
        use = await room[2].uses(room[1], "thread", name="x")
        assert (await use.reply()).text == "thread x"
        assert (await use.followup()).text == "and more"
        assert use.followups[0].ephemeral


async def test_a_context_menu_shows_the_whole_message(loopback: Loopback, room: Room) -> None:
    async with running(loopback) as client:
        message = await room[2].says(room[1], "nobody is named here")
        use = await room[2].points_at(message, "Ask the threads")
        assert (await use.reply()).text == "about: nobody is named here"
        assert [heard.content for heard in client.heard] == [""]


async def test_a_modal_is_opened_and_submitted(loopback: Loopback, room: Room) -> None:
    async with running(loopback):
        use = await room[2].uses(room[1], "note")
        assert (await use.opened_modal())["title"] == "A note"
        sent = await room[2].submits(use, {"Your words": "hello"})
        assert (await sent.reply()).text == "noted: hello"


async def test_a_file_reaches_the_bot(loopback: Loopback, room: Room) -> None:
    async with running(loopback):
        use = await room[2].uses(room[1], "take", file=Upload("thread.json", b"[]", "application/json"))
        assert (await use.reply()).text == "thread.json: []"


async def test_a_menu_is_chosen_from_and_files_are_sent(loopback: Loopback, room: Room) -> None:
    async def chosen(interaction: discord.Interaction) -> None:
        people = "".join(str(user.id) for user in menu.values)
        await interaction.response.send_message(f"chosen: {people}")

    async with running(loopback) as client:
        menu: ui.UserSelect[Any] = ui.UserSelect(placeholder="Whose?")
        menu.callback = chosen  # type: ignore[method-assign]
        view = ui.LayoutView().add_item(ui.ActionRow(menu))
        await client.get_partial_messageable(room[1].id).send(view=view)
        shown = await loopback.next_message(in_=room[1])
        use = await room[2].chooses(shown, "Whose?", [room[2]])
        assert (await use.reply()).text == f"chosen: {room[2].id}"
        file = discord.File(io.BytesIO(b"text"), "page.txt")
        sent = await client.get_partial_messageable(room[1].id).send("a file", file=file)
        assert await sent.attachments[0].read() == b"text"
        assert [one["filename"] for one in loopback.messages(room[1])[-1].attachments] == ["page.txt"]


async def test_people_change_and_delete_what_they_wrote(loopback: Loopback, room: Room) -> None:
    _, channel, alice = room
    async with running(loopback) as client:
        said = await alice.dm("hello")
        answer = await loopback.next_message(in_=alice.dm_channel, after=said)
        changed, gone = client.wait_for("raw_message_edit"), client.wait_for("raw_message_delete")
        watching = asyncio.gather(changed, gone)
        await asyncio.sleep(0)
        assert (await alice.edits(said, "hello again")).text == "hello again"
        await alice.deletes(said)
        assert [event.message_id for event in await asyncio.wait_for(watching, PATIENCE)] == [
            said.id,
            said.id,
        ]
        assert loopback.now(answer).raw["referenced_message"] is None
        with pytest.raises(LookupError, match="deleted"):
            loopback.now(said)
        with pytest.raises(LookupError, match="not in"):
            await loopback.add_user("stranger").says(channel, "hi")


async def test_a_group_is_offered_to_those_who_may_use_it(loopback: Loopback, room: Room) -> None:
    guild, channel, alice = room
    mod = loopback.add_user("mod")
    guild.add_member(mod, permissions=discord.Permissions(manage_guild=True).value)
    async with running(loopback):
        use = await mod.uses(channel, "digest setup", channel=channel, hour=7)
        assert (await use.reply()).text == "general at 7"
        with pytest.raises(LookupError, match="hidden from alice"):
            await alice.uses(channel, "digest setup", channel=channel)
        await (await alice.uses(channel, "digest setup", even_if_hidden=True, channel=channel)).reply()
        with pytest.raises(LookupError, match="no command 'nothing'"):
            await alice.uses(channel, "nothing")
        with pytest.raises(ValueError, match="needs"):
            await alice.uses(channel, "ask")


async def test_a_direct_message_is_answered(loopback: Loopback, room: Room) -> None:
    async with running(loopback):
        message = await room[2].dm("hello")
        answer = await loopback.next_message(in_=room[2].dm_channel, after=message)
        assert answer.text == "heard: hello"
        assert answer.pings == ()
        assert answer.reference is not None
        assert answer.reference["message_id"] == str(message.id)
        assert (
            await (await room[2].uses(room[2].dm_channel, "ask", question="x")).reply()
        ).text == "page 0\nx"


async def test_only_what_is_meant_for_the_bot_is_readable(loopback: Loopback, room: Room) -> None:
    _, channel, alice = room
    async with running(loopback) as client:
        unread = await alice.says(channel, "not for you")
        await loopback.stays_silent(in_=channel, after=unread, seconds=0.1)
        asked = await alice.says(channel, f"{loopback.bot_user.mention} why?")
        answer = await loopback.next_message(in_=channel, after=asked)
        assert "why?" in answer.text
        await alice.says(channel, "with a ping", replying_to=answer)
        assert "with a ping" in (await loopback.next_message(in_=channel)).text
        silent = await alice.says(channel, "without one", replying_to=answer, ping=False)
        await loopback.stays_silent(in_=channel, after=silent, seconds=0.1)
        assert [bool(message.content) for message in client.heard] == [False, True, True, False]
        assert (await client.http.get_message(channel.id, unread.id))["content"] == ""


async def test_a_dropped_socket_is_resumed_and_nothing_is_missed(loopback: Loopback, room: Room) -> None:
    async with running(loopback) as client:
        await loopback.drop_sockets()
        asked = await room[2].says(room[1], f"{loopback.bot_user.mention} still there?")
        use = await room[2].uses(room[1], "ask", question="and now?")
        answer = await loopback.next_message(in_=room[1], after=asked, timeout=10)
        assert "still there?" in answer.text
        assert (await use.reply()).text == "page 0\nand now?"
        await loopback.resumed()
        assert len(loopback.gateway.identifies) == 1
        assert len(client.heard) == 1


async def test_a_client_that_is_asked_to_reconnect_resumes(loopback: Loopback, room: Room) -> None:
    async with running(loopback):
        await loopback.ask_reconnect()
        await loopback.resumed()
        await (await room[2].uses(room[1], "ask", question="x")).reply()


async def test_a_void_session_is_started_anew(loopback: Loopback, room: Room) -> None:
    async with running(loopback):
        await loopback.invalidate_sessions()
        await loopback.waiting.until(
            lambda: len(loopback.gateway.identifies) == 2, PATIENCE, "a second identify"
        )
        await loopback.ready()
        await (await room[2].uses(room[1], "ask", question="x")).reply()


async def test_a_refused_token_ends_the_client(loopback: Loopback) -> None:
    loopback.refuse_sessions(4004)
    with pytest.raises(discord.ConnectionClosed) as caught:
        async with running(loopback):
            pass
    assert caught.value.code == 4004
    async with Echo() as client:
        with pytest.raises(discord.LoginFailure):
            await client.login("not-the-token")


async def test_a_privileged_intent_is_refused_or_granted(loopback: Loopback) -> None:
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(loopback, Echo(intents=discord.Intents(guilds=True, message_content=True))):
            pass
    async with LoopbackDiscord(privileged_intents=1 << 15) as granting:
        channel = granting.add_guild("open").add_channel("general")
        alice = granting.add_user("alice")
        assert channel.guild is not None
        channel.guild.add_member(alice)
        with point_at(granting):
            intents = discord.Intents(guilds=True, guild_messages=True, message_content=True)
            async with running(granting, Echo(intents=intents)):
                said = await alice.says(channel, "to everyone")
                assert (await granting.next_message(in_=channel, after=said)).text == "heard: to everyone"


async def test_two_clients_share_the_servers_by_shard(loopback: Loopback) -> None:
    guilds = [loopback.add_guild("one"), loopback.add_guild("two")]
    alice = loopback.add_user("alice")
    channels = [guild.add_channel("general") for guild in guilds]
    for guild in guilds:
        guild.add_member(alice)
    async with (
        running(loopback, Echo(shard_ids=[0], shard_count=2)) as first,
        running(loopback, Echo(shard_ids=[1], shard_count=2), shards=2) as second,
    ):
        await asyncio.gather(first.wait_until_ready(), second.wait_until_ready())
        assert {guild.id for client in (first, second) for guild in client.guilds} == {
            guild.id for guild in guilds
        }
        assert len(first.guilds) == len(second.guilds) == 1
        for channel in channels:
            await (await alice.uses(channel, "ask", question="x")).reply()


async def test_one_client_opens_as_many_shards_as_it_is_advised() -> None:
    async with LoopbackDiscord(shards=2) as server:
        alice = server.add_user("alice")
        channels = [server.add_guild(name).add_channel("general") for name in ("one", "two")]
        with point_at(server):
            async with running(server, shards=2) as client:
                assert sorted(client.shards) == [0, 1]
                for channel in channels:
                    assert channel.guild is not None
                    channel.guild.add_member(alice)
                    await (await alice.uses(channel, "ask", question="x")).reply()


async def test_a_client_without_shards_connects(loopback: Loopback) -> None:
    client = discord.Client(intents=discord.Intents(guilds=True), guild_ready_timeout=0.01)
    async with running(loopback, client):
        await asyncio.wait_for(client.wait_until_ready(), PATIENCE)


async def test_of_two_clients_on_one_shard_one_answers(loopback: Loopback, room: Room) -> None:
    async with running(loopback) as first, running(loopback, shards=2) as second:
        use = await room[2].uses(room[1], "ask", question="x")
        await use.reply()
        await loopback.requested("POST", "/callback", times=2)
        await until(lambda: bool(first.errors + second.errors))
        assert [error.code for error in first.errors + second.errors] == [40060]


async def test_the_answers_of_the_loopback_keep_the_contract(loopback: Loopback, room: Room) -> None:
    if not loopback.has_contract:
        pytest.skip("the contract, openapi.json, is not at hand")
    loopback.api.checks_answers = True
    async with running(loopback) as client:
        asked = await room[2].says(room[1], f"{loopback.bot_user.mention} hi")
        await loopback.next_message(in_=room[1], after=asked)
        answer = await (await room[2].uses(room[1], "ask", question="x")).reply()
        await (await room[2].presses(answer, "More")).reply()
        channel = await client.fetch_channel(room[1].id)
        message = await channel.fetch_message(answer.id)
        await message.edit(view=page(3), allowed_mentions=QUIET)
        assert [one async for one in channel.history(limit=5)]
        await message.delete()
        await client.fetch_guild(room[0].id)
        await (await client.fetch_user(room[2].id)).create_dm()
        await client.tree.fetch_commands()
        async with channel.typing():
            pass
