"""Reports of what matches alerts, the list of a person's alerts, and the notice of their end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from discord.ui import Button, LayoutView

from bot.alerts.model import Alert, Report
from bot.digest.timezones import timezone_name
from bot.i18n import Translations
from bot.views.buttons import link_button, thread_button
from bot.views.custom_id import ThreadState
from bot.views.escape import escape_line, quote
from bot.views.headers import place_label, thread_header
from bot.views.layout import ASIDE, Part, layout, section, separator, share_out, text
from bot.views.limits import DISPLAYED, UNIT, weight
from bot.web.addresses import PageOf
from retrieval.model import Excerpt

__all__ = ["Matched", "alert_lines", "ended_view", "marker", "report_view"]

#: So many threads stand in a report with an excerpt, each with a button; the others are counted.
_SHOWN: Final = 8
_QUERY: Final = 200
_SERVER: Final = 80
_SPARE: Final = 400
#: A digest's container has a number from 20,000,000 on, so none of these is taken for one.
_FIRST: Final = 1_000_000
_NUMBERS: Final = 18_000_000


@dataclass(frozen=True, slots=True)
class Matched:
    """An alert with excerpts of the threads that match it, at the posts that do."""

    alert: Alert
    excerpts: tuple[Excerpt, ...]


def marker(report: Report) -> int:
    """Return the number of the container that a report stands in, by which it is known again."""
    return _FIRST + report.id % _NUMBERS


def report_view(
    report: Report, matched: Sequence[Matched], server: str, translations: Translations, *, page_of: PageOf
) -> LayoutView:
    """Return a report as one message within every limit. Raises ``ValueError`` for one without a thread.

    ``server`` is the name of the server that the alerts were made in; ``page_of`` gives the addresses of the
    threads' pages. In a direct message a server's own thread that has no page is named by its id, since a
    button there opens public threads alone.
    """
    direct = report.channel_id is None
    shown = _chosen([one.excerpts for one in matched])
    excerpts = [excerpt for some in shown for excerpt in some]
    if not excerpts:
        raise ValueError("a report without a thread is no message")
    total = sum(len(one.excerpts) for one in matched)
    head = translations.say("alert-report" if direct else "alert-report-channel", count=total)
    below = translations.say("alert-from", server=escape_line(server, _SERVER)) if direct else ""
    heads = [_head(one, translations) for one in matched]
    aboves = {id(one): _above(one, translations) for one in excerpts}
    fixed = sum(map(weight, [head, below, *heads])) + sum(map(weight, aboves.values()))
    room = (DISPLAYED - _SPARE) * UNIT - fixed
    shares = dict(
        zip(map(id, excerpts), share_out([weight(quote(one)) for one in excerpts], room), strict=True)
    )
    parts: list[Part] = [text(f"## {head}", below)]
    slot = 0
    for one, some, title in zip(matched, shown, heads, strict=True):
        parts += [separator(), text(title)]
        for excerpt in some:
            way = _way(excerpt, page_of(excerpt), slot, translations, direct=direct)
            named = "" if way else ASIDE + translations.say("alert-look-up", thread=f"`{excerpt.thread.id}`")
            parts.append(section(text(aboves[id(excerpt)], quote(excerpt, shares[id(excerpt)]), named), way))
            slot += 1
        if more := len(one.excerpts) - len(some):
            parts.append(text(ASIDE + translations.say("alert-more", count=more)))
    return layout(parts, number=marker(report))


def ended_view(report: Report, translations: Translations) -> LayoutView:
    """Return the notice that a person's alerts in a server ended, for a channel there; it names no search."""
    sentence = translations.say("alert-ended", person=f"<@{report.person_id}>")
    return layout([text(sentence)], number=marker(report))


def alert_lines(
    alerts: Sequence[Alert], translations: Translations, held: Callable[[Alert], bool]
) -> list[str]:
    """Return a line for each alert: its search, where matches go, when not; and whether it waits."""
    return [_line(number, alert, translations, held(alert)) for number, alert in enumerate(alerts, start=1)]


def _line(number: int, alert: Alert, translations: Translations, held: bool) -> str:  # noqa: FBT001 - private
    options = alert.options
    place = (
        translations.say("alert-to-you")
        if options.channel_id is None
        else translations.say("alert-to-channel", channel=f"<#{options.channel_id}>")
    )
    quiet = ""
    if options.quiet is not None:
        zone = timezone_name(options.quiet.zone.key)
        quiet = translations.say("alert-quiet", hours=str(options.quiet).replace("-", "–"), zone=zone)
    waits = translations.say("alert-held") if held else ""
    named = f"**{escape_line(options.query, _QUERY)}**"
    return f"{number}. " + " · ".join(filter(None, (named, place, quiet, waits)))


def _chosen(lists: Sequence[Sequence[Excerpt]]) -> list[list[Excerpt]]:
    """Return the first of each list in turns, as many as a message shows."""
    chosen: list[list[Excerpt]] = [[] for _ in lists]
    left = _SHOWN
    for place in range(max(map(len, lists), default=0)):
        for some, taken in zip(lists, chosen, strict=True):
            if place < len(some) and left:
                taken.append(some[place])
                left -= 1
    return chosen


def _head(one: Matched, translations: Translations) -> str:
    query = escape_line(one.alert.options.query, _QUERY)
    return translations.say("alert-matched", query=query, count=len(one.excerpts))


def _above(excerpt: Excerpt, translations: Translations) -> str:
    place = place_label(excerpt.post, excerpt.thread, translations)
    return thread_header(excerpt.thread, place=place, translations=translations)


def _way(
    excerpt: Excerpt, page: str | None, slot: int, translations: Translations, *, direct: bool
) -> Button[Any] | None:
    label = translations.say("digest-full")
    link = link_button(label, excerpt.post.url, page, excerpt.thread.url)
    if link is not None or (direct and excerpt.server_id is not None):
        return link
    return thread_button(label, ThreadState(0, excerpt.thread.id, slot=slot, opens=True))
