"""Answer what the bot asks about itself, its servers and its channels."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from tests.discord.commands import Commands
from tests.discord.events import message_event
from tests.discord.gateway import Gateway
from tests.discord.interactions import Timing
from tests.discord.payloads import (
    application_payload,
    channel_payload,
    guild_payload,
    member_payload,
    message_payload,
    user_payload,
)
from tests.discord.posting import Post
from tests.discord.snowflakes import time_of
from tests.discord.state import (
    ADMINISTRATOR,
    ANNOUNCEMENT,
    CROSSPOSTED,
    FORUM,
    SEND,
    SEND_IN_THREADS,
    VIEW,
    Channel,
    Message,
    World,
)
from tests.discord.wire import Answer, Call, Refusal

__all__ = ["Handler", "Routes", "Table"]

Handler: TypeAlias = Callable[[Call], Awaitable[Answer]]
Table: TypeAlias = list[tuple[str, str, Handler]]

_PAGE = 50

_ADD_REACTIONS = 1 << 6


class Routes:
    """Answer the routes that need the bot's token."""

    def __init__(
        self, world: World, gateway: Gateway, commands: Commands, post: Post, timing: Timing
    ) -> None:
        """Take what the answers are made of."""
        self._world = world
        self._gateway = gateway
        self._commands = commands
        self._post = post
        self._timing = timing
        self.typing: list[Channel] = []
        self.shards = 1

    def table(self) -> Table:
        """List the routes by the contract's templates."""
        one, many = "/channels/{channel_id}/messages/{message_id}", "/channels/{channel_id}/messages"
        commands = "/applications/{application_id}/commands"
        of_guild = "/applications/{application_id}/guilds/{guild_id}/commands"
        return [
            ("GET", "/users/@me", self._me),
            ("GET", "/users/{user_id}", self._user),
            ("POST", "/users/@me/channels", self._open_dm),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/applications/@me", self._application),
            ("GET", "/gateway", self._gateway_url),
            ("GET", "/gateway/bot", self._gateway_bot),
            ("GET", "/guilds/{guild_id}", self._guild),
            ("GET", "/guilds/{guild_id}/members/{user_id}", self._member),
            ("GET", "/channels/{channel_id}", self._channel),
            ("POST", "/channels/{channel_id}/typing", self._typing),
            ("GET", many, self._messages),
            ("POST", many, self._send),
            ("GET", one, self._message),
            ("PATCH", one, self._edit),
            ("DELETE", one, self._delete),
            ("POST", "/channels/{channel_id}/threads", self._open_post),
            ("GET", "/channels/{channel_id}/threads/archived/public", self._archived),
            ("GET", "/guilds/{guild_id}/threads/active", self._active),
            ("POST", f"{one}/crosspost", self._crosspost),
            ("PUT", f"{one}/reactions/{{emoji_name}}/@me", self._react),
            ("GET", commands, self._list_commands),
            ("PUT", commands, self._put_commands),
            ("GET", of_guild, self._list_commands),
            ("PUT", of_guild, self._put_commands),
        ]

    async def _me(self, _: Call) -> Answer:
        return Answer(
            user_payload(self._world.bot) | {"verified": True, "mfa_enabled": True, "locale": "en-US"}
        )

    async def _user(self, call: Call) -> Answer:
        user = self._world.users.get(call.number("user_id"))
        if user is None:
            raise Refusal(404, 10013, "Unknown User")
        return Answer(user_payload(user))

    async def _open_dm(self, call: Call) -> Answer:
        user = self._world.users.get(int(call.fields["recipient_id"]))
        if user is None or user is self._world.bot:
            raise Refusal(400, 50033, "Invalid Recipient(s)")
        return Answer(channel_payload(self._world.dm_between(user, self._world.bot)))

    async def _application(self, _: Call) -> Answer:
        return Answer(application_payload(self._world, self._gateway.flags))

    async def _gateway_url(self, _: Call) -> Answer:
        return Answer({"url": self._gateway.url})

    async def _gateway_bot(self, _: Call) -> Answer:
        left = max(0, 1000 - len(self._gateway.identifies))
        limit = {
            "total": 1000,
            "remaining": left,
            "reset_after": 86_400_000,
            "max_concurrency": self._gateway.concurrency,
        }
        return Answer({"url": self._gateway.url, "shards": self.shards, "session_start_limit": limit})

    async def _guild(self, call: Call) -> Answer:
        guild = self._world.guilds.get(call.number("guild_id"))
        if guild is None or not guild.has_bot:
            raise Refusal(404, 10004, "Unknown Guild")
        return Answer(guild_payload(guild, created=False))

    async def _member(self, call: Call) -> Answer:
        guild = self._world.guilds.get(call.number("guild_id"))
        if guild is None or not guild.has_bot:
            raise Refusal(404, 10004, "Unknown Guild")
        member = guild.members.get(call.number("user_id"))
        if member is None:
            raise Refusal(404, 10007, "Unknown Member")
        return Answer(member_payload(member))

    def _place(self, call: Call, needed: int = VIEW) -> Channel:
        channel = self._world.channels.get(call.number("channel_id"))
        if channel is None:
            raise Refusal(404, 10003, "Unknown Channel")
        if not channel.has_bot or not channel.bot_permissions & (VIEW | ADMINISTRATOR):
            raise Refusal(403, 50001, "Missing Access")
        if channel.is_thread and needed == SEND:
            needed = SEND_IN_THREADS
        if not channel.bot_permissions & (needed | ADMINISTRATOR):
            raise Refusal(403, 50013, "Missing Permissions")
        return channel

    async def _channel(self, call: Call) -> Answer:
        return Answer(channel_payload(self._place(call)))

    async def _typing(self, call: Call) -> Answer:
        self.typing.append(self._place(call, SEND))
        return Answer()

    def _intents(self) -> int:
        return self._gateway.privileged

    def _shown(self, message: Message) -> Answer:
        return Answer(message_payload(message, self._intents()))

    async def _messages(self, call: Call) -> Answer:
        channel = self._place(call)
        limit = int(call.query.get("limit", _PAGE))
        before, after = int(call.query.get("before", 1 << 63)), int(call.query.get("after", 0))
        shown = [
            one for one in channel.messages.values() if one.seen_only_by is None and after < one.id < before
        ]
        page = shown[:limit] if "after" in call.query else shown[-limit:]
        return Answer([message_payload(one, self._intents()) for one in reversed(page)])

    async def _send(self, call: Call) -> Answer:
        channel = self._place(call, SEND)
        if any(not user.accepts_dms for user in channel.recipients):
            raise Refusal(403, 50007, "Cannot send messages to this user")
        nonce = call.fields.get("nonce")
        if call.fields.get("enforce_nonce") and nonce is not None:
            earlier = self._posted_with(nonce, channel)
            if earlier is not None:
                return self._shown(earlier)
        message = self._post.create(channel, call, call.fields)
        self._gateway.publish(message_event("MESSAGE_CREATE", message))
        return self._shown(message)

    async def _open_post(self, call: Call) -> Answer:
        forum = self._place(call, SEND)
        if forum.kind != FORUM:
            raise Refusal(400, 50024, "Cannot execute action on this channel type")
        thread = forum.add_thread(call.fields["name"], owner=self._world.bot)
        message = self._post.create(thread, call, call.fields["message"], number=thread.id)
        self._gateway.publish(message_event("MESSAGE_CREATE", message))
        return Answer(channel_payload(thread) | {"message": self._shown(message).body})

    async def _active(self, call: Call) -> Answer:
        guild = self._world.guilds.get(call.number("guild_id"))
        if guild is None or not guild.has_bot:
            raise Refusal(404, 10004, "Unknown Guild")
        threads = [channel_payload(one) for one in guild.channels.values() if one.is_thread]
        return Answer({"threads": threads, "members": []})

    async def _archived(self, call: Call) -> Answer:
        self._place(call)
        return Answer({"threads": [], "members": [], "has_more": False})

    def _posted_with(self, nonce: str | int, channel: Channel) -> Message | None:
        oldest = datetime.fromtimestamp(self._world.ids.now(), UTC) - timedelta(seconds=self._timing.nonce)
        for message in channel.messages.values():
            is_own = message.author is self._world.bot and str(message.nonce) == str(nonce)
            if is_own and time_of(message.id) >= oldest:
                return message
        return None

    async def _message(self, call: Call) -> Answer:
        return self._shown(self._post.visible(self._place(call), call.number("message_id")))

    async def _edit(self, call: Call) -> Answer:
        message = self._post.of_bot(self._place(call), call.number("message_id"))
        self._post.edit(message, call, call.fields)
        self._gateway.publish(message_event("MESSAGE_UPDATE", message))
        return self._shown(message)

    async def _delete(self, call: Call) -> Answer:
        channel = self._place(call)
        message = self._post.visible(channel, call.number("message_id"))
        if message.author is not self._world.bot and not channel.bot_permissions & (
            (1 << 13) | ADMINISTRATOR
        ):
            raise Refusal(403, 50013, "Missing Permissions")
        message.deleted = True
        del channel.messages[message.id]
        self._gateway.publish(message_event("MESSAGE_DELETE", message))
        return Answer()

    async def _react(self, call: Call) -> Answer:
        place = self._place(call, _ADD_REACTIONS)
        message = place.messages.get(call.number("message_id"))
        if message is None:
            raise Refusal(404, 10008, "Unknown Message")
        message.reactions.append(call.params["emoji_name"])
        return Answer()

    async def _crosspost(self, call: Call) -> Answer:
        channel = self._place(call, SEND)
        if channel.kind != ANNOUNCEMENT:
            raise Refusal(400, 50024, "Cannot execute action on this channel type")
        message = self._post.of_bot(channel, call.number("message_id"))
        if message.flags & CROSSPOSTED:
            raise Refusal(400, 40033, "This message has already been crossposted.")
        message.flags |= CROSSPOSTED
        self._gateway.publish(message_event("MESSAGE_UPDATE", message))
        return self._shown(message)

    def _command_scope(self, call: Call) -> int | None:
        if call.number("application_id") != self._world.application_id:
            raise Refusal(403, 20012, "You are not authorized to perform this action on this application")
        if "guild_id" not in call.params:
            return None
        guild = self._world.guilds.get(call.number("guild_id"))
        if guild is None or not guild.has_bot:
            raise Refusal(403, 50001, "Missing Access")
        return guild.id

    async def _list_commands(self, call: Call) -> Answer:
        return Answer(self._commands.of(self._command_scope(call)))

    async def _put_commands(self, call: Call) -> Answer:
        return Answer(self._commands.replace(call.body or [], self._command_scope(call)))
