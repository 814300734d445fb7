"""What a server's admins see of its figures: what there is to ask, and how answers are judged."""

from dataclasses import dataclass
from typing import Final

from discord.ui import LayoutView

from bot.i18n import Translations
from bot.servers.feedback_store import FEEDBACK_RETENTION, FeedbackCount, FeedbackNote
from bot.views.escape import escape_line
from bot.views.layout import CALM, Part, date, layout, text
from retrieval.archive import Statistics

__all__ = ["ServerStats", "stats_view"]

_NOTE: Final = 250


@dataclass(frozen=True, slots=True)
class ServerStats:
    """What is counted for a server.

    ``own`` and ``public`` are of its own threads and of those that every server may ask, ``room`` is how
    many posts more it may have, ``worst`` are heads of threads, inert, that were called unhelpful most often.
    """

    own: Statistics
    public: Statistics
    room: int
    judged: tuple[FeedbackCount, ...] = ()
    worst: tuple[tuple[str, FeedbackCount], ...] = ()
    notes: tuple[FeedbackNote, ...] = ()


def stats_view(stats: ServerStats, translations: Translations) -> LayoutView:
    """Return the figures as a message."""
    own, public = stats.own, stats.public
    lines = [
        f"### {translations.say('uploads-stats')}",
        translations.say(
            "uploads-stats-own",
            threads=translations.say("threads", count=own.threads),
            posts=translations.say("posts", count=own.posts),
            count=own.collections,
            room=stats.room,
        ),
        translations.say(
            "uploads-stats-public",
            threads=translations.say("threads", count=public.threads),
            posts=translations.say("posts", count=public.posts),
        ),
    ]
    if previews := own.previews + public.previews:
        lines.append(translations.say("uploads-stats-previews", count=previews))
    parts: list[Part] = [text(*lines)]
    if stats.judged:
        helpful = sum(one.helpful for one in stats.judged)
        unhelpful = sum(one.unhelpful for one in stats.judged)
        lines = [translations.say("uploads-stats-judged", helpful=helpful, unhelpful=unhelpful)]
        if stats.worst:
            lines.append(translations.say("uploads-stats-unhelpful"))
        lines += [f"- {_judged(title, count, translations)}" for title, count in stats.worst]
        parts.append(text(*lines))
    if stats.notes:
        notes = [f"- {escape_line(note.words, _NOTE)} · {date(note.written_at)}" for note in stats.notes]
        parts.append(text(translations.say("uploads-stats-notes", days=FEEDBACK_RETENTION.days), *notes))
    return layout(parts, colour=CALM)


def _judged(title: str, count: FeedbackCount, translations: Translations) -> str:
    total = count.helpful + count.unhelpful
    return translations.say("uploads-stats-thread", title=title, unhelpful=count.unhelpful, count=total)
