"""Forms that are known and not read, each with its reason and with what to save instead.

A line of the table is all that a form needs. What a browser, a word processor or a packer makes, and may hold
anything, is no thread (:class:`~retrieval.errors.UnknownFormError`): in a folder it is left out. What only
holds posts is refused wherever it is found (:class:`~retrieval.errors.RejectedError`).
"""

import re
from dataclasses import dataclass
from typing import Final

from retrieval.errors import ReadError, RejectedError, UnknownFormError
from retrieval.formats.import_types import TEXT, SavedFile
from retrieval.patterns import pattern

__all__ = ["refused_form"]

_GLANCE: Final = 200_000
_AS_TEXT: Final = "save its words as plain text (.txt) and import that"


@dataclass(frozen=True, slots=True)
class _Form:
    """A form by how its files begin, the bytes that all of ``signs`` find near, and none of ``others``."""

    reason: str
    begins: re.Pattern[bytes] | None
    signs: tuple[re.Pattern[bytes], ...] = ()
    others: tuple[re.Pattern[bytes], ...] = ()
    posts: bool = True

    def matches(self, head: bytes) -> bool:
        return (
            (self.begins is None or self.begins.match(head) is not None)
            and all(sign.search(head) for sign in self.signs)
            and not any(other.search(head) for other in self.others)
        )


def _key(name: str) -> re.Pattern[bytes]:
    return pattern(rb'"%s"\s{0,9}:' % name.encode())


_JSON: Final = pattern(rb"(?:\xef\xbb\xbf)?\s{0,99}[\[{]")
_DISCORD: Final = "export the channel once more as JSON (DiscordChatExporter: --format Json) and import that"
_FORMS: Final = (
    _Form(
        f"is a PDF, which keeps no posts apart; save the page itself (as HTML), or {_AS_TEXT}",
        pattern(rb"\s{0,99}%PDF-"),
        posts=False,
    ),
    _Form(f"is an RTF document; {_AS_TEXT}", pattern(rb"\s{0,99}\{\\rtf"), posts=False),
    _Form(
        f"is a document of Office; {_AS_TEXT}",
        pattern(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        posts=False,
    ),
    _Form(
        'is a web archive of Safari; open it there and save it with the format "Page Source"',
        pattern(rb"bplist00|\s{0,99}<\?xml[^>]{0,99}>"),
        (pattern(rb"WebMainResource"),),
        posts=False,
    ),
    _Form(
        "is packed in a way that Bobbin does not open; unpack it and import the folder",
        pattern(rb"(?:BZh[1-9]|\xfd7zXZ|7z\xbc\xaf|Rar!|\x28\xb5\x2f\xfd)"),
        posts=False,
    ),
    _Form(
        "is a page of nitter, which is not read; save the thread's page on Thread Reader App or x.com",
        None,
        (
            pattern(rb"""class=["']?[^"'>]{0,99}\b(?:timeline-item|main-tweet|thread-line)\b"""),
            pattern(rb"tweet-content media-body"),
        ),
    ),
    _Form(
        "is Meta's export of Threads, which does not say which post answers which; "
        "copy the thread into a text file, its posts marked /1, /2, /3",
        _JSON,
        (_key("text_post_app_text_posts"),),
    ),
    _Form(
        "is Meta's export of Threads as a page, which does not say which post answers which; "
        "copy the thread into a text file, its posts marked /1, /2, /3",
        None,
        (pattern(rb"_a6-g uiBoxWhite noborder"),),
    ),
    _Form(
        "lists records of Bluesky's repository, which do not name their author; "
        "save getPostThread or getAuthorFeed instead",
        _JSON,
        (_key("uri"), _key("cid"), _key("value"), pattern(rb"app\.bsky\.feed\.post")),
        (_key("author"),),
    ),
    _Form(
        "is a repository of Bluesky (.car), which names no authors; "
        "save getPostThread or getAuthorFeed instead",
        pattern(rb".{1,9}\xa2(?:eroots\x81|gversion\x01)", re.DOTALL),
    ),
    _Form(
        "is the table of an X archive of 2013, which cuts long texts; "
        "import the archive as a whole, or its folder data/js/tweets",
        pattern(rb'(?:\xef\xbb\xbf)?"?tweet_id"?,"?in_reply_to_status_id"?,'),
    ),
    _Form(
        "is a page of Reddit's posts, each by another author; Bobbin keeps threads of one author. "
        "Copy one author's posts into a text file, marked /1, /2, /3",
        _JSON,
        (
            pattern(rb'"kind"\s{0,9}:\s{0,9}"(?:Listing|t[1-6]|more)"'),
            pattern(rb'"subreddit|"selftext|"body_html'),
        ),
    ),
    _Form(
        "holds Reddit's posts, each by another author; Bobbin keeps threads of one author. "
        "Copy one author's posts into a text file, marked /1, /2, /3",
        _JSON,
        (_key("subreddit"), pattern(rb'"(?:selftext|body|link_id)"\s{0,9}:')),
    ),
    _Form(
        "holds casts of Farcaster, which are not read; "
        "copy the thread into a text file, its posts marked /1, /2, /3",
        _JSON,
        (
            _key("fid"),
            pattern(rb'"(?:thread_?hash|parent_?hash|castAddBody|casts?)"\s{0,9}:', re.IGNORECASE),
        ),
    ),
    _Form(
        f"is a channel of Discord as text; {_DISCORD}",
        pattern(rb"(?:\xef\xbb\xbf)?\s{0,99}={9,200}\s{1,9}Guild: "),
    ),
    _Form(f"is a channel of Discord as a page; {_DISCORD}", None, (pattern(rb'class="?chatlog__message'),)),
    _Form(
        f"is a channel of Discord as a table; {_DISCORD}",
        pattern(rb'(?:\xef\xbb\xbf)?"?AuthorID"?,"?Author"?,"?Date"?,"?Content"?'),
    ),
)


def refused_form(file: SavedFile) -> ReadError | None:
    """Return the error that says which known form the file is, and what to save instead, if it is one."""
    head = file.content[:_GLANCE]
    form = next((form for form in _FORMS if form.matches(head)), None)
    if form is None:
        return None
    kind = RejectedError if form.posts or file.form == TEXT else UnknownFormError
    return kind(file.name, form.reason)
