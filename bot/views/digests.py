"""A digest as a message, the pages of new threads, and notices to admins about their digest."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from discord import ChannelType
from discord.ui import Button, LayoutView

from bot.digest.contents import Digest, Feature
from bot.digest.model import PauseReason
from bot.i18n import Translations
from bot.views.buttons import arrivals_button, link_button, thread_button
from bot.views.custom_id import ArrivalsState, ThreadState
from bot.views.escape import escape_line, plain_line, quote
from bot.views.headers import heading, long_date, place_label, thread_header
from bot.views.layout import Part, Reply, layout, lines_view, row, section, separator, share_out, text
from bot.views.limits import DISPLAYED, LABEL, UNIT, clip, weight
from bot.views.lists import open_sections
from bot.web.addresses import PageOf, no_page
from retrieval.model import Excerpt, ThreadSummary

__all__ = [
    "DIGEST_PAGE_SIZE",
    "DIGEST_PLACES",
    "arrivals_page",
    "digest_view",
    "marker",
    "post_title",
    "time_markup",
    "why_paused",
]

DIGEST_PLACES = (
    ChannelType.text,
    ChannelType.news,
    ChannelType.news_thread,
    ChannelType.public_thread,
    ChannelType.private_thread,
    ChannelType.forum,
)
"""The kinds of channels that a digest may be posted in: no media channel, whose posts need pictures."""
DIGEST_PAGE_SIZE = 8
"""So many new threads stand on a page of them."""
_SPARE = 120
_PLACE = 60
# Buttons of one message that lead to the same place differ in their slots.
_FEATURED, _QUOTED = 10, 20
_TITLE = 60
#: With more entries than these, Discord's 40 components do not allow a button beside each.
_SECTIONS = 6
_NAME = 80
_ROW = 5
_POST_TITLE = 100


def marker(day: date, number: int = 0) -> int:
    """Return the number of the container that a digest stands in, by which it is known again.

    Discord takes 31 bits, which is enough for twenty digests of a server.
    """
    return number * 100_000_000 + day.year * 10_000 + day.month * 100 + day.day


def digest_view(
    digest: Digest,
    translations: Translations,
    *,
    role_id: int | None = None,
    page_of: PageOf = no_page,
    edition: str | None = None,
) -> LayoutView:
    """Return a digest as one message within every limit; ``role_id`` is the role it mentions, if any.

    ``page_of`` gives the addresses of the pages of its threads, ``edition`` is that of its own page.

    It is the same for the same digest, for every reader. Raises ``ValueError`` for an empty one.
    """
    if not (digest.arrivals.total or digest.feature or digest.asked):
        raise ValueError("a digest without any part is no message")
    excerpts = [*digest.arrivals.shown, *(feature.excerpt for feature in digest.features)]
    above = f"<@&{role_id}>" if role_id is not None else ""
    titles = _titles(digest, translations)
    page = translations.say("digest-page-link", link=edition) if edition else ""
    fixed = sum(map(weight, [above, page, *titles])) + sum(
        weight(_above(one, translations)) for one in excerpts
    )
    shares = share_out(
        [weight(quote(one)) for one in excerpts],
        (DISPLAYED - _SPARE - _PLACE * len(excerpts)) * UNIT - fixed,
    )
    quotes = [quote(one, share) for one, share in zip(excerpts, shares, strict=True)]

    below = " · ".join(filter(None, (titles[1], page)))
    parts: list[Part] = [text(above, f"## {titles[0]}", below and f"-# {below}")]
    if digest.arrivals.total:
        parts += [separator(), text(f"### {titles[2]}")]
        parts += _entries(digest.arrivals.shown, quotes, page_of, translations)
        parts += _rest(digest, titles[3], translations)
    if digest.further:
        parts += [separator(), text(f"### {titles[4]}")]
        parts += _entries([one.excerpt for one in digest.features], quotes, page_of, translations)
    elif digest.feature:
        parts += [separator(), *_featured(digest.feature, page_of, titles[4], quotes[-1], translations)]
    if digest.asked:
        parts += [separator(), text(f"### {titles[5]}", titles[6])]
        buttons = [
            thread_button(
                _counted(summary, count, translations), ThreadState(0, summary.id, slot=slot, opens=True)
            )
            for slot, (summary, count) in enumerate(digest.asked.threads, start=_QUOTED)
        ]
        # With more entries the message has no room for these buttons.
        parts += [row(*buttons)] if buttons and len(excerpts) <= _SECTIONS + 1 else []
    return layout(parts, number=marker(digest.day, digest.number))


def post_title(digest: Digest, translations: Translations) -> str:
    """Return the title of a digest's post in a forum, which knows no markup."""
    day = long_date(digest.day, translations)
    if digest.name:
        title = translations.say("digest-heading-named", name=plain_line(digest.name), date=day)
    else:
        title = translations.say("digest-heading" if digest.daily else "digest-heading-not-daily", date=day)
    return clip(title, _POST_TITLE)


def _entries(
    excerpts: Sequence[Excerpt], quotes: Sequence[str], page_of: PageOf, translations: Translations
) -> list[Part]:
    """Return excerpts with the ways to their threads: beside each, or where there are many in rows below."""
    texts = [(_above(one, translations), quoted) for one, quoted in zip(excerpts, quotes, strict=False)]
    ways = [_way(one, page_of(one), slot, translations) for slot, one in enumerate(excerpts)]
    if len(excerpts) <= _SECTIONS:
        return [section(text(*lines), way) for lines, way in zip(texts, ways, strict=True)]
    for number, way in enumerate(ways, start=1):
        way.label = clip(f"{number} · {way.label}", LABEL)
    numbered = [
        text(f"**{number}** · {above}", quoted) for number, (above, quoted) in enumerate(texts, start=1)
    ]
    return [*numbered, *(row(*ways[at : at + _ROW]) for at in range(0, len(ways), _ROW))]


def arrivals_page(
    summaries: Sequence[ThreadSummary],
    total: int,
    state: ArrivalsState,
    translations: Translations,
    *,
    reader: int,
) -> LayoutView:
    """Return the page of new threads that the state names; ``summaries`` are those of that page."""
    if not summaries:
        return lines_view(translations.say("digest-none"))
    pages = max(1, -(-total // DIGEST_PAGE_SIZE))
    parts: list[Part] = [text(f"## {translations.say('digest-new', count=total)}")]
    parts += open_sections(summaries, Reply(reader, translations=translations))
    if pages > 1:
        position = translations.say("digest-page", page=state.page + 1, pages=pages)
        back = ArrivalsState(state.since, state.until, max(state.page - 1, 0))
        onward = ArrivalsState(state.since, state.until, state.page + 1)
        parts += [
            separator(),
            text(f"-# {position}"),
            row(
                arrivals_button(translations.say("digest-back"), back) if state.page > 0 else None,
                arrivals_button(translations.say("digest-next"), onward) if state.page < pages - 1 else None,
            ),
        ]
    return layout(parts)


def why_paused(reason: PauseReason, channel_id: int, translations: Translations) -> str:
    """Return why a digest is paused, and what to do about it."""
    channel = f"<#{channel_id}>"
    match reason:
        case PauseReason.ADMIN:
            return translations.say("digest-why-admin")
        case PauseReason.FORBIDDEN:
            return translations.say("digest-why-forbidden", channel=channel)
        case PauseReason.MISSING:
            return translations.say("digest-why-missing")
        case PauseReason.UNFIT:
            return translations.say("digest-why-unfit")


def time_markup(time: datetime, style: str = "f") -> str:
    """Return the markup of a moment in the reader's own time zone; ``R`` counts the time to it."""
    return f"<t:{int(time.timestamp())}:{style}>"


def _titles(digest: Digest, translations: Translations) -> list[str]:
    """Return the texts beside the threads: heading, since, new, more, archive, asked, how many."""
    arrivals, feature, asked = digest.arrivals, digest.feature, digest.asked
    more = arrivals.total - len(arrivals.shown)
    late = digest.daily and digest.after is not None and (digest.day - digest.after).days > 1
    years = feature.years if feature and not digest.further else None
    day = long_date(digest.day, translations)
    counted = ""
    if asked:
        days = {"days": asked.days} if asked.days > 1 else {}
        key = "digest-asked-days" if days else "digest-asked-yesterday"
        quoted = translations.say("digest-quoted") if asked.threads else ""
        others = [
            translations.say(name, count=count)
            for name, count in (
                ("digest-asked-closest", asked.closest),
                ("digest-asked-nothing", asked.nothing),
            )
            if count
        ]
        answered = translations.say(key, count=asked.answered, **days)
        counted = " ".join(filter(None, (answered, *others, quoted)))
    return [
        translations.say("digest-heading-named", name=escape_line(digest.name, _NAME), date=day)
        if digest.name
        else translations.say("digest-heading" if digest.daily else "digest-heading-not-daily", date=day),
        translations.say("digest-since", date=long_date(digest.after, translations))
        if late and digest.after
        else "",
        translations.say("digest-new", count=arrivals.total),
        translations.say("digest-more", count=more) if more > 0 else "",
        translations.say("digest-anniversary", count=years) if years else translations.say("digest-archive"),
        translations.say("digest-asked"),
        counted,
    ]


def _above(excerpt: Excerpt, translations: Translations) -> str:
    """Return what stands above an excerpt: title, author, date, and its place in the thread."""
    place = place_label(excerpt.post, excerpt.thread, translations)
    return thread_header(excerpt.thread, place=place, translations=translations)


def _way(excerpt: Excerpt, page: str | None, slot: int, translations: Translations) -> Button[Any]:
    link = link_button(translations.say("digest-full"), excerpt.post.url, page, excerpt.thread.url)
    here = ThreadState(0, excerpt.thread.id, slot=slot, opens=True)
    return link or thread_button(translations.say("digest-full"), here)


def _rest(digest: Digest, more: str, translations: Translations) -> list[Part]:
    """Return how many new threads are not shown, and the way to all of them."""
    arrivals = digest.arrivals
    if not more:
        return []
    if digest.narrow:  # the list behind the button knows no selection
        return [text(f"-# {more}")]
    state = ArrivalsState(arrivals.since, arrivals.until, opens=True)
    button = arrivals_button(translations.say("digest-browse", count=arrivals.total), state)
    return [section(text(f"-# {more}"), button)]


def _featured(
    feature: Feature, page_of: PageOf, title: str, quoted: str, translations: Translations
) -> list[Part]:
    excerpt = feature.excerpt
    page = page_of(excerpt)
    link = link_button(translations.say("digest-full"), excerpt.post.url, page, excerpt.thread.url)
    label = translations.say("digest-read" if link else "digest-full")
    here = thread_button(label, ThreadState(0, excerpt.thread.id, slot=_FEATURED, opens=True))
    return [text(f"### {title}"), text(_above(excerpt, translations), quoted), row(link, here)]


def _counted(summary: ThreadSummary, count: int, translations: Translations) -> str:
    title = (
        plain_line(summary.title or "")
        or plain_line(summary.opening)
        or heading(summary, translations=translations)
    )
    return clip(translations.say("digest-times", title=clip(title, _TITLE), count=count), LABEL)
