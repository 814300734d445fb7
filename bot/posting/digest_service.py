"""All parts of the digest, put together for one client."""

import os
import secrets
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime

import discord

from bot.database import ServerFile
from bot.digest.composer import Composer
from bot.digest.ledger import Ledger
from bot.digest.usage_counts import UsageCounts
from bot.posting.poster import REQUESTS_PER_SECOND, Poster, RequestPace
from bot.posting.scheduler import Scheduler
from retrieval.archive import Archive

__all__ = ["DigestService", "open_digest_service"]


@dataclass(frozen=True, slots=True)
class DigestService:
    """The digest's parts. All but the poster and the schedule block; call them in a thread."""

    ledger: Ledger
    asked: UsageCounts
    composer: Composer
    poster: Poster
    schedule: Scheduler
    now: Callable[[], datetime]


def open_digest_service(  # noqa: PLR0913 - all but the first three are named where it is called
    client: discord.Client,
    archive: Archive,
    file: ServerFile,
    *,
    now: Callable[[], datetime],
    ours: Callable[[int], bool] = lambda _server_id: True,
    share: float = 1.0,
    working: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> DigestService:
    """Put the parts together over an archive and the file kept about servers.

    ``ours`` tells which servers are those of this process, and ``share`` how much of all they are:
    Discord counts the requests of all processes of a bot together. ``working`` is entered while a digest
    is in hand. Raises ``StoreError`` where the file refuses.
    """
    ledger, asked = Ledger(file), UsageCounts(file)
    composer = Composer(archive, ledger, asked)
    # Another name for every start: a process that comes back is not the one that went.
    owner = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    pace = RequestPace(REQUESTS_PER_SECOND * share)
    poster = Poster(client, ledger, composer, owner=owner, now=now, pace=pace, working=working)
    schedule = Scheduler(ledger, asked, composer, poster, now=now, ours=ours)
    return DigestService(ledger, asked, composer, poster, schedule, now)
