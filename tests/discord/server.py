"""Run a Discord on the loopback interface that an unmodified client connects to."""

import asyncio
import re
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.canary import TOKEN
from tests.discord.api import PREFIX, Api
from tests.discord.commands import Commands
from tests.discord.contract import load_contract
from tests.discord.events import message_event, place_event
from tests.discord.faults import Faults
from tests.discord.gateway import Gateway
from tests.discord.interaction_routes import InteractionRoutes
from tests.discord.interactions import Interaction, Kind, Timing
from tests.discord.options import Store
from tests.discord.people import Person
from tests.discord.posting import Post
from tests.discord.routes import Routes
from tests.discord.seen import SeenMessage, seen
from tests.discord.snowflakes import time_of
from tests.discord.state import DEFAULT_PERMISSIONS, Channel, Guild, Message, Role, User, World
from tests.discord.trouble import Trouble
from tests.discord.waiting import PATIENCE, Waiting
from tests.discord.wire import Json, Request, Upload

__all__ = ["LoopbackDiscord"]

_MENTION = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")


class LoopbackDiscord(Trouble):
    """Be Discord for a test: serve clients, act for people, keep a record.

    `inert` demands of every text of the bot that it can ping nobody; `contract` switches the
    published contract off; `privileged_intents` are those that the application was granted;
    `shards` is how many the clients are advised to open; `clock` gives seconds since 1970, by which
    messages are dated.
    """

    def __init__(
        self,
        *,
        bot_name: str = "Bobbin",
        inert: bool = True,
        contract: bool = True,
        privileged_intents: int = 0,
        timing: Timing | None = None,
        shards: int = 1,
        port: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Build the world; nothing listens before `start()`."""
        self.token = TOKEN
        self.world = World(bot_name, clock)
        self.waiting = Waiting(self._story)
        self.registry = Commands(self.world.ids, self.world.application_id)
        gateway = Gateway(self.world, self.token, privileged_intents, self.waiting.wake)
        super().__init__(Faults(), gateway)
        self._post = Post(self.world, inert=inert)
        timing = timing or Timing()
        self._routes = Routes(self.world, gateway, self.registry, self._post, timing)
        self._routes.shards = shards
        self._interactions = InteractionRoutes(self.world, gateway, self._post, timing)
        table = self._routes.table() + self._interactions.table()
        self.api = Api(table, self.token, self.faults, load_contract() if contract else None)
        self.world.tell = self._tell
        for part in (self.registry, self._interactions, self.api):
            part.on_change = self.waiting.wake
        self._port = port
        self._runner: web.AppRunner | None = None
        self._read: set[int] = set()
        # Set by whoever runs the client, where that knows whether it still works at an answer.
        self.busy: Callable[[], bool] = lambda: False

    async def __aenter__(self) -> Self:
        """Listen on a port that the kernel chooses."""
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening and cut what is still connected."""
        await self.stop()

    async def start(self) -> Self:
        """Listen on 127.0.0.1."""
        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", PREFIX + "/{rest:.*}", self.api.handle)
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/attachments/{rest:.*}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = int(self._runner.addresses[0][1])
        self._post.base_url = self.base_url
        self.gateway.url = self.gateway_url
        return self

    async def stop(self) -> None:
        """Stop listening."""
        self.gateway.drop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _file(self, http: web.Request) -> web.Response:
        upload = self.world.files.get(http.path)
        if upload is None:
            raise web.HTTPNotFound
        return web.Response(body=upload.data, headers={"Content-Type": upload.content_type})

    # Addresses and records

    @property
    def base_url(self) -> str:
        """Give the address of everything here, without a path."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        """Give what goes into `discord.http.Route.BASE`."""
        return self.base_url + PREFIX

    @property
    def gateway_url(self) -> str:
        """Give what goes into `DiscordWebSocket.DEFAULT_GATEWAY`."""
        return f"ws://127.0.0.1:{self._port}/gateway"

    @property
    def application_id(self) -> int:
        """Give the application's id, which is not the bot's."""
        return self.world.application_id

    @property
    def bot_user(self) -> User:
        """Give the bot's account."""
        return self.world.bot

    @property
    def requests(self) -> list[Request]:
        """List every request so far."""
        return self.api.requests

    @property
    def problems(self) -> list[str]:
        """List every request that Discord would not have taken, with the reasons."""
        return self.api.problems

    @property
    def commands(self) -> list[Json]:
        """List the commands that the bot has registered for everyone."""
        return self.registry.of()

    @property
    def has_contract(self) -> bool:
        """Tell whether requests are validated against Discord's contract."""
        return self.api.contract is not None

    def called(self, method: str, path: str) -> list[Request]:
        """List the requests of a method whose path matches a regular expression."""
        return [one for one in self.requests if one.method == method and re.search(path, one.path)]

    def _story(self) -> str:
        latest = ", ".join(str(request) for request in self.requests[-5:]) or "none"
        return f"the latest requests are: {latest}; problems: {self.problems or 'none'}"

    # The world

    def let_ping(self, role: Role) -> None:
        """Let messages of the bot ping a role, if they say so themselves."""
        self._post.pingable.add(role.id)

    def add_guild(
        self, name: str, *, owner: User | None = None, with_bot: bool = True, locale: str = "en-US"
    ) -> Guild:
        """Found a server; without the bot, only commands that people installed work there."""
        guild_id = self.world.ids.mint(own_millisecond=True)
        guild = Guild(guild_id, name, self.world, owner or self.world.owner, has_bot=with_bot, locale=locale)
        guild.add_member(guild.owner)
        self.world.guilds[guild.id] = guild
        if with_bot:
            # A server of long ago: what happens on joining is what admit_bot does.
            guild.add_member(self.world.bot, DEFAULT_PERMISSIONS).joined_at -= timedelta(days=365)
            self.world.tell("GUILD_CREATE", guild)
        return guild

    def add_user(self, name: str, *, locale: str = "en-US") -> Person:
        """Create an account that tests can act as."""
        person = Person(self, self.world.ids.mint(own_millisecond=True), name, locale)
        self.world.users[person.id] = person
        return person

    def private_conversation(self, *people: User) -> Channel:
        """Open a conversation between people, without the bot."""
        return self.world.dm_between(*people)

    def _tell(self, name: str, place: Guild | Channel) -> None:
        guild = place if isinstance(place, Guild) else place.guild
        if guild is not None and (guild.has_bot or name == "GUILD_DELETE"):
            self.gateway.publish(place_event(name, place))

    # What people do, for Person

    def post_from(
        self,
        author: User,
        channel: Channel,
        text: str,
        *,
        replying_to: SeenMessage | None = None,
        ping: bool = True,
        files: Iterable[Upload] = (),
        opens: bool = False,
        **more: Any,
    ) -> Message:
        """Add someone's message and tell the clients; ``more`` are other fields of the message.

        One that ``opens`` a forum post has the id of its thread.
        """
        message_id = channel.id if opens else self.world.ids.mint()
        message = Message(message_id, channel, author, content=text, **more)
        message.attachments = [self.keeper(channel)(upload) for upload in files]
        mentioned = self._mention(message)
        if replying_to is not None:
            message.reply_to = self.world.message(replying_to.id)
            if ping:
                mentioned.append(replying_to.author)
        message.mentions = list(dict.fromkeys(mentioned))
        channel.messages[message.id] = message
        if channel.has_bot:
            self.gateway.publish(message_event("MESSAGE_CREATE", message))
        return message

    def _mention(self, message: Message) -> list[User]:
        """Note the roles that a text mentions; return the people."""
        users, roles = self.world.users, message.channel.guild.roles if message.channel.guild else {}
        message.role_mentions = [
            roles[int(one)] for one in _ROLE.findall(message.content) if int(one) in roles
        ]
        return [users[int(one)] for one in _MENTION.findall(message.content) if int(one) in users]

    def edit_from(self, author: User, message_id: int, text: str) -> Message:
        """Change someone's own message and tell the clients."""
        message = self.world.message(message_id)
        if message is None or message.author is not author:
            raise LookupError(f"{author.name} has no message {message_id}")
        message.content, message.edited_at = text, datetime.now(UTC)
        replied = [user for user in message.mentions if message.reply_to and user is message.reply_to.author]
        message.mentions = list(dict.fromkeys([*self._mention(message), *replied]))
        self.gateway.publish(message_event("MESSAGE_UPDATE", message))
        return message

    def delete_message(self, message_id: int) -> None:
        """Delete a message and tell the clients."""
        message = self.world.message(message_id)
        if message is None:
            raise LookupError(f"no message {message_id}")
        message.deleted = True
        del message.channel.messages[message.id]
        self.gateway.publish(message_event("MESSAGE_DELETE", message))

    def keeper(self, channel: Channel) -> Store:
        """Give what stores a file for a channel."""
        return lambda upload: self.world.store(upload, channel.id, self.base_url)

    def start_interaction(
        self, kind: Kind, user: User, channel: Channel, data: Json, source: Message | None
    ) -> Interaction:
        """Tell the clients what someone did."""
        return self._interactions.start(kind, user, channel, data, source)

    def late(self) -> list[int]:
        """Give the ids of the interactions whose first reply was refused, since it came too late."""
        return [one.id for one in self._interactions.by_token.values() if one.refused_at is not None]

    # Waiting and looking

    async def ready(self, shards: int = 1, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109
        """Wait until this many sessions were told that they are ready, with their servers."""
        await self.waiting.until(
            lambda: len(self.gateway.live) >= shards or None, timeout, f"{shards} ready session(s)"
        )

    async def resumed(self, times: int = 1, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109
        """Wait until sessions were resumed this often in all."""
        await self.waiting.until(
            lambda: sum(one.resumes for one in self.gateway.sessions.values()) >= times or None,
            timeout,
            "a resume",
        )

    async def requested(self, method: str, path: str, times: int = 1, timeout: float = PATIENCE) -> Request:  # noqa: ASYNC109
        """Wait for a request that was answered, the `times`-th that matches."""

        def look() -> Request | None:
            done = [one for one in self.called(method, path) if one.status is not None]
            return done[times - 1] if len(done) >= times else None

        return await self.waiting.until(look, timeout, f"request {times} of {method} {path}")

    async def next_message(
        self,
        *,
        in_: Channel,
        after: SeenMessage | None = None,
        timeout: float = PATIENCE,  # noqa: ASYNC109
    ) -> SeenMessage:
        """Wait for the bot's next public message in a channel: after one, or not handed out yet."""

        def look() -> SeenMessage | None:
            for message in in_.messages.values():
                is_new = message.id > after.id if after is not None else message.id not in self._read
                if (
                    is_new
                    and message.author is self.bot_user
                    and message.seen_only_by is None
                    and not message.is_loading
                ):
                    self._read.add(message.id)
                    return seen(message)
            return None

        return await self.waiting.until(look, timeout, f"a message of the bot in {in_.name!r}")

    async def stays_silent(
        self, *, in_: Channel, after: SeenMessage | None = None, seconds: float = 0.3
    ) -> None:
        """Hold that the bot writes nothing to a channel for a while."""
        try:
            message = await self.next_message(in_=in_, after=after, timeout=seconds)
        except TimeoutError:
            return
        raise AssertionError(f"the bot was to stay silent in {in_.name!r} and wrote: {message.text!r}")

    async def settled(self, quiet: float = 0.05, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109
        """Wait until the client is not busy, no request is under way and none came for `quiet` seconds.

        Messages do not change after that, so what they show is their final state.
        """
        deadline = time.monotonic() + timeout
        while True:
            left = self.api.latest + quiet - time.monotonic()
            if left <= 0 and not self.api.under_way and not self.busy():
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"the client did not settle within {timeout:g} s; {self._story()}")
            await asyncio.sleep(max(left, 0.005))

    def now(self, message: SeenMessage) -> SeenMessage:
        """Look at a message again."""
        found = self.world.message(message.id)
        if found is None:
            raise LookupError(f"message {message.id} is deleted")
        return seen(found)

    async def edited(self, message: SeenMessage, timeout: float = PATIENCE) -> SeenMessage:  # noqa: ASYNC109
        """Wait until a message was edited since it was looked at."""

        def look() -> SeenMessage | None:
            now = self.now(message)
            return now if now.edits > message.edits else None

        return await self.waiting.until(look, timeout, f"an edit of message {message.id}")

    def messages(self, channel: Channel) -> list[SeenMessage]:
        """List the bot's messages in a channel, oldest first, ephemeral ones included."""
        return [seen(one) for one in channel.messages.values() if one.author is self.bot_user]

    def time_of(self, message: SeenMessage) -> datetime:
        """Give when a message was written, in UTC."""
        return time_of(message.id)
