"""An upload from the attached file to the report: limits first, then progress, then what came of it."""

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import Final

import aiohttp
import discord
from discord.ui import File, LayoutView

from bot.apart import apart
from bot.catalogue import Catalogue
from bot.commands.admin import Keeper, keeper_of
from bot.commands.desk import AnyInteraction
from bot.commands.replies import show, tell, tell_view
from bot.commands.speech import own_speech
from bot.render.layout import CALM, layout, text
from bot.render.uploads import named, no_thread, progress, report_on
from bot.servers.uploads import Allowance, Broken, BrokenOffError, Destination, take_in
from retrieval.saved import FileReport, SavedFile

__all__ = ["upload"]

log = logging.getLogger(__name__)

_MOST_COLLECTIONS: Final = 10
_FETCHING: Final = 120.0
_EVERY: Final = 2.0
#: What a request needs beside the file in it.
_MARGIN: Final = 64 * 2**10


@dataclass
class _Course:
    """How far the thread that reads has come; the event loop looks at it."""

    posts: int = 0
    share: float = 0.0

    def tell(self, posts: int, share: float) -> None:
        self.posts, self.share = posts, share


async def upload(
    interaction: AnyInteraction, file: discord.Attachment, collection: str, *, form: str | None = None
) -> None:
    """Take an attached file in for the server of an acknowledged interaction, and tell what came of it.

    ``form`` is :data:`~retrieval.saved.TEXT` where text is wanted that shows no sign of a thread. Without,
    such a file is refused and hangs on the refusal, from where a button takes it in; nothing of it is kept
    here.
    """
    keeper, speech, server_id = keeper_of(interaction), own_speech(interaction), interaction.guild_id
    if server_id is None:  # it has been looked at before
        return
    refused = await asyncio.to_thread(_refusal, keeper, file, collection, server_id, speech)
    if refused:
        await tell_view(interaction, layout([text(refused)], colour=CALM))
        return
    if server_id in keeper.uploading.servers:
        await tell(interaction, speech.say("uploads-busy"))
        return
    keeper.uploading.servers.add(server_id)
    try:
        if keeper.uploading.room.locked():
            waiting = speech.say("uploads-waiting", name=named(file.filename))
            await show(interaction, layout([text(waiting)], colour=CALM), provisional=True)
        async with keeper.uploading.room:
            content = await _fetched(file)
            if content is None:
                await tell(interaction, speech.say("uploads-gone"))
                return
            to = Destination(server_id, collection, keeper.servers.of(server_id).language)
            await _take_in(interaction, SavedFile(file.filename, content, form=form), to)
    finally:
        keeper.uploading.servers.discard(server_id)


async def _take_in(interaction: AnyInteraction, file: SavedFile, to: Destination) -> None:
    keeper, speech = keeper_of(interaction), own_speech(interaction)
    course, reports = _Course(), list[FileReport]()
    settings = keeper.settings
    allowance = Allowance(settings.upload_mib * 2**20, settings.upload_seconds, settings.server_posts)

    def work() -> None:
        taken = take_in(
            keeper.archive,
            file,
            to,
            allowance=allowance,
            limits=settings.limits,
            clock=time.monotonic,
            stopping=keeper.stopping,
            notice=course.tell,
        )
        for report in taken:
            reports.append(report)

    shown = asyncio.create_task(_keep_shown(interaction, file.name, course, speech))
    broken = ""
    try:
        await apart(work, "upload")
    except BrokenOffError as error:
        broken = _why(error.why, file.name, allowance, speech)
    finally:
        shown.cancel()
        await asyncio.wait([shown])
    read = sum(report.read for report in reports)
    failed = sum(report.error is not None for report in reports)
    left_out = len(reports) - read - failed
    log.info("upload: files=%d failed=%d left_out=%d broken=%s", read, failed, left_out, bool(broken))
    if not (read or broken) and reports and all(report.unknown for report in reports):
        await _refuse(interaction, file, to.collection, reports)
        return
    if read and not keeper.stopping():
        await show(
            interaction,
            layout([text(speech.say("uploads-taking-up", name=named(file.name)))], colour=CALM),
            provisional=True,
        )
        await apart(keeper.archive.refresh, "refresh")
    # What hung on the message for a button is in, or has been refused.
    await show(interaction, report_on(file.name, reports, broken, speech), attached={})


async def _refuse(
    interaction: AnyInteraction, file: SavedFile, collection: str, reports: list[FileReport]
) -> None:
    """Tell that a file is no thread; with the button that imports it as plain text, where it is text."""
    speech = own_speech(interaction)
    if not any(report.plain for report in reports):
        await show(interaction, report_on(file.name, reports, "", speech), attached={})
    elif len(file.content) > interaction.filesize_limit - _MARGIN:
        await show(interaction, no_thread(file.name, None, collection, speech), attached={})
    else:
        attached: File[LayoutView] = File(f"attachment://{file.name}")
        view = no_thread(file.name, attached, collection, speech)
        await show(interaction, view, attached={file.name: file.content})


def _refusal(
    keeper: Keeper, file: discord.Attachment, collection: str, server_id: int, speech: Catalogue
) -> str | None:
    """Return why a file is not taken in, before anything of it is read."""
    settings, name = keeper.settings, named(file.filename)
    if file.size > settings.upload_mib * 2**20:
        size = -(-file.size // 2**20)
        return speech.say("uploads-too-large", name=name, size=size, most=settings.upload_mib)
    scope = keeper.archive.own_scope(server_id)
    posts = keeper.archive.statistics(scope).posts
    if posts >= settings.server_posts:
        return speech.say("uploads-full", posts=posts, most=settings.server_posts)
    own = [known.name for known in keeper.archive.collections(server_id) if known.server_id == server_id]
    if collection not in own and len(own) >= _MOST_COLLECTIONS:
        return speech.say("uploads-collections", count=len(own), names=", ".join(map(named, own)))
    return None


async def _fetched(file: discord.Attachment) -> bytes | None:
    """Return the bytes of an attached file, ``None`` where Discord does not give them."""
    try:
        return await asyncio.wait_for(file.read(), _FETCHING)
    except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
        log.warning("an upload could not be fetched: %s", type(error).__name__)
        return None


async def _keep_shown(interaction: AnyInteraction, name: str, course: _Course, speech: Catalogue) -> None:
    """Show how far it is, now and then, until cancelled."""
    while True:
        try:
            await show(interaction, progress(name, course.posts, course.share, speech), provisional=True)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.info("progress not shown: %s", type(error).__name__)
        await asyncio.sleep(_EVERY)


def _why(why: Broken, name: str, allowance: Allowance, speech: Catalogue) -> str:
    match why:
        case Broken.TIME:
            return speech.say("uploads-time", name=named(name), seconds=int(allowance.seconds))
        case Broken.ROOM:
            return speech.say("uploads-room", name=named(name), most=allowance.posts)
        case Broken.STOPPING:
            return speech.say("uploads-stopping", name=named(name))
