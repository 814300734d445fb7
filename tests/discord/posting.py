"""Make and change messages by Discord's rules."""

import re
from datetime import UTC, datetime

from tests.discord.components import numbered, texts
from tests.discord.limits import COMPONENTS_V2, bytes_of, message_faults
from tests.discord.state import EPHEMERAL, LOADING, Channel, Message, User, World
from tests.discord.wire import Call, Json, Refusal, invalid_form

__all__ = ["Post", "pinged"]

_MENTION = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_EVERYONE = re.compile(r"@(everyone|here)")
_SETTABLE = EPHEMERAL | COMPONENTS_V2 | (1 << 2) | (1 << 12)
_BYTES = 10_170
_UNKNOWN_MESSAGE = Refusal(404, 10008, "Unknown Message")


def pinged(text: str, allowed: Json | None, replied: User | None = None) -> list[str]:
    """List whom a text of the bot notifies: ids of people and roles, "everyone" or "here"."""
    parse = {"users", "roles", "everyone"} if allowed is None else set(allowed.get("parse") or [])
    named = {str(user_id) for user_id in (allowed or {}).get("users") or []}
    people = [user_id for user_id in _MENTION.findall(text) if "users" in parse or user_id in named]
    crowds = _EVERYONE.findall(text) if "everyone" in parse else []
    roles = {str(role_id) for role_id in (allowed or {}).get("roles") or []}
    people += [role_id for role_id in _ROLE.findall(text) if "roles" in parse or role_id in roles]
    replies = [str(replied.id)] if replied and (allowed is None or allowed.get("replied_user")) else []
    return list(dict.fromkeys(people + crowds + replies))


class Post:
    """Create and edit messages; every refusal for a broken rule is reported as a problem."""

    def __init__(self, world: World, *, inert: bool) -> None:
        """Take the world; `inert` demands that no text of the bot can ping anyone."""
        self._world = world
        self.inert = inert
        #: Roles that a message may ping, if it says so itself.
        self.pingable: set[int] = set()
        self.base_url = ""

    def check(self, body: Json, before: Message | None = None) -> None:
        """Refuse a message, or an edit of one, that breaks a rule."""
        so_far: Json | None = None
        if before is not None and not before.is_loading:
            so_far = {"content": before.content, "embeds": before.embeds, "components": before.components}
            so_far |= {"flags": before.flags}
        faults = message_faults(body, before=so_far, inert=self.inert, pingable=self.pingable)
        if faults:
            raise invalid_form(faults)
        if (used := bytes_of(body.get("components") or [])) > _BYTES:
            # An open report (discord-api-docs #8554): no rule is named, the server fails.
            raise Refusal(500, 0, f"500: Internal Server Error ({used:,} bytes)")

    def create(
        self,
        channel: Channel,
        call: Call,
        body: Json,
        *,
        seen_only_by: User | None = None,
        number: int | None = None,
    ) -> Message:
        """Add a message of the bot to a channel; one that opens a forum post has the post's ``number``."""
        self.check(body)
        if (
            not any(body.get(key) for key in ("content", "embeds", "components", "poll", "sticker_ids"))
            and not call.uploads
        ):
            raise Refusal(400, 50006, "Cannot send an empty message")
        message = Message(number or self._world.ids.mint(), channel, self._world.bot)
        reference = body.get("message_reference")
        if reference:
            message.reply_to = channel.messages.get(int(reference["message_id"]))
            if message.reply_to is None and reference.get("fail_if_not_exists", True):
                raise invalid_form(["message_reference: Unknown message"])
        message.nonce = body.get("nonce")
        message.flags = int(body.get("flags") or 0) & _SETTABLE
        message.seen_only_by = seen_only_by if message.is_ephemeral else None
        self._fill(message, call, body)
        channel.messages[message.id] = message
        return message

    def thinking(self, channel: Channel, flags: int, seen_only_by: User) -> Message:
        """Add the "thinking…" that a deferral shows."""
        message = Message(self._world.ids.mint(), channel, self._world.bot)
        message.flags = LOADING | (flags & EPHEMERAL)
        message.seen_only_by = seen_only_by if message.is_ephemeral else None
        channel.messages[message.id] = message
        return message

    def edit(self, message: Message, call: Call, body: Json) -> Message:
        """Replace the given fields of a message."""
        self.check(body, message)
        was_loading = message.is_loading
        wanted = int(body.get("flags") or 0)
        kept = message.flags & (EPHEMERAL | COMPONENTS_V2)
        if "flags" in body:
            message.flags = kept | (wanted & _SETTABLE & ~EPHEMERAL)
        message.flags &= ~LOADING
        self._fill(message, call, body)
        if was_loading and not (
            message.content or message.embeds or message.components or message.attachments
        ):
            raise Refusal(400, 50006, "Cannot send an empty message")
        if not was_loading:
            message.edited_at = datetime.now(UTC)
        message.edits += 1
        return message

    def _fill(self, message: Message, call: Call, body: Json) -> None:
        if "content" in body:
            message.content = body["content"] or ""
        if "embeds" in body:
            message.embeds = [{"type": "rich", **embed} for embed in body["embeds"] or []]
        if "components" in body:
            message.components = numbered(body["components"] or [])
        if "attachments" in body or call.uploads:
            kept = {str(entry.get("id")) for entry in body.get("attachments") or []}
            message.attachments = [entry for entry in message.attachments if entry["id"] in kept]
            message.attachments += [
                self._world.store(upload, message.channel.id, self.base_url) for upload in call.uploads
            ]
        if "allowed_mentions" in body or not message.edits:
            message.allowed_mentions = body.get("allowed_mentions")
        text = "\n".join([message.content, *texts(message.components)])
        ids = dict.fromkeys(int(user_id) for user_id in _MENTION.findall(text))
        message.mentions = [self._world.users[user_id] for user_id in ids if user_id in self._world.users]

    @staticmethod
    def of_bot(channel: Channel, message_id: int) -> Message:
        """Find a message of the bot that can be changed, or refuse."""
        message = Post.visible(channel, message_id)
        if message.author is not channel.world.bot:
            raise Refusal(403, 50005, "Cannot edit a message authored by another user")
        return message

    @staticmethod
    def visible(channel: Channel, message_id: int) -> Message:
        """Find a message that everyone in the channel sees, or refuse."""
        message = channel.messages.get(message_id)
        if message is None or message.seen_only_by is not None:
            raise _UNKNOWN_MESSAGE
        return message
