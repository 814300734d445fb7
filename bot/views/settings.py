"""The panel of a server's settings: what holds, in sentences, and what changes it."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar, Final

import discord
from babel import Locale
from discord import ButtonStyle, ChannelType, SelectOption
from discord.ui import (
    ActionRow,
    Button,
    ChannelSelect,
    Label,
    LayoutView,
    Modal,
    RoleSelect,
    Select,
    TextInput,
)

from bot.i18n import LANGUAGES, Translations
from bot.servers.preferences import MOST_PLACES, MOST_QUESTIONS, MOST_QUOTES, PERIODS, Preferences, Quota
from bot.views.escape import escape_line
from bot.views.layout import CALM, Part, layout, row, separator, text
from bot.views.limits import LABEL, clip

__all__ = [
    "AUTO",
    "OTHER",
    "SETTINGS",
    "Control",
    "language_modal",
    "language_name",
    "language_named",
    "quotas_modal",
    "setting_sentence",
    "settings_panel",
]

SETTINGS: Final = (
    "channels",
    "roles",
    "mentions",
    "private",
    "react",
    "quotes",
    "language",
    "unanswered",
    "person",
    "server",
    "exempt",
)
"""The settings by the names of their fields, in the order of the panel."""

AUTO: Final = "auto"
OTHER: Final = "other"
UNANSWERED_DAYS: Final = 30

_PERIODS: Final = dict(zip(PERIODS, ("minute", "hour", "day"), strict=True))
_NAME: Final = 100
_ASKABLE: Final = [
    ChannelType.text,
    ChannelType.news,
    ChannelType.forum,
    ChannelType.voice,
    ChannelType.stage_voice,
    ChannelType.category,
]
# The languages of Discord's clients that are spoken most; a menu holds 25 with the two others.
_OFFERED: Final = (
    "en", "de", "uk", "es", "fr", "pt", "it", "nl", "pl", "cs", "ru", "tr",
    "ar", "fa", "hi", "id", "ja", "ko", "zh", "sv", "no", "da", "fi",
)  # fmt: skip


class Control:
    """The custom_ids of the panel's parts: a setting's name, and the value that a button sets."""

    TEMPLATE: ClassVar[re.Pattern[str]] = re.compile(r"bob1s\.(?P<setting>[a-z]+)(?:\.(?P<value>on|off))?")

    @staticmethod
    def custom_id(setting: str, value: str = "") -> str:
        """Return the custom_id of a part."""
        return f"bob1s.{setting}.{value}" if value else f"bob1s.{setting}"


def settings_panel(
    preferences: Preferences, translations: Translations, *, server: str, saved: Iterable[str] = ()
) -> LayoutView:
    """Return the panel; ``saved`` are the settings that were just changed, whose new state is confirmed."""
    head = [f"### {translations.say('settings-title', server=escape_line(server, _NAME) or '…')}"]
    done = " ".join(setting_sentence(setting, preferences, translations) for setting in saved)
    if done:
        head.append(translations.say("settings-saved", sentence=done))
    switches = row(
        *(
            _switch(setting, on=getattr(preferences, setting), translations=translations)
            for setting in ("mentions", "private", "react")
        )
    )
    return layout(
        [
            text(*head),
            separator(),
            _told("who", ("channels", "roles"), preferences, translations),
            _of(_channels(preferences, translations)),
            _of(_roles("roles", preferences.roles, translations)),
            separator(),
            _told("answers", ("mentions", "private", "react", "quotes"), preferences, translations),
            _of(_quotes(preferences, translations)),
            switches,
            separator(),
            _told("archive", ("language", "unanswered"), preferences, translations),
            _of(_languages(preferences, translations)),
            row(_switch("unanswered", on=preferences.unanswered, translations=translations)),
            separator(),
            _told("quotas", ("person", "server", "exempt"), preferences, translations),
            _of(_roles("exempt", preferences.exempt, translations)),
            row(
                Button(
                    label=translations.say("settings-quotas-change"), custom_id=Control.custom_id("quotas")
                )
            ),
        ],
        colour=CALM,
    )


def setting_sentence(setting: str, preferences: Preferences, translations: Translations) -> str:
    """Return what a setting means as it is now, as one sentence. Raises ``ValueError`` for none of these."""
    values: dict[str, str | int] = {}
    match setting:
        case "channels" | "roles" | "exempt":
            ids = sorted(getattr(preferences, setting))
            values["places"] = ", ".join(
                f"<#{one}>" if setting == "channels" else f"<@&{one}>" for one in ids
            )
            state = "-some" if ids else "-none" if setting == "exempt" else "-all"
        case "mentions" | "private" | "react" | "unanswered":
            values["days"] = UNANSWERED_DAYS
            state = "-on" if getattr(preferences, setting) else "-off"
        case "quotes":
            values["count"], state = preferences.quotes, ""
        case "language":
            language = preferences.language
            values["language"] = language_name(language, translations) if language else ""
            state = "-is" if language else "-auto"
        case "person" | "server":
            quota: Quota | None = getattr(preferences, setting)
            values["rate"] = _rate(quota, translations) if quota else ""
            state = "-some" if quota else "-none"
        case _:
            raise ValueError(f"{setting!r} is no setting; there are {', '.join(SETTINGS)}")
    return translations.say(f"settings-{setting}{state}", **values)


def quotas_modal(preferences: Preferences, translations: Translations) -> Modal:
    """Return the form in which the two quotas are written; its fields are named as the settings are."""
    modal = Modal(title=translations.say("settings-quotas"), custom_id=Control.custom_id("quotas"))
    for setting, quota in (("person", preferences.person), ("server", preferences.server)):
        number: TextInput[Any] = TextInput(
            custom_id=setting,
            default=str(quota.questions) if quota else None,
            placeholder=translations.say("settings-quotas-hint"),
            required=False,
            max_length=len(str(MOST_QUESTIONS)),
        )
        period: Select[Any] = Select(
            custom_id=f"{setting}.period",
            options=[
                SelectOption(
                    label=translations.say(f"settings-period-{name}"),
                    value=str(seconds),
                    default=seconds == (quota.seconds if quota else PERIODS[1]),
                )
                for seconds, name in _PERIODS.items()
            ],
        )
        modal.add_item(Label(text=translations.say(f"settings-quotas-{setting}"), component=number))
        modal.add_item(Label(text=translations.say("settings-quotas-period"), component=period))
    modal.stop()
    return modal


def language_modal(translations: Translations) -> Modal:
    """Return the form in which a language is named that the menu does not offer."""
    modal = Modal(
        title=translations.say("settings-language-option-other"), custom_id=Control.custom_id("language")
    )
    field: TextInput[Any] = TextInput(custom_id="language", max_length=40)
    modal.add_item(Label(text=translations.say("settings-language-field"), component=field))
    modal.stop()
    return modal


def language_named(name: str, translations: Translations) -> str | None:
    """Return the code of the language that a person names, by code or by name, ``None`` for none known.

    Names are those of the languages that Bobbin speaks; the person's own comes first.
    """
    wanted = " ".join(name.split()).casefold()
    if wanted in _names(LANGUAGES[0]):
        return wanted
    for spoken in dict.fromkeys((translations.language, *LANGUAGES)):
        for code, known in _names(spoken).items():
            if known.casefold() == wanted:
                return code
    return None


def _told(head: str, settings: Iterable[str], preferences: Preferences, translations: Translations) -> Part:
    sentences = (setting_sentence(setting, preferences, translations) for setting in settings)
    return text(f"**{translations.say(f'settings-{head}')}**", *sentences)


def _of(menu: Any) -> Part:
    return ActionRow(menu)


def _switch(setting: str, *, on: bool, translations: Translations) -> Button[Any]:
    """Return the button that sets a setting to what it is not; pressed twice, it does no more."""
    value = "off" if on else "on"
    label = clip(translations.say(f"settings-{setting}-switch-{value}"), LABEL)
    style = ButtonStyle.secondary if on else ButtonStyle.primary
    return Button(label=label, style=style, custom_id=Control.custom_id(setting, value))


def _channels(preferences: Preferences, translations: Translations) -> ChannelSelect[Any]:
    return ChannelSelect(
        custom_id=Control.custom_id("channels"),
        placeholder=translations.say("settings-channels-choose"),
        channel_types=_ASKABLE,
        min_values=0,
        max_values=MOST_PLACES,
        default_values=[
            discord.SelectDefaultValue(id=one, type=discord.SelectDefaultValueType.channel)
            for one in sorted(preferences.channels)
        ],
    )


def _roles(setting: str, chosen: Iterable[int], translations: Translations) -> RoleSelect[Any]:
    return RoleSelect(
        custom_id=Control.custom_id(setting),
        placeholder=translations.say(f"settings-{setting}-choose"),
        min_values=0,
        max_values=MOST_PLACES,
        default_values=[
            discord.SelectDefaultValue(id=one, type=discord.SelectDefaultValueType.role)
            for one in sorted(chosen)
        ],
    )


def _quotes(preferences: Preferences, translations: Translations) -> Select[Any]:
    return Select(
        custom_id=Control.custom_id("quotes"),
        placeholder=translations.say("settings-quotes-choose"),
        options=[
            SelectOption(
                label=translations.say("settings-quotes-option", count=number),
                value=str(number),
                default=number == preferences.quotes,
            )
            for number in range(1, MOST_QUOTES + 1)
        ],
    )


def _languages(preferences: Preferences, translations: Translations) -> Select[Any]:
    chosen = preferences.language
    other = translations.say("settings-language-option-other")
    foreign = chosen is not None and chosen not in _OFFERED
    options = [
        SelectOption(
            label=translations.say("settings-language-option-auto"), value=AUTO, default=chosen is None
        ),
        *(
            SelectOption(label=language_name(code, translations), value=code, default=code == chosen)
            for code in _OFFERED
        ),
        SelectOption(
            label=other,
            value=OTHER,
            default=foreign,
            description=language_name(chosen, translations) if chosen and foreign else None,
        ),
    ]
    return Select(
        custom_id=Control.custom_id("language"),
        placeholder=translations.say("settings-language-choose"),
        options=options,
    )


def _rate(quota: Quota, translations: Translations) -> str:
    return translations.say(f"settings-rate-{_PERIODS[quota.seconds]}", count=quota.questions)


def language_name(code: str, translations: Translations) -> str:
    """Return what the language of a code is called, the code itself where that is not known."""
    return _names(translations.language).get(code, code)


@cache
def _names(spoken: str) -> dict[str, str]:
    """Return the names that a language has for languages, by their codes of two or three letters."""
    names = Locale(spoken).languages
    return {code: str(name) for code, name in names.items() if re.fullmatch("[a-z]{2,3}", code)}
