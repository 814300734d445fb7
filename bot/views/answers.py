"""An answer as a message: the quotes with a way to the full thread beside each, or an honest nothing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from discord.ui import Button, LayoutView

from bot.i18n import Translations
from bot.operators import filter_notes
from bot.views.buttons import answer_button, delete_button, judge_button, post_button, text_link
from bot.views.custom_id import AnswerAction, AnswerState, PostAction, PostState
from bot.views.escape import escape_line, quote
from bot.views.headers import author_line, place_label, title_line
from bot.views.layout import ASIDE, CALM, Part, Reply, date, layout, row, section, share_out, text
from bot.views.limits import DISPLAYED, UNIT, units, weight
from bot.web.addresses import PageOf, no_page
from retrieval.model import Answer, Excerpt, Suggestions, Verdict, Weighing, post_key
from retrieval.query_language import Kind, UnwritableError

__all__ = [
    "MOST_EXCERPTS",
    "answer_heading",
    "answer_page",
    "asked_by",
    "excerpt_head",
    "filter_sentences",
    "no_such_value",
    "nothing_found",
]

MOST_EXCERPTS = 5
"""The excerpts that a page can hold: with more, too little of each would be shown."""

_QUESTION = 300
_NAME = 80
_SPARE = 100
_WORDS = 5
_WORD = 40
#: The characters of small print that stand in one line beside the button, in a message 560 pixels wide, and
#: those of a date, of the link and of what stands between two parts.
_LINE, _DATE, _LINK, _BETWEEN = 60, 10, 8, 3
#: A title that stands for the author has at least so many characters.
_LEAST = 30


def answer_page(  # noqa: PLR0913 - all but the first two are named where it is called
    excerpts: Sequence[Excerpt],
    reply: Reply = Reply(),  # noqa: B008 - frozen
    *,
    heading: str = "",
    state: AnswerState | None = None,
    pages: int = 1,
    shareable: bool = True,
    page_of: PageOf = no_page,
) -> LayoutView:
    """Return one page of an answer: its excerpts by thread, each with the thread a press away.

    ``excerpts`` are those of this page only, at most ``MOST_EXCERPTS``. ``heading`` is markup that stands
    above them. ``state`` tells the buttons who asked, what is quoted and which page this is; without it
    the page cannot be turned, shared, judged or removed. A private one is shared, unless it is not
    ``shareable``, and a public one removed. ``page_of`` gives the address of the page of an excerpt's
    thread, where there is one. Quotes that only come close, by the ``state``, say so above them, and the
    card has the colour of nothing found.
    Raises ``ValueError`` for no excerpts or too many, and for a page that is not there.
    """
    if not 1 <= len(excerpts) <= MOST_EXCERPTS:
        raise ValueError(f"a page shows 1 to {MOST_EXCERPTS} excerpts, not {len(excerpts)}")
    if state and not state.page < pages:
        raise ValueError(f"page {state.page} is not one of {pages}, counted from 0")
    grouped = _by_thread(excerpts)
    heads = [excerpt_head(excerpt, page_of(excerpt), reply, opens=opens) for excerpt, opens in grouped]
    is_closest = state is not None and state.verdict is Verdict.CLOSEST
    closest = f"**{reply.say('answer-closest')}**" if is_closest else ""
    fixed = sum(map(weight, [heading, closest, *heads]))
    wholes = [quote(excerpt) for excerpt, _ in grouped]
    weights = list(map(weight, wholes))
    shares = share_out(weights, (DISPLAYED - _SPARE) * UNIT - fixed)
    quotes = [
        whole if size <= share else quote(excerpt, share)
        for (excerpt, _), whole, size, share in zip(grouped, wholes, weights, shares, strict=True)
    ]
    parts: list[Part] = [text(heading, closest)] if heading or closest else []
    for slot, ((excerpt, _), head, quoted) in enumerate(zip(grouped, heads, quotes, strict=True)):
        key = post_key(excerpt.thread.id, excerpt.post.ordinal)
        reading = PostState(key, PostAction.THREAD, reply.reader, slot)
        button = post_button(reply.say("answer-read-thread"), reading)
        parts.append(section(text(head, quoted), button))
    if state:
        parts.append(row(*_below(state, pages, reply, shareable=shareable)))
    return layout(parts, colour=CALM) if is_closest else layout(parts)


def answer_heading(
    question: str | None,
    corrected: Sequence[tuple[str, str]],
    reply: Reply,
    weighing: Weighing = Weighing(),  # noqa: B008 - frozen
    *,
    notes: Sequence[str] = (),
) -> str:
    """Return the small print above an answer: the question, and the words searched instead of others.

    ``question`` is ``None`` where it stands in the channel anyway; ``corrected`` are pairs of a word as it
    was asked and as it was searched. ``weighing``, given where no post answers for certain, says which
    words of the question posts hold, and which none does. ``notes`` are sentences of Bobbin's own.
    """
    asked = f"{ASIDE}{escape_line(question, _QUESTION)}" if question and question.strip() else ""
    shown = [f"{ASIDE}{note}" for note in notes]
    return "\n".join(
        filter(None, (asked, *shown, _searched(corrected, reply), _known_words(weighing, reply)))
    )


def filter_sentences(answer: Answer, reply: Reply) -> list[str]:
    """Return how the operators of an answer's question were understood, as markup of a line each."""
    return filter_notes(answer.interpretation, answer.verdict, reply.translations, _inert)


def no_such_value(error: UnwritableError, translations: Translations) -> str:
    """Return a plain sentence on an option of /ask that cannot have a value: a date that is none."""
    option = translations.say(f"command-ask-{'collection' if error.kind is Kind.IN else error.kind}")
    return translations.say("filters-no-value", typed=error.value, option=option)


def _inert(written: str) -> str:
    return escape_line(written, _WORD)


def _searched(corrected: Sequence[tuple[str, str]], reply: Reply) -> str:
    """Say which words were searched in the place of ones that the archive does not know."""
    words = ", ".join(
        reply.say("answer-searched-instead", searched=escape_line(new, _WORD), asked=escape_line(old, _WORD))
        for old, new in corrected[:_WORDS]
    )
    return f"{ASIDE}{reply.say('answer-searched', words=words)}" if words else ""


def _known_words(weighing: Weighing, reply: Reply) -> str:
    lines = [
        reply.say(key, words=", ".join(f"**{escape_line(word, _WORD)}**" for word in words[:_WORDS]))
        for key, words in (("answer-words-known", weighing.known), ("answer-words-unknown", weighing.unknown))
        if words
    ]
    return ASIDE + " ".join(lines) if lines else ""


def asked_by(name: str, heading: str, reply: Reply) -> str:
    """Return the heading of a private answer that a person shares: its question in that person's name."""
    asked, *others = heading.split("\n")
    name = escape_line(name, _NAME)
    if not asked:
        return ASIDE + reply.say("answer-shared-by", name=name)
    opening = reply.say("answer-asked-by", name=name, question=asked.removeprefix(ASIDE))
    return "\n".join([ASIDE + opening, *others])


def nothing_found(
    question: str | None,
    suggestions: Suggestions,
    reply: Reply = Reply(),  # noqa: B008 - frozen
    *,
    corrected: Sequence[tuple[str, str]] = (),
    notes: Sequence[str] = (),
) -> LayoutView:
    """Return an honest answer where nothing fits: what was searched, and what to try.

    It quotes nothing. In public it is one line, with the bin beside it. ``notes`` are sentences of Bobbin's
    own.
    """
    if question and question.strip():
        lines = [reply.say("answer-nothing-found-about", question=escape_line(question, _QUESTION))]
    else:
        lines = [reply.say("answer-nothing-found")]
    lines += notes
    words = [shown for term in suggestions.terms[:_WORDS] if (shown := escape_line(term, _WORD))]
    if words:
        lines.append(
            reply.say("answer-did-you-mean", words=_either([f"**{word}**" for word in words], reply))
        )
    searched = _searched(corrected, reply)
    if not reply.private:
        lines.insert(1, searched.removeprefix(ASIDE))
        bin_ = delete_button(reply.reader) if reply.reader else None
        return layout([section(text(" ".join(filter(None, lines))), bin_)], colour=CALM)
    return layout([text(*lines, searched, f"{ASIDE}{reply.say('answer-try-other-words')}")], colour=CALM)


def _by_thread(excerpts: Sequence[Excerpt]) -> list[tuple[Excerpt, bool]]:
    """Return the excerpts by thread, in the order of each thread's first, and whether each opens one."""
    groups: dict[str, list[Excerpt]] = {}
    for excerpt in excerpts:
        groups.setdefault(excerpt.thread.id, []).append(excerpt)
    return [(excerpt, excerpt is group[0]) for group in groups.values() for excerpt in group]


def excerpt_head(excerpt: Excerpt, page: str | None, reply: Reply, *, opens: bool) -> str:
    """Return the one line above a quote: author where a thread ``opens``, date, place, and a link.

    The link leads to the first address that there is: the post's own, its page, the thread's own. The
    thread's title comes first where the line has room for it, or no author stands in it.
    """
    thread, post = excerpt.thread, excerpt.post
    author = author_line(post.author or thread.author) if opens else ""
    moment = post.posted_at or thread.posted_at
    place = place_label(post, thread, reply.translations)
    link = text_link(reply.say("answer-original"), post.url, page, thread.url)
    sizes = (units(author), units(place), _DATE if moment else 0, _LINK if link else 0)
    room = _LINE - sum(size + _BETWEEN for size in sizes if size)
    title = title_line(thread) if opens else ""
    if author and units(title) > room:
        title = ""
    head = (title and f"**{title_line(thread, max(room, _LEAST))}**", author, date(moment, "d"), place, link)
    return ASIDE + " · ".join(filter(None, head))


def _below(state: AnswerState, pages: int, reply: Reply, *, shareable: bool) -> list[Button[Any]]:
    """Return the buttons of a page, at most four: the next one or, on the last, the first; and what fits.

    The button that turns names the page that it leads to, so no line counts the pages.
    """
    buttons: list[Button[Any]] = []
    if pages > 1:
        page = (state.page + 1) % pages
        label = reply.say("answer-more-of" if page else "answer-back-to", page=page + 1, pages=pages)
        buttons.append(answer_button(label, replace(state, action=AnswerAction.TURN, page=page)))
    if reply.private and shareable:
        buttons.append(answer_button(reply.say("answer-share"), replace(state, action=AnswerAction.SHARE)))
    buttons += [
        judge_button(replace(state, action=AnswerAction.HELPFUL)),
        judge_button(replace(state, action=AnswerAction.UNHELPFUL)),
    ]
    return buttons if reply.private else [*buttons, delete_button(state.asker)]


def _either(words: Sequence[str], reply: Reply) -> str:
    if len(words) == 1:
        return words[0]
    return reply.say("answer-or", words=", ".join(words[:-1]), last=words[-1])
