"""``/archive``: a server's own threads, for its admins: taking files in, out, and writing them out."""

import asyncio
import contextlib
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable
from typing import Any, Final

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ui import Button, DynamicItem, File, LayoutView

from bot.apart import apart
from bot.catalogue import Catalogue
from bot.commands.access import MANAGING, access
from bot.commands.admin import Keeper, keeper_of
from bot.commands.buttons import Pressed
from bot.commands.desk import AnyInteraction, desk_of
from bot.commands.errors import log_error
from bot.commands.naming import named as in_catalogue
from bot.commands.replies import acknowledge, acknowledge_press, show, tell
from bot.commands.speech import own_speech
from bot.commands.uploading import upload
from bot.feedback import Count
from bot.render.figures import Figures, figures
from bot.render.heads import heading
from bot.render.inert import plain_line
from bot.render.layout import CALM, layout, text
from bot.render.limits import CHOICE_NAME, CHOICES, clip
from bot.render.uploads import PlainControl, UploadControl, file_list, named, removal, unanswered
from retrieval.errors import CollectionNotFoundError, ThreadNotFoundError
from retrieval.saved import TEXT, Forgotten, SourceFile

__all__ = ["PlainButton", "UploadButton", "archive", "mark", "zipped"]

_COLLECTION: Final = 40
_UNANSWERED: Final = 40
_WORST: Final = 5
_NOTES: Final = 5
#: Discord takes ten files with a message.
_PARTS: Final = 10
#: What a zip needs beside what is in it.
_MARGIN: Final = 64 * 2**10

archive = app_commands.Group(
    name=in_catalogue("command-archive"),
    description=in_catalogue("command-archive-does"),
    default_permissions=discord.Permissions(manage_guild=True),
    allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
    allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
)


@access(MANAGING)
@archive.command(
    name=in_catalogue("command-archive-add"), description=in_catalogue("command-archive-add-does")
)
@app_commands.rename(
    file=in_catalogue("command-archive-file"), collection=in_catalogue("command-archive-collection")
)
@app_commands.describe(
    file=in_catalogue("command-archive-add-file-is"),
    collection=in_catalogue("command-archive-add-collection-is"),
)
async def add(
    interaction: AnyInteraction,
    file: discord.Attachment,
    collection: app_commands.Range[str, 1, _COLLECTION] = "main",
) -> None:
    """Take a file into the server's own collection."""
    with desk_of(interaction).at_work():
        await acknowledge(interaction, private=True)
        await upload(interaction, file, collection.strip() or "main")


@access(MANAGING)
@archive.command(
    name=in_catalogue("command-archive-list"), description=in_catalogue("command-archive-list-does")
)
async def list_(interaction: AnyInteraction) -> None:
    """List the files."""
    with desk_of(interaction).at_work():
        await acknowledge(interaction, private=True)
        files = await _files(interaction)
        await show(interaction, file_list(files, 0, own_speech(interaction)))


@access(MANAGING)
@archive.command(
    name=in_catalogue("command-archive-remove"), description=in_catalogue("command-archive-remove-does")
)
@app_commands.rename(file=in_catalogue("command-archive-file"))
@app_commands.describe(file=in_catalogue("command-archive-remove-file-is"))
async def remove(interaction: AnyInteraction, file: str) -> None:
    """Ask whether a file is to be taken back."""
    with desk_of(interaction).at_work():
        await acknowledge(interaction, private=True)
        speech, files = own_speech(interaction), await _files(interaction)
        number = _picked(files, file)
        if number is None:
            await tell(interaction, speech.say("uploads-no-such"))
            return
        chosen = _chosen(files, number)
        keeper = keeper_of(interaction)
        would = await apart(
            lambda: keeper.archive.take_back([one.id for one in chosen], rehearse=True), "rehearsal"
        )
        await show(interaction, removal(chosen[0].name if number else None, number, would, speech))


@access(MANAGING)
@archive.command(
    name=in_catalogue("command-archive-export"), description=in_catalogue("command-archive-export-does")
)
@app_commands.rename(collection=in_catalogue("command-archive-collection"))
@app_commands.describe(collection=in_catalogue("command-archive-export-collection-is"))
async def export(interaction: AnyInteraction, collection: str = "main") -> None:
    """Write a collection of the server's out."""
    with desk_of(interaction).at_work():
        await acknowledge(interaction, private=True)
        keeper, speech, server_id = keeper_of(interaction), own_speech(interaction), interaction.guild_id
        size = interaction.filesize_limit
        try:
            parts = await apart(
                lambda: zipped(keeper.archive.export(collection, server_id=server_id), size - _MARGIN),
                "export",
            )
        except CollectionNotFoundError:
            await tell(interaction, speech.say("uploads-export-none"))
            return
        if parts is None:
            said = speech.say("uploads-export-too-large", count=_PARTS, size=size // 2**20)
            await tell(interaction, said)
            return
        view = layout([text(speech.say("uploads-export", collection=named(collection)))], colour=CALM)
        for name, _ in parts:
            view.add_item(File(f"attachment://{name}"))
        await show(interaction, view, attached=dict(parts))


@access(MANAGING)
@archive.command(
    name=in_catalogue("command-archive-stats"), description=in_catalogue("command-archive-stats-does")
)
async def stats(interaction: AnyInteraction) -> None:
    """Tell how much the server can ask, and how its answers were judged."""
    with desk_of(interaction).at_work():
        await acknowledge(interaction, private=True)
        keeper, server_id = keeper_of(interaction), interaction.guild_id or 0
        await show(interaction, await asyncio.to_thread(_stats, keeper, server_id, own_speech(interaction)))


@access(MANAGING)
@archive.command(
    name=in_catalogue("command-archive-unanswered"),
    description=in_catalogue("command-archive-unanswered-does"),
)
async def unanswered_(interaction: AnyInteraction) -> None:
    """Show the words that found nothing, where they are kept."""
    with desk_of(interaction).at_work():
        await acknowledge(interaction, private=True)
        keeper, speech, server_id = keeper_of(interaction), own_speech(interaction), interaction.guild_id or 0
        if not keeper.servers.of(server_id).unanswered:
            await tell(interaction, speech.say("uploads-unanswered-off"))
            return
        today = keeper.now().date()
        missed = await asyncio.to_thread(keeper.unanswered.of, server_id, today, limit=_UNANSWERED)
        await show(interaction, unanswered(missed, speech))


@remove.autocomplete("file")
async def _complete_file(interaction: AnyInteraction, typed: str) -> list[Choice[str]]:
    """Offer the server's files, and all of them at once."""
    files = await _offered(
        interaction, lambda: keeper_of(interaction).archive.uploads(interaction.guild_id or 0)
    )
    wanted = typed.strip().casefold()
    choices = [
        Choice(
            name=clip(f"{plain_line(file.name)} · {file.collection}", CHOICE_NAME) or "…",
            value=str(mark(file)),
        )
        for file in files
        if wanted in file.name.casefold()
    ]
    if len(files) > 1:
        everything = own_speech(interaction).say("uploads-everything", count=len(files))
        choices = [*choices[: CHOICES - 1], Choice(name=clip(everything, CHOICE_NAME), value="0")]
    return choices[:CHOICES]


@export.autocomplete("collection")
@add.autocomplete("collection")
async def _complete_collection(interaction: AnyInteraction, typed: str) -> list[Choice[str]]:
    """Offer the server's collections."""
    server_id, wanted = interaction.guild_id, typed.strip().casefold()
    names = await _offered(interaction, lambda: own_collections(keeper_of(interaction), server_id))
    return [Choice(name=name, value=name) for name in names if wanted in name.casefold()][:CHOICES]


@access(MANAGING)
class UploadButton(Pressed, DynamicItem[Button[Any]], template=UploadControl.TEMPLATE):
    """The pages of the list, and the two buttons below the question whether to remove."""

    async def press(self, interaction: AnyInteraction) -> None:
        """Turn the page, remove, or leave everything as it is."""
        found = self.template.fullmatch(self.custom_id)
        if found is None:
            return
        await acknowledge_press(interaction)
        speech, files = own_speech(interaction), await _files(interaction)
        number = int(found["number"])
        match found["action"]:
            case "page":
                view = file_list(files, number, speech)
            case "remove":
                # Looked up anew: the message may be old, and of another server's files none is here.
                view = await self._remove(interaction, _chosen(files, number))
            case _:
                view = layout([text(speech.say("uploads-kept"))], colour=CALM)
        await show(interaction, view)

    async def _remove(self, interaction: AnyInteraction, chosen: list[SourceFile]) -> LayoutView:
        keeper, speech = keeper_of(interaction), own_speech(interaction)
        if not chosen:
            return layout([text(speech.say("uploads-no-such"))], colour=CALM)

        def take_back() -> Forgotten:
            gone = keeper.archive.take_back([one.id for one in chosen])
            keeper.archive.refresh()
            return gone

        gone = await apart(take_back, "removal")
        said = speech.say(
            "uploads-removed" if gone.wiped else "uploads-removed-not-wiped",
            threads=speech.say("threads", count=gone.threads),
            posts=speech.say("posts", count=gone.posts),
        )
        return layout([text(said)], colour=CALM)


@access(MANAGING)
class PlainButton(Pressed, DynamicItem[Button[Any]], template=PlainControl.TEMPLATE):
    """The button below a refused upload that imports it as plain text."""

    async def press(self, interaction: AnyInteraction) -> None:
        """Take in the file that hangs on the message."""
        found = self.template.fullmatch(self.custom_id)
        if found is None or interaction.message is None:
            return
        await acknowledge_press(interaction)
        if not interaction.message.attachments:
            await tell(interaction, own_speech(interaction).say("uploads-gone"))
            return
        await upload(interaction, interaction.message.attachments[0], found["collection"], form=TEXT)


def zipped(lines: Iterable[str], most: int) -> list[tuple[str, bytes]] | None:
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


def own_collections(keeper: Keeper, server_id: int | None) -> list[str]:
    """Return the names of a server's own collections."""
    found = keeper.archive.collections(server_id)
    return [known.name for known in found if known.server_id is not None and known.server_id == server_id]


def _stats(keeper: Keeper, server_id: int, speech: Catalogue) -> LayoutView:
    own = keeper.archive.statistics(keeper.archive.own_scope(server_id))
    public = keeper.archive.statistics(keeper.archive.public_scope())
    room = max(keeper.settings.server_posts - own.posts, 0)
    judged = keeper.feedback.counts(server_id)
    scope = keeper.archive.scope(server_id)
    worst = sorted((one for one in judged if one.unhelpful), key=lambda one: -one.unhelpful)
    titles: list[tuple[str, Count]] = []
    for one in worst[:_WORST]:
        # What is no longer here, or never was, has no title to show.
        with contextlib.suppress(ThreadNotFoundError):
            thread = keeper.archive.thread(one.thread_id, scope)
            titles.append((heading(thread.summary(), speech=speech), one))
    notes = keeper.feedback.notes(server_id, keeper.now(), limit=_NOTES)
    return figures(Figures(own, public, room, tuple(judged), tuple(titles), tuple(notes)), speech)


async def _files(interaction: AnyInteraction) -> list[SourceFile]:
    keeper, server_id = keeper_of(interaction), interaction.guild_id
    return await asyncio.to_thread(keeper.archive.uploads, server_id or 0)


async def _offered(interaction: AnyInteraction, find: Callable[[], list[Any]]) -> list[Any]:
    """Return what a completion may offer. Raises nothing."""
    try:
        return await asyncio.to_thread(find)
    except Exception as error:  # noqa: BLE001 - the edge; there is no place to say anything but the log
        log_error(error, f"completion {interaction.id}")
        return []


def mark(file: SourceFile) -> int:
    """Return the number by which a file is named in Discord, of at most 15 digits and never 0.

    The archive's own numbers run through all servers: whoever reads them would learn how much others upload.
    """
    said = f"{file.collection}\0{file.name}\0{file.sha256}"
    return int.from_bytes(hashlib.sha256(said.encode("utf-8", "surrogateescape")).digest()[:6]) or 1


def _picked(files: list[SourceFile], wanted: str) -> int | None:
    """Return the mark of the file that is meant by its mark or its name, 0 for all of them."""
    word = wanted.strip()
    if word == "0" and files:
        return 0
    found = [mark(file) for file in files if word == str(mark(file))] or [
        mark(file) for file in files if file.name.casefold() == word.casefold()
    ]
    return found[0] if found else None


def _chosen(files: list[SourceFile], number: int) -> list[SourceFile]:
    """Return the files of a mark, 0 for all."""
    return [file for file in files if number in {0, mark(file)}]
