"""What a chat message holds beside its question: Discord's marks, and small talk.

Small talk ("hey guys", "sorry if this is a dumb question", "thx a lot") is about asking. It does not count
for the verdict, and weighs little in the ranking. The lists of all languages are always on: people greet in
one language and ask in another.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from retrieval.analysis.stop_words import stop_words
from retrieval.analysis.word_frequency import normal_form

__all__ = ["is_stop_word_anywhere", "small_talk_words", "without_chat_marks"]

_LANGUAGES: Final = ("en", "de", "uk", "ru")
_FOLDER: Final = "retrieval.analysis.small_talk"
_OWN_NAME: Final = "bobbin"
_PHRASES: Final = "[phrases]"
_WORD: Final = re.compile(r"[\w'’-]*\w[\w'’-]*")

#: Custom emoji, times, mentions, channels, ``:names:`` of emoji, @everyone, smileys, hearts.
_MARK: Final = re.compile(
    r"<a?:\w+:\d+>|<t:-?\d+(?::\w)?>|<[@#][!&]?\d+>|<id:\w+>"
    r"|(?<!\w):[A-Za-z_+\-][\w+\-]*:(?!\w)|(?<!\w)@(?:everyone|here)\b"
    r"|\b[xX]D+\b|(?<!\w)[:;=]-?[)(DPpOo3/\\|](?!\w)|<3"
)
#: Handles at either end address people; in the middle they may be what is asked about.
_HANDLES_AT_THE_ENDS: Final = re.compile(r"^(?:\s*@[\w.]+[,:]?)+\s+|(?:\s+(?:cc:?\s+)?@[\w.]+)+\s*$")


def without_chat_marks(message: str) -> str:
    """Return a message without Discord's marks for emoji, people and times, unless it holds nothing else."""
    text = _HANDLES_AT_THE_ENDS.sub(" ", _MARK.sub(" ", message))
    return text.strip() or message


def small_talk_words(text: str) -> frozenset[str]:
    """Return the words of a text that are small talk wherever they stand in it, in :func:`normal_form`.

    A listed word is small talk everywhere, the words of a listed phrase where they stand in its order.
    """
    words = [normal_form(match[0]) for match in _WORD.finditer(text)]
    singles, phrases = _lists()
    talk = [word in singles for word in words]
    place = 0
    while place < len(words):
        phrase = next(
            (
                phrase
                for phrase in phrases.get(words[place], ())
                if words[place : place + len(phrase)] == phrase
            ),
            None,
        )
        if phrase is not None:
            talk[place : place + len(phrase)] = [True] * len(phrase)
        place += len(phrase) if phrase is not None else 1
    about = {word for word, is_talk in zip(words, talk, strict=True) if not is_talk}
    return frozenset(word for word, is_talk in zip(words, talk, strict=True) if is_talk) - about


@cache
def is_stop_word_anywhere(word: str) -> bool:
    """Return whether a word is a stop word of any language with small talk ("aber", "für"), or Bobbin's name.

    Where the archive does not know it, it says nothing about what is asked for.
    """
    return word == _OWN_NAME or any(word in stop_words(language) for language in _LANGUAGES)


@cache
def _lists() -> tuple[frozenset[str], Mapping[str, Sequence[list[str]]]]:
    """Return the words, and the phrases by their first words, the longest first."""
    singles: set[str] = set()
    phrases: defaultdict[str, list[list[str]]] = defaultdict(list)
    for language in _LANGUAGES:
        text = (files(_FOLDER) / f"{language}.txt").read_text(encoding="utf-8")
        text = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
        words, _, listed = text.partition(_PHRASES)
        singles.update(map(normal_form, words.split()))
        for phrase in re.split(r"[|\n]", listed):
            if parts := list(map(normal_form, phrase.split())):
                phrases[parts[0]].append(parts)
    return frozenset(singles), {
        first: sorted(known, key=len, reverse=True) for first, known in phrases.items()
    }
