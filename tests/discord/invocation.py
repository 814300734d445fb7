"""Follow one interaction from the frame that was sent to the answer that is seen."""

from dataclasses import dataclass
from typing import Protocol

from tests.discord.interactions import Interaction, Reply
from tests.discord.seen import SeenMessage, seen
from tests.discord.state import Channel, User
from tests.discord.waiting import PATIENCE, Waiting
from tests.discord.wire import Json

__all__ = ["Acknowledgement", "FinalState", "Use"]


class _Home(Protocol):
    waiting: Waiting

    async def settled(self, quiet: float = ..., timeout: float = ...) -> None: ...  # noqa: ASYNC109


@dataclass(frozen=True)
class Acknowledgement:
    """Say how the bot replied first and how many milliseconds that took."""

    reply: Reply
    ms: float


@dataclass(frozen=True)
class FinalState:
    """Hold what is left of an interaction's messages after all edits, follow-ups and deletions.

    `source` is the message whose button or menu was used, `original` what the interaction answered with
    (the same as `source` where that was edited), `modal` the form that it opened; `None` is what never
    was, or was deleted. `followups` are in the order in which they were sent.
    """

    source: SeenMessage | None
    original: SeenMessage | None
    followups: tuple[SeenMessage, ...]
    modal: Json | None = None

    @property
    def messages(self) -> tuple[SeenMessage, ...]:
        """List the answer and the follow-ups that are left."""
        return (*((self.original,) if self.original else ()), *self.followups)

    @property
    def text(self) -> str:
        """Join what the messages show, a line between them."""
        return "\n".join(message.text for message in self.messages)


class Use:
    """Hold one use of a command, a button, a menu or a modal."""

    def __init__(self, home: _Home, interaction: Interaction) -> None:
        """Take the interaction and where to wait for its answers."""
        self._home = home
        self.interaction = interaction

    @property
    def user(self) -> User:
        """Give who did it."""
        return self.interaction.user

    @property
    def channel(self) -> Channel:
        """Give where it was done."""
        return self.interaction.channel

    @property
    def sent_at(self) -> float | None:
        """Give when the frame was sent, in seconds of `time.monotonic()`."""
        return self.interaction.sent_at

    @property
    def first_reply_ms(self) -> float | None:
        """Give the time from the frame to the first reply, `None` before it."""
        return self._ms(self.interaction.replied_at)

    @property
    def answer_ms(self) -> float | None:
        """Give the time from the frame to the answer that is read, `None` before it."""
        return self._ms(self.interaction.answered_at)

    def _ms(self, moment: float | None) -> float | None:
        start = self.interaction.sent_at or self.interaction.created
        return None if moment is None else (moment - start) * 1000

    @property
    def was_late(self) -> bool:
        """Tell whether the bot's first reply came too late, so that the person saw a failure."""
        return self.interaction.refused_at is not None

    @property
    def modal(self) -> Json | None:
        """Give the modal that the bot opened, raw."""
        return self.interaction.modal

    @property
    def choices(self) -> list[Json] | None:
        """Give the choices that the bot offered."""
        return self.interaction.choices

    @property
    def followups(self) -> list[SeenMessage]:
        """List the follow-ups so far that still stand."""
        return [seen(message) for message in self.interaction.followups if not message.deleted]

    async def acknowledged(self, timeout: float = PATIENCE) -> Acknowledgement:  # noqa: ASYNC109
        """Wait for the first reply."""
        await self._home.waiting.until(
            lambda: self.interaction.reply is not None or None, timeout, f"a first reply to {self._name}"
        )
        reply, ms = self.interaction.reply, self.first_reply_ms
        if reply is None or ms is None:  # pragma: no cover - just waited for
            raise TimeoutError
        return Acknowledgement(reply, ms)

    async def reply(self, timeout: float = PATIENCE) -> SeenMessage:  # noqa: ASYNC109
        """Wait for the answer that is read: after a deferral, the edited original."""

        def look() -> SeenMessage | None:
            original = self.interaction.original
            if (
                original is None
                or self.interaction.answered_at is None
                or original.is_loading
                or original.deleted
            ):
                return None
            return seen(original)

        return await self._home.waiting.until(look, timeout, f"an answer to {self._name}")

    async def final(self, quiet: float = 0.05, timeout: float = PATIENCE) -> FinalState:  # noqa: ASYNC109
        """Wait until the bot is done with it, and look at each of its messages then."""
        await self.acknowledged(timeout)

        def shown() -> bool:
            original = self.interaction.original
            return original is None or original.deleted or not original.is_loading

        await self._home.waiting.until(shown, timeout, f"the end of {self._name}")
        await self._home.settled(quiet, timeout)
        source, original = self.interaction.source, self.interaction.original
        return FinalState(
            source=seen(source) if source and not source.deleted else None,
            original=seen(original) if original and not original.deleted else None,
            followups=tuple(self.followups),
            modal=self.modal,
        )

    async def followup(self, number: int = 1, timeout: float = PATIENCE) -> SeenMessage:  # noqa: ASYNC109
        """Wait for the first, second, … follow-up."""

        def look() -> SeenMessage | None:
            sent = self.interaction.followups
            return seen(sent[number - 1]) if len(sent) >= number else None

        return await self._home.waiting.until(look, timeout, f"follow-up {number} to {self._name}")

    async def opened_modal(self, timeout: float = PATIENCE) -> Json:  # noqa: ASYNC109
        """Wait for the modal that the bot opens."""
        return await self._home.waiting.until(
            lambda: self.interaction.modal, timeout, f"a modal for {self._name}"
        )

    async def completed(self, timeout: float = PATIENCE) -> list[Json]:  # noqa: ASYNC109
        """Wait for the choices that the bot offers; an empty list is an answer, too."""
        return await self._home.waiting.until(
            lambda: self.interaction.choices, timeout, f"choices for {self._name}"
        )

    @property
    def _name(self) -> str:
        data = self.interaction.data
        return f"{self.interaction.kind.name.lower()} {data.get('name') or data.get('custom_id')!r}"
