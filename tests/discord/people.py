"""Let people do what people do: write, use commands, press, choose, submit."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tests.discord.components import SELECTS, TEXT_DISPLAY, TEXT_INPUT, walk
from tests.discord.interactions import Kind
from tests.discord.invocation import Use
from tests.discord.options import filled, resolve_into, walked
from tests.discord.payloads import member_payload, message_payload, user_payload
from tests.discord.seen import SeenMessage, seen
from tests.discord.state import Channel, Message, Role, User
from tests.discord.waiting import PATIENCE
from tests.discord.wire import Json, Upload

if TYPE_CHECKING:
    from tests.discord.server import LoopbackDiscord

__all__ = ["Person"]

_SLASH, _ON_USER, _ON_MESSAGE = 1, 2, 3
_STRING_SELECT, _USER_SELECT, _CHANNEL_SELECT = 3, 5, 8


class Person(User):
    """Act as one account."""

    def __init__(self, discord: "LoopbackDiscord", user_id: int, name: str, locale: str = "en-US") -> None:
        """Take the account's id and name."""
        super().__init__(user_id, name, locale=locale)
        self._discord = discord

    async def says(
        self,
        channel: Channel,
        text: str,
        *,
        replying_to: SeenMessage | None = None,
        ping: bool = True,
        files: Iterable[Upload] = (),
        **more: Any,
    ) -> SeenMessage:
        """Write a message; `<@id>` mentions, and a reply mentions its author unless `ping` is off.

        ``more`` are other fields of the message: `forwarded`, `embeds`, `poll`.
        """
        self._check_presence(channel)
        return seen(
            self._discord.post_from(
                self, channel, text, replying_to=replying_to, ping=ping, files=files, **more
            )
        )

    async def dm(
        self, text: str, *, replying_to: SeenMessage | None = None, files: Iterable[Upload] = ()
    ) -> SeenMessage:
        """Write to the bot in private."""
        return await self.says(self.dm_channel, text, replying_to=replying_to, files=files)

    @property
    def dm_channel(self) -> Channel:
        """Give the private conversation with the bot."""
        return self._discord.world.dm_between(self, self._discord.bot_user)

    async def edits(self, message: SeenMessage, text: str) -> SeenMessage:
        """Change the text of an own message."""
        return seen(self._discord.edit_from(self, message.id, text))

    async def deletes(self, message: SeenMessage) -> None:
        """Delete a message."""
        self._discord.delete_message(message.id)

    async def uses(
        self, channel: Channel, command: str, /, *, even_if_hidden: bool = False, **options: object
    ) -> Use:
        """Use a slash command, a sub-command after a space; LookupError says why it is not offered."""
        self._check_presence(channel)
        name, *path = command.split()
        offered = self._discord.registry.offered(name, _SLASH, self, channel, even_if_hidden=even_if_hidden)
        data = filled(walked(offered, path), options, self._discord.keeper(channel), channel.guild)
        return self._start(Kind.COMMAND, channel, data)

    async def picks(
        self, channel: Channel, command: str, /, *, as_label: bool = False, **options: Any
    ) -> Use:
        """Type into an option, the last one given, and use the command with the first suggestion.

        ``as_label`` sends its name in the place of its value, as some clients do (discord-api-docs #4595).
        """
        first = (await self.completes(channel, command, **options))[0]
        typed = next(reversed(options))
        return await self.uses(channel, command, **options | {typed: first["name" if as_label else "value"]})

    async def posts(self, forum: Channel, title: str, text: str) -> tuple[Channel, SeenMessage]:
        """Open a post in a forum: a thread with a title, and its first message, which has the same id."""
        self._check_presence(forum)
        thread = forum.add_thread(title)
        message = self._discord.post_from(self, thread, text, opens=True)
        return thread, seen(message)

    async def completes(
        self,
        channel: Channel,
        command: str,
        /,
        *,
        even_if_hidden: bool = False,
        timeout: float = PATIENCE,  # noqa: ASYNC109 - tests say timeout=
        **options: object,
    ) -> list[Json]:
        """Type into an option, the last one given, and read the choices: `name` and `value` each."""
        self._check_presence(channel)
        name, *path = command.split()
        offered = self._discord.registry.offered(name, _SLASH, self, channel, even_if_hidden=even_if_hidden)
        focused = next(reversed(options), None)
        if focused is None:
            raise ValueError("completes() needs the option that is typed into")
        data = filled(
            walked(offered, path), options, self._discord.keeper(channel), channel.guild, focused=focused
        )
        return await self._start(Kind.AUTOCOMPLETE, channel, data).completed(timeout)

    async def points_at(
        self,
        target: SeenMessage | User,
        command: str,
        channel: Channel | None = None,
        *,
        even_if_hidden: bool = False,
    ) -> Use:
        """Use a context menu on a message, or on a person in a channel."""
        if isinstance(target, SeenMessage):
            message = self._seen_by_me(target)
            where, kind = message.channel, _ON_MESSAGE
            resolved: Json = {"messages": {str(message.id): message_payload(message, full=True)}}
        elif channel is not None:
            where, kind, resolved = channel, _ON_USER, {"users": {str(target.id): user_payload(target)}}
            if channel.guild is not None and target.id in channel.guild.members:
                member = member_payload(channel.guild.members[target.id], with_user=False, permissions=True)
                resolved["members"] = {str(target.id): member}
        else:
            raise ValueError("pointing at a person needs a channel")
        self._check_presence(where)
        offered = self._discord.registry.offered(command, kind, self, where, even_if_hidden=even_if_hidden)
        data = {
            "id": offered["id"],
            "name": command,
            "type": kind,
            "target_id": str(target.id),
            "resolved": resolved,
        }
        return self._start(Kind.COMMAND, where, data)

    async def presses(self, message: SeenMessage, button: str) -> Use:
        """Press a button, found by its label, emoji or custom_id in the message as it is now."""
        now = self._seen_by_me(message)
        found = seen(now).button(button)
        if found.disabled or found.custom_id is None:
            raise ValueError(f"button {button!r} cannot be pressed: {found}")
        return self._start(Kind.COMPONENT, now.channel, _component_data(now, found.custom_id, {}), now)

    async def chooses(
        self, message: SeenMessage, menu: str, values: Iterable[str | User | Channel | Role]
    ) -> Use:
        """Choose from a menu, found by its custom_id or placeholder; options by label or value."""
        now = self._seen_by_me(message)
        menus = seen(now).menus
        found = next((one for one in menus if menu in (one.get("custom_id"), one.get("placeholder"))), None)
        if found is None or found.get("disabled"):
            known = [one.get("custom_id") for one in menus]
            raise LookupError(f"no menu {menu!r} to choose from; there are {known}")
        more: Json = {"values": []}
        for value in values:
            if isinstance(value, User | Channel | Role):
                resolve_into(more.setdefault("resolved", {}), value, now.channel.guild)
                more["values"].append(str(value.id))
            else:
                more["values"].append(_option(found, value))
        return self._start(Kind.COMPONENT, now.channel, _component_data(now, found["custom_id"], more), now)

    async def submits(self, use: Use, values: Mapping[str, str | list[str]]) -> Use:
        """Fill in the modal that a use opened, by custom_id or label, and send it."""
        modal = use.modal or await use.opened_modal()
        left = dict(values)
        rows = [_filled_row(row, left) for row in modal["components"]]
        if left:
            known = [part.get("custom_id") for part in walk(modal["components"]) if part.get("custom_id")]
            raise LookupError(f"the modal has no fields {sorted(left)}, only {known}")
        data = {"custom_id": modal["custom_id"], "components": rows}
        return self._start(Kind.MODAL_SUBMIT, use.channel, data, use.interaction.source)

    def _start(self, kind: Kind, channel: Channel, data: Json, source: Message | None = None) -> Use:
        return Use(self._discord, self._discord.start_interaction(kind, self, channel, data, source))

    def _check_presence(self, channel: Channel) -> None:
        inside = channel.guild.members if channel.guild else {user.id for user in channel.recipients}
        if self.id not in inside:
            raise LookupError(f"{self.name} is not in {channel.name!r}; add_member() lets people in")

    def _seen_by_me(self, message: SeenMessage) -> Message:
        found = self._discord.world.message(message.id)
        if found is None:
            raise LookupError(f"message {message.id} is deleted")
        if found.seen_only_by not in (None, self):
            raise LookupError(
                f"{self.name} does not see message {message.id}, only {message.seen_only_by} does"
            )
        return found


def _component_data(message: Message, custom_id: str, more: Json) -> Json:
    part = next(one for one in walk(message.components) if one.get("custom_id") == custom_id)
    return {"custom_id": custom_id, "component_type": part["type"], "id": part["id"], **more}


def _option(menu: Json, value: str) -> str:
    options = menu.get("options")
    if options is None:
        return value
    found = next((one for one in options if value in (one["value"], one["label"])), None)
    if found is None:
        raise LookupError(f"the menu offers {[one['label'] for one in options]}, not {value!r}")
    return str(found["value"])


def _filled_row(row: Json, left: dict[str, str | list[str]]) -> Json:
    if row["type"] == TEXT_DISPLAY:
        return {"type": row["type"], "id": row.get("id", 0)}
    single = row.get("component")
    if isinstance(single, dict):
        return {"type": row["type"], "id": row.get("id", 0), "component": _filled_field(single, row, left)}
    return {
        "type": row["type"],
        "id": row.get("id", 0),
        "components": [_filled_field(part, part, left) for part in row["components"]],
    }


def _filled_field(part: Json, labelled: Json, left: dict[str, str | list[str]]) -> Json:
    name = next((one for one in (part["custom_id"], labelled.get("label")) if one in left), None)
    given = left.pop(name) if name is not None else None
    answer: Json = {"type": part["type"], "id": part.get("id", 0), "custom_id": part["custom_id"]}
    if part["type"] == TEXT_INPUT:
        text = str(given if given is not None else part.get("value") or "")
        _check_length(part, text)
        return answer | {"value": text}
    if part["type"] in SELECTS:
        offered = [one["value"] for one in part.get("options") or [] if one.get("default")]
        chosen = [given] if isinstance(given, str) else offered if given is None else list(given)
        return answer | {"values": [_option(part, one) for one in chosen]}
    return answer | ({"values": given} if isinstance(given, list) else {"value": given})


def _check_length(part: Json, text: str) -> None:
    least = part.get("min_length") or (1 if part.get("required", True) else 0)
    most = part.get("max_length") or 4000
    if not least <= len(text) <= most and (text or part.get("required", True)):
        raise ValueError(f"field {part['custom_id']!r} takes {least} to {most} characters, not {len(text)}")
