"""How a question was understood, in words: its filters, why nothing passed them, and its language."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Final

from babel import Locale
from babel.dates import format_timedelta

from bot.i18n import Translations
from retrieval.model import Interpretation, Verdict
from retrieval.query_language import AllOf, AnyOf, Condition, Expression, Filter, Kind, Not

__all__ = ["filter_label", "filter_notes", "language_notes"]

_AGO: Final = re.compile(r"([<>]?)(\d{1,4})([hdwmy])")
_UNITS: Final = {
    "h": ("hour", 1 / 24),
    "d": ("day", 1),
    "w": ("week", 7),
    "m": ("month", 30.5),
    "y": ("year", 365),
}
#: A value is not shown longer, nor are more filters.
_LONGEST, _MOST = 60, 8


def filter_label(
    expression: Expression, translations: Translations, shown: Callable[[str], str] = str
) -> str:
    """Return a filter as a few words: "by ada", "not before 2024", "in main or with a link".

    ``shown`` makes what people wrote harmless where the words are shown.
    """
    if isinstance(expression, Not):
        return translations.say("filter-not", what=_inner(expression.part, translations, shown))
    if isinstance(expression, AllOf | AnyOf):
        joint = translations.say("filter-and" if isinstance(expression, AllOf) else "filter-or")
        return f" {joint} ".join(_inner(part, translations, shown) for part in expression.parts)
    return _condition(expression, translations, shown)


def _inner(expression: Expression, translations: Translations, shown: Callable[[str], str]) -> str:
    label = filter_label(expression, translations, shown)
    return f"({label})" if isinstance(expression, AllOf | AnyOf) else label


def _condition(condition: Condition, translations: Translations, shown: Callable[[str], str]) -> str:
    value = condition.value if len(condition.value) <= _LONGEST else f"{condition.value[: _LONGEST - 1]}…"
    if condition.kind is Kind.HAS:
        return translations.say(f"filter-has-{condition.value}")
    if condition.kind in {Kind.BEFORE, Kind.AFTER, Kind.ON} and (ago := _AGO.fullmatch(condition.value)):
        is_older = condition.kind is Kind.BEFORE or ago[1] == ">"
        if is_older or ago[1] == "<" or condition.kind is Kind.AFTER:
            unit, days = _UNITS[ago[3]]
            span = format_timedelta(
                timedelta(days=int(ago[2]) * days),
                granularity=unit,  # type: ignore[arg-type] # one of those that Babel names
                threshold=1_000_000,
                locale=translations.language,
            )
            return translations.say("filter-older" if is_older else "filter-newer", span=span)
    return translations.say(f"filter-{condition.kind}", value=shown(value))


def filter_notes(
    interpretation: Interpretation,
    verdict: Verdict,
    translations: Translations,
    shown: Callable[[str], str] = str,
) -> list[str]:
    """Return sentences on how the operators of a question were understood, none without any.

    One names the filters that held, or, where nothing was found, says what of them no post passes; another
    names the quoted phrases that no post holds. ``shown`` is as :func:`filter_label` takes it.
    """
    notes = []
    filters = interpretation.filters
    if filters and verdict is not Verdict.NOTHING:
        key = "filters-newest" if interpretation.listed else "filters-held"
        notes.append(translations.say(key, filters=_listed(filters, translations, shown)))
    elif interpretation.unmet:
        notes.append(
            translations.say("filters-unmet", filters=_listed(interpretation.unmet, translations, shown))
        )
    elif filters and not interpretation.passing:
        notes.append(translations.say("filters-none-pass", filters=_listed(filters, translations, shown)))
    elif filters:
        passing, listed = interpretation.passing, _listed(filters, translations, shown)
        notes.append(translations.say("filters-none-answer", count=passing, filters=listed))
    notes += [
        translations.say("filters-no-phrase", phrase=shown(phrase[:_LONGEST]))
        for phrase in interpretation.unheld
    ]
    return notes


def language_notes(languages: Sequence[str], translations: Translations) -> list[str]:
    """Return the sentence that a question is in another language than the archive, nothing where it is not.

    ``languages`` are the codes of the question's language and of the archive's, none where they agree.
    """
    if not languages:
        return []
    names = Locale(translations.language).languages
    asked, *held = (str(names.get(code, code)) for code in languages)
    return [translations.say("answer-other-language", asked=asked, held=", ".join(held))]


def _listed(filters: Iterable[Filter], translations: Translations, shown: Callable[[str], str]) -> str:
    labels = [filter_label(one.expression, translations, shown) for one in filters]
    more = ["…"] if len(labels) > _MOST else []
    return " · ".join(labels[:_MOST] + more)
