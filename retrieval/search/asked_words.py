"""The words of a question as the archive writes them: e-mail or email, F16 or F-16, Open AI or OpenAI.

What is written in one word here may be two there. A question asks for the *whole* where posts hold it, in one
word or with its parts one behind the other, and for the parts where they do not.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from retrieval.analysis.analyzer import Analyzer, Token
from retrieval.analysis.spellings import CAPITALS, camel_parts, code_parts, is_code, is_emoji, part_spans
from retrieval.analysis.word_frequency import COMMON, zipf

__all__ = ["APART", "JOINED", "AskedWord", "WrittenForms", "asked_words"]

#: A part of fewer letters is not asked for beside its whole: the F of F-16, the e of e-mail.
_LONG: Final = 3
#: What such a part weighs that is asked for beside its whole.
_PART: Final = 0.3
#: What the whole weighs that stands for a long part beside it, and a year for its decade.
JOINED: Final = 0.15
#: What a part weighs of a word that posts write in several: it finds the posts, and says little by itself.
APART: Final = 0.2
#: Words of fewer and of more letters are not taken for two words written in one.
_SPLIT: Final = range(5, 25)
_NAMES: Final = frozenset(CAPITALS.values())
_MONTH: Final = CAPITALS["May"]
_ENDS_A_SENTENCE: Final = re.compile(r"(?:^|[.!?…\n:\"“(])\s*$")


class WrittenForms(Protocol):
    """What reading a question needs to know of how posts write words."""

    def knows(self, term: str) -> bool:
        """Return whether the term stands in any post."""
        ...

    def apart(self, words: Sequence[str], whole: str) -> int:
        """Return how many posts hold the words one after another, and not the term ``whole``."""
        ...


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word of a question: folded, and as written.

    ``weight`` is 1.0 or less, 0.0 for a word that is only there for its neighbours; ``stands`` is false for
    one that has none, because its parts are what is written. ``also`` is a word that stands for it as well.
    ``is_exact`` says that it is no misspelling of another, being of a link.
    ``apart`` are the words that, one behind the other, are the same, and ``posts`` the
    number of posts that hold them so.
    """

    word: str
    written: str
    is_name: bool = False
    weight: float = 1.0
    stands: bool = True
    is_exact: bool = False
    also: str = ""
    apart: tuple[str, ...] = ()
    posts: int = 0


@dataclass(frozen=True, slots=True)
class _Group:
    """A token of a question, and the tokens of its parts."""

    token: Token
    written: str
    inner: tuple[Token, ...] = ()
    is_name: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        return self.token.words

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the words that stand behind the whole in posts."""
        return tuple(word for token in self.inner for word in token.words) or self.words[1:]

    @property
    def is_divided(self) -> bool:
        """Return whether it is a compound, and no piece of a script without spaces, which overlap as well."""
        return len(self.words) == 1 and len(part_spans(self.written)) > 1

    @property
    def is_plain(self) -> bool:
        return len(self.token.words) == 1 and not self.inner


def asked_words(text: str, analyzer: Analyzer, forms: WrittenForms) -> list[AskedWord]:
    """Return a text's words in order, with what is asked by each.

    A capital inside a sentence makes a name, unless all is in capitals. Emoji are asked for where there is
    nothing else.
    """
    reader = _Reader(text, analyzer, forms)
    words = list(reader.read())
    if any(
        asked.weight and not is_emoji(asked.word) and analyzer.term(asked.word) is not None for asked in words
    ):
        return [replace(asked, weight=0.0) if is_emoji(asked.word) else asked for asked in words]
    return words


@dataclass(frozen=True, slots=True)
class _Compound:
    """A compound of a question, folded and as written.

    ``behind`` are the words that stand behind its whole in posts. ``divided`` says that the parts are written
    as such, ``stands`` that they are written together.
    """

    whole: str
    written: str
    parts: tuple[str, ...]
    behind: tuple[str, ...]
    divided: bool = False
    stands: bool = True
    is_name: bool = False


class _Reader:
    def __init__(self, text: str, analyzer: Analyzer, forms: WrittenForms) -> None:
        self._text = text
        self._analyzer = analyzer
        self._forms = forms

    def read(self) -> Iterator[AskedWord]:
        groups = self._groups()
        place = 0
        while place < len(groups):
            group = groups[place]
            following = groups[place + 1] if place + 1 < len(groups) else None
            place += 1
            if following is not None and (joined := self._joined(group, following)):
                parts = group.words + following.words
                written = group.written + following.written
                is_name = group.is_name or following.is_name
                yield from self._compound(
                    _Compound(joined, written, parts, parts, divided=True, stands=False, is_name=is_name)
                )
                place += 1
            elif group.written[0] in "@#＠＃":
                yield from (AskedWord(word, word, group.is_name) for word in group.words)
            elif group.words[0] in _NAMES and (len(group.words) > 1 or group.words[0] != "usa"):
                yield from self._named(group, following)
            elif group.is_plain and not is_code(group.words[0]):
                yield self._plain(group)
            else:
                yield from self._several(group)

    def _groups(self) -> list[_Group]:
        groups: list[_Group] = []
        text, shouted = self._text, self._text.upper() == self._text
        for token in self._analyzer.tokens(text):
            if not token.words:
                continue
            last = groups[-1] if groups else None
            if last is not None and token.end <= last.token.end and last.is_divided:
                groups[-1] = replace(last, inner=(*last.inner, token))
                continue
            is_name = bool(groups) and text[token.start].isupper() and not shouted
            groups.append(_Group(token, text[token.start : token.end], is_name=is_name))
        return groups

    def _named(self, group: _Group, following: _Group | None) -> Iterator[AskedWord]:
        """Read a stop word that may be a name by its capitals."""
        name, *plain = group.words
        opens = _ENDS_A_SENTENCE.search(self._text[max(0, group.token.start - 8) : group.token.start])
        modal = name == _MONTH and opens and following and not following.words[0][0].isdecimal()
        weight = 0.0 if modal else 1.0
        yield AskedWord(name, group.written, is_name=weight > 0, weight=weight)
        for word in plain:
            yield AskedWord(word, word)

    def _plain(self, group: _Group) -> AskedWord:
        """Read a word that other posts may write in two."""
        word = group.words[0]
        asked = AskedWord(word, group.written, group.is_name)
        term = self._analyzer.term(word)
        if term is None:
            return asked
        if not (group.written[1:].islower() and word.isalpha()):
            written = camel_parts(group.written)
            parts = tuple(part for one in written for part in self._analyzer.words(one)[:1])
            if len(parts) > 1 and (posts := self._forms.apart(parts, term)):
                return replace(asked, apart=parts, posts=posts)
        known = self._forms.knows(term)
        # A word that is common in its language is one word.
        if (
            len(word) in _SPLIT
            and word.isalpha()
            and not (known and zipf(word, self._analyzer.language) >= COMMON)
        ):
            for at in range(1, len(word) - 1):
                halves = word[:at], word[at:]
                # "around" is no "a round": a stop word is part of no word that is known.
                if (not known or None not in map(self._analyzer.term, halves)) and (
                    posts := self._forms.apart(halves, term)
                ):
                    return replace(asked, apart=halves, posts=posts)
        return asked

    def _several(self, group: _Group) -> Iterator[AskedWord]:
        """Read a token that stands for several words, beginning with its whole."""
        whole, behind, written = group.words[0], group.parts, group.written
        if not is_code(whole):
            parts = tuple(token.words[0] for token in group.inner) or behind
            divided = bool(group.inner)
            yield from self._compound(
                _Compound(whole, written, parts, behind, divided=divided, is_name=group.is_name)
            )
        elif whole[0].isdecimal():
            # A decade and its year.
            yield AskedWord(whole, written, group.is_name, also=behind[0])
            yield AskedWord(behind[0], behind[0], weight=0.0)
        else:
            letters = whole.rstrip("0123456789.")
            parts = letters, whole[len(letters) :]
            yield from self._compound(_Compound(whole, written, parts, behind, is_name=group.is_name))

    def _compound(self, compound: "_Compound") -> Iterator[AskedWord]:
        """Read a compound: its whole and its long parts where posts hold it, else its parts."""
        whole, parts, behind = compound.whole, compound.parts, compound.behind
        term = self._analyzer.term(whole) or whole
        code = is_code(whole)
        posts = self._forms.apart(parts, term) if compound.divided or code else 0
        known = self._forms.knows(term) or posts > 0
        long = [part for part in parts if self._is_long(part)]
        all_long = (
            known
            and not code
            and compound.divided
            and len(long) == len(parts)
            and all(map(self._is_known, parts))
        )
        asks_whole = not all_long and (known or code or not behind)
        if compound.stands or asks_whole:
            yield AskedWord(
                whole,
                compound.written,
                compound.is_name,
                float(asks_whole),
                stands=compound.stands,
                apart=parts if posts else (),
                posts=posts,
            )
        for part in behind:
            if all_long:
                yield AskedWord(part, part, compound.is_name, also=whole)
            elif asks_whole:
                yield AskedWord(
                    part, part, weight=_PART if part in long else 0.0, also=whole if known else ""
                )
            else:
                yield AskedWord(part, part, compound.is_name, is_exact=whole.startswith("//"))

    def _joined(self, first: _Group, second: _Group) -> str | None:
        """Return two neighbours as the one word that posts write for them, ``None`` where none does."""
        if not (first.is_plain and second.is_plain) or self._text[
            first.token.end : second.token.start
        ] not in {
            " ",
            "\u00a0",
        }:
            return None
        analyzer, (one,), (other,) = self._analyzer, first.words, second.words
        if one in _NAMES or not (one + other).isalnum() or (one + other).isdecimal():
            return None
        content = [word for word in (one, other) if analyzer.term(word) is not None]
        if not content or (
            len(content) == 1 and (min(len(one), len(other)) < _LONG or not content[0].isalpha())
        ):
            return None
        joined = code_parts(one + other)[0]
        term = analyzer.term(joined)
        if term is None or not self._forms.knows(term):
            return None
        if len(content) == 1 and self._is_known(content[0]):
            # "is land" is no island: one word is meant where it is the more common one.
            language = analyzer.language
            return joined if zipf(joined, language) > zipf(content[0], language) else None
        return joined

    def _is_known(self, word: str) -> bool:
        return self._forms.knows(self._analyzer.term(word) or word)

    def _is_long(self, word: str) -> bool:
        term = None if word.isdecimal() or len(word) < _LONG else self._analyzer.term(word)
        # The "ups" of start-ups is a stop word, too.
        return term is not None and self._analyzer.term(term) is not None
