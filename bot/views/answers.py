"""An answer as a message: the quotes with a way to the full thread on each, or an honest nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from discord.ui import Button, LayoutView

from bot.i18n import ENGLISH, Translations
from bot.views.buttons import answer_button, delete_button, link_button, post_button
from bot.views.custom_id import AnswerAction, AnswerState, PostAction, PostState
from bot.views.escape import escape_line, quote
from bot.views.headers import place_label, thread_header
from bot.views.layout import CALM, Part, date, layout, row, separator, share_out, text
from bot.views.limits import DISPLAYED, units
from bot.views.notices import explain_itself, notice
from bot.views.threads import delete_row, open_sections
from bot.web.addresses import PageOf, no_page
from retrieval.model import Excerpt, Suggestions, post_key

__all__ = ["MOST_EXCERPTS", "answer_page", "explain_itself", "nothing_found", "notice"]

MOST_EXCERPTS = 5
"""The excerpts that a page can hold: with more, a message could exceed forty components."""
_QUESTION = 300
_PLACE = 120
_SPARE = 100
_WORDS = 5
_WORD = 40
_CLOSEST = 3


def answer_page(  # noqa: PLR0913 - all but the first are named where it is called
    excerpts: Sequence[Excerpt],
    *,
    question: str | None = None,
    corrected: Sequence[tuple[str, str]] = (),
    above: str = "",
    state: AnswerState | None = None,
    page: int = 0,
    pages: int = 1,
    private: bool = False,
    shareable: bool = True,
    page_of: PageOf = no_page,
    translations: Translations = ENGLISH,
) -> LayoutView:
    """Return one page of an answer: its excerpts by thread, each with a way to the full thread.

    ``excerpts`` are those of this page only, at most ``MOST_EXCERPTS``; ``page`` counts from 0.
    ``state`` tells the buttons who asked and what is quoted (its page and action do not matter);
    without it the page cannot be turned, shared, judged or removed. A ``private`` one is shared, unless
    it is not ``shareable``, and a public one removed. The question is shown where it is known, and so
    are ``corrected`` words: as they were asked, and as they were searched. ``above`` is what another page
    of the answer had in their place, as markup. ``page_of`` gives the address of the page of an excerpt's
    thread, where there is one.
    Raises ``ValueError`` for no excerpts or too many, and for a page that is not there.
    """
    if not 1 <= len(excerpts) <= MOST_EXCERPTS:
        raise ValueError(f"a page shows 1 to {MOST_EXCERPTS} excerpts, not {len(excerpts)}")
    if not 0 <= page < pages:
        raise ValueError(f"page {page} is not one of {pages}, counted from 0")
    asker = state.asker if state else 0
    asked = above or "\n".join(filter(None, [_asked(question), _searched(corrected, translations)]))
    grouped = _by_thread(excerpts)
    quotes = _quotes([excerpt for excerpt, _ in grouped], DISPLAYED - _fixed(grouped, asked, translations))

    parts: list[Part] = [text(asked)] if asked else []
    for slot, ((excerpt, opens), quoted) in enumerate(zip(grouped, quotes, strict=True)):
        if opens and slot:
            parts.append(separator())
        parts.append(
            text(
                thread_header(excerpt.thread, translations=translations) if opens else "",
                _place(excerpt, translations),
                quoted,
            )
        )
        parts.append(_ways(excerpt, page_of(excerpt), asker, slot, translations))
    buttons = _below(state, page, pages, private=private, shareable=shareable, translations=translations)
    said = (
        [text(f"-# {translations.say('answer-page', page=page + 1, pages=pages)}")]
        if state and pages > 1
        else []
    )
    return layout([*parts, separator(), *said, row(*buttons)] if buttons else parts)


def _asked(question: str | None) -> str:
    return f"-# {escape_line(question, _QUESTION)}" if question and question.strip() else ""


def _searched(corrected: Sequence[tuple[str, str]], translations: Translations) -> str:
    """Say which words stand in for ones that the archive does not know."""
    words = [
        translations.say(
            "answer-searched-instead", searched=escape_line(searched, _WORD), asked=escape_line(asked, _WORD)
        )
        for asked, searched in corrected[:_WORDS]
    ]
    return f"-# {translations.say('answer-searched', words=', '.join(words))}" if words else ""


def nothing_found(
    question: str | None,
    suggestions: Suggestions,
    *,
    reader: int = 0,
    private: bool = False,
    translations: Translations = ENGLISH,
) -> LayoutView:
    """Return an honest answer where nothing fits: what the archive does know, and what to try.

    It quotes nothing. ``reader`` is the user for whom the closest threads open and who may remove it
    where it is not ``private``; 0 is anyone and no one.
    """
    if question and question.strip():
        said = [translations.say("answer-nothing-found-about", question=escape_line(question, _QUESTION))]
    else:
        said = [translations.say("answer-nothing-found")]
    words = [shown for term in suggestions.terms[:_WORDS] if (shown := escape_line(term, _WORD))]
    if words:
        meant = _either([f"**{word}**" for word in words], translations)
        said.append(translations.say("answer-did-you-mean", words=meant))
    said.append(f"-# {translations.say('answer-try-other-words')}")
    parts: list[Part] = [text(*said)]
    if suggestions.threads:
        parts += [separator(), text(f"**{translations.say('answer-closest-threads')}**")]
        parts += open_sections(suggestions.threads[:_CLOSEST], reader, translations)
    return layout([*parts, *delete_row(reader, translations, private=private)], colour=CALM)


def _by_thread(excerpts: Sequence[Excerpt]) -> list[tuple[Excerpt, bool]]:
    """Return the excerpts by thread, in the order of each thread's first, and whether each opens one."""
    groups: dict[str, list[Excerpt]] = {}
    for excerpt in excerpts:
        groups.setdefault(excerpt.thread.id, []).append(excerpt)
    return [(excerpt, excerpt is group[0]) for group in groups.values() for excerpt in group]


def _fixed(grouped: Iterable[tuple[Excerpt, bool]], asked: str, translations: Translations) -> int:
    """Return the UTF-16 units of everything on the page but the quotes."""
    heads = sum(
        units(thread_header(excerpt.thread, translations=translations)) if opens else 0
        for excerpt, opens in grouped
    )
    return units(asked) + heads + sum(_PLACE for _ in grouped) + _SPARE


def _quotes(excerpts: Sequence[Excerpt], total: int) -> list[str]:
    """Return the excerpts as block quotes of at most ``total`` units together; short ones are whole."""
    shares = share_out([units(quote(excerpt)) for excerpt in excerpts], total)
    return [quote(excerpt, share) for excerpt, share in zip(excerpts, shares, strict=True)]


def _place(excerpt: Excerpt, translations: Translations) -> str:
    told = (place_label(excerpt.post, excerpt.thread, translations), date(excerpt.post.posted_at))
    return f"-# {' · '.join(filter(None, told))}"


def _ways(excerpt: Excerpt, page: str | None, asker: int, slot: int, translations: Translations) -> Part:
    """Return the buttons below a quote: the full thread where it stands or here, and the context.

    The first address that there is leads to it: the post's own, its thread's page, the thread's own.
    """
    key = post_key(excerpt.thread.id, excerpt.post.ordinal)
    full = translations.say("answer-full-thread")
    link = link_button(full, excerpt.post.url, page, excerpt.thread.url)
    here = PostState(key, PostAction.THREAD, asker, slot)
    around = PostState(key, PostAction.CONTEXT, asker, slot)
    return row(
        link,
        post_button(translations.say("answer-read-here") if link else full, here),
        post_button(translations.say("answer-context"), around),
    )


def _below(  # noqa: PLR0913 - all but the first three are named where it is called
    state: AnswerState | None,
    page: int,
    pages: int,
    *,
    private: bool,
    shareable: bool,
    translations: Translations,
) -> list[Button[Any]]:
    """Return the buttons of a page as far as they lead anywhere, at most five; none without a state."""
    if state is None:
        return []
    here = replace(state, page=page, action=AnswerAction.TURN)
    share = replace(here, action=AnswerAction.SHARE) if private and shareable else None
    buttons = [
        answer_button(translations.say("answer-back"), replace(here, page=page - 1) if page > 0 else None),
        answer_button(
            translations.say("answer-more"), replace(here, page=page + 1) if page < pages - 1 else None
        ),
        answer_button(translations.say("answer-share"), share),
        answer_button(translations.say("answer-helpful"), replace(here, action=AnswerAction.HELPFUL)),
        answer_button(translations.say("answer-not-helpful"), replace(here, action=AnswerAction.UNHELPFUL)),
        None if private else delete_button(translations.say("answer-remove"), state.asker),
    ]
    return [button for button in buttons if button is not None]


def _either(words: Sequence[str], translations: Translations) -> str:
    if len(words) == 1:
        return words[0]
    return translations.say("answer-or", words=", ".join(words[:-1]), last=words[-1])
