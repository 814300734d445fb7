"""Walk raw components: count them, read their text, find buttons and menus."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.discord.wire import Json

__all__ = [
    "ACTION_ROW",
    "BUTTON",
    "CONTAINER",
    "LABEL",
    "SECTION",
    "SELECTS",
    "TEXT_DISPLAY",
    "TEXT_INPUT",
    "V2_ONLY",
    "Button",
    "buttons",
    "displayed_text",
    "numbered",
    "texts",
    "walk",
]

ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SECTION, TEXT_DISPLAY, THUMBNAIL, MEDIA_GALLERY, FILE, SEPARATOR = 9, 10, 11, 12, 13, 14
CONTAINER, LABEL = 17, 18
SELECTS = frozenset({STRING_SELECT, 5, 6, 7, 8})
V2_ONLY = frozenset({SECTION, TEXT_DISPLAY, THUMBNAIL, MEDIA_GALLERY, FILE, SEPARATOR, CONTAINER})


@dataclass(frozen=True)
class Button:
    """Show one button as a person sees it."""

    label: str | None
    custom_id: str | None
    url: str | None
    disabled: bool
    emoji: str | None
    style: int

    def is_called(self, name: str) -> bool:
        """Tell whether a person or a test would call the button by this name: "More" is "More (2/3)", too."""
        called = (self.label or "").partition(" (")[0] or None
        return name in (self.label, called, self.emoji, self.custom_id)


def walk(components: Iterable[Json]) -> Iterator[Json]:
    """Yield every component, a parent before its children, accessories last."""
    for component in components:
        yield component
        nested = component.get("components")
        if isinstance(nested, list):
            yield from walk(nested)
        for key in ("accessory", "component"):
            single = component.get(key)
            if isinstance(single, dict):
                yield from walk([single])


def texts(components: Iterable[Json]) -> list[str]:
    """Give the text of each text display, in order."""
    return [str(part.get("content", "")) for part in walk(components) if part.get("type") == TEXT_DISPLAY]


def displayed_text(message: Json) -> str:
    """Join all text that a reader of the message sees, a line between the parts."""
    parts = [str(message.get("content") or "")]
    for embed in message.get("embeds") or []:
        parts += [str(embed.get(key) or "") for key in ("title", "description")]
        for entry in embed.get("fields") or []:
            parts += [str(entry.get("name") or ""), str(entry.get("value") or "")]
    parts += texts(message.get("components") or [])
    return "\n".join(part for part in parts if part)


def buttons(components: Iterable[Json]) -> list[Button]:
    """List the buttons, those beside sections included."""
    return [
        Button(
            label=part.get("label"),
            custom_id=part.get("custom_id"),
            url=part.get("url"),
            disabled=bool(part.get("disabled", False)),
            emoji=(part.get("emoji") or {}).get("name"),
            style=int(part.get("style", 0)),
        )
        for part in walk(components)
        if part.get("type") == BUTTON
    ]


def numbered(components: list[Json]) -> list[Json]:
    """Copy the components and give each the number that Discord would give it."""
    taken = {part["id"] for part in walk(components) if part.get("id")}
    fresh = (number for number in range(1, 1 << 16) if number not in taken)

    def copy(part: Json) -> Json:
        number = part.get("id") or next(fresh)
        twin = {**part, "id": number}
        if isinstance(part.get("components"), list):
            twin["components"] = [copy(child) for child in part["components"]]
        for key in ("accessory", "component"):
            if isinstance(part.get(key), dict):
                twin[key] = copy(part[key])
        return twin

    return [copy(part) for part in components]
