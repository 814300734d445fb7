"""The privacy text: a paragraph, and behind a button every table of the databases in a sentence."""

import re
from typing import Any, Final

from discord.ui import Button, LayoutView

from bot.alerts.ledger import REPORT_RETENTION as REPORTS_KEPT
from bot.digest.ledger import LEDGER_RETENTION as DIGESTS_KEPT
from bot.digest.usage_counts import USAGE_RETENTION as COUNTS_KEPT
from bot.i18n import Translations
from bot.servers.data_inventory import ARCHIVE, DATA_INVENTORY, DataSubject
from bot.servers.feedback_store import FEEDBACK_RETENTION as NOTES_KEPT
from bot.servers.retention import DEPARTURE_GRACE
from bot.servers.unanswered import UNANSWERED_RETENTION as UNANSWERED_KEPT
from bot.views.layout import CALM, layout, row, separator, text

__all__ = ["DETAILS", "forgotten_view", "privacy_details", "privacy_text", "sentence_of"]

DETAILS: Final = re.compile(r"bob1k\.details")
"""The custom_id of the button that shows the tables."""
_DETAILS: Final = "bob1k.details"


def privacy_text(translations: Translations, *, unanswered: bool = False) -> LayoutView:
    """Return what is kept in a paragraph, how to be forgotten, and the button with the details.

    ``unanswered`` says that this server keeps words of unanswered questions.
    """
    here = translations.say("privacy-here-unanswered") if unanswered else ""
    button: Button[Any] = Button(label=translations.say("privacy-details"), custom_id=_DETAILS)
    return layout(
        [
            text(f"### {translations.say('privacy-title')}", translations.say("privacy-never"), here),
            text(translations.say("privacy-forget-you")),
            row(button),
        ],
        colour=CALM,
    )


def privacy_details(translations: Translations, *, unanswered: bool = False) -> LayoutView:
    """Return the whole text, table by table; ``unanswered`` as for :func:`privacy_text`."""
    impersonal = dict.fromkeys(table.table for table in DATA_INVENTORY if table.of is DataSubject.NOBODY)
    authors = [table.table for table in DATA_INVENTORY if table.of is DataSubject.AUTHORS]
    servers = [table.table for table in DATA_INVENTORY if table.of is DataSubject.SERVERS]
    here = translations.say("privacy-here-unanswered") if unanswered else ""
    return layout(
        [
            text(f"### {translations.say('privacy-title')}", translations.say("privacy-never"), here),
            separator(),
            text(
                f"**{translations.say('privacy-threads-head')}** (`{ARCHIVE}`)",
                *(f"- {sentence_of(table, translations)}" for table in authors),
                translations.say("privacy-table-archive"),
            ),
            separator(),
            text(
                f"**{translations.say('privacy-servers-head')}**",
                *(f"- {sentence_of(table, translations)}" for table in servers),
                translations.say("privacy-forget-server", days=DEPARTURE_GRACE.days),
            ),
            separator(),
            text(
                translations.say("privacy-memory"),
                translations.say("privacy-discord"),
                translations.say("privacy-of-nobody", tables=", ".join(f"`{table}`" for table in impersonal)),
                translations.say("privacy-forget-you"),
            ),
        ],
        colour=CALM,
    )


def sentence_of(table: str, translations: Translations) -> str:
    """Return the sentence about a table; raise ``KeyError`` where there is none."""
    return translations.say(
        f"privacy-table-{table}",
        grace=DEPARTURE_GRACE.days,
        unanswered=UNANSWERED_KEPT.days,
        notes=NOTES_KEPT.days,
        digests=DIGESTS_KEPT.days,
        counts=COUNTS_KEPT.days,
        reports=REPORTS_KEPT.days,
    )


def forgotten_view(questions: int, translations: Translations) -> LayoutView:
    """Return the confirmation for a person who was forgotten, with the number of their questions."""
    sentence = translations.say("privacy-forgotten", count=questions, days=NOTES_KEPT.days)
    return layout([text(sentence)], colour=CALM)
