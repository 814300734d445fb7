"""Posting one digest, once: claim, look, compose, post, record.

Whatever happens in between, the ledger's row is there first: a process that goes on from a claim that ran
out looks for the post in the channel before it posts, and the request carries a nonce of server and date
by which Discord itself drops a second one for some minutes.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import aiohttp
import discord
from discord.ui import LayoutView

from bot.digest.composer import Composer, plan_of
from bot.digest.contents import Digest, nonce
from bot.digest.ledger import Ledger
from bot.digest.model import Claim, DigestState, LedgerEntry, PauseReason, Subscription
from bot.i18n import translations_for
from bot.posting.permissions import missing_permissions
from bot.views.digests import digest_view, lines_view, marker, why_paused
from bot.views.escape import escape_line
from bot.views.layout import stopped
from bot.web.addresses import PageOf, no_page

__all__ = ["REQUESTS_PER_SECOND", "PostOutcome", "PostResult", "Poster", "RequestPace", "allowed_mentions"]

log = logging.getLogger(__name__)

#: So many of the 50 requests that a bot may send in a second are the digests' at most; answers need the rest.
REQUESTS_PER_SECOND: Final = 40
#: Our clock and Discord's may differ by so much.
_SKEW: Final = timedelta(minutes=5)
_SECONDS: Final = 45.0
_SERVER_NAME: Final = 80
# What Discord itself refuses for good, by its codes. A refusal without one of these is somebody else's on
# the way, or a token's, and passes.
_FINAL: Final = {
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
_PASSING: Final = (discord.DiscordServerError, aiohttp.ClientError, OSError, TimeoutError)


class PostOutcome(StrEnum):
    """What became of an attempt to post."""

    POSTED = "posted"
    QUIET = "quiet"
    """There was nothing to say, and the ledger says so."""
    NOT_OURS = "not ours"
    """It is done already, somebody else is at it, or nobody wants it."""
    LATER = "later"
    """Something that passes was in the way; it is tried again."""
    REFUSED = "refused"
    """Discord refuses for good; the digest is paused."""


@dataclass(frozen=True, slots=True)
class PostResult:
    """An outcome, and the message where there is one."""

    outcome: PostOutcome
    message_id: int | None = None


class RequestPace:
    """Lets at most so many requests a second begin, evenly, in the order in which they came."""

    def __init__(self, a_second: float) -> None:
        if a_second <= 0:
            raise ValueError("a pace needs to move")
        self._gap = 1 / a_second
        self._next = 0.0

    async def wait(self) -> None:
        """Wait for the next turn."""
        now = time.monotonic()
        turn = max(now, self._next)
        self._next = turn + self._gap
        if turn > now:
            await asyncio.sleep(turn - now)


class Poster:
    """Posts digests through a client that has logged in.

    ``owner`` names this process among those that share the ledger; ``now`` is the clock, aware.
    ``seconds`` is how long one attempt may take, which must be well below the ledger's lease.
    ``working`` is entered while a digest is in hand, so that a shutdown can wait for it.
    """

    def __init__(  # noqa: PLR0913 - all but the first three are named where it is called
        self,
        client: discord.Client,
        ledger: Ledger,
        composer: Composer,
        *,
        owner: str,
        now: Callable[[], datetime],
        pace: RequestPace | None = None,
        seconds: float = _SECONDS,
        working: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._composer = composer
        self._owner = owner
        self._now = now
        self._pace = pace or RequestPace(REQUESTS_PER_SECOND)
        self._seconds = seconds
        self._working = working
        #: Gives the addresses of threads' pages, once somebody has said where they are.
        self.page_of: PageOf = no_page
        # Composing holds the interpreter, which answers need too.
        self._composing = asyncio.Semaphore(1)

    async def post(self, server_id: int, day: date) -> PostResult:
        """Post a server's digest of a date, unless that was done, and tell what came of it.

        Raises ``ArchiveError`` where a file refuses; the claim runs out then, and it is tried again.
        """
        with self._working():
            for entry in await asyncio.to_thread(self._ledger.unfinished, server_id, day, self._now()):
                if not await self._settle(entry):
                    return PostResult(PostOutcome.LATER)
            claim = await asyncio.to_thread(self._claim, server_id, day)
            return PostResult(PostOutcome.NOT_OURS) if claim is None else await self._carry_out(claim)

    def _claim(self, server_id: int, day: date) -> Claim | None:
        return self._ledger.claim(server_id, day, self._owner, self._composer.position(), self._now())

    async def _settle(self, entry: LedgerEntry) -> bool:
        """Find out what became of a digest that somebody began long ago; return whether that is known."""
        try:
            found = await self._look(entry)
        except discord.Forbidden:
            found = None  # nobody sees it, us included
        except (discord.HTTPException, *_PASSING) as error:
            log.info("digest of %s: cannot look for it yet: %s", entry.day, _name(error))
            return False
        if found is None:
            await asyncio.to_thread(self._ledger.miss, entry)
        else:
            await asyncio.to_thread(self._ledger.finish, entry, DigestState.POSTED, found)
        return True

    async def _carry_out(self, claim: Claim) -> PostResult:
        """Do what was claimed, and sort what goes wrong into what passes and what does not."""
        try:
            return await self._post(claim)
        except discord.HTTPException as error:
            if error.code in _FINAL:
                return await self._refused(claim, _name(error), _FINAL[error.code])
            return await self._put_off(claim, error)
        except _PASSING as error:
            return await self._put_off(claim, error)

    async def _post(self, claim: Claim) -> PostResult:
        entry, wish = claim.entry, claim.subscription.wish
        if claim.again:
            found = await self._look(entry)
            if found is not None:
                digest, _ = await self._composed(claim)
                await asyncio.to_thread(self._ledger.finish, entry, DigestState.POSTED, found, digest.threads)
                return PostResult(PostOutcome.POSTED, found)
        digest, view = await self._composed(claim)
        if view is None:
            await asyncio.to_thread(self._ledger.finish, entry, DigestState.QUIET)
            return PostResult(PostOutcome.QUIET)
        # Of a channel that the client does not know, Discord itself will tell.
        server = self._client.get_guild(entry.server_id)
        if server and server.get_channel_or_thread(wish.channel_id):
            missing = missing_permissions(server, wish.channel_id)
            if missing:
                return await self._refused(claim, f"without {', '.join(missing)}", PauseReason.FORBIDDEN)
        await self._pace.wait()
        # The last look at the ledger: who was held up for longer than a claim holds has lost it.
        if not await asyncio.to_thread(self._ledger.renew, claim, self._now()):
            return PostResult(PostOutcome.NOT_OURS)
        channel = self._client.get_partial_messageable(wish.channel_id, guild_id=entry.server_id)
        sending = channel.send(
            view=stopped(view),
            nonce=nonce(entry.server_id, entry.day),
            allowed_mentions=allowed_mentions(wish.role_id),
        )
        message = await asyncio.wait_for(sending, self._seconds)
        await asyncio.to_thread(self._ledger.finish, entry, DigestState.POSTED, message.id, digest.threads)
        return PostResult(PostOutcome.POSTED, message.id)

    async def _composed(self, claim: Claim) -> tuple[Digest, LayoutView | None]:
        """Return the digest and its message, ``None`` where there is nothing to say."""

        def compose() -> tuple[Digest, LayoutView | None]:
            wish = claim.subscription.wish
            digest = self._composer.compose(plan_of(claim.entry, claim.subscription))
            if not digest.worth_posting(wish.content):
                return digest, None
            if digest.feature and claim.entry.feature is None:
                self._ledger.note_feature(claim, digest.feature.excerpt.thread.id)
            return digest, digest_view(
                digest, translations_for(wish.language), role_id=wish.role_id, page_of=self.page_of
            )

        async with self._composing:
            return await asyncio.to_thread(compose)

    async def _look(self, entry: LedgerEntry) -> int | None:
        """Return the id of the digest's message where it is in its channel, by the mark it carries."""
        await self._pace.wait()
        channel = self._client.get_partial_messageable(entry.channel_id, guild_id=entry.server_id)
        own = self._client.user.id if self._client.user else None
        try:
            async with asyncio.timeout(self._seconds):
                async for message in channel.history(
                    limit=None,
                    after=entry.claimed_at - _SKEW,
                    before=entry.held_until + _SKEW,
                    oldest_first=True,
                ):
                    if message.author.id == own and _is_digest(message, entry.day):
                        return message.id
        except discord.NotFound:
            pass
        return None

    async def _put_off(self, claim: Claim, error: Exception) -> PostResult:
        pause = await asyncio.to_thread(self._ledger.put_off, claim, self._now())
        log.info("digest of %s: next try in %.0f s: %s", claim.entry.day, pause.total_seconds(), _name(error))
        return PostResult(PostOutcome.LATER)

    async def _refused(self, claim: Claim, why: str, reason: PauseReason) -> PostResult:
        """Pause what cannot be posted until an admin does something, and tell the one who set it up, once."""
        log.warning("digest of %s: refused for good, paused: %s", claim.entry.day, why)
        if await asyncio.to_thread(self._ledger.refuse, claim, reason):
            await self._tell(claim.subscription, reason)
        return PostResult(PostOutcome.REFUSED)

    async def _tell(self, subscription: Subscription, reason: PauseReason) -> None:
        wish = subscription.wish
        if wish.admin_id is None:
            return
        server = self._client.get_guild(subscription.server_id)
        name = escape_line(server.name, _SERVER_NAME) if server else str(subscription.server_id)
        translations = translations_for(wish.language)
        told = translations.say(
            "digest-told", server=name, reason=why_paused(reason, wish.channel_id, translations)
        )
        try:
            async with asyncio.timeout(self._seconds):
                admin = await self._client.fetch_user(wish.admin_id)
                await admin.send(view=lines_view(told), allowed_mentions=discord.AllowedMentions.none())
        except (discord.HTTPException, *_PASSING) as error:
            log.info("the admin cannot be told why a digest is paused: %s", _name(error))


def allowed_mentions(role_id: int | None) -> discord.AllowedMentions:
    """Return whom a digest may ping: the role that an admin chose, or no one."""
    none = discord.AllowedMentions.none()
    if role_id is not None:
        none.roles = [discord.Object(role_id)]
    return none


def _is_digest(message: discord.Message, day: date) -> bool:
    wanted = marker(day)
    return any(_number(component) == wanted for component in message.components)


def _number(component: Any) -> int | None:
    return component.id if isinstance(component, discord.Container) else None


def _name(error: Exception) -> str:
    """Return the kind of an error, with Discord's code where it has one; never its text."""
    code = getattr(error, "code", None)
    return type(error).__name__ if code is None else f"{type(error).__name__} {code}"
