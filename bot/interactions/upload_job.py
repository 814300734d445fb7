"""An upload from the attached file to the report: limits first, then progress, then what came of it."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import aiohttp
import discord
from discord.ui import File, LayoutView

from bot.fetching.errors import FetchError
from bot.fetching.links import FetchedThread, fetch_thread
from bot.i18n import Translations
from bot.interactions.app_client import AppClient, Interaction
from bot.interactions.errors import log_refusal
from bot.interactions.locale import own_translations
from bot.interactions.responses import send_private, send_private_view, show_view
from bot.runtime import run_in_thread
from bot.servers.follow_store import Place
from bot.servers.uploads import (
    Allowance,
    Destination,
    UploadInterruptedError,
    UploadInterruption,
    import_upload,
)
from bot.views.layout import CALM, layout, text
from bot.views.uploads import bold_name, no_thread, progress, report_on
from retrieval.errors import StoreError
from retrieval.formats.import_types import FileReport, News, SavedFile

__all__ = ["UploadSlots", "run_link", "run_saved", "run_upload"]

log = logging.getLogger(__name__)

_AT_ONCE: Final = 2
_MOST_COLLECTIONS: Final = 10
_FETCHING: Final = 120.0
_EVERY: Final = 2.0
#: What a request needs beside the file in it.
_MARGIN: Final = 64 * 2**10


class UploadSlots:
    """Which servers have an upload under way, and whose turn it is. For the event loop only."""

    def __init__(self) -> None:
        self.servers: set[int] = set()
        self.room = asyncio.Semaphore(_AT_ONCE)


@dataclass(frozen=True, slots=True)
class _Source:
    """What is to be imported, and what the reports on it are to say beside."""

    file: SavedFile
    reported: Callable[[FileReport], FileReport] = lambda report: report
    fetched: FetchedThread | None = None


@dataclass
class _Course:
    """How far the thread that reads has come; the event loop looks at it."""

    posts: int = 0
    share: float = 0.0

    def tell(self, posts: int, share: float) -> None:
        self.posts, self.share = posts, share


async def run_upload(
    interaction: Interaction, file: discord.Attachment, collection: str, *, form: str | None = None
) -> None:
    """Take an attached file in for the server of an acknowledged interaction, and report what came of it.

    ``form`` is :data:`~retrieval.formats.import_types.TEXT` where text is wanted that shows no sign of a
    thread. Without, such a file is refused and hangs on the refusal, from where a button takes it in;
    nothing of it is kept here.
    """

    async def opened() -> _Source | None:
        content = await _fetched(file)
        if content is None:
            await send_private(interaction, own_translations(interaction).say("uploads-gone"))
            return None
        return _Source(SavedFile(file.filename, content, form=form))

    most = interaction.client.settings.upload_mib
    if file.size > most * 2**20:
        size = -(-file.size // 2**20)
        sentence = own_translations(interaction).say(
            "uploads-too-large", name=bold_name(file.filename), size=size, most=most
        )
        await send_private_view(interaction, layout([text(sentence)], colour=CALM))
        return
    await _run(interaction, file.filename, opened, collection)


async def run_link(interaction: Interaction, link: str, collection: str) -> None:
    """Take in the thread that a link names, as :func:`run_upload` does a file."""
    client = interaction.client

    async def opened() -> _Source | None:
        try:
            fetched = await fetch_thread(client.guard, link)
        except FetchError as error:
            log.info("link: not fetched, status=%s", error.status)
            report = report_on(link, [FileReport(link, error=str(error))], "", own_translations(interaction))
            await show_view(interaction, report)
            return None
        return _Source(fetched.file, fetched.reported, fetched)

    await _run(interaction, link, opened, collection)


async def run_saved(interaction: Interaction, file: SavedFile, collection: str) -> None:
    """Take in what is here already, as :func:`run_upload` does a file."""

    async def opened() -> _Source:
        return _Source(file)

    await _run(interaction, file.name, opened, collection)


async def _run(
    interaction: Interaction, name: str, opened: Callable[[], Awaitable[_Source | None]], collection: str
) -> None:
    """Import what ``opened`` gives, one upload of a server at a time; ``None`` where it answered already."""
    client, translations, server_id = (
        interaction.client,
        own_translations(interaction),
        interaction.guild_id,
    )
    if server_id is None:  # it has been looked at before
        return
    refused = await asyncio.to_thread(_refusal, client, collection, server_id, translations)
    if refused:
        await send_private_view(interaction, layout([text(refused)], colour=CALM))
        return
    if server_id in client.uploading.servers:
        await send_private(interaction, translations.say("uploads-busy"))
        return
    client.uploading.servers.add(server_id)
    try:
        if client.uploading.room.locked():
            waiting = translations.say("uploads-waiting", name=bold_name(name))
            await show_view(interaction, layout([text(waiting)], colour=CALM), provisional=True)
        async with client.uploading.room:
            source = await opened()
            if source is not None:
                news = News.ONCE_COMPLETE if source.fetched else News.AT_ONCE
                to = Destination(server_id, collection, client.servers.of(server_id).language, news)
                await _take_in(interaction, source, to)
    finally:
        client.uploading.servers.discard(server_id)


async def _take_in(interaction: Interaction, source: _Source, to: Destination) -> None:
    client, translations, file = interaction.client, own_translations(interaction), source.file
    course, reports = _Course(), list[FileReport]()
    settings = client.settings
    allowance = Allowance(settings.upload_mib * 2**20, settings.upload_seconds, settings.server_posts)

    def work() -> None:
        taken = import_upload(
            client.archive,
            file,
            to,
            allowance=allowance,
            limits=settings.limits,
            clock=time.monotonic,
            stopping=client.stopping,
            notice=course.tell,
        )
        for report in taken:
            reports.append(source.reported(report))
        if source.fetched is not None and any(report.read for report in reports):
            place = Place(to.server_id, to.collection)
            client.following.note_link(source.fetched, place)

    shown = asyncio.create_task(_keep_shown(interaction, file.name, course, translations))
    broken = ""
    try:
        await run_in_thread(work, "upload")
    except UploadInterruptedError as error:
        broken = _why(error.why, file.name, allowance, translations)
    except (StoreError, MemoryError) as error:
        if not any(report.read for report in reports):
            raise
        broken = _refused(interaction, error, file.name)
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
    if read and not client.stopping():
        await show_view(
            interaction,
            layout([text(translations.say("uploads-taking-up", name=bold_name(file.name)))], colour=CALM),
            provisional=True,
        )
        try:
            await run_in_thread(client.archive.refresh, "refresh")
        except (StoreError, MemoryError) as error:
            broken = broken or _refused(interaction, error, file.name)
    # What hung on the message for a button is in, or has been refused.
    await show_view(interaction, report_on(file.name, reports, broken, translations), attached={})


def _refused(interaction: Interaction, error: StoreError | MemoryError, name: str) -> str:
    """Log and count that the archive refused when some files of an upload were in already; return why."""
    interaction.client.services.record.failed()
    reason = log_refusal(error, f"interaction {interaction.id}")
    return own_translations(interaction).say("uploads-refused", name=bold_name(name), reason=reason)


async def _refuse(
    interaction: Interaction, file: SavedFile, collection: str, reports: list[FileReport]
) -> None:
    """Tell that a file is no thread; with the button that imports it as plain text, where it is text."""
    translations = own_translations(interaction)
    if not any(report.plain for report in reports):
        await show_view(interaction, report_on(file.name, reports, "", translations), attached={})
    elif len(file.content) > interaction.filesize_limit - _MARGIN:
        await show_view(interaction, no_thread(file.name, None, collection, translations), attached={})
    else:
        attached: File[LayoutView] = File(f"attachment://{file.name}")
        view = no_thread(file.name, attached, collection, translations)
        await show_view(interaction, view, attached={file.name: file.content})


def _refusal(client: AppClient, collection: str, server_id: int, translations: Translations) -> str | None:
    """Return why a server takes nothing more in, before anything is read."""
    settings = client.settings
    scope = client.archive.catalog.own_scope(server_id)
    posts = client.archive.catalog.statistics(scope).posts
    if posts >= settings.server_posts:
        return translations.say("uploads-full", posts=posts, most=settings.server_posts)
    own = [
        known.name for known in client.archive.catalog.collections(server_id) if known.server_id == server_id
    ]
    if collection not in own and len(own) >= _MOST_COLLECTIONS:
        return translations.say("uploads-collections", count=len(own), names=", ".join(map(bold_name, own)))
    return None


async def _fetched(file: discord.Attachment) -> bytes | None:
    """Return the bytes of an attached file, ``None`` where Discord does not give them."""
    try:
        return await asyncio.wait_for(file.read(), _FETCHING)
    except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
        log.warning("an upload could not be fetched: %s", type(error).__name__)
        return None


async def _keep_shown(
    interaction: Interaction, name: str, course: _Course, translations: Translations
) -> None:
    """Show how far it is, now and then, until cancelled."""
    while True:
        try:
            await show_view(
                interaction, progress(name, course.posts, course.share, translations), provisional=True
            )
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.info("progress not shown: %s", type(error).__name__)
        await asyncio.sleep(_EVERY)


def _why(why: UploadInterruption, name: str, allowance: Allowance, translations: Translations) -> str:
    match why:
        case UploadInterruption.TIME:
            return translations.say("uploads-time", name=bold_name(name), seconds=int(allowance.seconds))
        case UploadInterruption.ROOM:
            return translations.say("uploads-room", name=bold_name(name), most=allowance.posts)
        case UploadInterruption.STOPPING:
            return translations.say("uploads-stopping", name=bold_name(name))
