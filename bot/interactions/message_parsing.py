"""From what a person wrote to the question in it. Pure: it looks at a message and decides."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import Enum, StrEnum, auto
from functools import cache

import discord

from bot.i18n import LANGUAGES, translations_for
from retrieval.archive import MAX_QUOTE_LENGTH
from retrieval.query_language import one_line

__all__ = [
    "MAX_QUESTION_LENGTH",
    "MessageTrigger",
    "Wording",
    "clean_question",
    "is_withheld",
    "own_names",
    "question_in",
    "quotes_in",
    "trigger_of",
    "wording_of",
]

MAX_QUESTION_LENGTH = 1000
"""A question is clipped to this many characters."""

_WRITTEN = frozenset({discord.MessageType.default, discord.MessageType.reply})
#: Mentions of people, roles, channels and commands, custom emoji, timestamps, guild navigation, pings of all.
_MARKUP = re.compile(
    r"<@[!&]?\d{1,20}>|<#\d{1,20}>|</[^<>:\n]{1,100}:\d{1,20}>|<a?:\w{1,32}:\d{1,20}>"
    r"|<t:-?\d{1,16}(?::[a-zA-Z])?>|<id:\w{1,32}>|@everyone\b|@here\b"
)
_WORD = re.compile(r"[^\W_]+")
_AUTHOR = r"[-–—―]{1,2} ?(?P<author>[^\n\"“”]{2,60})"
_BLOCK = re.compile(rf"^(?P<lines>(?:>(?!>>)[^\n]*\n?)+)(?:{_AUTHOR}$)?", re.MULTILINE)
_MARKED = re.compile(
    r"(?:“[^“”]+”|„[^„“”]+[“”]|«[^«»]+»|「[^「」]+」|\"[^\"\n]+\")"
    r"(?:\s*(?:[-–—―]{1,2} ?|\()[^\s\"“”«»(),.;][^\n\"“”«»(),.;]{1,59}\)?(?=$|[\n.]))?",
    re.MULTILINE,
)
_EMPHASIS = re.compile(r"(\*\*\*|\*\*|__|~~|\|\||\*|_)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)


class MessageTrigger(StrEnum):
    """How a message reached Bobbin."""

    MENTION = "mention"
    REPLY = "reply"
    DIRECT = "direct message"


class Wording(Enum):
    """What a text is."""

    QUESTION = auto()
    EMPTY = auto()
    """Nothing at all."""
    GREETING = auto()
    """A greeting, or a request for help with Bobbin itself: answered by the introduction."""
    SMALL_TALK = auto()
    """Thanks, assent, a laugh, or signs alone: nothing is asked."""
    DOUBT = auto()
    """ "?" or "no": below an answer it asks for more, elsewhere it asks nothing."""


def trigger_of(message: discord.Message, own_id: int) -> MessageTrigger | None:
    """Return how a message asks Bobbin, or ``None`` where it does not.

    Bots, webhooks and Bobbin itself never ask, nor do notices of Discord's own (joins, pins). A mention of
    the role that Discord made for the bot counts as a mention of the bot. A reply without the ping does not
    mention, and its words do not arrive.
    """
    if message.author.bot or message.webhook_id is not None or message.type not in _WRITTEN:
        return None
    if message.guild is None:
        return MessageTrigger.DIRECT
    if all(user.id != own_id for user in message.mentions):
        return MessageTrigger.MENTION if _names_own_role(message) else None
    replied = message.reference.resolved if message.reference else None
    to_bobbin = isinstance(replied, discord.Message) and replied.author.id == own_id
    return MessageTrigger.REPLY if to_bobbin else MessageTrigger.MENTION


def own_names(client: discord.Client, guild: discord.Guild | None) -> tuple[str, ...]:
    """Return what Bobbin is called where a message stands."""
    names = ([guild.me.display_name] if guild else []) + ([client.user.name] if client.user else [])
    return tuple(dict.fromkeys(names))


def is_withheld(message: discord.Message, own_id: int) -> bool:
    """Return whether Discord kept a message's words back: it mentions the bot's role, not the bot."""
    return (
        not message.content
        and message.guild is not None
        and all(user.id != own_id for user in message.mentions)
        and _names_own_role(message)
    )


def question_in(message: discord.Message, names: Iterable[str] = ()) -> str:
    """Return the question that a message asks, at most ``MAX_QUESTION_LENGTH`` characters; it may be empty.

    It is the message's own words, after the title of the forum post that they open; else those of a message
    that it forwards, of an embed, or of a poll. ``names`` are Bobbin's own, as :func:`clean_question` takes
    them.
    """
    kept = list(names)
    return next(filter(None, (clean_question(text, kept) for text in _texts(message))), "")


def quotes_in(message: discord.Message) -> list[str]:
    """Return the quotations of a message, each with the author named behind it.

    They are its block quotes, or else what stands between quotation marks. A message that marks none is a
    quotation as a whole; there is none in one without words.
    """
    for text in _texts(message):
        plain = _MARKUP.sub(" ", text).strip()
        if not any(letter.isalnum() for letter in plain):
            continue
        blocks = [_block(match) for match in _BLOCK.finditer(plain)]
        marked = [match[0].strip() for match in _MARKED.finditer(plain)]
        quotes = blocks or [quote for quote in marked if len(quote.split()) > 1 or not quote.isascii()]
        return [quote[:MAX_QUOTE_LENGTH] for quote in quotes or [_EMPHASIS.sub(r"\2", plain)]]
    return []


def _block(match: re.Match[str]) -> str:
    """Return a block quote without its signs, with the author that the next line names, if any."""
    lines = (line.removeprefix(">").strip() for line in match["lines"].strip().splitlines())
    quote = _EMPHASIS.sub(r"\2", "\n".join(lines)).strip()
    return f"“{quote}” — {match['author'].strip()}" if match["author"] else quote


def clean_question(text: str, names: Iterable[str] = ()) -> str:
    """Return a question without what is no word of it, on one line, clipped.

    Mentions, custom emoji, timestamps, links to commands, ``@everyone`` and ``@here`` are left out, and so
    are ``names`` of Bobbin's where they address it: with an "@", or at an end beside a punctuation mark.
    """
    text = _MARKUP.sub(" ", text)
    for name in filter(None, names):
        called = re.escape(name)
        text = re.sub(rf"@{called}\b", " ", text, flags=re.IGNORECASE)
        text = re.sub(rf"^\s*(\w+\s+)?{called}\s*[,:!–—]", r"\1", text, flags=re.IGNORECASE)
        text = re.sub(rf",\s*{called}\s*([?!.]*)\s*$", r"\1", text, flags=re.IGNORECASE)
    return one_line(text)[:MAX_QUESTION_LENGTH].rstrip()


def wording_of(text: str) -> Wording:
    """Return what a cleaned text is: a question, or one of the short things that people say beside them.

    They are listed a language each in the catalogue and taken in any language, whatever its case and marks.
    """
    if not text:
        return Wording.EMPTY
    if set(text) <= {"?", " ", "¿", "？"}:
        return Wording.DOUBT
    words = _folded(text)
    if not words:
        return Wording.SMALL_TALK
    for wording, listed in _phrases().items():
        if words in listed:
            return wording
    return Wording.QUESTION


def _texts(message: discord.Message) -> Iterator[str]:
    """Yield the texts that may hold a message's question, the likely first."""
    place = message.channel
    opens_post = (
        isinstance(place, discord.Thread)
        and place.id == message.id
        and isinstance(place.parent, discord.ForumChannel)
    )
    yield f"{place.name} {message.content}" if opens_post else message.content  # type: ignore[union-attr]
    yield from (snapshot.content for snapshot in message.message_snapshots)
    embeds = [
        *message.embeds,
        *(embed for snapshot in message.message_snapshots for embed in snapshot.embeds),
    ]
    yield from (" ".join(filter(None, (embed.title, embed.description))) for embed in embeds)
    if message.poll is not None:
        yield str(message.poll.question)


def _names_own_role(message: discord.Message) -> bool:
    own = message.guild.self_role if message.guild else None
    return own is not None and any(role.id == own.id for role in message.role_mentions)


@cache
def _phrases() -> dict[Wording, frozenset[str]]:
    """Return the listed phrases of every language, folded."""
    keys = {
        Wording.GREETING: "phrases-greeting",
        Wording.SMALL_TALK: "phrases-small-talk",
        Wording.DOUBT: "phrases-doubt",
    }
    return {
        wording: frozenset(
            _folded(phrase)
            for language in LANGUAGES
            for phrase in translations_for(language).say(key).split("|")
        )
        for wording, key in keys.items()
    }


def _folded(text: str) -> str:
    """Return the letters and digits of a text as words in small letters; a long run of one is one or two."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("'", "")
    words = " ".join(_WORD.findall(plain))
    return re.sub(r"(\w)\1{2,}", r"\1\1", words)
