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
from bot.digest.asked import AskedCounts
from bot.digest.composer import Composer
from bot.digest.ledger import Ledger
from bot.digest.poster import A_SECOND, Pace, Poster
from bot.digest.schedule import Schedule
from retrieval.archive import Archive

__all__ = ["DigestOffice", "open_office"]


@dataclass(frozen=True, slots=True)
class DigestOffice:
    """The digest's parts. All but the poster and the schedule block; call them in a thread."""

    ledger: Ledger
    asked: AskedCounts
    composer: Composer
    poster: Poster
    schedule: Schedule
    now: Callable[[], datetime]


def open_office(  # noqa: PLR0913 - all but the first three are named where it is called
    client: discord.Client,
    archive: Archive,
    file: ServerFile,
    *,
    now: Callable[[], datetime],
    ours: Callable[[int], bool] = lambda _server_id: True,
    share: float = 1.0,
    working: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> DigestOffice:
    """Put the parts together over an archive and the file kept about servers.

    ``ours`` tells which servers are those of this process, and ``share`` how much of all they are:
    Discord counts the requests of all processes of a bot together. ``working`` is entered while a digest
    is in hand. Raises ``StoreError`` where the file refuses.
    """
    ledger, asked = Ledger(file), AskedCounts(file)
    composer = Composer(archive, ledger, asked)
    # Another name for every start: a process that comes back is not the one that went.
    owner = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    pace = Pace(A_SECOND * share)
    poster = Poster(client, ledger, composer, owner=owner, now=now, pace=pace, working=working)
    schedule = Schedule(ledger, asked, composer, poster, now=now, ours=ours)
    return DigestOffice(ledger, asked, composer, poster, schedule, now)
