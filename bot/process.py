"""``bobbin run`` as a process: from a signal or an error to its end, with the status that it exits with."""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Iterator
from enum import IntEnum
from types import FrameType

import aiohttp
import click
import discord

from bot.client import Bobbin, UnreachableError
from bot.descriptors import raise_descriptor_limit
from bot.monitoring.health_page import routes
from bot.monitoring.sd_notify import keep_watchdog
from bot.runtime import freeze_loaded_objects, resume_gc, stopping_signals
from bot.settings import Settings
from bot.startup import data_in_use, open_archive
from bot.web.runner import on_loop, serve_beside_bot
from retrieval.archive import Archive

__all__ = ["ExitStatus", "run"]

log = logging.getLogger(__name__)


class ExitStatus(IntEnum):
    """How ``bobbin run`` ends; the numbers are those of sysexits.h, which service managers know."""

    STOPPED = 0
    UNREACHABLE = os.EX_UNAVAILABLE
    """Discord could not be reached at all: network, name or address."""
    TROUBLED = os.EX_TEMPFAIL
    """Discord answered that it cannot serve now; starting again later will do."""
    REFUSED = os.EX_NOPERM
    """Discord refuses the token; starting again will not help and must not be automatic."""
    MISCONFIGURED = os.EX_CONFIG
    """The token is missing, or Discord refuses how the client is set up."""


class _SignalError(BaseException):
    """A signal arrived before there was anything to bring to its end."""


def run(settings: Settings) -> int:
    """Answer in Discord until a signal says to stop; return the process's exit status.

    What ends it otherwise is printed as one sentence on standard error. Raises ``StoreError`` when the
    archive cannot be opened.
    """
    if settings.discord_token is None:
        return _end(
            ExitStatus.MISCONFIGURED,
            "there is no Discord token; set BOBBIN_DISCORD_TOKEN in the environment or in .env, to the token "
            "under Bot in https://discord.com/developers/applications",
        )
    token = settings.discord_token.reveal()
    raise_descriptor_limit()
    try:
        with _stopping_at_once(), data_in_use(settings), open_archive(settings) as archive:
            archive.claim_writing()
            archive.refresh()  # the first question need not wait for the index
            freeze_loaded_objects()
            archive.hasten(resume_gc)
            return asyncio.run(_serve(archive, settings, token))
    except _SignalError:
        return ExitStatus.STOPPED


async def _serve(archive: Archive, settings: Settings, token: str) -> int:
    """Run a client until a signal or an error ends it; return the exit status."""
    stop = asyncio.Event()
    for number in stopping_signals():
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    bobbin = Bobbin(archive, settings)
    async with (
        serve_beside_bot(
            archive, settings, routes(bobbin.metrics, on_loop(bobbin.bot_status), alive=bobbin.alive)
        ),
        bobbin,
    ):
        running = asyncio.create_task(bobbin.start(token))
        watchdog = asyncio.create_task(keep_watchdog())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            log.info("stopping")
            await bobbin.finish()
            running.cancel()
    watchdog.cancel()
    stopping.cancel()
    (error,) = await asyncio.gather(running, return_exceptions=True)
    if error is None or stop.is_set():
        return ExitStatus.STOPPED
    return _end(*_reason(error))


def _reason(error: BaseException) -> tuple[ExitStatus, str]:
    """Return the exit status for what ended the client, and the sentence that says what to do."""
    match error:
        case discord.LoginFailure() | discord.ConnectionClosed(code=4004):
            reason = ExitStatus.REFUSED, _REFUSED
        case discord.PrivilegedIntentsRequired() | discord.ConnectionClosed():
            reason = ExitStatus.MISCONFIGURED, f"Discord's gateway refuses this client: {error}; {_LOOK}"
        case discord.GatewayNotFound() | discord.DiscordServerError():
            reason = ExitStatus.TROUBLED, f"Discord is in trouble itself: {error}; start again in a while"
        case discord.HTTPException(status=429):
            reason = ExitStatus.TROUBLED, "Discord had too many requests from here; start again in an hour"
        case discord.HTTPException():
            reason = (
                ExitStatus.UNREACHABLE,
                f"that is not Discord's API: {error}; look at BOBBIN_DISCORD_API",
            )
        case UnreachableError() | aiohttp.ClientError() | OSError():
            reason = ExitStatus.UNREACHABLE, f"Discord cannot be reached: {error}; {_LOOK}"
        case _:
            raise error
    return reason


_LOOK = "look at the network, and at BOBBIN_DISCORD_API and BOBBIN_DISCORD_GATEWAY where these are set"
_REFUSED = (
    "Discord refuses the token; make a new one under Bot in https://discord.com/developers/applications "
    "and set BOBBIN_DISCORD_TOKEN. Do not start again with the old one, Discord counts the attempts"
)


def _end(status: ExitStatus, sentence: str) -> int:
    click.echo(f"bobbin: {sentence}", err=True)
    return status


@contextlib.contextmanager
def _stopping_at_once() -> Iterator[None]:
    """Let a signal end what runs inside, until the event loop takes the signals over."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _SignalError

    before = {number: signal.signal(number, stop) for number in stopping_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
