"""Be a small bot that answers in every way a client can, to try the loopback Discord with."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

import discord
from discord import app_commands, ui

from tests.discord.server import LoopbackDiscord

__all__ = ["QUIET", "Echo", "page", "running"]

QUIET = discord.AllowedMentions.none()


class More(ui.DynamicItem[ui.Button[Any]], template=r"more:(?P<page>\d+)"):
    def __init__(self, page: int) -> None:
        super().__init__(ui.Button(label="More", custom_id=f"more:{page}"))
        self.page = page

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: Any) -> "More":  # noqa: ARG003
        return cls(int(match["page"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.edit_message(view=page(self.page + 1), allowed_mentions=QUIET)


def page(number: int) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(f"page {number}"), ui.ActionRow(More(number))))
    return view


class Note(ui.Modal, title="A note"):
    text: ui.Label[Any] = ui.Label(text="Your words", component=ui.TextInput(custom_id="words"))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        field = self.text.component
        assert isinstance(field, ui.TextInput)
        await interaction.response.send_message(f"noted: {field.value}", ephemeral=True)


class Echo(discord.AutoShardedClient):
    """Answer in every way that a client can."""

    def __init__(self, **options: Any) -> None:
        intents = options.pop("intents", discord.Intents(guilds=True, guild_messages=True, dm_messages=True))
        super().__init__(
            intents=intents,
            guild_ready_timeout=0.01,
            allowed_mentions=QUIET,
            chunk_guilds_at_startup=False,
            **options,
        )
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.errors: list[BaseException] = []
        self.block = 0.0

    async def setup_hook(self) -> None:
        self.add_dynamic_items(More)
        add_commands(self)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once; by default the client waits five seconds, as the real Discord asks."""

    async def on_message(self, message: discord.Message) -> None:
        assert self.user is not None
        if message.author.id == self.user.id:
            return
        self.heard.append(message)
        if message.content:
            await message.reply(f"heard: {message.clean_content}", mention_author=False)


@app_commands.command(description="Say more than one thing, and change one's mind")
async def waver(interaction: discord.Interaction) -> None:
    await interaction.response.defer(thinking=True)
    for words in ("first", "second"):
        await interaction.edit_original_response(content=words)
    await interaction.followup.send("beside it", ephemeral=True)
    withdrawn = await interaction.followup.send("too much", wait=True)
    await withdrawn.delete()


def add_commands(client: Echo) -> None:
    tree = client.tree

    @tree.command(description="Ask")
    @app_commands.allowed_installs(guilds=True, users=True)
    async def ask(interaction: discord.Interaction, question: str, *, private: bool = False) -> None:
        if client.block:
            time.sleep(client.block)  # noqa: ASYNC251 - a blocked loop is what the test is about
        try:
            await interaction.response.defer(ephemeral=private, thinking=True)
        except discord.HTTPException as error:
            client.errors.append(error)
            return
        view = page(0)
        view.add_item(ui.TextDisplay(question))
        await interaction.edit_original_response(view=view, allowed_mentions=QUIET)

    async def names(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed}{n}", value=str(n)) for n in range(2)]

    @tree.command(description="Open a thread")
    @app_commands.autocomplete(name=names)
    async def thread(interaction: discord.Interaction, name: str) -> None:
        await interaction.response.send_message(f"thread {name}")
        await interaction.followup.send("and more", ephemeral=True)

    @tree.command(description="Write a note")
    async def note(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Note())

    @tree.command(description="Take a file")
    async def take(interaction: discord.Interaction, file: discord.Attachment) -> None:
        await interaction.response.send_message(f"{file.filename}: {(await file.read()).decode()}")

    @tree.context_menu(name="Ask the threads")
    async def ask_threads(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"about: {message.content}")

    group = app_commands.Group(
        name="digest", description="The digest", default_permissions=discord.Permissions(manage_guild=True)
    )

    @group.command(description="Set up")
    async def setup(interaction: discord.Interaction, channel: discord.TextChannel, hour: int = 9) -> None:
        await interaction.response.send_message(f"{channel.name} at {hour}")

    tree.add_command(group)
    tree.add_command(waver)


@contextlib.asynccontextmanager
async def running(
    server: LoopbackDiscord, client: discord.Client | None = None, **wait: Any
) -> AsyncIterator[Any]:
    client = client or Echo()
    task = asyncio.create_task(client.start(server.token))
    waiting = asyncio.create_task(server.ready(**wait))
    try:
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            waiting.cancel()
            task.result()
        await waiting
        yield client
    finally:
        await client.close()
        await asyncio.gather(task, waiting, return_exceptions=True)
