"""``/digest``: an admin sets up digests, looks at them, and has them paused or ended."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ui import Button, DynamicItem, LayoutView

from bot.commands.digest_options import (
    DAYS,
    MAX_NAME,
    DigestPlace,
    days_key,
    find_digest,
    frequency_choices,
    name_of,
    names_of,
    of_digest,
    offer_digests,
    offer_sources,
    parse_sources,
    post_link,
    real_name,
    selection_lines,
    separated,
    weekdays_of,
)
from bot.commands.following import followed_lines
from bot.digest.contents import Content
from bot.digest.due import EVERY_DAY
from bot.digest.ledger import MAX_DIGESTS, TooManyDigestsError
from bot.digest.model import DigestOptions, DigestState, Subscription
from bot.digest.resurfacing import (
    MAX_RECENCY,
    MAX_SIZE,
    MIN_SIZE,
    WITHOUT_SELECTION,
    Frequency,
    Selection,
)
from bot.digest.time_parsing import parse_hour
from bot.digest.timezones import complete_timezone, find_timezone, timezone_name
from bot.i18n import Translations
from bot.interactions.access import BELOW, MANAGING, access, for_managers
from bot.interactions.app_client import Interaction
from bot.interactions.buttons import Pressed, decoded
from bot.interactions.command_translations import translated, translated_options
from bot.interactions.errors import log_error
from bot.interactions.locale import own_translations, translations_of
from bot.interactions.responses import acknowledge, acknowledge_press, send_private_view, show_view
from bot.posting.digest_service import DigestService
from bot.posting.permissions import may_mention, missing_permissions
from bot.posting.poster import PostOutcome
from bot.views.custom_id import ArrivalsState
from bot.views.digests import (
    DIGEST_PAGE_SIZE,
    arrivals_page,
    time_markup,
    why_paused,
)
from bot.views.escape import escape_line
from bot.views.headers import long_date
from bot.views.layout import lines_view

__all__ = ["ArrivalsButton", "digest", "lacking_sentence", "no_zone_view", "offer_zones", "set_up"]

_TYPED = 100
_NEAREST = 3
_SENTENCES = {
    "view_channel": "digest-lacks-view",
    "send_messages": "digest-lacks-send",
    "read_message_history": "digest-lacks-history",
}


digest = for_managers(
    app_commands.Group(name=translated("command-digest"), description=translated("command-digest-does"))
)


@access(MANAGING)
@digest.command(name=translated("command-digest-setup"), description=translated("command-digest-setup-does"))
@translated_options(
    "command-digest-setup",
    "channel",
    "at",
    "timezone",
    "content",
    "mention",
    "days",
    "size",
    "collections",
    "authors",
    "recency",
)
@of_digest
@app_commands.choices(
    content=[
        Choice(name=translated(f"digest-content-{content}"), value=content.value) for content in Content
    ],
    days=[Choice(name=translated(f"digest-days-{name}"), value=name) for name in DAYS],
)
async def setup(  # noqa: PLR0913, PLR0917 - the options of the command
    interaction: Interaction,
    channel: app_commands.Transform[discord.TextChannel | discord.Thread | discord.ForumChannel, DigestPlace],
    at: str,
    timezone: str,
    content: Choice[str] | None = None,
    mention: discord.Role | None = None,
    digest_name: app_commands.Range[str, 1, MAX_NAME] | None = None,
    days: Choice[str] | None = None,
    size: app_commands.Range[int, MIN_SIZE, MAX_SIZE] | None = None,
    collections: str | None = None,
    authors: str | None = None,
    recency: app_commands.Range[int, 0, MAX_RECENCY] | None = None,
) -> None:
    """Take up what an admin wishes, or say what is in the way; it posts nothing at once."""
    await set_up(
        interaction,
        channel.id,
        at,
        timezone,
        Content(content.value) if content else Content.EVERYTHING,
        mention,
        name=digest_name,
        weekdays=weekdays_of(days),
        collections=collections,
        authors=authors,
        selection=Selection(size=size, recency=recency or 0),
    )


async def set_up(  # noqa: PLR0913, PLR0917 - the options of the command
    interaction: Interaction,
    channel_id: int,
    at: str,
    timezone: str,
    content: Content = Content.EVERYTHING,
    mention: discord.Role | None = None,
    *,
    name: str | None = None,
    weekdays: frozenset[int] = EVERY_DAY,
    collections: str | None = None,
    authors: str | None = None,
    selection: Selection = WITHOUT_SELECTION,
) -> None:
    """Take up a digest as a command or form asks for it, or say what is in the way; in private.

    How often sources are shown stays as it was.
    """
    translations, digest_service = own_translations(interaction), interaction.client.digests
    server_id = interaction.guild_id or 0
    with interaction.client.services.at_work():
        await acknowledge(interaction, private=True)
        now = digest_service.now()
        hour, zone = parse_hour(at), await asyncio.to_thread(find_timezone, timezone)
        if zone is None:
            await show_view(
                interaction, await asyncio.to_thread(no_zone_view, timezone, now, interaction, translations)
            )
            return
        trouble = lacking_sentence(interaction.guild, channel_id, translations)
        if hour is None:
            trouble = translations.say("digest-at-unknown", typed=escape_line(at, _TYPED))
        elif mention is not None and mention.id == server_id:
            trouble = translations.say("digest-role-everyone")
        named, handles, unknown = await asyncio.to_thread(
            parse_sources,
            interaction.client.archive,
            server_id,
            separated(collections),
            separated(authors),
        )
        if unknown is not None:
            trouble = translations.say("digest-source-unknown", typed=escape_line(unknown, _TYPED))
        if trouble or hour is None:
            await _show(interaction, trouble)
            return
        options = DigestOptions(
            channel_id=channel_id,
            zone=zone,
            at=hour,
            content=content,
            role_id=mention.id if mention else None,
            language=translations_of(interaction, private=False).language,
            admin_id=interaction.user.id,
            name=real_name(name),
            weekdays=weekdays,
        )

        def take_up() -> tuple[Subscription, bool]:
            ledger, position = digest_service.ledger, digest_service.composer.position()
            before = find_digest(ledger.subscriptions_of(server_id), options.name)
            taking = replace(
                selection,
                collections=named,
                authors=handles,
                frequency=before.options.selection.frequency if before else (),
            )
            wish = replace(options, selection=taking)
            return ledger.subscribe(server_id, wish, position, digest_service.now()), before is None

        try:
            subscription, first = await asyncio.to_thread(take_up)
        except TooManyDigestsError:
            await _show(interaction, translations.say("digest-too-many", count=MAX_DIGESTS))
            return
        when = _when(subscription, now)
        key = "digest-set" if first else "digest-changed"
        lines = [
            *_title(subscription, translations),
            translations.say(
                key,
                channel=f"<#{channel_id}>",
                days=translations.say(days_key(weekdays)),
                at=f"{hour:%H:%M}",
                zone=timezone_name(zone.key),
                when=when,
            ),
            translations.say("digest-holds", content=translations.say(f"digest-content-{options.content}")),
            *selection_lines(subscription.options.selection, translations),
        ]
        if mention is not None:
            lines.append(translations.say("digest-mentions", role=f"<@&{mention.id}>"))
            if not may_mention(interaction.guild, channel_id, mention):
                lines.append(translations.say("digest-mute"))
        await _show(interaction, *lines)


@setup.autocomplete("timezone")
async def offer_zones(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer zones by city, country, abbreviation or difference from UTC."""
    try:
        now, locale = interaction.client.digests.now(), interaction.locale.value
        found = await asyncio.to_thread(complete_timezone, typed[:_TYPED], now, locale)
        choices = [Choice(name=one.label, value=one.zone) for one in found]
        await interaction.response.autocomplete(choices)
    except Exception as error:  # noqa: BLE001 - the edge; there is no place to say anything but the log
        log_error(error, f"completion {interaction.id}")
    return []  # the choices are on their way; discord.py offers nothing on top of them


@access(MANAGING)
@digest.command(
    name=translated("command-digest-preview"), description=translated("command-digest-preview-does")
)
@of_digest
async def preview(interaction: Interaction, digest_name: str | None = None) -> None:
    """Show the very message that would be posted, to the admin alone."""
    translations, digest_service = own_translations(interaction), interaction.client.digests
    async with _subscribed(interaction, digest_name) as subscription:
        if subscription is None:
            return
        now = digest_service.now()
        view = await asyncio.to_thread(_next_view, digest_service, subscription, now)
        if view is None:
            key = "digest-no-preview" if subscription.options.content.needs_news else "digest-empty"
            await _show(interaction, translations.say(key))
            return
        await show_view(interaction, view)
        await send_private_view(
            interaction, lines_view(translations.say("digest-preview-of", when=_when(subscription, now)))
        )


@access(MANAGING)
@digest.command(name=translated("command-digest-now"), description=translated("command-digest-now-does"))
@of_digest
async def now_(interaction: Interaction, digest_name: str | None = None) -> None:
    """Post today's digest whatever its hour; there is still but one today."""
    translations, digest_service = own_translations(interaction), interaction.client.digests
    server_id = interaction.guild_id or 0
    async with _subscribed(interaction, digest_name) as subscription:
        if subscription is None:
            return
        today = digest_service.now().astimezone(subscription.options.zone).date()
        if trouble := await _in_the_way(interaction, digest_service, subscription, today, translations):
            await _show(interaction, trouble)
            return
        number = subscription.number
        result = await digest_service.poster.post(server_id, today, number, by_hand=True)
        entry = await asyncio.to_thread(digest_service.ledger.entry, server_id, today, number)
        if result.outcome is PostOutcome.POSTED and entry is not None:
            sentence = translations.say("digest-posted", link=post_link(entry, interaction.guild))
        elif result.outcome is PostOutcome.NOT_OURS:
            sentence = translations.say("digest-busy")
        else:
            sentence = translations.say("digest-failed-now")
        await _show(interaction, sentence)


@access(MANAGING)
@digest.command(name=translated("command-digest-pause"), description=translated("command-digest-pause-does"))
@of_digest
async def pause(interaction: Interaction, digest_name: str | None = None) -> None:
    """Pause; what comes in meanwhile is for the first digest afterwards."""
    async with _subscribed(interaction, digest_name) as subscription:
        if subscription is not None:
            ledger, server_id = interaction.client.digests.ledger, subscription.server_id
            await asyncio.to_thread(ledger.pause, server_id, subscription.number)
            await _show(interaction, own_translations(interaction).say("digest-paused"))


@access(MANAGING)
@digest.command(
    name=translated("command-digest-resume"), description=translated("command-digest-resume-does")
)
@of_digest
async def resume(interaction: Interaction, digest_name: str | None = None) -> None:
    """Go on with the next date, or say what is still in the way."""
    translations, digest_service = own_translations(interaction), interaction.client.digests
    async with _subscribed(interaction, digest_name) as before:
        if before is None:
            return
        now = digest_service.now()
        if before.paused is None:
            await _show(interaction, translations.say("digest-running", when=_when(before, now)))
            return
        if missing := lacking_sentence(interaction.guild, before.options.channel_id, translations):
            await _show(interaction, missing)
            return
        after = await asyncio.to_thread(digest_service.ledger.resume, before.server_id, now, before.number)
        await _show(interaction, translations.say("digest-resumed", when=_when(after or before, now)))


@access(MANAGING)
@digest.command(name=translated("command-digest-off"), description=translated("command-digest-off-does"))
@of_digest
async def off(interaction: Interaction, digest_name: str | None = None) -> None:
    """End the digest; what was posted stays."""
    async with _subscribed(interaction, digest_name) as subscription:
        if subscription is not None:
            ledger, server_id = interaction.client.digests.ledger, subscription.server_id
            await asyncio.to_thread(ledger.unsubscribe, server_id, subscription.number)
            await _show(interaction, own_translations(interaction).say("digest-ended"))


@access(MANAGING)
@digest.command(name=translated("command-digest-weigh"), description=translated("command-digest-weigh-does"))
@translated_options("command-digest-weigh", "source", "often")
@of_digest
@app_commands.choices(often=frequency_choices())
async def weigh(
    interaction: Interaction, source: str, often: Choice[str], digest_name: str | None = None
) -> None:
    """Set how often the digest shows a collection or an author of the archive."""
    translations, client = own_translations(interaction), interaction.client
    async with _subscribed(interaction, digest_name) as subscription:
        if subscription is None:
            return
        server_id, typed = subscription.server_id, source.strip()
        authors, collections = ([typed], []) if typed.startswith("@") else ([], [typed])
        names, handles, unknown = await asyncio.to_thread(
            parse_sources, client.archive, server_id, collections, authors
        )
        if unknown is not None or len(names) + len(handles) != 1:
            named = escape_line(unknown or typed, _TYPED)
            await _show(interaction, translations.say("digest-source-unknown", typed=named))
            return
        (known,) = (*names, *handles)

        def change(selection: Selection) -> Selection:
            return selection.with_frequency(known, Frequency(often.value))

        after = await asyncio.to_thread(
            client.digests.ledger.reselect, server_id, subscription.number, change
        )
        lines = selection_lines((after or subscription).options.selection, translations)
        await _show(
            interaction,
            *_title(subscription, translations),
            translations.say(
                "digest-weighed",
                source=f"**{escape_line(known, _TYPED)}**",
                often=translations.say(f"digest-often-{often.value}"),
            ),
            *lines,
        )


@access(MANAGING)
@digest.command(
    name=translated("command-digest-status"), description=translated("command-digest-status-does")
)
@of_digest
async def status(interaction: Interaction, digest_name: str | None = None) -> None:
    """Tell what is set up, what comes next and what came last; without a name, of every digest."""
    translations, digest_service = own_translations(interaction), interaction.client.digests
    async with _all_subscribed(interaction) as subscriptions:
        if not subscriptions:
            return
        chosen = subscriptions
        if digest_name is not None:
            found = find_digest(subscriptions, digest_name)
            if found is None:
                await _show(interaction, _unclear(subscriptions, digest_name, translations))
                return
            chosen = [found]
        lines: list[str] = []
        for subscription in chosen:
            told = await asyncio.to_thread(
                _state, digest_service, subscription, interaction.guild, translations
            )
            title = _title(subscription, translations, always=len(chosen) > 1)
            lines += [*([""] if lines else []), *title, *told]
        lines += await followed_lines(interaction)
        await _show(interaction, *lines)


def _state(
    digest_service: DigestService,
    subscription: Subscription,
    guild: discord.Guild | None,
    translations: Translations,
) -> list[str]:
    """Return what is set up, what comes next and what came last of one digest."""
    options, server_id, number = subscription.options, subscription.server_id, subscription.number
    posted = digest_service.ledger.entries(server_id, number, posted=True)
    latest = digest_service.ledger.entries(server_id, number)
    lines = [
        translations.say(
            "digest-status",
            channel=f"<#{options.channel_id}>",
            days=translations.say(days_key(options.weekdays)),
            at=f"{options.at:%H:%M}",
            zone=timezone_name(options.zone.key),
        ),
        translations.say("digest-holds", content=translations.say(f"digest-content-{options.content}")),
        *selection_lines(options.selection, translations),
    ]
    if options.role_id:
        lines.append(translations.say("digest-mentions", role=f"<@&{options.role_id}>"))
    if subscription.paused is None:
        after = max(subscription.next(digest_service.now()), digest_service.now())
        lines.append(
            translations.say("digest-status-next", when=time_markup(after), relative=time_markup(after, "R"))
        )
    else:
        reason = why_paused(subscription.paused, options.channel_id, translations)
        lines.append(translations.say("digest-status-paused", reason=reason))
    if latest and latest[0].state is DigestState.QUIET:
        lines.append(translations.say("digest-status-quiet", date=long_date(latest[0].day, translations)))
    last = translations.say("digest-status-last", link=post_link(posted[0], guild)) if posted else None
    lines.append(last or translations.say("digest-status-never"))
    return lines


_command: app_commands.Command[Any, Any, Any]
for _command in (setup, preview, now_, pause, resume, off, weigh, status):
    _command.autocomplete("digest_name")(offer_digests)


@setup.autocomplete("collections")
async def _collections(interaction: Interaction, typed: str) -> list[Choice[str]]:
    return await offer_sources(interaction, typed, authors=False)


@setup.autocomplete("authors")
async def _authors(interaction: Interaction, typed: str) -> list[Choice[str]]:
    return await offer_sources(interaction, typed, collections=False)


@weigh.autocomplete("source")
async def _sources(interaction: Interaction, typed: str) -> list[Choice[str]]:
    return await offer_sources(interaction, typed)


@access(BELOW)
class ArrivalsButton(Pressed, DynamicItem[Button[Any]], template=ArrivalsState.TEMPLATE):
    """All new threads of a digest, and the pages of that list: private to the person who presses."""

    async def press(self, interaction: Interaction) -> None:
        """Show the page that the button names."""
        state = decoded(ArrivalsState.decode, self.custom_id)
        if state.opens:
            await acknowledge(interaction, private=True)
        else:
            await acknowledge_press(interaction)
        found, total = await interaction.client.services.new_threads(
            state.since,
            state.until,
            interaction.guild_id,
            offset=state.page * DIGEST_PAGE_SIZE,
            limit=DIGEST_PAGE_SIZE,
        )
        translations, reader = own_translations(interaction), interaction.user.id
        await show_view(interaction, arrivals_page(found, total, state, translations, reader=reader))


async def _show(interaction: Interaction, *sentences: str) -> None:
    await show_view(interaction, lines_view(*sentences))


@contextlib.asynccontextmanager
async def _all_subscribed(interaction: Interaction) -> AsyncIterator[list[Subscription]]:
    """Yield the server's subscriptions, none after a notice of that."""
    with interaction.client.services.at_work():
        await acknowledge(interaction, private=True)
        ledger = interaction.client.digests.ledger
        found = await asyncio.to_thread(ledger.subscriptions_of, interaction.guild_id or 0)
        if not found:
            await _show(interaction, own_translations(interaction).say("digest-none-here"))
        yield found


@contextlib.asynccontextmanager
async def _subscribed(interaction: Interaction, name: str | None) -> AsyncIterator[Subscription | None]:
    """Yield the subscription that is meant, ``None`` after a notice that there is none or several."""
    async with _all_subscribed(interaction) as subscriptions:
        found = find_digest(subscriptions, name)
        if found is None and subscriptions:
            await _show(interaction, _unclear(subscriptions, name, own_translations(interaction)))
        yield found


def _unclear(subscriptions: Sequence[Subscription], name: str | None, translations: Translations) -> str:
    """Return which digests there are, since none was meant clearly."""
    names = names_of(subscriptions, translations)
    if name is None:
        return translations.say("digest-which", names=names)
    return translations.say("digest-unknown", typed=escape_line(name, _TYPED), names=names)


def _title(subscription: Subscription, translations: Translations, *, always: bool = False) -> list[str]:
    """Return the line that names a digest which has a name."""
    named = subscription.options.name or always
    return [f"**{escape_line(name_of(subscription, translations), _TYPED)}**"] if named else []


async def _in_the_way(
    interaction: Interaction,
    digest_service: DigestService,
    subscription: Subscription,
    today: date,
    translations: Translations,
) -> str:
    """Return a sentence about why today's digest cannot be posted now, or ""."""
    server_id, number, options = subscription.server_id, subscription.number, subscription.options
    day = max(today, subscription.last)  # after a change of zone, today can come a second time
    entry = await asyncio.to_thread(digest_service.ledger.entry, server_id, day, number)
    if subscription.paused is not None:
        reason = why_paused(subscription.paused, options.channel_id, translations)
        return translations.say("digest-status-paused", reason=reason)
    if entry is not None and entry.state is DigestState.POSTED:
        return translations.say("digest-already", link=post_link(entry, interaction.guild))
    if entry is not None and entry.state is DigestState.QUIET:
        return translations.say("digest-quiet-today")
    if missing := lacking_sentence(interaction.guild, options.channel_id, translations):
        return missing
    if await asyncio.to_thread(_next_view, digest_service, subscription, digest_service.now()) is None:
        return translations.say("digest-nothing-now" if options.content.needs_news else "digest-empty")
    return ""


def _next_view(digest_service: DigestService, subscription: Subscription, now: datetime) -> LayoutView | None:
    """Return the message of the next digest as of now, ``None`` where there would be none."""
    options = subscription.options
    digest_service.composer.clear_cache()
    composed = digest_service.composer.compose(digest_service.composer.next_plan(subscription, now))
    if not composed.worth_posting(options.content):
        return None
    return digest_service.poster.context.view(composed, options)


def lacking_sentence(guild: discord.Guild | None, channel_id: int, translations: Translations) -> str:
    """Return a sentence about the permissions that are missing in a channel, or ""."""
    missing = missing_permissions(guild, channel_id)
    if not missing:
        return ""
    named_ones = ", ".join(f"**{translations.say(_SENTENCES[name])}**" for name in missing)
    return translations.say("digest-lacks", channel=f"<#{channel_id}>", permissions=named_ones)


def no_zone_view(
    typed: str, now: datetime, interaction: Interaction, translations: Translations
) -> LayoutView:
    """Return the notice that a zone is not known, with the nearest. It blocks."""
    named = escape_line(typed, _TYPED) or "…"
    near = complete_timezone(typed[:_TYPED], now, interaction.locale.value)[:_NEAREST]
    if not near:
        return lines_view(translations.say("digest-zone-unknown", typed=named))
    zones = ", ".join(
        f"`{timezone_name(one.zone)}` ({now.astimezone(ZoneInfo(one.zone)):%H:%M})" for one in near
    )
    return lines_view(translations.say("digest-zone-nearest", typed=named, zones=zones))


def _when(subscription: Subscription, now: datetime) -> str:
    at = max(subscription.next(now), now)
    return f"{time_markup(at)} ({time_markup(at, 'R')})"
