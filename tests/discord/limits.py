"""Hold every request to the limits that Discord enforces and its contract does not express."""

from collections import Counter
from collections.abc import Collection, Iterable

from tests.discord.components import (
    ACTION_ROW,
    BUTTON,
    SECTION,
    SELECTS,
    TEXT_INPUT,
    V2_ONLY,
    displayed_text,
    texts,
    walk,
)
from tests.discord.wire import Json

__all__ = ["COMPONENTS_V2", "bytes_of", "choice_faults", "command_faults", "message_faults", "modal_faults"]

COMPONENTS_V2 = 1 << 15

_CONTENT, _DISPLAYED, _COMPONENTS, _NONCE = 2000, 4000, 40, 25
_LABEL, _CUSTOM_ID, _URL, _PLACEHOLDER = 80, 100, 512, 150
_EMBEDS, _EMBED_TEXT = 10, 6000
_EMBED_PARTS = {"title": 256, "description": 4096}
_ROW_BUTTONS, _SECTION_TEXTS, _OPTIONS, _CHOICES = 5, 3, 25, 25
_CHOICE, _NAME, _DESCRIPTION = 100, 32, 100
_MODAL_TITLE, _MODAL_LABEL, _TEXT_INPUT = 45, 45, 4000
_COMMANDS_OF_TYPE = {1: 100, 2: 15, 3: 15}
_LINK_STYLE = 5


def _too_long(what: str, value: object, limit: int) -> list[str]:
    # Discord counts UTF-16 units in its clients and code points in its API: these are code points.
    length = len(str(value or ""))
    return [f"{what} has {length:,} characters, {limit:,} are allowed"] if length > limit else []


def _too_many(what: str, things: Iterable[object], limit: int) -> list[str]:
    count = sum(1 for _ in things)
    return [f"{what} are {count:,}, {limit:,} are allowed"] if count > limit else []


def bytes_of(components: Iterable[Json]) -> int:
    """Return what texts of components V2 take: their UTF-8 bytes, and 12 more for each (#8554)."""
    return sum(len(text.encode()) + 12 for text in texts(components))


def message_faults(
    body: Json, *, before: Json | None = None, inert: bool = True, pingable: Collection[int] = ()
) -> list[str]:
    """List what is wrong with a message to create, or to edit when `before` is the message so far.

    With `inert`, any text must come with allowed mentions that ping nobody but roles of `pingable`.
    """
    merged: Json = {**(before or {}), **body}
    components = merged.get("components") or []
    flags = int(body.get("flags") or 0) | int((before or {}).get("flags") or 0)
    faults = _too_long("content", body.get("content"), _CONTENT)
    faults += _too_long("nonce", body.get("nonce"), _NONCE)
    faults += _embed_faults(body.get("embeds") or [])
    faults += _component_faults(components)
    if flags & COMPONENTS_V2:
        faults += [
            f"{name} cannot be used with components V2"
            for name in ("content", "embeds", "poll", "stickers", "sticker_ids")
            if merged.get(name)
        ]
        faults += _too_long("the displayed text", "".join(texts(components)), _DISPLAYED)
        faults += _too_many("the components with nesting", walk(components), _COMPONENTS)
    else:
        kinds = sorted({int(part["type"]) for part in walk(components)} & V2_ONLY)
        faults += [f"component type {kind} needs the components V2 flag" for kind in kinds]
        faults += [
            f"component type {part.get('type')} stands at the top"
            for part in components
            if part.get("type") != ACTION_ROW
        ]
    return faults + (_ping_faults(body, pingable) if inert else [])


def _ping_faults(body: Json, pingable: Collection[int]) -> list[str]:
    if not displayed_text(body):
        return []
    allowed = body.get("allowed_mentions")
    if not isinstance(allowed, dict):
        return ["text without allowed_mentions: an edit or a message would ping whom it names"]
    strangers = {int(role) for role in allowed.get("roles") or []} - set(pingable)
    if allowed.get("parse") != [] or allowed.get("users") or strangers:
        return [f"allowed_mentions {allowed} would ping someone"]
    return []


def _embed_faults(embeds: list[Json]) -> list[str]:
    faults = _too_many("embeds", embeds, _EMBEDS)
    for embed in embeds:
        for part, limit in _EMBED_PARTS.items():
            faults += _too_long(f"an embed's {part}", embed.get(part), limit)
        faults += _too_many("an embed's fields", embed.get("fields") or [], 25)
        for entry in embed.get("fields") or []:
            faults += _too_long("a field's name", entry.get("name"), 256)
            faults += _too_long("a field's value", entry.get("value"), 1024)
    return faults + _too_long(
        "the embeds' text", displayed_text({"embeds": embeds}).replace("\n", ""), _EMBED_TEXT
    )


def _component_faults(components: list[Json]) -> list[str]:
    faults: list[str] = []
    parts = list(walk(components))
    for part in parts:
        kind = part.get("type")
        faults += _too_long("a custom_id", part.get("custom_id"), _CUSTOM_ID)
        if kind == BUTTON:
            faults += _button_faults(part)
        elif kind in SELECTS:
            faults += _too_many("a menu's options", part.get("options") or [], _OPTIONS)
            faults += _too_long("a placeholder", part.get("placeholder"), _PLACEHOLDER)
            for option in part.get("options") or []:
                for key in ("label", "value", "description"):
                    faults += _too_long(f"an option's {key}", option.get(key), _CHOICE)
        elif kind == SECTION:
            faults += _too_many("a section's texts", part.get("components") or [], _SECTION_TEXTS)
            if not part.get("accessory"):
                faults.append("a section has no accessory")
        elif kind == ACTION_ROW:
            faults += _too_many("a row's buttons", part.get("components") or [], _ROW_BUTTONS)
    for key in ("custom_id", "id"):
        named = Counter(part[key] for part in parts if part.get(key))
        faults += [
            f"{key} {value!r} stands in the message {count} times"
            for value, count in named.items()
            if count > 1
        ]
    return faults


def _button_faults(button: Json) -> list[str]:
    faults = _too_long("a button's label", button.get("label"), _LABEL)
    faults += _too_long("a button's url", button.get("url"), _URL)
    is_link = button.get("style") == _LINK_STYLE
    if is_link != bool(button.get("url")) or is_link == bool(button.get("custom_id")):
        faults.append(f"button {button.get('label')!r} needs either a url and style 5 or a custom_id")
    if is_link and not str(button.get("url")).startswith(("http://", "https://", "discord://")):
        faults.append(f"a button's url {button.get('url')!r} has no scheme that Discord opens")
    if not button.get("label") and not button.get("emoji"):
        faults.append("a button has neither label nor emoji")
    return faults


def choice_faults(choices: list[Json]) -> list[str]:
    """List what is wrong with the choices of an autocompletion."""
    faults = _too_many("choices", choices, _CHOICES)
    for choice in choices:
        name, value = choice.get("name"), choice.get("value")
        faults += _too_long("a choice's name", name, _CHOICE)
        if not name:
            faults.append("a choice has no name")
        if isinstance(value, str):
            faults += _too_long("a choice's value", value, _CHOICE)
    return faults


def modal_faults(modal: Json) -> list[str]:
    """List what is wrong with a modal."""
    faults = _too_long("a modal's title", modal.get("title"), _MODAL_TITLE)
    faults += _too_long("a modal's custom_id", modal.get("custom_id"), _CUSTOM_ID)
    faults += _too_many("a modal's rows", modal.get("components") or [], 5)
    faults += _component_faults(modal.get("components") or [])
    for part in walk(modal.get("components") or []):
        faults += _too_long("a modal's label", part.get("label"), _MODAL_LABEL)
        if part.get("type") == TEXT_INPUT:
            faults += _too_long("a text input's value", part.get("value"), _TEXT_INPUT)
            faults += _too_long("a placeholder", part.get("placeholder"), 100)
    return faults


def command_faults(commands: list[Json]) -> list[str]:
    """List what is wrong with a set of commands."""
    faults: list[str] = []
    kinds = Counter(command.get("type") or 1 for command in commands)
    for kind, limit in _COMMANDS_OF_TYPE.items():
        if kinds[kind] > limit:
            faults.append(f"commands of type {kind} are {kinds[kind]}, {limit} are allowed")
    names = Counter((command.get("type") or 1, command.get("name")) for command in commands)
    faults += [
        f"command {name!r} is registered {count} times" for (_, name), count in names.items() if count > 1
    ]
    for command in commands:
        faults += _described_faults(
            f"command {command.get('name')!r}", command, (command.get("type") or 1) == 1
        )
    return faults


def _described_faults(what: str, thing: Json, is_described: bool) -> list[str]:  # noqa: FBT001 - private, one caller
    name = str(thing.get("name") or "")
    faults = _too_long(f"the name of {what}", name, _NAME)
    faults += _too_long(f"the description of {what}", thing.get("description"), _DESCRIPTION)
    if is_described and not thing.get("description"):
        faults.append(f"{what} has no description")
    if is_described and name != name.lower():
        faults.append(f"{what} is not in lower case")
    options = thing.get("options") or []
    faults += _too_many(f"the options of {what}", options, _OPTIONS)
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        faults.append(f"{what} has a required option after an optional one")
    for option in options:
        faults += _described_faults(f"option {option.get('name')!r} of {what}", option, is_described=True)
        faults += choice_faults(option.get("choices") or [])
        if option.get("autocomplete") and option.get("choices"):
            faults.append(f"option {option.get('name')!r} of {what} has both choices and autocompletion")
    return faults
