"""What a chat message holds beside its question: Discord's marks, chat spellings, and small talk.

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

__all__ = ["ABBREVIATED", "is_stop_word_anywhere", "small_talk_words", "spelled_out", "without_chat_marks"]

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

#: Chat spellings of words of grammar. Which of them are letters elsewhere depends on their neighbours.
_CHAT_SPELLINGS: Final = {
    "abt": "about",
    "b4": "before",
    "b/c": "because",
    "bc": "because",
    "bcos": "because",
    "bcoz": "because",
    "bcs": "because",
    "bcuz": "because",
    "bcz": "because",
    "becos": "because",
    "becuz": "because",
    "coz": "because",
    "cuz": "because",
    "hw": "how",
    "r": "are",
    "thru": "through",
    "u": "you",
    "ur": "your",
    "w/": "with",
    "w/o": "without",
    "wat": "what",
    "wen": "when",
    "wht": "what",
    "wich": "which",
    "wut": "what",
    "y": "why",
}
#: Stop words without their apostrophe are contractions, except these.
_NO_CONTRACTIONS: Final = frozenset(
    ["hed", "hell", "id", "ill", "its", "lets", "shed", "shell", "wed", "well", "were"]
)
#: Abbreviations of other words; they stand for the word where posts hold that alone.
ABBREVIATED: Final = {
    "dept": "department",
    "devs": "developers",
    "gov": "government",
    "govt": "government",
    "hrs": "hours",
    "hr": "hour",
    "intl": "international",
    "mgmt": "management",
    "mil": "military",
    "mins": "minutes",
    "msg": "message",
    "msgs": "messages",
    "natl": "national",
    "pic": "picture",
    "pics": "pictures",
    "ppl": "people",
    "prez": "president",
    "pwd": "password",
    "yr": "year",
    "yrs": "years",
}
_SPELLED_SHORT: Final = re.compile(r"(?<![\w'’/.&@#+-])(?:w/o|b/c|w/(?=\s)|\w+)(?![\w'’/&+#-])")
_BEFORE: Final = re.compile(r"[\w'’]+(?=\s*$)")
_AFTER: Final = re.compile(r"\s+[\w'’]+")
#: What stands before "are".
_ASKS: Final = re.compile(
    r"(?:wh?[au]t|which|who[me]?|whose|when|where|why|y|how|hw|you|u|we|they|these|those|there)$"
)
#: So many characters before a word hold the one before it.
_NEAR: Final = 40


def spelled_out(message: str) -> str:
    """Return an English message with its chat spellings of grammar written out: "y r u", "abt", "dont"."""
    shouted = message.upper() == message
    grammar, contractions = _grammar(), _contractions()

    def spelled(match: re.Match[str]) -> str:
        word = match[0].lower()
        full = contractions.get(word) or _CHAT_SPELLINGS.get(word)
        if full is None:
            return match[0]
        before, after = (
            _BEFORE.search(message[max(0, match.start() - _NEAR) : match.start()]),
            _AFTER.match(message, match.end()),
        )
        first, last = before[0].lower() if before else "", after[0].strip().lower() if after else ""
        meant = {
            "y": first in {"", "but", "so"} and (not last or last in grammar),
            "u": first in grammar or last in grammar,
            "r": bool(last and (_ASKS.match(first) or (not first and last in grammar))),
            "bc": not first.isdigit(),
        }.get(word, True)
        capital = match[0][0].isupper() and not shouted and word not in contractions and bool(first)
        if not meant or capital:
            return match[0]
        return full.upper() if shouted else full

    return _SPELLED_SHORT.sub(spelled, message)


@cache
def _contractions() -> Mapping[str, str]:
    """Return the English contractions among the stop words by their form without apostrophe."""
    by_form = {normal_form(word): word for word in stop_words("en") if "'" in word}
    return {form: word for form, word in by_form.items() if form not in _NO_CONTRACTIONS}


@cache
def _grammar() -> frozenset[str]:
    return stop_words("en").union(_CHAT_SPELLINGS, _contractions(), {"tho"})


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
