"""What a server's admins see of its figures: what there is to ask, and how answers are judged."""

from dataclasses import dataclass
from typing import Final

from discord.ui import LayoutView

from bot.catalogue import Catalogue
from bot.feedback import KEPT, Count, Note
from bot.render.inert import inert_line
from bot.render.layout import CALM, Part, date, layout, text
from retrieval.archive import Statistics

__all__ = ["Figures", "figures"]

_NOTE: Final = 250


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted for a server.

    ``own`` and ``public`` are of its own threads and of those that every server may ask, ``room`` is how
    many posts more it may have, ``worst`` are heads of threads, inert, that were called unhelpful most often.
    """

    own: Statistics
    public: Statistics
    room: int
    judged: tuple[Count, ...] = ()
    worst: tuple[tuple[str, Count], ...] = ()
    notes: tuple[Note, ...] = ()


def figures(told: Figures, speech: Catalogue) -> LayoutView:
    """Return the figures as a message."""
    own, public = told.own, told.public
    lines = [
        f"### {speech.say('uploads-stats')}",
        speech.say(
            "uploads-stats-own",
            threads=speech.say("threads", count=own.threads),
            posts=speech.say("posts", count=own.posts),
            count=own.collections,
            room=told.room,
        ),
        speech.say(
            "uploads-stats-public",
            threads=speech.say("threads", count=public.threads),
            posts=speech.say("posts", count=public.posts),
        ),
    ]
    if previews := own.previews + public.previews:
        lines.append(speech.say("uploads-stats-previews", count=previews))
    parts: list[Part] = [text(*lines)]
    if told.judged:
        helpful = sum(one.helpful for one in told.judged)
        unhelpful = sum(one.unhelpful for one in told.judged)
        lines = [speech.say("uploads-stats-judged", helpful=helpful, unhelpful=unhelpful)]
        if told.worst:
            lines.append(speech.say("uploads-stats-unhelpful"))
        lines += [f"- {_judged(title, count, speech)}" for title, count in told.worst]
        parts.append(text(*lines))
    if told.notes:
        said = [f"- {inert_line(note.words, _NOTE)} · {date(note.written_at)}" for note in told.notes]
        parts.append(text(speech.say("uploads-stats-notes", days=KEPT.days), *said))
    return layout(parts, colour=CALM)


def _judged(title: str, count: Count, speech: Catalogue) -> str:
    total = count.helpful + count.unhelpful
    return speech.say("uploads-stats-thread", title=title, unhelpful=count.unhelpful, count=total)
