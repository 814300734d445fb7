"""Which of Bobbin's languages a browser's reader prefers. Pure."""

from bot.i18n import LANGUAGES

__all__ = ["preferred"]

_MOST = 20


def preferred(accepted: str) -> str:
    """Return the best of Bobbin's languages for a header Accept-Language; English where none is there."""
    wishes = []
    for place, one in enumerate(accepted.split(",")[:_MOST]):
        locale, _, quality = one.partition(";")
        language = locale.strip().partition("-")[0].casefold()
        weight = _weight(quality)
        if weight > 0 and language in LANGUAGES:
            wishes.append((-weight, place, language))
    return min(wishes, default=(0.0, 0, LANGUAGES[0]))[2]


def _weight(quality: str) -> float:
    name, _, number = quality.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(number) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
