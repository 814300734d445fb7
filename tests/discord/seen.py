"""Show a message as its readers see it, at one moment."""

from dataclasses import dataclass

from tests.discord.components import SELECTS, Button, buttons, displayed_text, walk
from tests.discord.payloads import message_payload
from tests.discord.posting import pinged
from tests.discord.state import EPHEMERAL, LOADING, Channel, Message, User
from tests.discord.wire import Json

__all__ = ["SeenMessage", "seen"]


@dataclass(frozen=True)
class SeenMessage:
    """Hold what was shown when it was looked at; a later edit does not change it."""

    id: int
    channel: Channel
    author: User
    raw: Json
    allowed_mentions: Json | None
    pings: tuple[str, ...]
    seen_only_by: User | None
    edits: int

    @property
    def text(self) -> str:
        """Join all text that a reader sees."""
        return displayed_text(self.raw)

    @property
    def components(self) -> list[Json]:
        """Give the components as they were sent, with their numbers."""
        return list(self.raw["components"])

    @property
    def buttons(self) -> list[Button]:
        """List the buttons in reading order."""
        return buttons(self.components)

    @property
    def menus(self) -> list[Json]:
        """List the select menus in reading order, raw."""
        return [part for part in walk(self.components) if part.get("type") in SELECTS]

    @property
    def attachments(self) -> list[Json]:
        """List the files, raw."""
        return list(self.raw["attachments"])

    @property
    def flags(self) -> int:
        """Give the flags, e.g. 64 for ephemeral and 1 << 15 for components V2."""
        return int(self.raw["flags"])

    @property
    def ephemeral(self) -> bool:
        """Tell whether one person alone sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Tell whether it only says "thinking…"."""
        return bool(self.flags & LOADING)

    @property
    def reference(self) -> Json | None:
        """Give what it replies to, raw."""
        found = self.raw.get("message_reference")
        return found if isinstance(found, dict) else None

    @property
    def link(self) -> str:
        """Give the address that people share."""
        guild = self.channel.guild
        return f"https://discord.com/channels/{guild.id if guild else '@me'}/{self.channel.id}/{self.id}"

    def offers(self, name: str) -> bool:
        """Tell whether there is a button of this label, emoji or custom_id."""
        return any(button.is_called(name) for button in self.buttons)

    def button(self, name: str) -> Button:
        """Find a button by its label, emoji or custom_id."""
        found = next((one for one in self.buttons if one.is_called(name)), None)
        if found is None:
            raise LookupError(
                f"no button {name!r}; there are {[one.label or one.emoji for one in self.buttons]}"
            )
        return found


def seen(message: Message) -> SeenMessage:
    """Look at a message now."""
    raw = message_payload(message, full=True)
    # The nested parts change with the message: take them as they are now.
    raw |= {key: list(raw[key]) for key in ("components", "embeds", "attachments")}
    replied = message.reply_to.author if message.reply_to else None
    return SeenMessage(
        id=message.id,
        channel=message.channel,
        author=message.author,
        raw=raw,
        allowed_mentions=message.allowed_mentions,
        pings=tuple(pinged(displayed_text(raw), message.allowed_mentions, replied)),
        seen_only_by=message.seen_only_by,
        edits=message.edits,
    )
