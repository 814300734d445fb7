"""The Discord client: intents, shards, the sync of commands, and an orderly end."""

import asyncio
import contextlib
import logging
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.ui import DynamicItem, Item

from bot.alerts.ledger import AlertLedger
from bot.commands import following as _following  # noqa: F401 - adds its commands to the group of /archive
from bot.commands import setup as first_day
from bot.commands.alert import alert
from bot.commands.archive import PlainButton, UploadButton, forget_messages, save_to_the_archive
from bot.commands.archive import archive as archive_
from bot.commands.ask import AnswerButton, ask, ask_the_threads
from bot.commands.digest import ArrivalsButton, digest
from bot.commands.help import help_
from bot.commands.list_threads import FilteredListButton, ListButton, threads
from bot.commands.messages import on_edit, on_message
from bot.commands.privacy import PrivacyButton, privacy
from bot.commands.settings import SettingControl, settings_form
from bot.commands.settings import settings as settings_
from bot.commands.thread import PostButton, ThreadButton, thread
from bot.commands.trend import trend
from bot.commands.verify import check_the_quotes, verify
from bot.commands.when import when
from bot.database import ServerFile, last_backup
from bot.descriptors import descriptor_limit, split_descriptors
from bot.digest.composer import Composer
from bot.digest.ledger import Ledger
from bot.digest.usage_counts import UsageCounts
from bot.fetching.guard import Guard
from bot.fetching.links import user_agent
from bot.gateway_resume import IdentifyGate, drop_own_messages, keep_apart, keep_sessions
from bot.inbox.watcher import InboxWatcher
from bot.interactions.access_check import AccessCheck, CheckedTree
from bot.interactions.app_client import Interaction
from bot.interactions.buttons import Form, Pressed
from bot.interactions.command_sync import command_links, sync_commands
from bot.interactions.command_translations import CommandTranslator
from bot.interactions.delete_button import DeleteButton
from bot.interactions.errors import OutdatedButtonError, on_command_error, on_interaction_error
from bot.interactions.feedback import feedback_form
from bot.interactions.services import Services
from bot.interactions.upload_job import UploadSlots
from bot.monitored_client import MonitoredClient
from bot.monitoring.sd_notify import READY, STOPPING, notify
from bot.monitoring.self_test import Activity, SelfTest
from bot.posting.alerts import AlertReporter
from bot.posting.digest_service import DigestService, process_name
from bot.posting.permissions import invite_link, lacking_permissions
from bot.posting.poster import REQUESTS_PER_SECOND, PostingContext, RequestPace
from bot.posting.single_attempt import once_trace
from bot.runtime import run_in_thread
from bot.servers.erasures import apply_erasures
from bot.servers.feedback_store import Feedback
from bot.servers.follow_store import FollowStore
from bot.servers.following import Bounds, Following
from bot.servers.permission_gaps import PermissionGaps
from bot.servers.preference_store import PreferenceStore
from bot.servers.preferences import Preferences
from bot.servers.retention import ServerRetention
from bot.servers.saved_messages import SavedMessages
from bot.servers.setup_cards import SetupCards
from bot.servers.unanswered import Unanswered
from bot.settings import Settings
from bot.startup import version
from bot.web.addresses import no_edition, no_page
from bot.web.runner import public_pages
from retrieval.archive import Archive
from retrieval.errors import ArchiveError

__all__ = ["COMMANDS", "Bobbin", "UnreachableError"]

log = logging.getLogger(__name__)

AnyCommand = app_commands.Command[Any, Any, Any] | app_commands.Group | app_commands.ContextMenu

BUTTONS: Final = (
    AnswerButton,
    PostButton,
    ThreadButton,
    ListButton,
    FilteredListButton,
    DeleteButton,
    SettingControl,
    first_day.SetupButton,
    UploadButton,
    PlainButton,
    ArrivalsButton,
    PrivacyButton,
)
FORMS: Final = (feedback_form, settings_form, first_day.digest_form)
COMMANDS: Final[tuple[AnyCommand, ...]] = (
    ask,
    ask_the_threads,
    thread,
    threads,
    trend,
    verify,
    check_the_quotes,
    when,
    save_to_the_archive,
    help_,
    first_day.setup,
    settings_,
    archive_,
    privacy,
    digest,
    alert,
)

_LEAVING = 1.0
_FINISHING = 4.0
_CLOSING = 3.0
_REFRESHING = 1.0
_LOOKING = 10.0
_FORGETTING = 3_600.0
_SYNC_AGAIN = 300.0
_DOUBTED = 3_600.0
_ATTEMPTS = 5
_LATER = 30.0


class UnreachableError(Exception):
    """The gateway could not be reached after several attempts."""


class Bobbin(MonitoredClient):
    """Bobbin in Discord, over an archive that is passed in.

    It asks for three unprivileged intents, keeps no messages and no members, and lets no message
    ping anyone. ``refresh_every`` is the number of seconds between looks at what other processes
    imported, ``look_every`` between looks into the inbox; ``ready_timeout`` how long it waits for the
    next server before it counts as ready. ``now`` is the clock, aware.
    ``registered`` is set when Discord knows the commands as they are now.
    """

    def __init__(  # noqa: PLR0913 - the times are named where it is called
        self,
        archive: Archive,
        settings: Settings,
        *,
        refresh_every: float = _REFRESHING,
        look_every: float = _LOOKING,
        ready_timeout: float = 2.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(
            archive,
            settings,
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            guild_ready_timeout=ready_timeout,
            http_trace=once_trace(),
        )
        drop_own_messages(self)
        self.now = now
        self.server_file = ServerFile.open(settings.servers)
        self.servers = PreferenceStore(self.server_file, Preferences(quotes=settings.quotes_per_answer))
        self.saved_messages = SavedMessages(self.server_file, archive, now)
        self._apply_erasures()
        self.setup_cards = SetupCards(self.server_file)
        self._permission_gaps = PermissionGaps(self.server_file)
        self.unanswered = Unanswered(self.server_file)
        self.feedback = Feedback(self.server_file)
        # After all that reads the other file anew. In a thread of its own, since who notices that file may
        # hold a lock.
        self.server_file.on_replaced(
            lambda: threading.Thread(target=self._apply_erasures, name="erasures", daemon=True).start()
        )
        self.uploading = UploadSlots()
        self.guard = Guard(user_agent(version(), settings.contact))
        self.following = Following(
            archive,
            FollowStore(self.server_file),
            lambda: self.guard,
            now,
            bounds=Bounds(settings.server_follows, settings.follows, settings.server_posts),
            metrics=self.metrics,
            stopping=self.stopping,
        )
        ledger, usage = Ledger(self.server_file), UsageCounts(self.server_file)
        pages = public_pages(settings, self.server_file)
        self.self_test = SelfTest(
            archive, self.server_file, (settings.database, settings.servers), activity=self._activity
        )
        self.services = Services(
            archive,
            servers=self.servers,
            feedback=self.feedback,
            unanswered=self.unanswered,
            usage=usage,
            record=self.record,
            now=now,
            pages=pages,
            operator=settings.operator,
        )
        share = len(settings.share.ids) / settings.share.count
        posting = PostingContext(
            owner=process_name(),
            now=now,
            # Discord counts the requests of all processes of a bot together.
            pace=RequestPace(REQUESTS_PER_SECOND * share),
            in_hand=self.services.at_work,
            page_of=pages.public if pages else no_page,
            edition_of=pages.edition if pages else no_edition,
        )
        self.digests = DigestService.of(self, Composer(archive, ledger, usage), posting, settings.share.has)
        self.alerts = AlertReporter(
            self,
            archive,
            AlertLedger(self.server_file),
            posting,
            preferences=self.servers.of,
            page_of=self.services.page_of,
            owns=settings.share.has,
        )
        self.access_check = AccessCheck(self.servers, now)
        self.tree = CheckedTree(self)
        for command in COMMANDS:
            self.tree.add_command(command)
        self.tree.error(on_command_error)
        self.forms: list[Form] = list(FORMS)
        self._templates: list[re.Pattern[str]] = []
        self.registered = asyncio.Event()
        self.command_links = {}
        self.commands_doubted = asyncio.Event()
        self._retention = ServerRetention(
            archive,
            self.server_file,
            self.servers,
            now,
            expiring=(lambda: self.unanswered.forget_old(now().date()), lambda: self.feedback.expire(now())),
        )
        self._refresh_every = refresh_every
        self._look_every = look_every
        self._inbox = InboxWatcher(
            archive,
            settings.inbox_folder,
            settings.limits,
            quiet=look_every / 2,
            most_done=settings.inbox_done_mib * 2**20 or None,
        )
        self._stopping = threading.Event()
        self._gateway = yarl.URL(settings.discord_gateway) if settings.discord_gateway else None
        self._attempts: Counter[int] = Counter()
        self._identifies: IdentifyGate | None = None
        self._reconnecting: set[asyncio.Task[None]] = set()
        self._background: list[asyncio.Task[None]] = []
        if settings.discord_api:
            Route.BASE = settings.discord_api
        if self._gateway:
            DiscordWebSocket.DEFAULT_GATEWAY = self._gateway

    async def setup_hook(self) -> None:
        """Register the buttons and start what runs beside the answers."""
        await super().setup_hook()
        keep_sessions(self.http)
        self.http.user_agent += f" Bobbin/{version()}"
        self.add_dynamic_items(*BUTTONS)
        self.archive.watch(self._refresh_every)
        await self.tree.set_translator(CommandTranslator())
        self._background = [
            asyncio.create_task(self._keep_synced(), name="sync-commands"),
            asyncio.create_task(self._keep_ready(), name="ready-completion"),
            asyncio.create_task(self._keep_inbox(), name="look-into-inbox"),
            asyncio.create_task(self._keep_forgetting(), name="forget-servers"),
            asyncio.create_task(self.digests.scheduler.run(), name="post-digests"),
            asyncio.create_task(self.alerts.run(), name="report-alerts"),
        ]
        if self.settings.share.leads:
            self._background.append(
                asyncio.create_task(self.following.run(self._look_every / 2), name="follow-authors")
            )

    async def login(self, token: str) -> None:
        """Log in, with a bound of connections to Discord that leaves descriptors for everything else."""
        budget = split_descriptors(descriptor_limit())
        # Each shard keeps one for its gateway.
        limit = budget.outgoing + max(1, len(self.settings.share.ids))
        self.http.connector = aiohttp.TCPConnector(limit=limit)
        await super().login(token)

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """Connect a shard, through the proxy where one is set; discord.py would try without end.

        After several attempts, a shard is left for later while others serve. Raises
        :class:`UnreachableError` where none does.
        """
        self._attempts[shard_id] += 1
        if self._attempts[shard_id] > _ATTEMPTS:
            if not self.shards:
                raise UnreachableError("the gateway does not answer")
            log.error("shard %d is not reached; next try in %.0f s", shard_id, _LATER)
            self._attempts[shard_id] = 0
            later = asyncio.create_task(self._launch_later(gateway, shard_id), name=f"launch-{shard_id}")
            self._reconnecting.add(later)
            later.add_done_callback(self._reconnecting.discard)
            return
        before = len(self.shards)
        await super().launch_shard(self._gateway or gateway, shard_id, initial=initial)
        info = self.get_shard(shard_id)
        if info is not None and len(self.shards) > before:
            keep_apart(info._parent, self._reconnecting)  # noqa: SLF001 - discord.py offers no other way

    async def _launch_later(self, gateway: yarl.URL, shard_id: int) -> None:
        await asyncio.sleep(_LATER)
        await self.launch_shard(gateway, shard_id)

    async def launch_shards(self) -> None:
        """Connect the shards as far as Discord allows for today: each start of a session counts."""
        while True:
            count, url, limit = await self.http.get_bot_gateway()
            needed = len(self.shard_ids or range(self.shard_count or count))
            if limit["remaining"] >= needed:
                break
            wait = limit["reset_after"] / 1000 + 1
            message = "%d sessions to start, Discord allows %d; waiting for %.0f s until it allows more"
            log.error(message, needed, limit["remaining"], wait)
            await asyncio.sleep(wait)
        self.shard_count = self.shard_count or count
        self._gateway = self._gateway or yarl.URL(url)
        self._identifies = IdentifyGate(self.settings.data_dir, limit["max_concurrency"])
        await super().launch_shards()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for the turn of a shard among all shards of all processes."""
        if (self.shard_count or 1) > 1 and self._identifies is not None:
            await self._identifies.wait(shard_id or 0)
        else:
            await super().before_identify_hook(shard_id, initial=initial)

    async def on_ready(self) -> None:
        """Log that it listens now."""
        log.info("ready: %s, servers=%d shards=%d", self.user, len(self.guilds), self.shard_count or 1)
        if self.application_id:
            log.info("add it to a server: %s", invite_link(self.application_id))
        notify(READY, f"STATUS=Servers: {len(self.guilds)}")
        await first_day.greet_recent(self)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that a server was left; what is kept of it has its days."""
        await self._retention.left(guild.id)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Keep what is known of a server after all, and show how it is set up."""
        await self._retention.joined(guild.id)
        await first_day.greet(self, guild)

    async def on_app_command_completion(self, interaction: Interaction, _command: object) -> None:
        """Show the setup card that waits for a manager."""
        await first_day.on_command_used(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that asks."""
        if self.user is not None and await self.access_check.admits_message(message, self.user.id):
            await on_message(self, message)
            await first_day.greet_manager(self, message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer a message that an edit made a question, and mend the answer to one edited at once."""
        await on_edit(self, payload.message)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Forget a saved message with its original."""
        await forget_messages(self, {payload.message_id})

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Forget saved messages with their originals."""
        await forget_messages(self, payload.message_ids)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Take a form that was filled in; answer for buttons and forms that nothing here answers to."""
        custom_id = interaction.custom_id or ""
        if interaction.type is discord.InteractionType.component:
            # discord.py calls the buttons that it knows by itself.
            known = any(template.fullmatch(custom_id) for template in self._templates)
        elif interaction.type is discord.InteractionType.modal_submit:
            form = next((form for form in self.forms if form.template.fullmatch(custom_id)), None)
            known = form is not None
            if form is not None:
                await form.take(interaction)
        else:
            return
        if not known:
            await on_interaction_error(interaction, OutdatedButtonError())

    def add_dynamic_items(self, *items: type[DynamicItem[Item[Any]]]) -> None:
        """Register buttons and menus. Raises ``TypeError`` for a class that bypasses the access check."""
        for item in items:
            check: object = item.interaction_check
            if check is not Pressed.interaction_check:
                raise TypeError(f"{item.__name__} must name Pressed first, which puts the gate before it")
            self._templates.append(item.__discord_ui_compiled_template__)
        super().add_dynamic_items(*items)

    def stopping(self) -> bool:
        """Return whether the client is about to stop."""
        return self._stopping.is_set()

    def _apply_erasures(self) -> None:
        """Erase what an older file about servers brought back; where it refuses, the next start does."""
        try:
            apply_erasures(self.server_file, self.archive, self.servers)
            self.saved_messages.forget_anew()
        except ArchiveError as error:
            log.error("what was erased may still be in %s: %s", self.server_file.path, error)  # noqa: TRY400

    def _activity(self) -> Activity:
        """Return what was last done, for the health page; it reads both files."""
        ledger = self.digests.ledger
        return Activity(
            last_import=self.archive.catalog.last_import(),
            last_digest=ledger.last_posted(),
            last_backup=backup[0] if (backup := last_backup(self.settings.data_dir)) else None,
            paused_digests=ledger.paused_by_errors(),
        )

    async def finish(self) -> None:
        """Take no more questions, let the answers in hand come to their end, then close.

        Each of the three takes a few seconds at most.
        """
        notify(STOPPING)
        self._stopping.set()
        self.digests.scheduler.stop()
        self.alerts.stop()
        leaving = asyncio.gather(
            *(shard.disconnect() for shard in self.shards.values()), return_exceptions=True
        )
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(leaving, _LEAVING)
        if not await self.services.finish(_FINISHING):
            log.warning("stopped with answers still in hand after %.0f s", _FINISHING)
        await self.close()

    async def close(self) -> None:
        """Close every connection; do not wait long for Discord's own goodbye."""
        self._stopping.set()
        for task in (*self._background, *self._reconnecting):
            task.cancel()
        closing = asyncio.ensure_future(super().close())
        done, _ = await asyncio.wait([closing], timeout=_CLOSING)
        if not done:
            log.info("Discord did not take its leave; closing without")
            await self.http.close()
        await self.guard.close()
        await asyncio.to_thread(self.server_file.close)

    async def _keep_synced(self) -> None:
        """Register the commands when they changed; try again later where Discord cannot.

        Of several processes of one bot, the one that serves shard 0 does it for all.
        """
        while True:
            try:
                if self.settings.share.leads:
                    known = await sync_commands(self.tree, self.settings.data_dir / "commands.json")
                else:
                    known = await self.tree.fetch_commands()
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                log.warning("commands not registered, next try in %.0f s: %s", _SYNC_AGAIN, error)
                if not self.settings.share.leads:
                    self.registered.set()
                await asyncio.sleep(_SYNC_AGAIN)
                continue
            self.command_links = command_links(self.tree, known)
            self.registered.set()
            await self.commands_doubted.wait()
            await asyncio.sleep(_DOUBTED)
            self.commands_doubted.clear()

    async def _keep_ready(self) -> None:
        """Read what completion looks in, so that the first person to type need not wait for that."""
        while True:
            with contextlib.suppress(ArchiveError):
                await self.services.complete("a", None, limit=1)
            await asyncio.sleep(self._refresh_every)

    async def _keep_forgetting(self) -> None:
        """Forget the servers that were left long ago, and whatever else has had its time."""
        await self.wait_until_ready()
        while True:
            try:
                present = frozenset(guild.id for guild in self.guilds)
                await self._retention.look(present, self.shards.keys(), self.shard_count or 1)
                gaps = {guild.id: (guild.name, lacking_permissions(guild)) for guild in self.guilds}
                await asyncio.to_thread(self._permission_gaps.record, gaps, self.settings.share.has)
            except Exception:
                log.exception("could not forget what is due; next try in %.0f s", _FORGETTING)
            await asyncio.sleep(_FORGETTING)

    async def _keep_inbox(self) -> None:
        """Import what is put into the inbox, for as long as the client lives."""
        while True:
            await asyncio.sleep(self._look_every)
            try:
                await run_in_thread(
                    lambda: self._inbox.look(time.monotonic(), self._stopping.is_set), "inbox"
                )
            except Exception:
                log.exception("could not look into the inbox; next try in %.0f s", self._look_every)
