"""Post one digest, once: claim, look for an earlier post, compose, post, record.

The ledger's row is written first. A process that takes over an expired claim searches the channel for the
post before it posts, and the request carries a nonce of server, digest and date, by which Discord drops a
duplicate for some minutes.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

import aiohttp
import discord
from discord.ui import LayoutView

from bot.digest.composer import Composer, plan_of
from bot.digest.contents import Digest, nonce
from bot.digest.editions import Edition
from bot.digest.model import Claim, DigestOptions, DigestState, LedgerEntry, PauseReason, Subscription
from bot.i18n import translations_for
from bot.posting.permissions import missing_permissions
from bot.posting.single_attempt import single_attempt
from bot.views.digests import digest_view, marker, post_title, why_paused
from bot.views.escape import escape_line
from bot.views.layout import lines_view, stopped
from bot.web.addresses import EditionOf, PageOf, no_edition, no_page

__all__ = [
    "REQUESTS_PER_SECOND",
    "SKEW",
    "TRANSIENT",
    "PostOutcome",
    "PostResult",
    "Poster",
    "PostingContext",
    "RequestPace",
    "allowed_mentions",
    "error_name",
]

log = logging.getLogger(__name__)

#: Digests take at most this many of the 50 requests a second that a bot may send; answers need the rest.
REQUESTS_PER_SECOND: Final = 40
#: Tolerated difference between this machine's clock and Discord's.
SKEW: Final = timedelta(minutes=5)
_ATTEMPT_SECONDS: Final = 45.0
_SERVER_NAME_LENGTH: Final = 80
# Discord's error codes that no retry mends. A refusal without one of them comes from a proxy, or concerns the
# token, and is retried.
_PERMANENT: Final = {
    10003: PauseReason.MISSING,  # unknown channel
    10004: PauseReason.MISSING,  # unknown server
    50001: PauseReason.FORBIDDEN,  # missing access
    50008: PauseReason.FORBIDDEN,  # no messages in this kind of channel
    50013: PauseReason.FORBIDDEN,  # missing permissions
    50083: PauseReason.FORBIDDEN,  # the thread is archived
    160005: PauseReason.FORBIDDEN,  # the thread is locked
    200000: PauseReason.FORBIDDEN,  # the server's own filter
    50006: PauseReason.UNFIT,  # empty message
    50035: PauseReason.UNFIT,  # invalid form
}
#: What may go well another time.
TRANSIENT: Final = (discord.DiscordServerError, aiohttp.ClientError, OSError, TimeoutError)


class PostOutcome(StrEnum):
    """The outcome of an attempt to post."""

    POSTED = "posted"
    QUIET = "quiet"
    """Nothing to post; recorded in the ledger."""
    NOT_OURS = "not ours"
    """Already posted, claimed elsewhere, or unsubscribed."""
    LATER = "later"
    """A transient failure; it will be retried."""
    REFUSED = "refused"
    """Discord refuses permanently; the digest is paused."""


@dataclass(frozen=True, slots=True)
class PostResult:
    """An outcome, and the id of the message where one was posted."""

    outcome: PostOutcome
    message_id: int | None = None


class RequestPace:
    """Spaces requests evenly, first come first served. Raises ``ValueError`` for a rate of zero or less."""

    def __init__(self, requests_per_second: float) -> None:
        if requests_per_second <= 0:
            raise ValueError(f"the pace needs to move: more than {requests_per_second} requests a second")
        self._gap = 1 / requests_per_second
        self._next_slot = 0.0

    async def wait(self) -> None:
        """Wait for the next free slot."""
        now = time.monotonic()
        slot = max(now, self._next_slot)
        self._next_slot = slot + self._gap
        if slot > now:
            await asyncio.sleep(slot - now)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingContext:
    """What all digests of a process are posted with.

    ``owner`` names this process among those that share the ledger; ``now`` is the clock, aware.
    ``attempt_seconds`` bounds one attempt and must be well below the ledger's lease. ``in_hand`` is entered
    while a digest is being posted, so that a shutdown can wait for it. ``page_of`` gives the addresses of
    threads' pages, ``edition_of`` those of digests.
    """

    owner: str
    now: Callable[[], datetime]
    pace: RequestPace = field(default_factory=lambda: RequestPace(REQUESTS_PER_SECOND))
    attempt_seconds: float = _ATTEMPT_SECONDS
    in_hand: Callable[[], AbstractContextManager[None]] = nullcontext
    page_of: PageOf = no_page
    edition_of: EditionOf = no_edition

    def view(self, digest: Digest, options: DigestOptions) -> LayoutView:
        """Return the message of a digest, in the language and with the mention that were chosen."""
        return digest_view(
            digest,
            translations_for(options.language),
            role_id=options.role_id,
            page_of=self.page_of,
            edition=self.edition_of(digest),
        )


class Poster:
    """Posts digests through a client that has logged in."""

    def __init__(self, client: discord.Client, composer: Composer, context: PostingContext) -> None:
        self.context = context
        self._client = client
        self._composer = composer
        self._ledger = composer.ledger
        # Composing holds the interpreter, which answers need too.
        self._composing = asyncio.Semaphore(1)

    async def post(self, server_id: int, day: date, number: int = 0, *, by_hand: bool = False) -> PostResult:
        """Post a server's digest of a number and date unless that was done, and return the outcome.

        Posted ``by_hand`` it may be of a date that counts as done without one, as that of the set-up.
        Raises ``ArchiveError`` where a file refuses; the claim then expires, and the digest is retried.
        """
        now = self.context.now
        with self.context.in_hand():
            for entry in await asyncio.to_thread(self._ledger.unfinished, server_id, day, now(), number):
                if not await self._settle(entry):
                    return PostResult(PostOutcome.LATER)
            if by_hand:
                await asyncio.to_thread(self._ledger.reopen, server_id, day, now(), number)
            claim = await asyncio.to_thread(self._claim, server_id, day, number)
            return PostResult(PostOutcome.NOT_OURS) if claim is None else await self._post_or_classify(claim)

    def _claim(self, server_id: int, day: date, number: int) -> Claim | None:
        context, position = self.context, self._composer.position()
        return self._ledger.claim(server_id, day, context.owner, position, context.now(), number)

    async def _settle(self, entry: LedgerEntry) -> bool:
        """Record whether an earlier, interrupted digest was posted; return whether that is known now."""
        try:
            message_id = await self._find_post(entry)
        except discord.Forbidden:
            message_id = None  # the channel is closed to Bobbin; its readers did not see the post either
        except (discord.HTTPException, *TRANSIENT) as error:
            log.info(
                "digest of %s: cannot search the channel for it (%s); retrying at the next tick",
                entry.day,
                error_name(error),
            )
            return False
        if message_id is None:
            await asyncio.to_thread(self._ledger.miss, entry)
        else:
            await self._publish(entry, message_id)
            await asyncio.to_thread(self._finish_earlier, entry, message_id)
        return True

    def _finish_earlier(self, entry: LedgerEntry, message_id: int) -> None:
        """Record a digest that was found posted, with what it shows, which is composed once more."""
        subscription = self._ledger.subscription(entry.server_id, entry.number)
        digest = self._composer.compose(plan_of(entry, subscription))
        edition = Edition.of(digest, entry.claimed_at)
        self._ledger.finish(entry, DigestState.POSTED, message_id, edition)

    async def _post_or_classify(self, claim: Claim) -> PostResult:
        """Post a claimed digest; a failure is either transient (retried) or permanent (paused)."""
        try:
            return await self._post(claim)
        except discord.HTTPException as error:
            if error.code in _PERMANENT:
                return await self._pause(claim, error_name(error), _PERMANENT[error.code])
            return await self._put_off(claim, error)
        except TRANSIENT as error:
            return await self._put_off(claim, error)

    async def _post(self, claim: Claim) -> PostResult:
        entry, options = claim.entry, claim.subscription.options
        message_id = await self._find_post(entry) if claim.again else None
        digest, view = await self._compose(claim)
        if message_id is None:
            if view is None:
                await asyncio.to_thread(self._ledger.finish, entry, DigestState.QUIET)
                return PostResult(PostOutcome.QUIET)
            # A channel that the client does not know is left to Discord's own answer.
            server = self._client.get_guild(entry.server_id)
            if server and server.get_channel_or_thread(options.channel_id):
                missing = missing_permissions(server, options.channel_id)
                if missing:
                    return await self._pause(claim, f"without {', '.join(missing)}", PauseReason.FORBIDDEN)
            await self.context.pace.wait()
            # Checked last: a process that was held up for longer than a lease has lost the claim.
            if not await asyncio.to_thread(self._ledger.renew, claim, self.context.now()):
                return PostResult(PostOutcome.NOT_OURS)
            message_id = await asyncio.wait_for(self._send(claim, digest, view), self.context.attempt_seconds)
        # Before it is recorded: a process that takes over after a crash publishes, and Discord does so once.
        await self._publish(entry, message_id)
        edition = Edition.of(digest, entry.claimed_at)
        await asyncio.to_thread(self._ledger.finish, entry, DigestState.POSTED, message_id, edition)
        return PostResult(PostOutcome.POSTED, message_id)

    async def _send(self, claim: Claim, digest: Digest, view: LayoutView) -> int:
        """Send a digest as a message, or in a forum as a post of its own; return its id."""
        entry, options = claim.entry, claim.subscription.options
        mentions, forum = allowed_mentions(options.role_id), self._forum(entry.server_id, options.channel_id)
        if forum is not None:
            # Some forums take no post without a tag.
            tags = [tag for tag in forum.available_tags if not tag.moderated][: forum.flags.require_tag]
            with single_attempt():
                post = await forum.create_thread(
                    name=post_title(digest, translations_for(options.language)),
                    view=stopped(view),
                    allowed_mentions=mentions,
                    applied_tags=tags,
                )
            return post.message.id
        channel = self._client.get_partial_messageable(options.channel_id, guild_id=entry.server_id)
        message = await channel.send(
            view=stopped(view),
            nonce=nonce(entry.server_id, entry.day, entry.number),
            allowed_mentions=mentions,
        )
        return message.id

    def _forum(self, server_id: int, channel_id: int) -> discord.ForumChannel | None:
        server = self._client.get_guild(server_id)
        channel = server.get_channel(channel_id) if server else None
        return channel if isinstance(channel, discord.ForumChannel) else None

    async def _publish(self, entry: LedgerEntry, message_id: int) -> None:
        """Publish a digest of an announcement channel to the servers that follow it, as far as possible."""
        server = self._client.get_guild(entry.server_id)
        channel = server.get_channel(entry.channel_id) if server else None
        if not isinstance(channel, discord.TextChannel) or not channel.is_news():
            return
        await self.context.pace.wait()
        try:
            async with asyncio.timeout(self.context.attempt_seconds):
                await channel.get_partial_message(message_id).publish()
        except (discord.HTTPException, *TRANSIENT) as error:
            log.info(
                "digest of %s: posted, but not published to the servers that follow its channel (%s)",
                entry.day,
                error_name(error),
            )

    async def _compose(self, claim: Claim) -> tuple[Digest, LayoutView | None]:
        """Return the digest and its message, ``None`` where there is nothing to post."""

        def compose() -> tuple[Digest, LayoutView | None]:
            options = claim.subscription.options
            digest = self._composer.compose(plan_of(claim.entry, claim.subscription))
            if not digest.worth_posting(options.content):
                return digest, None
            if digest.feature and claim.entry.feature is None:
                chosen = " ".join(feature.excerpt.thread.id for feature in digest.features)
                self._ledger.note_feature(claim, chosen)
            return digest, self.context.view(digest, options)

        async with self._composing:
            return await asyncio.to_thread(compose)

    async def _find_post(self, entry: LedgerEntry) -> int | None:
        """Return the id of the digest's message in its channel, by the marker it carries."""
        await self.context.pace.wait()
        channel = self._client.get_partial_messageable(entry.channel_id, guild_id=entry.server_id)
        own = self._client.user.id if self._client.user else None
        forum = self._forum(entry.server_id, entry.channel_id)
        try:
            async with asyncio.timeout(self.context.attempt_seconds):
                if forum is not None:
                    return await _find_in_forum(forum, entry, own)
                async for message in channel.history(
                    limit=None,
                    after=entry.claimed_at - SKEW,
                    before=entry.held_until + SKEW,
                    oldest_first=True,
                ):
                    if message.author.id == own and _is_digest(message, entry):
                        return message.id
        except discord.NotFound:
            pass
        return None

    async def _put_off(self, claim: Claim, error: Exception) -> PostResult:
        back_off = await asyncio.to_thread(self._ledger.put_off, claim, self.context.now())
        log.info(
            "digest of %s: posting failed (%s); retrying in %.0f s",
            claim.entry.day,
            error_name(error),
            back_off.total_seconds(),
        )
        return PostResult(PostOutcome.LATER)

    async def _pause(self, claim: Claim, cause: str, reason: PauseReason) -> PostResult:
        """Pause a digest until an admin acts, and notify the admin who set it up, once."""
        log.warning(
            "digest of %s: Discord refuses the post (%s); paused until an admin runs /digest resume",
            claim.entry.day,
            cause,
        )
        if await asyncio.to_thread(self._ledger.refuse, claim, reason):
            await self._notify_admin(claim.subscription, reason)
        return PostResult(PostOutcome.REFUSED)

    async def _notify_admin(self, subscription: Subscription, reason: PauseReason) -> None:
        options = subscription.options
        if options.admin_id is None:
            return
        server = self._client.get_guild(subscription.server_id)
        name = escape_line(server.name, _SERVER_NAME_LENGTH) if server else str(subscription.server_id)
        translations = translations_for(options.language)
        notice = translations.say(
            "digest-told", server=name, reason=why_paused(reason, options.channel_id, translations)
        )
        try:
            async with asyncio.timeout(self.context.attempt_seconds):
                admin = await self._client.fetch_user(options.admin_id)
                await admin.send(view=lines_view(notice), allowed_mentions=discord.AllowedMentions.none())
        except (discord.HTTPException, *TRANSIENT) as error:
            log.info(
                "digest paused: its admin cannot be messaged (%s); /digest status shows the reason",
                error_name(error),
            )


def allowed_mentions(role_id: int | None) -> discord.AllowedMentions:
    """Return whom a digest may ping: the role that an admin chose, or no one."""
    mentions = discord.AllowedMentions.none()
    if role_id is not None:
        mentions.roles = [discord.Object(role_id)]
    return mentions


async def _find_in_forum(forum: discord.ForumChannel, entry: LedgerEntry, own: int | None) -> int | None:
    """Return the id of a digest's post in a forum: its first message has the id of the post."""
    first, last = entry.claimed_at - SKEW, entry.held_until + SKEW
    active = await forum.guild.active_threads()
    archived = [post async for post in forum.archived_threads(limit=100)]
    for post in (*active, *archived):
        mine = post.parent_id == forum.id and post.owner_id == own
        if mine and post.created_at is not None and first <= post.created_at <= last:
            try:
                message = await post.fetch_message(post.id)
            except discord.NotFound:  # removed since
                continue
            if _is_digest(message, entry):
                return message.id
    return None


def _is_digest(message: discord.Message, entry: LedgerEntry) -> bool:
    """Return whether a message carries the marker of a digest as the id of its container."""
    containers = (part for part in message.components if isinstance(part, discord.Container))
    return any(container.id == marker(entry.day, entry.number) for container in containers)


def error_name(error: Exception) -> str:
    """Return the kind of an error, with Discord's code where it has one; never its text."""
    code = getattr(error, "code", None)
    return type(error).__name__ if code is None else f"{type(error).__name__} {code}"
