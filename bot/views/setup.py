"""The setup card of a server: what there is to do, what is done, and a button for each."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from discord import ButtonStyle
from discord.ui import Button, ChannelSelect, Label, LayoutView, Modal, TextInput

from bot.i18n import Translations
from bot.views.digests import DIGEST_PLACES
from bot.views.escape import escape_line
from bot.views.layout import ASIDE, CALM, Part, layout, section, text

__all__ = ["SetupControl", "SetupProgress", "digest_modal", "setup_card"]

_NAME: Final = 80
_LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class SetupProgress:
    """What a server has: how many threads can be asked there, whether it has settings, and a digest."""

    threads: int
    decided: bool
    digest: bool


class SetupControl:
    """The custom_ids of the card's buttons, by what they set up."""

    STEPS: ClassVar = ("threads", "places", "digest")
    TEMPLATE: ClassVar[re.Pattern[str]] = re.compile(r"bob1w\.(?P<step>threads|places|digest)")
    FORM: ClassVar[re.Pattern[str]] = re.compile(r"bob1w\.form")
    FORM_ID: ClassVar = "bob1w.form"


def setup_card(name: str, progress: SetupProgress, translations: Translations) -> LayoutView:
    """Return the card; ``name`` is what Bobbin is called there."""
    done = {"threads": progress.threads > 0, "places": progress.decided, "digest": progress.digest}
    parts: list[Part] = [
        text(
            f"### {translations.say('setup-title', name=escape_line(name, _NAME) or 'Bobbin')}",
            translations.say("setup-what"),
        )
    ]
    for step in SetupControl.STEPS:
        state = "done" if done[step] else "open"
        counted = translations.say("threads", count=progress.threads)
        explained = translations.say(f"setup-{step}-{state}", threads=counted)
        button: Button[Any] = Button(
            label=translations.say(f"setup-{step}-do"),
            style=ButtonStyle.secondary if done[step] else ButtonStyle.primary,
            custom_id=f"bob1w.{step}",
        )
        mark = "✅ " if done[step] else ""
        head = f"{mark}**{translations.say(f'setup-{step}')}**"
        parts.append(section(text(head, explained), button))
    parts.append(text(ASIDE + translations.say("setup-again")))
    return layout(parts, colour=CALM)


def digest_modal(translations: Translations) -> Modal:
    """Return the form in which a digest's channel, hour and time zone are given."""
    modal = Modal(title=translations.say("setup-digest"), custom_id=SetupControl.FORM_ID)
    channel: ChannelSelect[Any] = ChannelSelect(custom_id="channel", channel_types=list(DIGEST_PLACES))
    at: TextInput[Any] = TextInput(custom_id="at", default="9:00", max_length=_LONGEST)
    zone: TextInput[Any] = TextInput(
        custom_id="timezone", placeholder=translations.say("setup-zone-hint"), max_length=_LONGEST
    )
    for key, component in (("channel", channel), ("at", at), ("timezone", zone)):
        label = translations.say(f"command-digest-setup-{key}-is")
        modal.add_item(
            Label(text=translations.say(f"setup-form-{key}"), description=label, component=component)
        )
    modal.stop()
    return modal
