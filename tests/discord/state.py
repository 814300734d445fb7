"""Keep what Discord would keep: people, servers, channels, messages."""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from tests.discord.snowflakes import SnowflakeMint, time_of
from tests.discord.wire import Json, Upload

__all__ = ["DEFAULT_PERMISSIONS", "Channel", "Guild", "Member", "Message", "Role", "User", "World"]

TEXT, DIRECT, GROUP, ANNOUNCEMENT, PUBLIC_THREAD, FORUM = 0, 1, 3, 5, 11, 15
CROSSPOSTED, EPHEMERAL, LOADING = 1 << 0, 1 << 6, 1 << 7

VIEW, SEND, EMBED, READ_HISTORY, SEND_IN_THREADS, USE_COMMANDS = (
    1 << 10,
    1 << 11,
    1 << 14,
    1 << 16,
    1 << 38,
    1 << 31,
)
ADMINISTRATOR = 1 << 3
USE_EXTERNAL_APPS = 1 << 50
DEFAULT_PERMISSIONS = VIEW | SEND | EMBED | (1 << 15) | READ_HISTORY | SEND_IN_THREADS | USE_COMMANDS
DEFAULT_PERMISSIONS |= USE_EXTERNAL_APPS | (1 << 6)  # Add Reactions


@dataclass(eq=False)
class User:
    """Hold one account."""

    id: int
    name: str
    bot: bool = False
    locale: str = "en-US"
    accepts_dms: bool = True

    @property
    def mention(self) -> str:
        """Give the markup that mentions this account."""
        return f"<@{self.id}>"


@dataclass(eq=False)
class Member:
    """Hold an account's place in a server; `permissions` are those it has in every channel."""

    user: User
    guild: "Guild"
    joined_at: datetime
    permissions: int = DEFAULT_PERMISSIONS
    nick: str | None = None
    roles: list["Role"] = field(default_factory=list)


@dataclass(eq=False)
class Role:
    """Hold a role of a server; ``permissions`` are those that others read off it, members have their own."""

    id: int
    name: str
    guild: "Guild" = field(repr=False)
    bot_id: int | None = None
    permissions: int = 0

    @property
    def mention(self) -> str:
        """Give the markup that mentions this role."""
        return f"<@&{self.id}>"


@dataclass(eq=False)
class Guild:
    """Hold one server."""

    id: int
    name: str
    world: "World" = field(repr=False)
    owner: User = field(repr=False)
    has_bot: bool = True
    locale: str = "en-US"
    members: dict[int, Member] = field(default_factory=dict, repr=False)
    channels: dict[int, "Channel"] = field(default_factory=dict, repr=False)
    roles: dict[int, Role] = field(default_factory=dict, repr=False)
    system_channel: "Channel | None" = field(default=None, repr=False)

    def add_role(self, name: str, *members: User) -> Role:
        """Make a role and give it to members; do so before a client connects."""
        role = Role(self.world.ids.mint(), name, self)
        self.roles[role.id] = role
        for user in members:
            self.members[user.id].roles.append(role)
        return role

    def add_own_role(self) -> Role:
        """Make the role that Discord makes for the bot when it joins; do so before a client connects."""
        role = self.add_role(self.world.bot.name, self.world.bot)
        role.bot_id = self.world.bot.id
        return role

    def add_channel(self, name: str, topic: str = "") -> "Channel":
        """Open a text channel."""
        channel = Channel(self.world.ids.mint(), name, self.world, TEXT, guild=self, topic=topic)
        return self.world.open(channel)

    def add_announcements(self, name: str) -> "Channel":
        """Open an announcement channel, whose messages can be published to servers that follow it."""
        return self.world.open(Channel(self.world.ids.mint(), name, self.world, ANNOUNCEMENT, guild=self))

    def add_forum(self, name: str) -> "Channel":
        """Open a forum, which holds posts and no messages of its own."""
        return self.world.open(Channel(self.world.ids.mint(), name, self.world, FORUM, guild=self))

    def add_member(
        self, user: User, permissions: int | None = None, *, administrator: bool = False
    ) -> Member:
        """Let someone in; `permissions` are added to what everyone may do."""
        granted = DEFAULT_PERMISSIONS | (permissions or 0) | (ADMINISTRATOR if administrator else 0)
        if administrator or user is self.owner:
            granted = (1 << 53) - 1
        member = Member(user, self, time_of(self.world.ids.mint()), granted)
        self.members[user.id] = member
        return member

    def admit_bot(self, system_channel: "Channel | None" = None) -> None:
        """Let the bot in, into a server whose messages about joins go to this channel."""
        self.has_bot, self.system_channel = True, system_channel
        self.add_member(self.world.bot)
        self.world.tell("GUILD_CREATE", self)

    def remove_bot(self) -> None:
        """Throw the bot out."""
        self.has_bot = False
        self.world.tell("GUILD_DELETE", self)

    @property
    def bot_permissions(self) -> int:
        """Give what the bot may do in this server as a whole."""
        return self.members[self.world.bot.id].permissions if self.has_bot else 0


@dataclass(eq=False)
class Channel:
    """Hold a channel, a thread or a private conversation with its messages in order."""

    id: int
    name: str
    world: "World" = field(repr=False)
    kind: int
    guild: Guild | None = None
    parent: "Channel | None" = field(default=None, repr=False)
    owner: User | None = field(default=None, repr=False)
    recipients: tuple[User, ...] = ()
    topic: str = ""
    denied: int = 0
    messages: dict[int, "Message"] = field(default_factory=dict, repr=False)

    def add_thread(self, name: str, owner: User | None = None) -> "Channel":
        """Open a thread below this channel, as its owner or as that of the server."""
        if self.guild is None:
            raise ValueError(f"{self.name} is a private conversation and cannot have threads")
        thread = Channel(
            self.world.ids.mint(), name, self.world, PUBLIC_THREAD, guild=self.guild, parent=self, owner=owner
        )
        return self.world.open(thread)

    def deny_bot(self, permissions: int = SEND | SEND_IN_THREADS) -> None:
        """Take permissions from the bot in this channel."""
        self.denied |= permissions
        self.world.tell("THREAD_UPDATE" if self.is_thread else "CHANNEL_UPDATE", self)

    def allow_bot(self) -> None:
        """Give back what was denied to the bot."""
        self.denied = 0
        self.world.tell("THREAD_UPDATE" if self.is_thread else "CHANNEL_UPDATE", self)

    def delete(self) -> None:
        """Close the channel for good."""
        self.world.close(self)

    @property
    def mention(self) -> str:
        """Give the markup that links to this channel."""
        return f"<#{self.id}>"

    @property
    def is_thread(self) -> bool:
        """Tell whether this is a thread."""
        return self.kind == PUBLIC_THREAD

    @property
    def bot_permissions(self) -> int:
        """Give what the bot may do here."""
        if self.guild is None:
            return DEFAULT_PERMISSIONS
        denied = self.denied | (self.parent.denied if self.parent else 0)
        return self.guild.bot_permissions & ~denied

    @property
    def has_bot(self) -> bool:
        """Tell whether the bot is party to this channel."""
        if self.guild is not None:
            return self.guild.has_bot
        return any(user is self.world.bot for user in self.recipients)


@dataclass(eq=False)
class Message:
    """Hold one message in full; what a client sees of it is decided elsewhere."""

    id: int
    channel: Channel
    author: User
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    flags: int = 0
    mentions: list[User] = field(default_factory=list)
    role_mentions: list[Role] = field(default_factory=list)
    forwarded: "list[Message]" = field(default_factory=list)
    poll: str | None = None
    reply_to: "Message | None" = None
    nonce: str | int | None = None
    edited_at: datetime | None = None
    allowed_mentions: Json | None = None
    interaction_metadata: Json | None = None
    seen_only_by: User | None = None
    deleted: bool = False
    edits: int = 0
    reactions: list[str] = field(default_factory=list)

    @property
    def is_loading(self) -> bool:
        """Tell whether only "thinking…" is shown so far."""
        return bool(self.flags & LOADING)

    @property
    def is_ephemeral(self) -> bool:
        """Tell whether one person alone sees the message."""
        return bool(self.flags & EPHEMERAL)


class World:
    """Hold everything there is, and tell a listener what changes."""

    def __init__(self, bot_name: str, clock: Callable[[], float] = time.time) -> None:
        """Start with a bot and its owner in an empty world; `clock` gives seconds since 1970."""
        self.ids = SnowflakeMint(clock)
        self.application_id = self.ids.mint(own_millisecond=True)
        self.bot = User(self.ids.mint(own_millisecond=True), bot_name, bot=True)
        self.owner = User(self.ids.mint(own_millisecond=True), "owner")
        self.users: dict[int, User] = {user.id: user for user in (self.bot, self.owner)}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.files: dict[str, Upload] = {}
        #: Whether a mention of the bot's own role brings the text; Discord does not document it.
        self.role_mentions_carry_text = True
        # Set by whoever passes the news on to clients.
        self.tell: Callable[[str, Guild | Channel], None] = lambda _name, _subject: None

    def open(self, channel: Channel) -> Channel:
        """Add a channel and announce it."""
        self.channels[channel.id] = channel
        if channel.guild is not None:
            channel.guild.channels[channel.id] = channel
            self.tell("THREAD_CREATE" if channel.is_thread else "CHANNEL_CREATE", channel)
        return channel

    def close(self, channel: Channel) -> None:
        """Remove a channel and its threads, and announce it."""
        for thread in [other for other in self.channels.values() if other.parent is channel]:
            self.close(thread)
        self.channels.pop(channel.id, None)
        if channel.guild is not None:
            channel.guild.channels.pop(channel.id, None)
            self.tell("THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE", channel)

    def dm_between(self, *users: User) -> Channel:
        """Find the private conversation of these people, or open it."""
        wanted = {user.id for user in users}
        for channel in self.channels.values():
            if channel.guild is None and {user.id for user in channel.recipients} == wanted:
                return channel
        kind = DIRECT if len(users) == len((1, 2)) else GROUP
        name = " and ".join(user.name for user in users)
        return self.open(Channel(self.ids.mint(), name, self, kind, recipients=users))

    def message(self, message_id: int) -> Message | None:
        """Find a message wherever it stands."""
        for channel in self.channels.values():
            if message_id in channel.messages:
                return channel.messages[message_id]
        return None

    def bot_guilds(self) -> Iterator[Guild]:
        """Yield the servers that the bot is in."""
        return (guild for guild in self.guilds.values() if guild.has_bot)

    def store(self, upload: Upload, channel_id: int, base_url: str) -> Json:
        """Keep a file and give its attachment."""
        attachment_id = self.ids.mint()
        path = (
            f"/attachments/{channel_id}/{attachment_id}/{hashlib.sha1(upload.name.encode()).hexdigest()[:8]}"  # noqa: S324
        )
        self.files[path] = upload
        url = base_url + path
        return {
            "id": str(attachment_id),
            "filename": upload.name,
            "size": len(upload.data),
            "url": url,
            "proxy_url": url,
            "content_type": upload.content_type,
        }
