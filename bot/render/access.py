"""What somebody is told, alone, who may not ask here, or not yet."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from discord.ui import LayoutView

from bot.catalogue import Catalogue
from bot.render.inert import inert_line
from bot.render.layout import CALM, layout, text
from bot.servers.access import Why
from bot.servers.preferences import Preferences

__all__ = ["refused"]

_NAME: Final = 80


def refused(  # noqa: PLR0913 - all but the first three are named where it is called
    why: Why,
    preferences: Preferences,
    speech: Catalogue,
    *,
    until: datetime | None = None,
    roles: Mapping[int, str],
    server: str | None = None,
) -> LayoutView:
    """Return the reason, and what to do about it.

    ``until`` is when a quota allows the next question, ``roles`` are the names of the server's roles.
    ``server`` is its name, where the reason is told outside it.
    """
    named = sorted(inert_line(roles[role], _NAME) for role in preferences.roles if role in roles)
    match why:
        case Why.MENTIONS:
            sentence = speech.say("access-mentions")
        case Why.CHANNEL:
            channels = _listed(f"<#{channel}>" for channel in sorted(preferences.channels))
            sentence = speech.say("access-channel", channels=channels)
        case Why.ROLE:
            sentence = speech.say("access-role", roles=_listed(f"**{name}**" for name in named))
        case Why.PERSON:
            sentence = speech.say("access-person", when=_when(until))
        case Why.SERVER:
            sentence = speech.say("access-server", when=_when(until))
    if server is not None:
        sentence = speech.say("access-in", server=inert_line(server, _NAME), sentence=sentence)
    return layout([text(sentence)], colour=CALM)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "–"


def _when(until: datetime | None) -> str:
    # Discord counts in whole seconds; a second early would be told again.
    return "…" if until is None else f"<t:{int(until.timestamp()) + 1}:R>"
