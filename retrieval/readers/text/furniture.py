"""What pages of unrolled threads show beside the posts, by site and year, a kind of line a row.

A new generation of pages is a new row. Lines are compared without case, Markdown and list numbers.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from retrieval.patterns import pattern

__all__ = ["FURNITURE", "Furniture", "LineRole", "closing_sentence", "is_button", "is_sentence", "plain_line"]


class LineRole(Enum):
    """Where a line stands on its page, and what it says of the lines around it."""

    #: A sentence of the page's own, by how it begins, wherever it stands.
    SENTENCE = "sentence"
    #: A sentence that stands below the thread only: the thread has ended above it.
    BELOW = "below"
    #: A button: the whole line, in the page's head and between a thread and its previews only.
    BUTTON = "button"


@dataclass(frozen=True, slots=True)
class Furniture:
    """Lines of one kind: the site that shows them, since when, and where."""

    site: str
    years: str
    where: LineRole
    lines: tuple[str, ...]
    #: Whether nothing else stands on the line: what goes on with other words has a post in it.
    whole: bool = False


FURNITURE: Final = (
    Furniture(
        "Thread Reader",
        "2017–",
        LineRole.BELOW,
        (
            "Missing some Tweet in this thread?",
            "Missing some Tweet in this thread? You can try to",
            "Missing some Tweet in this thread? You can try to force a refresh",
            "Twitter may remove this content at anytime",
            "Twitter may remove this content at anytime! Save it as PDF for later use",
            "Twitter may remove this content at anytime, convert it as a PDF, save and print for later use",
        ),
        whole=True,
    ),
    Furniture("Thread Reader", "2017–", LineRole.SENTENCE, ("You can try to force a refresh",), whole=True),
    Furniture(
        "Thread Reader",
        "2018–",
        LineRole.BELOW,
        (
            "Enjoying this thread?",
            "Keep Current with",
            "Stay in touch and get notified when new unrolls",
            "This Thread may be Removed Anytime",
            "This content may be removed anytime",
            "Get real-time email alerts when new unrolls",
            "Save this thread as PDF",
            "Try unrolling a thread yourself",
            "More from @",
            "Did Thread Reader help you today?",
        ),
    ),
    Furniture(
        "Thread Reader",
        "2018–2020",
        LineRole.SENTENCE,
        (
            "how to unroll video",
            "Follow Thread Reader App on Twitter",
            "Follow Us on Twitter",
            "Go to a Twitter thread (series of Tweets by the same owner)",
            "You can practice here first or read more on our help page",
            "Support us! We are indie developers",
            "This site is made by just",
            "Become a Premium Member",
            "Become Premium",
            "Don't want to be a Premium member but still want to support us",
            "Too expensive? Make a small donation",
            "Make a small donation by buying us coffee",
            "Donate via Paypal",
            "Or Donate anonymously using crypto",
            "Thank you for your support!",
            "Read 1 tweet",
        ),
    ),
    Furniture(
        "Thread Reader",
        "2021–",
        LineRole.SENTENCE,
        (
            "Follow @ThreadReaderApp to mention us",
            "From a Twitter thread mention us with a keyword",
            "@threadreaderapp unroll",
            "Practice here first or read more on our help page",
            "Enter URL or ID to Unroll",
            "You can paste full URL like:",
            "or just the ID like:",
            "How to get URL link on",
            "On the Twitter thread, click on",
            "Click again on or Share Via icon",
            "Click on Copy Link to Tweet",
            "Paste it above and click",
            "More info at Twitter Help",
            "Share this page!",
            "Source: https://threadreaderapp.com/",
        ),
    ),
    Furniture(
        "Thread Reader",
        "2017–",
        LineRole.BUTTON,
        (
            "add to my authors",
            'add to "my authors"',
            "bookmark",
            "email",
            "gift link",
            "my authors",
            "pdf",
            "post",
            "profile picture",
            "read all threads",
            "read on twitter",
            "read on x",
            "save as pdf",
            "share",
            "subscribe",
            "thread reader",
            "tweet",
            "unroll another thread",
            "unroll thread",
            "×",
        ),
    ),
    # The same service shows a thread as a "Scrolly Tale".
    Furniture(
        "Thread Reader",
        "2021–",
        LineRole.BELOW,
        (
            "Share this Scrolly Tale with your friends",
            "A Scrolly Tale is a new way to read",
            "Discover more beautiful Scrolly Tales",
        ),
    ),
    Furniture(
        "Threader", "2017–2021", LineRole.BELOW, ("Tip: mention @", "Tip: mention [@", "Enjoy Threader?")
    ),
    Furniture(
        "Threader", "2017–2021", LineRole.BUTTON, ("____", "share this thread", "share this threadbookmark")
    ),
    Furniture("Scrolly", "2020–", LineRole.BUTTON, ("scrolly", "scrolly bot", "@scrollybot")),
    Furniture(
        "Scrolly",
        "2020–",
        LineRole.BELOW,
        (
            "@scrollybot",
            "Follow @scrollybot",
            "Mention @scrollybot",
            "Reply with @scrollybot",
            "Read more threads on Scrolly",
            "More threads on Scrolly",
            "Unrolled by Scrolly",
            "Unrolled with Scrolly",
            "Made with Scrolly",
            "Saved with Scrolly",
            "Thread unrolled by Scrolly",
            "This thread was unrolled by Scrolly",
            "Read on Scrolly",
            "Join Scrolly",
            "Get Scrolly",
            "Scrolly ©",
            "© Scrolly",
        ),
    ),
    Furniture("twtext", "2020–", LineRole.BUTTON, ("twtext", "twtext.com", "@twtextapp")),
    Furniture(
        "twtext",
        "2020–",
        LineRole.BELOW,
        (
            "@twtextapp",
            "Follow @twtextapp",
            "Latest Threads Unrolled",
            "Mention @twtextapp",
            "Tag @twtextapp",
            "Reply with @twtextapp",
            "You can mention us with",
            "Unrolled by twtext",
            "Unrolled with twtext",
            "Saved by twtext",
            "Saved with twtext",
            "Read more threads on twtext",
            "More threads on twtext",
            "This thread was unrolled by twtext",
            "This thread was saved by twtext",
            "twtext ©",
            "© twtext",
            "https://twtext.com/",
        ),
    ),
)

_NUMBER: Final = pattern(r"[1-9][.)]\s+")
# Short lines in which one of the smaller sites names itself among its own words, in whatever order.
_SIGNED: Final = pattern(
    r"(?=.{0,160}$)(?=.*\b(?:unroll|thread|follow|mention|saved?|read|share|subscribe|powered|made|created"
    r"|copyright|more from))"
    r".*(?<![\w@/])(?:@?scrolly(?:bot)?|@?twtext(?:app)?)(?:\.(?:com|to|app|io))?(?!\w|\stale)",
    re.IGNORECASE,
)


def _begins(*where: LineRole) -> re.Pattern[str]:
    # What is glued to a sentence is not the page's. Its last words may be a link of Markdown.
    begun, alone = r"(?!(?<=\w)\w)", r"\W{0,3}(?:\]\(.*)?$"
    return pattern(
        "|".join(
            re.escape(line.casefold()).replace(r"\ ", r"\s\[?" if row.whole else r"\ ")
            + (alone if row.whole else begun)
            for row in FURNITURE
            if row.where in where
            for line in row.lines
        )
    )


_SENTENCES: Final = _begins(LineRole.SENTENCE, LineRole.BELOW)
_BELOW: Final = _begins(LineRole.BELOW)
# Threader and twtext name the author below the thread, in a line of its own.
_FOLLOW: Final = pattern(r"you can follow \[?@\w{1,30}(?:\]\([^()\s]{1,200}\))?\.$")
_REFRESH: Final = pattern(r"force a refresh(?:\]\(.*|\W{0,3})$")
_BUTTONS: Final = frozenset(line for row in FURNITURE if row.where is LineRole.BUTTON for line in row.lines)


def plain_line(line: str) -> str:
    """Return a line folded, without the Markdown and the number that a clipping puts before page text."""
    folded = line.strip().strip("*#[]!`> ").casefold()
    number = _NUMBER.match(folded)
    return folded[number.end() :].lstrip("[* ") if number else folded


def is_sentence(line: str) -> bool:
    """Return whether a line is one of the page's own sentences."""
    plain = plain_line(line)
    return bool(
        _SENTENCES.match(plain) or _REFRESH.match(plain) or _FOLLOW.match(plain) or _SIGNED.match(plain[:200])
    )


def closing_sentence(line: str) -> str | None:
    """Return the words of a line that stand only below a thread, ``None`` for any other line."""
    plain = plain_line(line)
    match = _BELOW.match(plain) or _FOLLOW.match(plain) or _SIGNED.match(plain[:200])
    return match[0] if match else None


def is_button(line: str) -> bool:
    """Return whether a line is the words of a button and nothing else."""
    return line.strip().strip("*#[]! ").casefold() in _BUTTONS
