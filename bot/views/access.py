"""The private notice to a person who may not ask here, or not yet."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from discord.ui import LayoutView

from bot.i18n import Translations
from bot.servers.access import Refusal
from bot.servers.preferences import Preferences
from bot.views.escape import escape_line
from bot.views.layout import CALM, layout, text

__all__ = ["refused"]

_NAME: Final = 80


def refused(  # noqa: PLR0913 - all but the first three are named where it is called
    why: Refusal,
    preferences: Preferences,
    translations: Translations,
    *,
    until: datetime | None = None,
    roles: Mapping[int, str],
    server: str | None = None,
) -> LayoutView:
    """Return the reason, and what to do about it.

    ``until`` is when a quota allows the next question, ``roles`` are the names of the server's roles.
    ``server`` is its name, where the notice is sent outside it.
    """
    named = sorted(escape_line(roles[role], _NAME) for role in preferences.roles if role in roles)
    match why:
        case Refusal.MENTIONS:
            sentence = translations.say("access-mentions")
        case Refusal.CHANNEL:
            channels = _listed(f"<#{channel}>" for channel in sorted(preferences.channels))
            sentence = translations.say("access-channel", channels=channels)
        case Refusal.ROLE:
            sentence = translations.say("access-role", roles=_listed(f"**{name}**" for name in named))
        case Refusal.PERSON:
            sentence = translations.say("access-person", when=_when(until))
        case Refusal.SERVER:
            sentence = translations.say("access-server", when=_when(until))
    if server is not None:
        sentence = translations.say("access-in", server=escape_line(server, _NAME), sentence=sentence)
    return layout([text(sentence)], colour=CALM)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "–"


def _when(until: datetime | None) -> str:
    # Discord counts in whole seconds; a second early would be refused again.
    return "…" if until is None else f"<t:{int(until.timestamp()) + 1}:R>"
