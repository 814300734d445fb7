"""Checked quotations as a message: the result of each, the posts it is or is near to, and what differs."""

from collections.abc import Iterator, Sequence

from discord.ui import LayoutView

from bot.views.answers import excerpt_head
from bot.views.buttons import post_button
from bot.views.custom_id import PostAction, PostState
from bot.views.escape import escape_line, quote
from bot.views.headers import author_line
from bot.views.layout import ASIDE, CALM, Part, Reply, layout, section, separator, share_out, text
from bot.views.limits import DISPLAYED, UNIT, weight
from bot.web.addresses import PageOf, no_page
from retrieval.model import Excerpt, QuoteCheck, QuoteResult, post_key

__all__ = ["MOST_QUOTES", "checked_quotes", "marked_difference"]

MOST_QUOTES = 4
"""The quotations of a message that are checked at once."""
_EXCERPTS = 5
_QUOTED, _PIECE, _DIFFERENCE, _UNCHANGED = 240, 120, 600, 4
_SPARE = 100


def checked_quotes(
    checks: Sequence[QuoteCheck],
    reply: Reply = Reply(),  # noqa: B008 - frozen
    *,
    left_out: int = 0,
    page_of: PageOf = no_page,
) -> LayoutView:
    """Return what was found out about at most ``MOST_QUOTES`` quotations, each with its posts a press away.

    ``left_out`` is how many more there are. ``page_of`` gives the address of the page of an excerpt's thread.
    """
    blocks: list[tuple[str, Excerpt | None]] = []
    opens: list[int] = []
    for check in checks[:MOST_QUOTES]:
        opens.append(len(blocks))
        room = _EXCERPTS // max(1, len(checks[:MOST_QUOTES])) or 1
        blocks += _blocks(check, room, reply, page_of)
    if left_out:
        blocks.append((ASIDE + reply.say("quotes-more", count=left_out), None))
    fixed = sum(weight(lines) for lines, _ in blocks)
    shown = [excerpt for _, excerpt in blocks if excerpt is not None]
    shares = iter(share_out([weight(quote(one)) for one in shown], (DISPLAYED - _SPARE) * UNIT - fixed))
    parts: list[Part] = []
    for slot, (lines, excerpt) in enumerate(blocks):
        if slot in opens[1:]:
            parts.append(separator())
        if excerpt is None:
            parts.append(text(lines))
            continue
        key = post_key(excerpt.thread.id, excerpt.post.ordinal)
        reading = PostState(key, PostAction.THREAD, reply.reader, slot)
        button = post_button(reply.say("answer-read-thread"), reading)
        parts.append(section(text(lines, quote(excerpt, next(shares))), button))
    held = any(check.result in {QuoteResult.EXACT, QuoteResult.SAME} for check in checks)
    return layout(parts) if held else layout(parts, colour=CALM)


def _blocks(
    check: QuoteCheck, room: int, reply: Reply, page_of: PageOf
) -> Iterator[tuple[str, Excerpt | None]]:
    """Yield a quotation's lines and excerpts: its result first, then what each of its parts is."""
    apart = check.result is QuoteResult.ALTERED and not check.together
    lines = [
        f"{ASIDE}“{escape_line(check.quote, _QUOTED)}”",
        reply.say("quotes-apart" if apart else f"quotes-{check.result}"),
        _author(check, reply),
    ]
    if check.places > 1:
        lines.append(ASIDE + reply.say("quotes-places", count=check.places))
    yield "\n".join(filter(None, lines)), None
    several = len(check.parts) > 1
    for part in check.parts:
        if several and apart:
            said = reply.say(f"quotes-part-{part.result}")
            yield f"{ASIDE}“{escape_line(part.text, _PIECE)}”: {said}", None
        if part.difference:
            yield ASIDE + reply.say("quotes-difference", words=marked_difference(part.difference)), None
        for excerpt in part.excerpts[:room]:
            yield excerpt_head(excerpt, page_of(excerpt), reply, opens=True), excerpt
            room -= 1


def _author(check: QuoteCheck, reply: Reply) -> str:
    if check.author is None or not check.parts or not any(part.excerpts for part in check.parts):
        return ""
    claimed = author_line(check.author)
    if check.author_matches is None:
        return reply.say("quotes-author-unknown", author=claimed)
    if check.author_matches:
        return reply.say("quotes-author-matches", author=claimed)
    authors = dict.fromkeys(
        author_line(excerpt.post.author or excerpt.thread.author)
        for part in check.parts
        for excerpt in part.excerpts
    )
    return reply.say("quotes-author-differs", author=claimed, known=", ".join(filter(None, authors)))


def marked_difference(difference: Sequence[tuple[str, str]]) -> str:
    """Return the words that differ, the quotation's struck out, the archive's bold, and a few around them."""
    pieces: list[str] = []
    size = 0
    for quoted, archived in difference:
        if quoted == archived:
            words = quoted.split()
            cut = " ".join((*words[:_UNCHANGED], "…", *words[-_UNCHANGED:]))
            shown = [escape_line(quoted if len(words) <= 2 * _UNCHANGED + 1 else cut, _PIECE)]
        else:
            struck, bold = escape_line(quoted, _PIECE), escape_line(archived, _PIECE)
            shown = [struck and f"~~{struck}~~", bold and f"**{bold}**"]
        kept = [piece for piece in shown if piece]
        size += sum(map(len, kept))
        if size > _DIFFERENCE:
            return " ".join([*pieces, "…"])
        pieces += kept
    return " ".join(pieces)
