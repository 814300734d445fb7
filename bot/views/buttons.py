"""The buttons below quotes and threads, each with its state in its custom_id."""

from typing import Any

from discord import ButtonStyle
from discord.ui import Button

from bot.views.custom_id import (
    AnswerAction,
    AnswerState,
    ArrivalsState,
    DeleteState,
    FilteredListState,
    ListState,
    PostAction,
    PostState,
    ThreadState,
)
from bot.views.limits import LABEL, URL, clip
from bot.web.addresses import safe_url

__all__ = [
    "answer_button",
    "arrivals_button",
    "button_url",
    "delete_button",
    "judge_button",
    "link_button",
    "list_button",
    "post_button",
    "text_link",
    "thread_button",
]

_EMOJI = {AnswerAction.HELPFUL: "👍", AnswerAction.UNHELPFUL: "👎"}
_BIN = "🗑️"
#: Longer ones would take too much of a message's 4,000 characters from the quotes.
_TEXT_URL = 256


def button_url(url: str | None) -> str | None:
    """Return an address that a link button may carry, or ``None`` where this one is unfit.

    It is http or https, names a host in ASCII and no user, and has at most 512 characters; other
    characters than an address may hold are percent-encoded in it.
    """
    return safe_url(url, URL)


def link_button(label: str, *urls: str | None) -> Button[Any] | None:
    """Return a link to the first of the addresses that is fit for one, or ``None``."""
    address = next(filter(None, map(button_url, urls)), None)
    return None if address is None else Button(style=ButtonStyle.link, label=clip(label, LABEL), url=address)


def text_link(label: str, *urls: str | None) -> str:
    """Return the markup of a link to the first of the addresses that is fit for one, or "".

    ``label`` is Bobbin's own. An address in angle brackets raises no preview.
    """
    address = next(filter(None, (safe_url(url, _TEXT_URL) for url in urls)), None)
    if address is None:
        return ""
    return f"[{label}](<{address.replace('(', '%28').replace(')', '%29')}>)"


def answer_button(label: str, state: AnswerState) -> Button[Any]:
    """Return a button that turns or shares an answer's page."""
    style = ButtonStyle.success if state.action is AnswerAction.SHARE else ButtonStyle.secondary
    return Button(style=style, label=clip(label, LABEL), custom_id=state.encode())


def judge_button(state: AnswerState) -> Button[Any]:
    """Return a thumb up or down, which says enough without words and leaves the row short."""
    return Button(style=ButtonStyle.secondary, emoji=_EMOJI[state.action], custom_id=state.encode())


def delete_button(owner: int) -> Button[Any]:
    """Return a button that removes its message, for the person who asked for it and for moderators."""
    return Button(style=ButtonStyle.secondary, emoji=_BIN, custom_id=DeleteState(owner).encode())


def list_button(label: str, state: ListState | FilteredListState) -> Button[Any]:
    """Return a button that turns to a page of a list of threads."""
    return Button(style=ButtonStyle.secondary, label=clip(label, LABEL), custom_id=state.encode())


def post_button(label: str, state: PostState) -> Button[Any]:
    """Return a button that shows the posts around a post or its full thread."""
    style = ButtonStyle.primary if state.action is PostAction.THREAD else ButtonStyle.secondary
    return Button(style=style, label=clip(label, LABEL), custom_id=state.encode())


def thread_button(label: str, state: ThreadState, *, disabled: bool = False) -> Button[Any]:
    """Return a button that opens a thread or turns its pages."""
    style = ButtonStyle.primary if state.opens else ButtonStyle.secondary
    return Button(style=style, label=clip(label, LABEL), custom_id=state.encode(), disabled=disabled)


def arrivals_button(label: str, state: ArrivalsState) -> Button[Any]:
    """Return a button that lists new threads or turns their pages."""
    style = ButtonStyle.primary if state.opens else ButtonStyle.secondary
    return Button(style=style, label=clip(label, LABEL), custom_id=state.encode())
