"""The privacy text: every table of the databases in a sentence, and how to be forgotten."""

from discord.ui import LayoutView

from bot.catalogue import Catalogue
from bot.digest.asked import KEPT as COUNTS_KEPT
from bot.digest.ledger import KEPT as DIGESTS_KEPT
from bot.feedback import KEPT as NOTES_KEPT
from bot.privacy.kept import ARCHIVE, KEPT, Of
from bot.render.layout import CALM, layout, line, text
from bot.servers.leaving import GRACE
from bot.servers.unanswered import KEPT as UNANSWERED_KEPT

__all__ = ["forgotten", "privacy_text", "sentence_of"]


def privacy_text(speech: Catalogue, *, unanswered: bool = False) -> LayoutView:
    """Return the whole text; ``unanswered`` says that this server keeps words of unanswered questions."""
    nobody = dict.fromkeys(table.table for table in KEPT if table.of is Of.NOBODY)
    authors = [table.table for table in KEPT if table.of is Of.AUTHORS]
    servers = [table.table for table in KEPT if table.of is Of.SERVERS]
    here = speech.say("privacy-here-unanswered") if unanswered else ""
    return layout(
        [
            text(f"### {speech.say('privacy-title')}", speech.say("privacy-never"), here),
            line(),
            text(
                f"**{speech.say('privacy-threads-head')}** (`{ARCHIVE}`)",
                *(f"- {sentence_of(table, speech)}" for table in authors),
                speech.say("privacy-table-archive"),
            ),
            line(),
            text(
                f"**{speech.say('privacy-servers-head')}**",
                *(f"- {sentence_of(table, speech)}" for table in servers),
                speech.say("privacy-forget-server", days=GRACE.days),
            ),
            line(),
            text(
                speech.say("privacy-memory"),
                speech.say("privacy-discord"),
                speech.say("privacy-of-nobody", tables=", ".join(f"`{table}`" for table in nobody)),
                speech.say("privacy-forget-you"),
            ),
        ],
        colour=CALM,
    )


def sentence_of(table: str, speech: Catalogue) -> str:
    """Return what is said of a table; raise ``KeyError`` where nothing is."""
    return speech.say(
        f"privacy-table-{table}",
        grace=GRACE.days,
        unanswered=UNANSWERED_KEPT.days,
        notes=NOTES_KEPT.days,
        digests=DIGESTS_KEPT.days,
        counts=COUNTS_KEPT.days,
    )


def forgotten(questions: int, speech: Catalogue) -> LayoutView:
    """Return what a person is told who was forgotten; ``questions`` is how many were known to be theirs."""
    said = speech.say("privacy-forgotten", count=questions, days=NOTES_KEPT.days)
    return layout([text(said)], colour=CALM)
