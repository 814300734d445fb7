"""Bobbin's own sentences in the languages it speaks, from the files in ``locales/``.

A folder a language, a file a family of sentences, in Project Fluent's form: numbers take their plural
as each language has it. Quotes are never in it; they stay as they were written.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from fluent.runtime import FluentBundle, FluentResource

__all__ = ["ENGLISH", "LANGUAGES", "Translations", "Value", "translations_for"]

#: The languages Bobbin speaks; the first has every sentence.
LANGUAGES: Final = ("en", "de", "uk")

_FOLDER: Final = Path(__file__).resolve().parent / "locales"

#: So many sentences without words of people are kept, with the numbers in them: making one takes 20 to 70 µs.
_KEPT: Final = 4_096

Value = str | int | float
"""What may stand in a sentence in the place of a variable."""


class Translations:
    """The sentences of one language; what it lacks is in English. Files are read when first needed."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._spoken = tuple(dict.fromkeys((language, LANGUAGES[0])))

    def say(self, key: str, /, **values: Value) -> str:
        """Return a sentence, with values in the places of its variables.

        Values are put in as they are: the view makes markup in them harmless. Raises ``KeyError``
        for a key that no language has, ``ValueError`` where a value is missing.
        """
        # Of what people wrote nothing is kept.
        if all(type(value) is int for value in values.values()):
            return _kept_sentence(self._spoken, key, tuple(values.items()))
        return _sentence(self._spoken, key, values)


@cache
def translations_for(locale: str) -> Translations:
    """Return the sentences for a locale as Discord or a browser writes it, such as ``de`` or ``en-GB``.

    A language that Bobbin does not speak gives English.
    """
    wanted = locale.replace("_", "-").partition("-")[0].casefold()
    return Translations(wanted if wanted in LANGUAGES else LANGUAGES[0])


def _sentence(spoken: tuple[str, ...], key: str, values: dict[str, Value]) -> str:
    """Return a sentence in the first of some languages that has it."""
    for bundle in map(_bundle, spoken):
        if bundle.has_message(key):
            message = bundle.get_message(key)
            if message.value is None:
                break
            pattern, problems = bundle.format_pattern(message.value, values)
            if problems:
                raise ValueError(f"{key} in {spoken[0]}: {problems[0]}")
            return str(pattern)
    raise KeyError(key)


@lru_cache(_KEPT)
def _kept_sentence(spoken: tuple[str, ...], key: str, values: tuple[tuple[str, int], ...]) -> str:
    return _sentence(spoken, key, dict(values))


ENGLISH: Final = translations_for(LANGUAGES[0])
"""What is spoken where nothing is known of the reader."""


@cache
def _bundle(language: str) -> FluentBundle:
    # Without isolating marks: Discord shows them as boxes on some devices, and commands forbid them.
    bundle = FluentBundle([language], use_isolating=False)
    for path in _files(language):
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle


def _files(language: str) -> Iterator[Path]:
    yield from sorted((_FOLDER / language).glob("*.ftl"))
