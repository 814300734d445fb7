"""``/digest``: an admin sets up the daily digest, looks at it, and has it paused or ended."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Any, Protocol, cast

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ui import Button, DynamicItem, LayoutView

from bot.catalogue import Catalogue, catalogue
from bot.commands.access import BELOW, MANAGING, access
from bot.commands.buttons import Pressed, decoded
from bot.commands.desk import AnyInteraction, desk_of
from bot.commands.errors import log_error
from bot.commands.naming import named
from bot.commands.replies import acknowledge, acknowledge_press, show, tell_view
from bot.commands.speech import own_speech, speech_of
from bot.digest.contents import Content
from bot.digest.hours import parse_hour
from bot.digest.office import DigestOffice
from bot.digest.permissions import lacking, may_mention
from bot.digest.poster import Outcome
from bot.digest.records import Entry, State, Subscription, Wish
from bot.digest.zones import complete, find
from bot.render.digests import LISTED, arrivals_page, digest_view, moment, said, told_date, why_paused
from bot.render.inert import inert_line
from bot.render.state import ArrivalsState

__all__ = ["ArrivalsButton", "digest"]

_TYPED = 100
_NEAREST = 3
_SENTENCES = {
    "view_channel": "digest-lacks-view",
    "send_messages": "digest-lacks-send",
    "embed_links": "digest-lacks-embed",
    "read_message_history": "digest-lacks-history",
}


class _HasOffice(Protocol):
    digests: DigestOffice


def office_of(interaction: AnyInteraction) -> DigestOffice:
    """Return the digest's parts of the client that received the interaction."""
    return cast("_HasOffice", interaction.client).digests


digest = app_commands.Group(
    name=named("command-digest"),
    description=named("command-digest-does"),
    default_permissions=discord.Permissions(manage_guild=True),
    allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
    allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
)


@access(MANAGING)
@digest.command(name=named("command-digest-setup"), description=named("command-digest-setup-does"))
@app_commands.rename(
    channel=named("command-digest-setup-channel"),
    at=named("command-digest-setup-at"),
    timezone=named("command-digest-setup-timezone"),
    content=named("command-digest-setup-content"),
    mention=named("command-digest-setup-mention"),
)
@app_commands.describe(
    channel=named("command-digest-setup-channel-is"),
    at=named("command-digest-setup-at-is"),
    timezone=named("command-digest-setup-timezone-is"),
    content=named("command-digest-setup-content-is"),
    mention=named("command-digest-setup-mention-is"),
)
@app_commands.choices(
    content=[Choice(name=named(f"digest-content-{content}"), value=content.value) for content in Content]
)
async def setup(  # noqa: PLR0913, PLR0917 - the options of the command
    interaction: AnyInteraction,
    channel: discord.TextChannel | discord.Thread,
    at: str,
    timezone: str,
    content: Choice[str] | None = None,
    mention: discord.Role | None = None,
) -> None:
    """Take up what an admin wishes, or say what is in the way; it posts nothing at once."""
    speech, office, server_id = own_speech(interaction), office_of(interaction), interaction.guild_id or 0
    with desk_of(interaction).at_work():
        await acknowledge(interaction, private=True)
        now = office.now()
        hour, zone = parse_hour(at), await asyncio.to_thread(find, timezone)
        if zone is None:
            await show(interaction, await asyncio.to_thread(_no_zone, timezone, now, interaction, speech))
            return
        trouble = _lacking(interaction.guild, channel.id, speech)
        if hour is None:
            trouble = speech.say("digest-at-unknown", typed=inert_line(at, _TYPED))
        elif mention is not None and mention.id == server_id:
            trouble = speech.say("digest-role-everyone")
        if trouble or hour is None:
            await show(interaction, said(trouble))
            return
        wish = Wish(
            channel_id=channel.id,
            zone=zone,
            at=hour,
            content=Content(content.value) if content else Content.EVERYTHING,
            role_id=mention.id if mention else None,
            language=speech_of(interaction, private=False).language,
            admin_id=interaction.user.id,
        )

        def take_up() -> tuple[Subscription, bool]:
            first = office.ledger.subscription(server_id) is None
            position = office.composer.position()
            return office.ledger.subscribe(server_id, wish, position, office.now()), first

        subscription, first = await asyncio.to_thread(take_up)
        when = _when(subscription, now)
        key = "digest-set" if first else "digest-changed"
        lines = [
            speech.say(key, channel=f"<#{channel.id}>", at=f"{hour:%H:%M}", zone=zone.key, when=when),
            speech.say("digest-holds", content=speech.say(f"digest-content-{wish.content}")),
        ]
        if mention is not None:
            lines.append(speech.say("digest-mentions", role=f"<@&{mention.id}>"))
            lines += (
                [] if may_mention(interaction.guild, channel.id, mention) else [speech.say("digest-mute")]
            )
        await show(interaction, said(*lines))


@setup.autocomplete("timezone")
async def _zones(interaction: AnyInteraction, typed: str) -> list[Choice[str]]:
    """Offer zones by city, country, abbreviation or difference from UTC."""
    try:
        now, locale = office_of(interaction).now(), interaction.locale.value
        found = await asyncio.to_thread(complete, typed[:_TYPED], now, locale)
        choices = [Choice(name=one.label, value=one.zone) for one in found]
        await interaction.response.autocomplete(choices)
    except Exception as error:  # noqa: BLE001 - the edge; there is no place to say anything but the log
        log_error(error, f"completion {interaction.id}")
    return []  # the choices are on their way; discord.py offers nothing on top of them


@access(MANAGING)
@digest.command(name=named("command-digest-preview"), description=named("command-digest-preview-does"))
async def preview(interaction: AnyInteraction) -> None:
    """Show the very message that would be posted, to the admin alone."""
    speech, office = own_speech(interaction), office_of(interaction)
    async with _subscribed(interaction) as subscription:
        if subscription is None:
            return
        now = office.now()
        view = await asyncio.to_thread(_next_view, office, subscription, now)
        if view is None:
            key = "digest-no-preview" if subscription.wish.content.needs_news else "digest-empty"
            await show(interaction, said(speech.say(key)))
            return
        await show(interaction, view)
        await tell_view(interaction, said(speech.say("digest-preview-of", when=_when(subscription, now))))


@access(MANAGING)
@digest.command(name=named("command-digest-now"), description=named("command-digest-now-does"))
async def now_(interaction: AnyInteraction) -> None:
    """Post today's digest before its hour; there is still but one today."""
    speech, office, server_id = own_speech(interaction), office_of(interaction), interaction.guild_id or 0
    async with _subscribed(interaction) as subscription:
        if subscription is None:
            return
        today = office.now().astimezone(subscription.wish.zone).date()
        if trouble := await _in_the_way(interaction, office, subscription, today, speech):
            await show(interaction, said(trouble))
            return
        result = await office.poster.post(server_id, today)
        entry = await asyncio.to_thread(office.ledger.entry, server_id, today)
        if result.outcome is Outcome.POSTED and entry is not None:
            told = speech.say("digest-posted", link=_link(entry))
        elif result.outcome is Outcome.NOT_OURS:
            told = speech.say("digest-busy")
        else:
            told = speech.say("digest-failed-now")
        await show(interaction, said(told))


@access(MANAGING)
@digest.command(name=named("command-digest-pause"), description=named("command-digest-pause-does"))
async def pause(interaction: AnyInteraction) -> None:
    """Pause; what comes in meanwhile is for the first digest afterwards."""
    async with _subscribed(interaction) as subscription:
        if subscription is not None:
            await asyncio.to_thread(office_of(interaction).ledger.pause, interaction.guild_id or 0)
            await show(interaction, said(own_speech(interaction).say("digest-paused")))


@access(MANAGING)
@digest.command(name=named("command-digest-resume"), description=named("command-digest-resume-does"))
async def resume(interaction: AnyInteraction) -> None:
    """Go on with the next date, or say what is still in the way."""
    speech, office = own_speech(interaction), office_of(interaction)
    async with _subscribed(interaction) as before:
        if before is None:
            return
        now = office.now()
        if before.paused is None:
            await show(interaction, said(speech.say("digest-running", when=_when(before, now))))
            return
        if missing := _lacking(interaction.guild, before.wish.channel_id, speech):
            await show(interaction, said(missing))
            return
        after = await asyncio.to_thread(office.ledger.resume, before.server_id, now)
        await show(interaction, said(speech.say("digest-resumed", when=_when(after or before, now))))


@access(MANAGING)
@digest.command(name=named("command-digest-off"), description=named("command-digest-off-does"))
async def off(interaction: AnyInteraction) -> None:
    """End the digest; what was posted stays."""
    async with _subscribed(interaction) as subscription:
        if subscription is not None:
            await asyncio.to_thread(office_of(interaction).ledger.unsubscribe, interaction.guild_id or 0)
            await show(interaction, said(own_speech(interaction).say("digest-ended")))


@access(MANAGING)
@digest.command(name=named("command-digest-status"), description=named("command-digest-status-does"))
async def status(interaction: AnyInteraction) -> None:
    """Tell what is set up, what comes next and what came last."""
    speech, office = own_speech(interaction), office_of(interaction)
    async with _subscribed(interaction) as subscription:
        if subscription is None:
            return
        wish, server_id = subscription.wish, subscription.server_id
        posted = await asyncio.to_thread(office.ledger.entries, server_id, posted=True)
        latest = await asyncio.to_thread(office.ledger.entries, server_id)
        lines = [
            speech.say(
                "digest-status", channel=f"<#{wish.channel_id}>", at=f"{wish.at:%H:%M}", zone=wish.zone.key
            ),
            speech.say("digest-holds", content=speech.say(f"digest-content-{wish.content}")),
        ]
        lines += [speech.say("digest-mentions", role=f"<@&{wish.role_id}>")] if wish.role_id else []
        if subscription.paused is None:
            after = max(subscription.next(office.now()), office.now())
            lines.append(speech.say("digest-status-next", when=moment(after), relative=moment(after, "R")))
        else:
            reason = why_paused(subscription.paused, wish.channel_id, speech)
            lines.append(speech.say("digest-status-paused", reason=reason))
        if latest and latest[0].state is State.QUIET:
            lines.append(speech.say("digest-status-quiet", date=told_date(latest[0].day, speech)))
        last = speech.say("digest-status-last", link=_link(posted[0])) if posted else None
        lines.append(last or speech.say("digest-status-never"))
        await show(interaction, said(*lines))


@access(BELOW)
class ArrivalsButton(Pressed, DynamicItem[Button[Any]], template=ArrivalsState.TEMPLATE):
    """All new threads of a digest, and the pages of that list: private to whoever presses."""

    async def press(self, interaction: AnyInteraction) -> None:
        """Show the page that the button names."""
        state = decoded(ArrivalsState.decode, self.custom_id)
        if state.opens:
            await acknowledge(interaction, private=True)
        else:
            await acknowledge_press(interaction)
        found, total = await desk_of(interaction).arrivals(
            state.since, state.until, interaction.guild_id, offset=state.page * LISTED, limit=LISTED
        )
        speech, reader = own_speech(interaction), interaction.user.id
        await show(interaction, arrivals_page(found, total, state, speech, reader=reader))


@contextlib.asynccontextmanager
async def _subscribed(interaction: AnyInteraction) -> AsyncIterator[Subscription | None]:
    """Yield the server's subscription, ``None`` where it is said that there is none."""
    with desk_of(interaction).at_work():
        await acknowledge(interaction, private=True)
        found = await asyncio.to_thread(office_of(interaction).ledger.subscription, interaction.guild_id or 0)
        if found is None:
            await show(interaction, said(own_speech(interaction).say("digest-none-here")))
        yield found


async def _in_the_way(
    interaction: AnyInteraction,
    office: DigestOffice,
    subscription: Subscription,
    today: date,
    speech: Catalogue,
) -> str:
    """Return a sentence about why today's digest cannot be posted now, or ""."""
    wish = subscription.wish
    entry = await asyncio.to_thread(office.ledger.entry, subscription.server_id, today)
    if subscription.paused is not None:
        reason = why_paused(subscription.paused, wish.channel_id, speech)
        return speech.say("digest-status-paused", reason=reason)
    if entry is not None and entry.state is State.POSTED:
        return speech.say("digest-already", link=_link(entry))
    if entry is not None and entry.state is State.QUIET:
        return speech.say("digest-quiet-today")
    if missing := _lacking(interaction.guild, wish.channel_id, speech):
        return missing
    if await asyncio.to_thread(_next_view, office, subscription, office.now()) is None:
        return speech.say("digest-nothing-now" if wish.content.needs_news else "digest-empty")
    return ""


def _next_view(office: DigestOffice, subscription: Subscription, now: datetime) -> LayoutView | None:
    """Return the message of the next digest as of now, ``None`` where there would be none."""
    wish = subscription.wish
    office.composer.refresh()
    composed = office.composer.compose(office.composer.next_plan(subscription, now))
    if not composed.worth_posting(wish.content):
        return None
    page_of = office.poster.page_of
    return digest_view(composed, catalogue(wish.language), role_id=wish.role_id, page_of=page_of)


def _lacking(guild: discord.Guild | None, channel_id: int, speech: Catalogue) -> str:
    """Return a sentence about the permissions that are missing in a channel, or ""."""
    missing = lacking(guild, channel_id)
    if not missing:
        return ""
    named_ones = ", ".join(f"**{speech.say(_SENTENCES[name])}**" for name in missing)
    return speech.say("digest-lacks", channel=f"<#{channel_id}>", permissions=named_ones)


def _no_zone(typed: str, now: datetime, interaction: AnyInteraction, speech: Catalogue) -> LayoutView:
    named = inert_line(typed, _TYPED) or "…"
    near = complete(typed[:_TYPED], now, interaction.locale.value)[:_NEAREST]
    if not near:
        return said(speech.say("digest-zone-unknown", typed=named))
    zones = ", ".join(f"`{one.zone}`" for one in near)
    return said(speech.say("digest-zone-nearest", typed=named, zones=zones))


def _when(subscription: Subscription, now: datetime) -> str:
    at = max(subscription.next(now), now)
    return f"{moment(at)} ({moment(at, 'R')})"


def _link(entry: Entry) -> str:
    return f"https://discord.com/channels/{entry.server_id}/{entry.channel_id}/{entry.message_id}"
