"""``/archive``: a server's own threads, for its admins: taking files in, out, and writing them out."""

import asyncio
import contextlib
import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterable
from typing import Any, Final

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ui import Button, DynamicItem, File, LayoutView

from bot.fetching.links import is_of_service
from bot.i18n import Translations
from bot.interactions.access import MANAGING, access, for_managers
from bot.interactions.app_client import AppClient, Interaction
from bot.interactions.buttons import Pressed
from bot.interactions.command_translations import translated, translated_options
from bot.interactions.errors import log_error, log_refusal
from bot.interactions.locale import own_translations
from bot.interactions.responses import acknowledge, acknowledge_press, send_private, show_view
from bot.interactions.upload_job import run_link, run_saved, run_upload
from bot.runtime import run_in_thread
from bot.servers.feedback_store import FeedbackCount
from bot.views.escape import plain_line
from bot.views.headers import heading
from bot.views.layout import CALM, layout, text
from bot.views.limits import CHOICE_NAME, CHOICES, clip
from bot.views.stats import ServerStats, stats_view
from bot.views.uploads import PlainControl, UploadControl, bold_name, file_list, removal, unanswered
from retrieval.errors import CollectionNotFoundError, StoreError, ThreadNotFoundError
from retrieval.formats.import_types import TEXT, Forgotten, SavedFile, SourceFile
from retrieval.formats.jsonl_format import dump_line
from retrieval.model import Post, Thread

__all__ = [
    "PlainButton",
    "UploadButton",
    "archive",
    "complete_collection",
    "file_mark",
    "first_link",
    "forget_messages",
    "save_to_the_archive",
    "saved_message",
    "zip_lines",
]

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"|]+", re.IGNORECASE)
_TRAILING: Final = ".,;:!?)]}*_~'`"
_COLLECTION: Final = 40
_LINK: Final = 2_000
_UNANSWERED: Final = 40
_WORST: Final = 5
_NOTES: Final = 5
#: Discord takes ten files with a message.
_PARTS: Final = 10
#: What a zip needs beside what is in it.
_MARGIN: Final = 64 * 2**10

archive = for_managers(
    app_commands.Group(name=translated("command-archive"), description=translated("command-archive-does"))
)


@access(MANAGING)
@archive.command(name=translated("command-archive-add"), description=translated("command-archive-add-does"))
@translated_options("command-archive-add", "file", "link", "collection", group="command-archive")
async def add(
    interaction: Interaction,
    file: discord.Attachment | None = None,
    link: app_commands.Range[str, 1, _LINK] | None = None,
    collection: app_commands.Range[str, 1, _COLLECTION] = "main",
) -> None:
    """Take a file, or the thread that a link names, into the server's own collection."""
    collection = collection.strip() or "main"
    with interaction.client.services.at_work():
        await acknowledge(interaction, private=True)
        if (file is None) == (link is None):
            await send_private(interaction, own_translations(interaction).say("uploads-file-or-link"))
        elif file is not None:
            await run_upload(interaction, file, collection)
        elif link is not None:
            await run_link(interaction, link.strip(), collection)


@access(MANAGING)
@app_commands.context_menu(name=translated("menu-save"))
@for_managers
async def save_to_the_archive(interaction: Interaction, message: discord.Message) -> None:
    """Take in the thread that a message links to; without such a link, the message's own text."""
    client, server_id = interaction.client, interaction.guild_id or 0
    with client.services.at_work():
        await acknowledge(interaction, private=True)
        link = first_link(message.content)
        if link is not None:
            await run_link(interaction, link, "main")
            return
        file = saved_message(message)
        if file is None:
            await send_private(interaction, own_translations(interaction).say("uploads-no-words"))
            return
        await asyncio.to_thread(client.saved_messages.note, server_id, message.id, message.author.id)
        await run_saved(interaction, file, "main")


def first_link(text: str) -> str | None:
    """Return the first link in a text that is of a service that is fetched from or can be saved by hand."""
    for found in _ADDRESS.finditer(text):
        link = found[0].rstrip(_TRAILING)
        if is_of_service(link):
            return link
    return None


def saved_message(message: discord.Message) -> SavedFile | None:
    """Return a message as a saved file with its text, author, address and time; ``None`` without words."""
    words = message.content.strip()
    if not words:
        return None
    post = Post(
        1, words, author=f"@{message.author.name}", url=message.jump_url, posted_at=message.created_at
    )
    thread = Thread((post,), author=post.author, url=post.url, posted_at=post.posted_at)
    return SavedFile(message.jump_url, f"{dump_line(thread)}\n".encode())


async def forget_messages(client: AppClient, messages: Iterable[int]) -> None:
    """Take messages that are gone from Discord out of the archive, where their text was saved."""
    gone = client.saved_messages.known(messages)
    if gone:
        try:
            await run_in_thread(lambda: client.saved_messages.forget(gone), "forgetting")
        except StoreError as error:
            log_refusal(error, "messages that were deleted")


@access(MANAGING)
@archive.command(name=translated("command-archive-list"), description=translated("command-archive-list-does"))
async def list_(interaction: Interaction) -> None:
    """List the files."""
    with interaction.client.services.at_work():
        await acknowledge(interaction, private=True)
        files, languages = await _files(interaction), await _languages(interaction)
        await show_view(interaction, file_list(files, languages, 0, own_translations(interaction)))


@access(MANAGING)
@archive.command(
    name=translated("command-archive-remove"), description=translated("command-archive-remove-does")
)
@translated_options("command-archive-remove", "file", group="command-archive")
async def remove(interaction: Interaction, file: str) -> None:
    """Ask whether a file is to be taken back."""
    with interaction.client.services.at_work():
        await acknowledge(interaction, private=True)
        translations, files = own_translations(interaction), await _files(interaction)
        number = _picked(files, file)
        if number is None:
            await send_private(interaction, translations.say("uploads-no-such"))
            return
        chosen = _chosen(files, number)
        client = interaction.client
        would = await run_in_thread(
            lambda: client.archive.take_back([one.id for one in chosen], rehearse=True), "rehearsal"
        )
        await show_view(interaction, removal(chosen[0].name if number else None, number, would, translations))


@access(MANAGING)
@archive.command(
    name=translated("command-archive-export"), description=translated("command-archive-export-does")
)
@translated_options("command-archive-export", "collection", group="command-archive")
async def export(interaction: Interaction, collection: str = "main") -> None:
    """Write a collection of the server's out."""
    with interaction.client.services.at_work():
        await acknowledge(interaction, private=True)
        client, translations, server_id = (
            interaction.client,
            own_translations(interaction),
            interaction.guild_id,
        )
        size = interaction.filesize_limit
        try:
            parts = await run_in_thread(
                lambda: zip_lines(client.archive.export(collection, server_id=server_id), size - _MARGIN),
                "export",
            )
        except CollectionNotFoundError:
            await send_private(interaction, translations.say("uploads-export-none"))
            return
        if parts is None:
            sentence = translations.say("uploads-export-too-large", count=_PARTS, size=size // 2**20)
            await send_private(interaction, sentence)
            return
        view = layout(
            [text(translations.say("uploads-export", collection=bold_name(collection)))], colour=CALM
        )
        for name, _ in parts:
            view.add_item(File(f"attachment://{name}"))
        await show_view(interaction, view, attached=dict(parts))


@access(MANAGING)
@archive.command(
    name=translated("command-archive-stats"), description=translated("command-archive-stats-does")
)
async def stats(interaction: Interaction) -> None:
    """Tell how much the server can ask, and how its answers were judged."""
    with interaction.client.services.at_work():
        await acknowledge(interaction, private=True)
        client, server_id = interaction.client, interaction.guild_id or 0
        await show_view(
            interaction,
            await asyncio.to_thread(_stats, client, server_id, own_translations(interaction)),
        )


@access(MANAGING)
@archive.command(
    name=translated("command-archive-unanswered"),
    description=translated("command-archive-unanswered-does"),
)
async def unanswered_(interaction: Interaction) -> None:
    """Show the words that found nothing, where they are kept."""
    with interaction.client.services.at_work():
        await acknowledge(interaction, private=True)
        client, translations, server_id = (
            interaction.client,
            own_translations(interaction),
            interaction.guild_id or 0,
        )
        if not client.servers.of(server_id).unanswered:
            await send_private(interaction, translations.say("uploads-unanswered-off"))
            return
        today = client.now().date()
        missed = await asyncio.to_thread(client.unanswered.of, server_id, today, limit=_UNANSWERED)
        await show_view(interaction, unanswered(missed, translations))


@remove.autocomplete("file")
async def _complete_file(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer the server's files, and all of them at once."""
    files = await _offered(
        interaction, lambda: interaction.client.archive.catalog.uploads(interaction.guild_id or 0)
    )
    wanted = typed.strip().casefold()
    choices = [
        Choice(name=_label(file), value=str(file_mark(file)))
        for file in files
        if wanted in file.name.casefold()
    ]
    if len(files) > 1:
        everything = own_translations(interaction).say("uploads-everything", count=len(files))
        choices = [*choices[: CHOICES - 1], Choice(name=clip(everything, CHOICE_NAME), value="0")]
    return choices[:CHOICES]


@export.autocomplete("collection")
@add.autocomplete("collection")
async def complete_collection(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer the server's collections."""
    server_id, wanted = interaction.guild_id, typed.strip().casefold()
    names = await _offered(interaction, lambda: own_collections(interaction.client, server_id))
    return [Choice(name=name, value=name) for name in names if wanted in name.casefold()][:CHOICES]


@access(MANAGING)
class UploadButton(Pressed, DynamicItem[Button[Any]], template=UploadControl.TEMPLATE):
    """The pages of the list, and the two buttons below the question whether to remove."""

    async def press(self, interaction: Interaction) -> None:
        """Turn the page, remove, or leave everything as it is."""
        found = self.template.fullmatch(self.custom_id)
        if found is None:
            return
        await acknowledge_press(interaction)
        translations, files = own_translations(interaction), await _files(interaction)
        number = int(found["number"])
        match found["action"]:
            case "page":
                view = file_list(files, await _languages(interaction), number, translations)
            case "remove":
                # Looked up anew: the message may be old, and of another server's files none is here.
                view = await self._remove(interaction, _chosen(files, number))
            case _:
                view = layout([text(translations.say("uploads-kept"))], colour=CALM)
        await show_view(interaction, view)

    async def _remove(self, interaction: Interaction, chosen: list[SourceFile]) -> LayoutView:
        client, translations = interaction.client, own_translations(interaction)
        if not chosen:
            return layout([text(translations.say("uploads-no-such"))], colour=CALM)

        def take_back() -> Forgotten:
            gone = client.archive.take_back([one.id for one in chosen])
            client.archive.refresh()
            return gone

        gone = await run_in_thread(take_back, "removal")
        sentence = translations.say(
            "uploads-removed" if gone.wiped else "uploads-removed-not-wiped",
            threads=translations.say("threads", count=gone.threads),
            posts=translations.say("posts", count=gone.posts),
        )
        return layout([text(sentence)], colour=CALM)


@access(MANAGING)
class PlainButton(Pressed, DynamicItem[Button[Any]], template=PlainControl.TEMPLATE):
    """The button below a refused upload that imports it as plain text."""

    async def press(self, interaction: Interaction) -> None:
        """Take in the file that hangs on the message."""
        found = self.template.fullmatch(self.custom_id)
        if found is None or interaction.message is None:
            return
        await acknowledge_press(interaction)
        if not interaction.message.attachments:
            await send_private(interaction, own_translations(interaction).say("uploads-gone"))
            return
        await run_upload(interaction, interaction.message.attachments[0], found["collection"], form=TEXT)


def zip_lines(lines: Iterable[str], most: int) -> list[tuple[str, bytes]] | None:
    """Return lines as zips of at most ``most`` bytes by their names, ``None`` where ten do not hold them.

    Each holds whole lines, so each can be taken in by itself.
    """
    done: list[tuple[str, bytes]] = []
    waiting: list[bytes] = []
    size = 0
    # Text never grows by being zipped, beyond the margin; so what fits unzipped fits.
    for line in lines:
        waiting.append(f"{line}\n".encode())
        size += len(waiting[-1])
        if size > 4 * most:
            if not _pack(done, waiting, most):
                return None
            size = 0
    return done if _pack(done, waiting, most) else None


def _pack(done: list[tuple[str, bytes]], waiting: list[bytes], most: int) -> bool:
    """Move what is waiting into zips; return whether it could be had."""
    while waiting or not done:
        taken = len(waiting)
        while True:
            name = f"threads-{len(done) + 1}"
            packed = _zip(f"{name}.jsonl", b"".join(waiting[:taken]))
            if len(packed) <= most:
                break
            if taken <= 1:
                return False
            taken //= 2
        done.append((f"{name}.zip", packed))
        del waiting[:taken]
        if len(done) > _PARTS:
            return False
    return True


def _zip(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        # Without the time, equal threads are equal files.
        packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def own_collections(client: AppClient, server_id: int | None) -> list[str]:
    """Return the names of a server's own collections."""
    found = client.archive.catalog.collections(server_id)
    return [known.name for known in found if known.server_id is not None and known.server_id == server_id]


def _stats(client: AppClient, server_id: int, translations: Translations) -> LayoutView:
    own = client.archive.catalog.statistics(client.archive.catalog.own_scope(server_id))
    public = client.archive.catalog.statistics(client.archive.catalog.public_scope())
    room = max(client.settings.server_posts - own.posts, 0)
    judged = client.feedback.counts(server_id)
    scope = client.archive.catalog.scope(server_id)
    worst = sorted((one for one in judged if one.unhelpful), key=lambda one: -one.unhelpful)
    titles: list[tuple[str, FeedbackCount]] = []
    for one in worst[:_WORST]:
        # What is no longer here, or never was, has no title to show.
        with contextlib.suppress(ThreadNotFoundError):
            thread = client.archive.catalog.thread(one.thread_id, scope)
            titles.append((heading(thread.summary(), translations=translations), one))
    notes = client.feedback.notes(server_id, client.now(), limit=_NOTES)
    return stats_view(
        ServerStats(own, public, room, tuple(judged), tuple(titles), tuple(notes)), translations
    )


async def _files(interaction: Interaction) -> list[SourceFile]:
    client, server_id = interaction.client, interaction.guild_id
    return await asyncio.to_thread(client.archive.catalog.uploads, server_id or 0)


async def _languages(interaction: Interaction) -> list[str]:
    """Return the languages of a server's own threads, that of most posts first."""
    archive = interaction.client.archive
    own = archive.catalog.own_scope(interaction.guild_id or 0)
    return list(await asyncio.to_thread(archive.languages, own))


async def _offered(interaction: Interaction, find: Callable[[], list[Any]]) -> list[Any]:
    """Return what a completion may offer. Raises nothing."""
    try:
        return await asyncio.to_thread(find)
    except Exception as error:  # noqa: BLE001 - the edge; there is no place to say anything but the log
        log_error(error, f"completion {interaction.id}")
        return []


def _label(file: SourceFile) -> str:
    """Return a file as a choice of a completion."""
    return clip(f"{plain_line(file.name)} · {file.collection}", CHOICE_NAME) or "…"


def file_mark(file: SourceFile) -> int:
    """Return the number by which a file is named in Discord, of at most 15 digits and never 0.

    The archive's own numbers run through all servers: their reader would learn how much others upload.
    """
    identity = f"{file.collection}\0{file.name}\0{file.sha256}"
    return int.from_bytes(hashlib.sha256(identity.encode("utf-8", "surrogateescape")).digest()[:6]) or 1


def _picked(files: list[SourceFile], wanted: str) -> int | None:
    """Return the mark of the file that is meant by its mark or its name, 0 for all of them."""
    word = wanted.strip()
    if word == "0" and files:
        return 0
    # Some clients send a suggestion's label in the place of its value.
    found = [
        mark
        for file in files
        if word.casefold() in {str(mark := file_mark(file)), file.name.casefold(), _label(file).casefold()}
    ]
    return found[0] if found else None


def _chosen(files: list[SourceFile], number: int) -> list[SourceFile]:
    """Return the files of a mark, 0 for all."""
    return [file for file in files if number in {0, file_mark(file)}]
