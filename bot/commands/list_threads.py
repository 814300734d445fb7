"""Browsing: ``/threads`` with the newest, an author's, a collection's, or some by chance, page by page."""

import re
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from discord import app_commands
from discord.app_commands import Choice
from discord.ui import Button, DynamicItem

from bot.interactions.access import BELOW, READING, access, everywhere
from bot.interactions.app_client import Interaction, server_in_scope
from bot.interactions.buttons import Pressed, decoded
from bot.interactions.command_translations import translated, translated_options
from bot.interactions.errors import log_error
from bot.interactions.locale import reply_to, translations_of
from bot.interactions.responses import (
    acknowledge_as_wished,
    acknowledge_press,
    begun,
    send_private,
    show_view,
)
from bot.views.custom_id import DAYS, FilteredListState, ListState, Order, packed_words
from bot.views.escape import plain_line
from bot.views.limits import CHOICE_NAME, CHOICES, clip, units
from bot.views.lists import LIST_PAGE_SIZE, ThreadListing, list_page
from retrieval.archive import Archive, ThreadFilter, ThreadOrder
from retrieval.errors import ThreadNotFoundError
from retrieval.model import Scope

__all__ = [
    "FilteredListButton",
    "ListButton",
    "complete_author",
    "complete_collection",
    "first_day",
    "threads",
]

_AnyState = ListState | FilteredListState
_Listed = tuple[_AnyState, ThreadListing]

_TYPED = 100
_DAY = timedelta(days=1)
_WRITTEN = re.compile(
    r"(?P<year>\d{4})(?:[-./](?P<month>\d{1,2})(?:[-./](?P<day>\d{1,2}))?)?"
    r"|(?:(?P<first>\d{1,2})[-./])?(?P<middle>\d{1,2})[-./](?P<behind>\d{4})",
    re.ASCII,
)
_CHANCE = Random()  # noqa: S311 - which threads are shown is no secret


@access(READING)
@app_commands.command(name=translated("command-threads"), description=translated("command-threads-does"))
@translated_options(
    "command-threads",
    "author",
    "title",
    "after",
    "before",
    "sort",
    "collection",
    "private",
    by_chance="random",
)
@app_commands.choices(
    sort=[Choice(name=translated(f"threads-sort-{order}"), value=order.value) for order in ThreadOrder]
)
@everywhere
async def threads(  # noqa: PLR0913, PLR0917 - the options of the command
    interaction: Interaction,
    author: str | None = None,
    title: app_commands.Range[str, 1, _TYPED] | None = None,
    after: str | None = None,
    before: str | None = None,
    sort: Choice[str] | None = None,
    collection: str | None = None,
    by_chance: bool = False,  # noqa: FBT001, FBT002 - an option of the command, given by its name
    private: bool | None = None,  # noqa: FBT001 - the same
) -> None:
    """Show the first page of a list of threads: those that the options leave, in the order they choose."""
    services, server_id = interaction.client.services, server_in_scope(interaction)
    with services.at_work():
        own = translations_of(interaction, private=True)
        days = [None if written is None else first_day(written) for written in (after, before)]
        for written, day in zip((after, before), days, strict=True):
            if written is not None and day is None:
                await send_private(interaction, own.say("threads-no-day", typed=written))
                return
        first, last = DAYS
        since = days[0] and min(max(days[0], first), last)
        until = days[1] and min(max(days[1], first + _DAY), last) - _DAY
        words = " ".join((title or "").split())
        start: ListState | FilteredListState = ListState(
            interaction.user.id, Order.CHANCE if by_chance and author is None else Order.NEWEST
        )
        if since or until or words or sort:
            order = ThreadOrder(sort.value) if sort else ThreadOrder.DATE
            start = FilteredListState(
                start.reader, order, since=since, until=until, chunks=packed_words(words)
            )

        def find(archive: Archive) -> _Listed | None:
            return _found(archive, start, server_id, author, collection)

        listing_up = await begun(services.look(find))
        at_once = listing_up.result() if listing_up.done() else (start, None)
        dead_end = at_once is None or (at_once[1] is not None and not at_once[1].total)
        hidden = await acknowledge_as_wished(interaction, wish=True if dead_end else private)
        found = await listing_up
        if found is None or (isinstance(found[0], FilteredListState) and not found[1].total):
            sentence = translations_of(interaction, private=hidden).say("threads-none-such")
            await send_private(interaction, sentence)
            return
        state, listing = found
        await show_view(interaction, list_page(listing, state, reply_to(interaction, private=hidden)))


def first_day(written: str) -> date | None:
    """Return the first day of a year, a month or a day as people write it: 2023, 2023-05, 5/2023, 17.5.2023.

    ``None`` for anything else. A day comes before its month unless the year does.
    """
    parts = _WRITTEN.fullmatch(written.strip())
    if parts is None:
        return None
    named = {name: int(value) for name, value in parts.groupdict().items() if value}
    year = named.get("year", named.get("behind", 0))
    month, day = named.get("month", named.get("middle", 1)), named.get("day", named.get("first", 1))
    try:
        return date(year, month, day)
    except ValueError:
        return None


@threads.autocomplete("author")
async def complete_author(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer authors with how many threads they have."""
    server_id, translations = server_in_scope(interaction), translations_of(interaction, private=True)

    def near(archive: Archive) -> list[Choice[str]]:
        found = archive.autocomplete.authors(_plain(typed), archive.catalog.scope(server_id), limit=CHOICES)
        # A longer name than a choice may carry could not be found again by it.
        return [
            Choice(name=_label(name, translations.say("threads", count=count)), value=name)
            for name, count in found
            if units(name) <= CHOICE_NAME
        ]

    return await _offered(interaction, near)


@threads.autocomplete("collection")
async def _complete_collection(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer the collections that may be seen here, by their numbers."""
    return await complete_collection(interaction, typed, by_name=False)


async def complete_collection(interaction: Interaction, typed: str, *, by_name: bool) -> list[Choice[str]]:
    """Offer the collections that may be seen here; a choice gives the name or the number."""
    server_id = server_in_scope(interaction)

    def near(archive: Archive) -> list[Choice[str]]:
        known = [(one.name, one.id) for one in archive.catalog.collections(server_id)]
        wanted = typed.strip().casefold()
        return [
            Choice(name=_label(name, ""), value=name if by_name else str(number))
            for name, number in known
            if wanted in name.casefold() and (units(name) <= CHOICE_NAME or not by_name)
        ]

    return await _offered(interaction, near)


@access(BELOW)
class ListButton(Pressed, DynamicItem[Button[Any]], template=ListState.TEMPLATE):
    """The pages of a list of threads."""

    async def press(self, interaction: Interaction) -> None:
        """Turn the page for its reader."""
        await _turn(interaction, decoded(ListState.decode, self.custom_id))


@access(BELOW)
class FilteredListButton(Pressed, DynamicItem[Button[Any]], template=FilteredListState.TEMPLATE):
    """The pages of a filtered list of threads."""

    async def press(self, interaction: Interaction) -> None:
        """Turn the page for its reader."""
        await _turn(interaction, decoded(FilteredListState.decode, self.custom_id))


async def _turn(interaction: Interaction, state: _AnyState) -> None:
    if interaction.user.id != state.reader:
        await send_private(interaction, translations_of(interaction, private=True).say("notice-not-yours"))
        return
    await acknowledge_press(interaction)
    server_id = server_in_scope(interaction)

    def find(archive: Archive) -> _Listed:
        listing, shown = _listing(archive, state, server_id), state
        # Fewer threads than there were have fewer pages than an old button may name.
        if not _by_chance(state) and state.page >= listing.pages:
            shown = replace(state, page=listing.pages - 1)
            listing = _listing(archive, shown, server_id)
        return shown, listing

    shown, listing = await interaction.client.services.look(find)
    private = interaction.message is not None and interaction.message.flags.ephemeral
    await show_view(interaction, list_page(listing, shown, reply_to(interaction, private=private)))


def _found(
    archive: Archive, start: _AnyState, server_id: int | None, author: str | None, collection: str | None
) -> _Listed | None:
    """Return the first page of what was asked for; ``None`` for an author or collection that is not there."""
    state = start
    if collection is not None:
        wanted = collection.strip().casefold()
        number = next(
            (
                one.id
                for one in archive.catalog.collections(server_id)
                if wanted in {str(one.id), one.name.casefold()}
            ),
            None,
        )
        if number is None:
            return None
        state = replace(state, collection=number)
    if author is not None:
        scope = _scope(archive, state, server_id)
        # Some clients send a suggestion's label, which ends in how many threads there are.
        typed, label = author.strip(), author.strip().rpartition(" · ")[0]
        for name in filter(None, (typed, typed.removeprefix("@"), f"@{typed}", label)):
            first = archive.catalog.threads(scope, author=name, limit=1)
            if first:
                state = replace(state, thread_id=first[0].id)
                break
        else:
            return None
    return state, _listing(archive, state, server_id)


def _by_chance(state: _AnyState) -> bool:
    return isinstance(state, ListState) and state.order is Order.CHANCE


def _listing(archive: Archive, state: _AnyState, server_id: int | None) -> ThreadListing:
    """Return the page that a state names. Raises ``ThreadNotFoundError`` where its author is gone."""
    scope = _scope(archive, state, server_id)
    names = {one.id: one.name for one in archive.catalog.collections(server_id)}
    collection = names.get(state.collection)
    if _by_chance(state):
        return ThreadListing(
            archive.catalog.sample(scope, LIST_PAGE_SIZE, _CHANCE),
            archive.catalog.count(scope),
            None,
            collection,
        )
    author = archive.catalog.thread(state.thread_id, scope).author if state.thread_id else None
    if state.thread_id and author is None:
        raise ThreadNotFoundError("the author of these threads is no longer known; list them anew")
    if isinstance(state, FilteredListState):
        chosen = ThreadFilter(author, state.words or None, state.since, state.until)
        listed, total = archive.thread_lists.page(
            scope, chosen, state.sort, offset=state.page * LIST_PAGE_SIZE, limit=LIST_PAGE_SIZE
        )
        return ThreadListing(listed, total, author, collection)
    total = archive.catalog.count(scope, author=author)
    listed = archive.catalog.threads(
        scope, author=author, offset=state.page * LIST_PAGE_SIZE, limit=LIST_PAGE_SIZE
    )
    return ThreadListing(listed, total, author, collection)


def _scope(archive: Archive, state: _AnyState, server_id: int | None) -> Scope:
    scope = archive.catalog.scope(server_id)
    return Scope(scope.collections & {state.collection}) if state.collection else scope


async def _offered(interaction: Interaction, near: Any) -> list[Choice[str]]:
    """Offer choices; where there is trouble, none, and the log says why."""
    try:
        choices = await interaction.client.services.look(near)
        await interaction.response.autocomplete(choices[:CHOICES])
    except Exception as error:  # noqa: BLE001 - the edge; there is no place to say anything but the log
        log_error(error, f"completion {interaction.id}")
    return []  # the choices are on their way; discord.py offers nothing on top of them


def _plain(typed: str) -> str:
    return typed.strip()[:_TYPED].removeprefix("@")


def _label(name: str, details: str) -> str:
    suffix = f" · {details}" if details else ""
    return (clip(plain_line(name), CHOICE_NAME - units(suffix)) or "…") + suffix
