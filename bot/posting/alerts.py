"""Report what matches alerts, each thread once: look through what is new, claim, check, send, record.

Matches are noted before anything is sent, and a report's row is written with the matches it is about. A
process that takes over an expired claim looks for the message before it sends, and the request carries the
report's number as its nonce, by which Discord drops a duplicate for some minutes.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import discord
from discord.ui import LayoutView

from bot.alerts.ledger import AlertLedger
from bot.alerts.model import Alert, Report, ReportKind
from bot.digest.model import Position
from bot.i18n import translations_for
from bot.posting.permissions import missing_permissions, places_of
from bot.posting.poster import SKEW, TRANSIENT, PostingContext, error_name
from bot.servers.access import Asker, refusal
from bot.servers.preferences import Preferences
from bot.views.alerts import Matched, ended_view, marker, report_view
from bot.views.layout import stopped
from bot.web.addresses import PageOf
from retrieval.archive import Archive
from retrieval.model import post_key

__all__ = ["AlertReporter"]

log = logging.getLogger(__name__)

_TICK_SECONDS: Final = 20.0
#: When an alert that the server's rules, or Discord, refuse for now is tried again.
_LATER: Final = timedelta(hours=1)
_TIDY_EVERY: Final = timedelta(days=1)
_NEW_AT_ONCE: Final = 500
#: After this many failures in a row the rest waits for the next tick: Discord or the network is failing.
_MAX_FAILURES: Final = 5
#: Discord's codes for a person who takes no direct message: by their settings, or without a common server.
_NO_DIRECT: Final = frozenset({50007, 50278})
#: No member, no such account.
_NO_MEMBER: Final = frozenset({10007, 10013})


class AlertReporter:
    """Reports what matches alerts, tick after tick; ``owns`` says of which servers.

    ``preferences`` returns what a server's admins decided, ``page_of`` gives the addresses of pages for
    direct messages, those of a server's own threads among them.
    """

    def __init__(  # noqa: PLR0913 - all but the first four are named where it is called
        self,
        client: discord.Client,
        archive: Archive,
        ledger: AlertLedger,
        context: PostingContext,
        *,
        preferences: Callable[[int], Preferences],
        page_of: Callable[[Sequence[int]], PageOf],
        owns: Callable[[int], bool] = lambda _server_id: True,
    ) -> None:
        self.ledger = ledger
        self.context = context
        self._client = client
        self._archive = archive
        self._preferences = preferences
        self._page_of = page_of
        self._owns = owns
        self._stopped = False
        self._tidied: datetime | None = None

    def stop(self) -> None:
        """Begin no further report; the one being sent is finished."""
        self._stopped = True

    async def run(self, every: float = _TICK_SECONDS) -> None:
        """Tick ``every`` so many seconds, until stopped or cancelled."""
        while not self._stopped:
            for step in (self.tick, self._tidy):
                try:
                    await step()
                except Exception:
                    log.exception("alert tick failed; retrying in %.0f s", every)
            await asyncio.sleep(every)

    async def tick(self) -> int:
        """Look through what is new and report what matches; return how many reports were begun."""
        # A server that is not there, or not yet, has to wait: neither its rules nor its members are known.
        there = {server.id for server in self._client.guilds if not server.unavailable}
        servers = await asyncio.to_thread(self._look) & there
        begun = failures = 0
        while servers and not self._stopped and failures < _MAX_FAILURES:
            report = await asyncio.to_thread(
                self.ledger.claim, self.context.owner, self.context.now(), servers
            )
            if report is None:
                break
            begun += 1
            with self.context.in_hand():
                failures = 0 if await self._report(report) else failures + 1
        return begun

    def _look(self) -> set[int]:
        """Note what matches each alert since it was last looked through; return the servers with alerts."""
        alerts = [alert for alert in self.ledger.alerts() if self._owns(alert.server_id)]
        known: dict[tuple[int, int], list[str]] = {}
        position = Position(*self._archive.timeline.position()) if alerts else None
        for alert in alerts:
            if position is None or alert.position == position:
                continue
            since = position.following(alert.position)
            scope = self._archive.catalog.visible_scope(alert.server_id)
            key = (alert.server_id, since)
            if key not in known:
                known[key] = self._new_since(alert.server_id, since, position.number)
            new = known[key]
            matches = self._archive.answers.matching(alert.options.query, scope, new) if new else {}
            if self.ledger.note_matches(alert, matches, position):
                log.info("alert %d: matched anew", alert.id)
        return {alert.server_id for alert in alerts} | self._noticed()

    def _noticed(self) -> set[int]:
        """Return the servers where the end of alerts is still to be said."""
        return {server for server in self.ledger.servers_to_notify() if self._owns(server)}

    def _new_since(self, server_id: int, since: int, until: int) -> list[str]:
        scope, ids = self._archive.catalog.visible_scope(server_id), list[str]()
        while since < until:
            page, total = self._archive.timeline.new_threads(
                scope, since=since, until=until, offset=len(ids), limit=_NEW_AT_ONCE
            )
            ids += [summary.id for summary in page]
            if not page or len(ids) >= total:
                break
        return ids

    async def _report(self, report: Report) -> bool:
        """Send a claimed report; return whether Discord and the files did what was asked of them."""
        try:
            if report.kind is ReportKind.ENDED:
                return await self._say_ended(report)
            return await self._say_matches(report)
        except discord.HTTPException as error:
            if report.channel_id is None and error.code in _NO_DIRECT:
                await self._refused(report)
                return True
            permanent = isinstance(error, discord.Forbidden | discord.NotFound) and error.code != 0
            return await self._put_off(report, error, _LATER if permanent else None) and permanent
        except TRANSIENT as error:
            return await self._put_off(report, error, None)

    async def _say_matches(self, report: Report) -> bool:
        found = await asyncio.to_thread(self.ledger.matches_of, report)
        member = await self._member(report)
        if member is None:
            return True
        now = self.context.now()
        refused = [alert for alert, _ in found if not self._admits(alert, member)]
        if refused:
            numbers = [alert.id for alert in refused]
            log.info("alerts %s: held, the server's rules do not let their person read there", numbers)
            await asyncio.to_thread(self.ledger.release, report, numbers, now + _LATER)
        kept = [(alert, matches) for alert, matches in found if alert not in refused]
        matched = await asyncio.to_thread(self._compose, report, kept)
        if not matched:
            await asyncio.to_thread(self.ledger.finish, report, None)
            return True
        direct = report.channel_id is None
        translations = translations_for(report.language)
        page_of = self._page_of(()) if direct else self.context.page_of
        view = report_view(report, matched, member.guild.name, translations, page_of=page_of)
        place = await self._place(report, member)
        return await self._send(report, place, view)

    async def _say_ended(self, report: Report) -> bool:
        server = self._client.get_guild(report.server_id)
        if server is None or missing_permissions(server, report.channel_id or 0):
            await asyncio.to_thread(self.ledger.finish, report, None)  # there is nowhere to say it
            return True
        place = self._client.get_partial_messageable(report.channel_id or 0, guild_id=report.server_id)
        return await self._send(report, place, ended_view(report, translations_for(report.language)))

    async def _member(self, report: Report) -> discord.Member | None:
        """Return the person as a member of the server; one who left it loses their alerts there."""
        server = self._client.get_guild(report.server_id)
        if server is None:  # not there yet, or Bobbin has left
            await asyncio.to_thread(self.ledger.put_off, report, self.context.now(), _LATER)
            return None
        await self.context.pace.wait()
        try:
            async with asyncio.timeout(self.context.attempt_seconds):
                return await server.fetch_member(report.person_id)
        except discord.NotFound as error:
            if error.code not in _NO_MEMBER:
                raise
        await asyncio.to_thread(self.ledger.end, report.server_id, report.person_id)
        log.info("alerts ended: their person has left the server")
        return None

    def _admits(self, alert: Alert, member: discord.Member) -> bool:
        """Return whether the server's rules let a person have the matches of an alert now."""
        permissions = member.guild_permissions
        manages = permissions.manage_guild or permissions.administrator
        if alert.options.channel_id is not None:
            # In a channel everybody reads, whatever roles may ask, as with the digest: admins decide that.
            return manages and not missing_permissions(member.guild, alert.options.channel_id)
        preferences = self._preferences(alert.server_id)
        channel = member.guild.get_channel_or_thread(alert.options.asked_in)
        places = frozenset(places_of(channel)) or frozenset({alert.options.asked_in})
        asker = Asker(member.id, places, frozenset(role.id for role in member.roles), manages)
        if refusal(preferences, asker, by_message=False) is not None:
            return False
        return not preferences.channels or _sees(channel, member)

    def _compose(self, report: Report, found: Iterable[tuple[Alert, Any]]) -> list[Matched]:
        """Return the matches as excerpts; threads that are gone since are left out."""
        scope = self._archive.catalog.visible_scope(report.server_id)
        matched = []
        for alert, matches in found:
            marks = self._archive.answers.query_marks(alert.options.query, scope)
            keys = [post_key(match.thread_id, match.ordinal) for match in matches]
            excerpts = self._archive.answers.recall(keys, marks, scope)
            if excerpts:
                matched.append(Matched(alert, excerpts))
        return matched

    async def _place(self, report: Report, member: discord.Member) -> discord.abc.Messageable:
        if report.channel_id is not None:
            return self._client.get_partial_messageable(report.channel_id, guild_id=report.server_id)
        await self.context.pace.wait()
        async with asyncio.timeout(self.context.attempt_seconds):
            return await member.create_dm()

    async def _send(self, report: Report, place: discord.abc.Messageable, view: LayoutView) -> bool:
        message_id = await self._find(report, place) if report.again else None
        if message_id is None:
            await self.context.pace.wait()
            # Checked last: a process that was held up for longer than a lease has lost the claim.
            if not await asyncio.to_thread(self.ledger.renew, report, self.context.now()):
                return True
            sending = place.send(
                view=stopped(view),
                nonce=f"alert-{report.id}",
                allowed_mentions=discord.AllowedMentions.none(),
            )
            message_id = (await asyncio.wait_for(sending, self.context.attempt_seconds)).id
        await asyncio.to_thread(self.ledger.finish, report, message_id)
        return True

    async def _find(self, report: Report, place: discord.abc.Messageable) -> int | None:
        """Return the id of a report's message, by the number of its container."""
        await self.context.pace.wait()
        own = self._client.user.id if self._client.user else None
        async with asyncio.timeout(self.context.attempt_seconds):
            async for message in place.history(
                limit=None,
                after=report.claimed_at - SKEW,
                before=report.held_until + SKEW,
                oldest_first=True,
            ):
                containers = (part for part in message.components if isinstance(part, discord.Container))
                if message.author.id == own and any(one.id == marker(report) for one in containers):
                    return message.id
        return None

    async def _refused(self, report: Report) -> None:
        found = await asyncio.to_thread(self.ledger.matches_of, report)
        asked_in = found[-1][0].options.asked_in if found else 0
        await asyncio.to_thread(self.ledger.refuse, report, asked_in, self.context.now())
        log.info("alerts ended: their person takes no direct message")

    async def _put_off(self, report: Report, error: Exception, by: timedelta | None) -> bool:
        back_off = await asyncio.to_thread(self.ledger.put_off, report, self.context.now(), by)
        log.info(
            "report %d of alerts: not sent (%s); retrying in %.0f s",
            report.id,
            error_name(error),
            back_off.total_seconds(),
        )
        return by is not None

    async def _tidy(self) -> None:
        """Delete what has passed its retention, and the alerts of people who left, once a day."""
        now = self.context.now()
        if self._tidied is not None and now - self._tidied < _TIDY_EVERY:
            return
        await asyncio.to_thread(self.ledger.tidy, now)
        await self.end_of_leavers()
        self._tidied = now

    async def end_of_leavers(self) -> int:
        """Delete the alerts of people who left their server; return how many that were."""
        alerts = await asyncio.to_thread(self.ledger.alerts)
        ended = 0
        for server_id, person in sorted({(one.server_id, one.options.person_id) for one in alerts}):
            server = self._client.get_guild(server_id)
            if server is None or not self._owns(server_id) or self._stopped:
                continue
            await self.context.pace.wait()
            try:
                async with asyncio.timeout(self.context.attempt_seconds):
                    await server.fetch_member(person)
            except discord.NotFound as error:
                if error.code in _NO_MEMBER:
                    ended += await asyncio.to_thread(self.ledger.end, server_id, person)
            except (discord.HTTPException, *TRANSIENT) as error:
                log.info("alerts: membership not checked (%s)", error_name(error))
        return ended


def _sees(channel: object, member: discord.Member) -> bool:
    """Return whether a member sees a channel; one that is not known is not seen."""
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return False
    return channel.permissions_for(member).view_channel
