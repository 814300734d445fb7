"""What admins see of the authors that are followed: the last look, the last success, and what is wrong."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from discord.ui import LayoutView

from bot.i18n import Translations
from bot.servers.follow_store import Followed
from bot.views.digests import time_markup
from bot.views.escape import escape_line
from bot.views.layout import CALM, layout, text
from bot.views.uploads import bold_name

__all__ = ["following_lines", "following_view"]

_REASON: Final = 160
#: Authors whose lines are sure to fit a message; those with trouble come first.
_SHOWN: Final = 10


def following_view(known: Sequence[Followed], translations: Translations) -> LayoutView:
    """Return whom a server follows, those with trouble first."""
    if not known:
        return layout([text(translations.say("following-none"))], colour=CALM)
    ordered = sorted(known, key=lambda one: one.reason is None)
    lines = [translations.say("following-title", count=len(known))]
    for one in ordered[:_SHOWN]:
        lines.append(
            translations.say(
                "following-author",
                name=bold_name(one.account.handle),
                service=one.account.service,
                collection=bold_name(one.follow.place.collection),
                looked=_when(one.course.looked, translations),
                succeeded=_when(one.course.succeeded, translations),
            )
        )
        if one.reason:
            reason = escape_line(one.reason, _REASON)
            lines.append(f"-# {translations.say('following-trouble', reason=reason)}")
    if len(ordered) > _SHOWN:
        lines.append(translations.say("following-more", count=len(ordered) - _SHOWN))
    return layout([text(*lines)], colour=CALM)


def following_lines(known: Sequence[Followed], translations: Translations) -> list[str]:
    """Return what the state of a digest says of followed authors; nothing where there are none."""
    if not known:
        return []
    succeeded = [one.course.succeeded for one in known if one.course.succeeded]
    when = _when(max(succeeded, default=None), translations)
    lines = ["", translations.say("following-status", count=len(known), succeeded=when)]
    failing = [one for one in known if one.reason]
    if failing:
        worst = failing[0]
        reason = escape_line(worst.reason or "", _REASON)
        name = bold_name(worst.account.handle)
        lines.append(
            translations.say("following-status-trouble", count=len(failing), name=name, reason=reason)
        )
    return lines


def _when(moment: datetime | None, translations: Translations) -> str:
    return translations.say("following-never") if moment is None else time_markup(moment, "R")
