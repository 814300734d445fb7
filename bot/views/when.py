"""Who said some words first, as a message: the first post, each author's, and the picture of months."""

from typing import Any

from discord import MediaGalleryItem
from discord.ui import LayoutView, MediaGallery

from bot.views.answers import excerpt_head
from bot.views.buttons import post_button, text_link
from bot.views.custom_id import PostAction, PostState
from bot.views.escape import escape_line, quote
from bot.views.headers import author_line
from bot.views.layout import ASIDE, CALM, Part, Reply, date, layout, section, text
from bot.views.limits import UNIT
from bot.views.quotes import marked_difference
from bot.views.trend import PICTURE
from bot.web.addresses import PageOf, no_page
from retrieval.model import FirstMention, Mention, Period, ThenAndNow, post_key

__all__ = ["first_mention_view", "then_and_now_view"]

_WORDS, _QUOTE = 200, 900
_AUTHORS, _UNDATED = 10, 5
_SIDE_QUOTE = 400


def first_mention_view(
    found: FirstMention,
    reply: Reply = Reply(),  # noqa: B008 - frozen
    *,
    page_of: PageOf = no_page,
    all_of_them: str | None = None,
) -> LayoutView:
    """Return who said some words when; the picture of months is sent with it where any date is known.

    ``page_of`` gives the address of the page of an excerpt's thread, ``all_of_them`` is that of the page that
    lists every post.
    """
    words, covered = escape_line(found.words, _WORDS), ASIDE + _covered(found.period, reply)
    if not found.mentions:
        return layout([text(reply.say("when-none", words=words), covered)], colour=CALM)
    parts: list[Part] = [text(f"### {words}")]
    first = found.first
    if first:
        excerpt = first.excerpt
        state = PostState(post_key(excerpt.thread.id, excerpt.post.ordinal), PostAction.THREAD, reply.reader)
        shown = text(
            reply.say("when-first", date=date(first.posted_at)),
            excerpt_head(excerpt, page_of(excerpt), reply, opens=True),
            quote(excerpt, _QUOTE * UNIT),
        )
        parts.append(section(shown, post_button(reply.say("answer-read-thread"), state)))
        others = [one for one in found.by_author() if one.posted_at and one is not first]
        if others:
            lines = [_line(one, reply, page_of) for one in others[:_AUTHORS]]
            parts.append(text(reply.say("when-authors"), *lines))
    undated = found.undated
    if undated:
        lines = [_line(one, reply, page_of) for one in undated[:_UNDATED]]
        parts.append(text(reply.say("when-undated", count=len(undated)), *lines))
    dated = len(found.mentions) - len(undated)
    link = text_link(reply.say("when-all"), all_of_them) if all_of_them else ""
    counted = reply.say("when-counted", count=dated) if dated else ""
    parts.append(text(ASIDE + " · ".join(filter(None, (counted, link))) if counted or link else "", covered))
    if dated:
        described = reply.say("when-described", words=" ".join(found.words.split())[:_WORDS])
        parts.append(MediaGallery[Any](MediaGalleryItem(f"attachment://{PICTURE}", description=described)))
    return layout(parts)


def then_and_now_view(
    found: ThenAndNow,
    reply: Reply = Reply(),  # noqa: B008 - frozen
    *,
    page_of: PageOf = no_page,
) -> LayoutView:
    """Return an author's earliest posts on a subject, and the latest below, each with its edits."""
    author, words = author_line(found.author), escape_line(found.subject, _WORDS)
    if not found.total:
        return layout([text(reply.say("when-about-none", author=author, words=words))], colour=CALM)
    parts: list[Part] = []
    for key, mentions in (("when-then", found.earliest), ("when-now", found.latest)):
        if mentions:
            parts.append(text(f"### {reply.say(key)}"))
        for mention in mentions:
            excerpt = mention.excerpt
            post = post_key(excerpt.thread.id, excerpt.post.ordinal)
            state = PostState(post, PostAction.THREAD, reply.reader, len(parts))
            lines = [
                excerpt_head(excerpt, page_of(excerpt), reply, opens=True),
                quote(excerpt, _SIDE_QUOTE * UNIT),
            ]
            if mention.edits:
                edit = mention.edits[-1]
                changed = marked_difference(edit.difference)
                lines.append(ASIDE + reply.say("when-edited", date=date(edit.read_at), words=changed))
            parts.append(section(text(*lines), post_button(reply.say("answer-read-thread"), state)))
    counted = reply.say("when-about", count=found.total, author=author, words=words, undated=found.undated)
    return layout([*parts, text(ASIDE + counted)])


def _line(mention: Mention, reply: Reply, page_of: PageOf) -> str:
    """Return a post in a line: date, author, and a link to it where there is one."""
    excerpt = mention.excerpt
    author = author_line(mention.author) or reply.say("when-author-unknown")
    link = text_link(reply.say("answer-original"), excerpt.post.url, page_of(excerpt), excerpt.thread.url)
    return "- " + " · ".join(filter(None, (date(mention.posted_at, "d"), author, link)))


def _covered(period: Period, reply: Reply) -> str:
    if period.first is None or period.last is None:
        return reply.say("when-covered-nothing")
    return reply.say(
        "when-covered",
        first=date(period.first),
        last=date(period.last),
        posts=period.posts,
        undated=period.undated,
    )
