"""The digest's parts, assembled for one client."""

import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import discord

from bot.digest.composer import Composer
from bot.digest.ledger import Ledger
from bot.posting.poster import Poster, PostingContext
from bot.posting.scheduler import Scheduler

__all__ = ["DigestService", "process_name"]


@dataclass(frozen=True, slots=True)
class DigestService:
    """The digest's parts. All but the poster and the scheduler block; call them in a thread."""

    composer: Composer
    poster: Poster
    scheduler: Scheduler

    @classmethod
    def of(
        cls,
        client: discord.Client,
        composer: Composer,
        context: PostingContext,
        owns: Callable[[int], bool] = lambda _server_id: True,
    ) -> "DigestService":
        """Assemble the parts that post what ``composer`` makes; ``owns`` says for which servers."""
        poster = Poster(client, composer, context)
        return cls(composer, poster, Scheduler(composer, poster, context.now, owns=owns))

    @property
    def ledger(self) -> Ledger:
        """Return the ledger."""
        return self.composer.ledger

    def now(self) -> datetime:
        """Return the time, aware."""
        return self.poster.context.now()


def process_name() -> str:
    """Return a name for this process that differs after a restart: its claims are not the earlier one's."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
