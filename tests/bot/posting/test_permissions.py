from typing import Any
from unittest.mock import Mock
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from bot.posting.permissions import NEEDED, invite_link, lacking_permissions, may_mention, missing_permissions

CHANNEL = 5


def guild_with(place: type[Any] | None, **permissions: bool) -> discord.Guild:
    """A server with one place, where the bot has these permissions and no others."""
    guild = Mock(spec=discord.Guild)
    guild.get_channel_or_thread.return_value = None
    if place is not None:
        found = Mock(spec=place)
        found.permissions_for.return_value = discord.Permissions(**permissions)
        guild.get_channel_or_thread.side_effect = {CHANNEL: found}.get
    return guild


@pytest.mark.parametrize(
    "guild", [None, guild_with(None), guild_with(discord.CategoryChannel, view_channel=True)]
)
def test_what_is_no_place_for_messages_may_not_be_viewed_nor_pinged_in(guild: discord.Guild | None) -> None:
    assert missing_permissions(guild, CHANNEL) == ("view_channel",)
    assert not may_mention(guild, CHANNEL, Mock(spec=discord.Role, mentionable=True))


@pytest.mark.parametrize("lacking", NEEDED)
def test_the_permission_that_is_missing_is_named(lacking: str) -> None:
    granted = {name: name != lacking for name in NEEDED}
    assert missing_permissions(guild_with(discord.TextChannel, **granted), CHANNEL) == (lacking,)


def test_in_a_thread_the_permission_to_send_is_the_one_for_threads() -> None:
    granted = dict.fromkeys(NEEDED, True)
    assert missing_permissions(guild_with(discord.Thread, **granted), CHANNEL) == ("send_messages",)
    granted |= {"send_messages": False, "send_messages_in_threads": True}
    assert missing_permissions(guild_with(discord.Thread, **granted), CHANNEL) == ()
    assert missing_permissions(guild_with(discord.TextChannel, **granted), CHANNEL) == ("send_messages",)


@pytest.mark.parametrize("mentionable", [True, False])
@pytest.mark.parametrize("everyone", [True, False])
def test_a_role_is_pinged_that_all_may_mention_or_the_bot_may(*, mentionable: bool, everyone: bool) -> None:
    guild = guild_with(discord.TextChannel, mention_everyone=everyone)
    role = Mock(spec=discord.Role, mentionable=mentionable)
    assert may_mention(guild, CHANNEL, role) == (mentionable or everyone)


def test_the_invitation_asks_for_the_bot_its_commands_and_what_it_needs() -> None:
    asked = parse_qs(urlsplit(invite_link(7)).query)
    assert asked["client_id"] == ["7"]
    assert set(asked["scope"][0].split()) == {"bot", "applications.commands"}
    needed = discord.Permissions(
        view_channel=True, send_messages=True, send_messages_in_threads=True, read_message_history=True
    )
    assert discord.Permissions(int(asked["permissions"][0])) == needed


def test_a_server_lacks_what_was_asked_for_and_is_not_given() -> None:
    guild = Mock(spec=discord.Guild)
    guild.me.guild_permissions = discord.Permissions(view_channel=True, send_messages=True)
    assert set(lacking_permissions(guild)) == {"send_messages_in_threads", "read_message_history"}
