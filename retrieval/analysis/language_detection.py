"""Detect the language of texts by their script, then by the function words in them.

Every third word or so of a running text is a function word, and the lists of them are here anyway for the
ranking. RANKING.md has the figures beside those of the libraries that do nothing else.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import regex

from retrieval.analysis.languages.letters import letters_of
from retrieval.analysis.stop_words import languages, stop_words

__all__ = ["detect_language", "thread_language"]

_DEFAULT = "en"
#: So many characters are read at most.
_ENOUGH = 50_000
#: So many characters of a thread are looked at.
_OPENING = 1_000
_GLANCE = 300
#: A thread is in another language than its collection where it has so many function words of it, and so many
#: times as many as of the collection's; or so many letters of a script that the collection's has not.
_MANY = 4.0
_TIMES = 2.0
_LETTERS = 15
#: Below this many function words (one that two languages share counts half) the language is unknown.
_TOO_FEW = 0.75
#: What another word with a letter that few languages have counts beside a function word.
_LETTER_COUNTS = 0.5
_FEW = 3
#: A character of a script without spaces says as much as so many letters.
_DENSE = 3
#: Japanese has at least this share of kana among its kanji.
_KANA = 0.05

#: The languages of each script; the first is the default where function words do not decide.
_SCRIPTS = {
    "Arabic": ("ar", "fa"),
    "Armenian": ("hy",),
    "Bengali": ("bn",),
    "Cyrillic": ("ru", "uk", "be", "bg", "sr"),
    "Devanagari": ("hi", "ne"),
    "Ethiopic": ("am",),
    "Georgian": ("ka",),
    "Greek": ("el",),
    "Gujarati": ("gu",),
    "Gurmukhi": ("pa",),
    "Han": ("zh",),
    "Hangul": ("ko",),
    "Hebrew": ("he", "yi"),
    "Hiragana": ("ja",),
    "Kannada": ("kn",),
    "Katakana": ("ja",),
    "Khmer": ("km",),
    "Lao": ("lo",),
    "Malayalam": ("ml",),
    "Myanmar": ("my",),
    "Sinhala": ("si",),
    "Tamil": ("ta",),
    "Telugu": ("te",),
    "Thai": ("th",),
}
_LATIN = "Latin"
_DENSE_SCRIPTS = frozenset({"Han", "Hangul", "Hiragana", "Katakana"})
_ALSO_LATIN = frozenset({"sr"})
_LETTER = regex.compile("|".join(rf"(?P<{script}>\p{{{script}}}+)" for script in (*_SCRIPTS, _LATIN)))
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*(?:['’](?=\p{L}))?")
_NO_TEXT = regex.compile(r"(?:https?://|www\.)\S+|[@#]\w+")


def detect_language(texts: Iterable[str]) -> str:
    """Return the ISO 639-1 code of the language that most of the texts are in.

    ``en`` where there is too little text. A script that only one known language uses is decided by a
    single letter.
    """
    sample = _sample(texts)
    script = _script(sample)
    if script is None:
        return _DEFAULT
    known = _languages_in(script)
    scores: defaultdict[str, float] = defaultdict(float)
    for word, count in Counter(_WORD.findall(sample.lower())).items():
        those = [language for language in known if letters_of(language).normal(word) in _stops(language)]
        weight = float(count)
        if not those:
            those = min((_users(script, letter) for letter in word), key=len)
            weight *= _LETTER_COUNTS if len(those) <= _FEW else 0.0
        for language in those:
            scores[language] += weight / len(those)
    best = max(known, key=lambda language: scores[language])
    if scores[best] >= _TOO_FEW:
        return best
    return _DEFAULT if script == _LATIN else known[0]


def thread_language(texts: Iterable[str], likely: str) -> str:
    """Return the ISO 639-1 code of the language that a thread is in, by its texts in order.

    ``likely`` is its collection's, and the thread's where its own words do not clearly show another. A
    collection in a language that is not known here is taken as it was declared.
    """
    if likely not in _known():
        return likely
    opening = _sample(texts, _OPENING)
    # Most threads are in their collection's language, which their first words show.
    first = opening[:_GLANCE]
    if first.isascii() and likely in _languages_in(_LATIN):
        scores = _scores(first, _LATIN)
        if scores[likely] >= _MANY and scores[likely] == max(scores.values()):
            return likely
    script = _LATIN if opening.isascii() else _script(opening)
    if script is None:
        return likely
    among = _languages_in(script)
    if likely not in among:
        # Names and quotations in another script are short.
        weight = _DENSE if script in _DENSE_SCRIPTS else 1
        letters = sum(len(match[0]) for match in _LETTER.finditer(opening) if _is_of(match.lastgroup, script))
        if letters * weight < _LETTERS:
            return likely
        if script != _LATIN:
            return detect_language([opening])
    scores = _scores(opening, script)
    best = max(scores, key=lambda language: scores[language], default=likely)
    return best if scores[best] >= _MANY and scores[best] >= _TIMES * scores[likely] else likely


def _scores(text: str, script: str) -> defaultdict[str, float]:
    """Return how many function words of each language a text holds; one of two languages counts half."""
    owners = _owners(script)
    scores: defaultdict[str, float] = defaultdict(float)
    for word in _WORD.findall(text.lower()):
        those: Sequence[str] = owners.get(word, ())
        weight = 1.0
        if not those and script != _LATIN:
            those = min((_users(script, letter) for letter in word), key=len)
            weight = _LETTER_COUNTS if len(those) <= _FEW else 0.0
        for language in those:
            scores[language] += weight / len(those)
    return scores


def _is_of(found: str | None, script: str) -> bool:
    return found == script or (script == "Hiragana" and found in {"Katakana", "Han"})


def _sample(texts: Iterable[str], enough: int = _ENOUGH) -> str:
    kept, size = [], 0
    for text in texts:
        kept.append(_NO_TEXT.sub(" ", text))
        size += len(text)
        if size >= enough:
            break
    return "\n".join(kept)[:enough]


def _script(sample: str) -> str | None:
    """Return the script that most letters are of; kana distinguish Japanese from Chinese."""
    counts: Counter[str] = Counter()
    for match in _LETTER.finditer(sample):
        name = match.lastgroup or _LATIN
        counts[name] += (match.end() - match.start()) * (_DENSE if name in _DENSE_SCRIPTS else 1)
    kana = counts.pop("Katakana", 0) + counts.pop("Hiragana", 0)
    if kana > _KANA * counts["Han"]:
        counts["Hiragana"] = kana + counts.pop("Han", 0)
    return max(counts, key=counts.__getitem__) if counts.total() else None


@cache
def _languages_in(script: str) -> tuple[str, ...]:
    """Return the known languages of a script; the first is the default where their words do not decide."""
    if script != _LATIN:
        return _SCRIPTS[script]
    others = {language for those in _SCRIPTS.values() for language in those} - _ALSO_LATIN
    return (_DEFAULT, *(language for language in languages() if language not in {*others, _DEFAULT}))


@cache
def _users(script: str, letter: str) -> list[str]:
    """Return the languages of a script that have a letter in their function words; all where none has."""
    known = _languages_in(script)
    users = [language for language in known if any(letter in word for word in stop_words(language))]
    return users or list(known)


@cache
def _stops(language: str) -> frozenset[str]:
    return frozenset(map(letters_of(language).normal, stop_words(language)))


@cache
def _known() -> frozenset[str]:
    return frozenset(
        {_DEFAULT, *languages(), *(language for those in _SCRIPTS.values() for language in those)}
    )


@cache
def _owners(script: str) -> Mapping[str, tuple[str, ...]]:
    """Return the languages of a script that have a word among their function words."""
    owners: defaultdict[str, list[str]] = defaultdict(list)
    for language in _languages_in(script):
        for word in {*stop_words(language), *_stops(language)}:
            owners[word].append(language)
    return {word: tuple(those) for word, those in owners.items()}
