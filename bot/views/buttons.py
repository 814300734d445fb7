"""The buttons below quotes and threads, each with its state in its custom_id."""

from typing import Any

from discord import ButtonStyle
from discord.ui import Button

from bot.views.custom_id import (
    AnswerAction,
    AnswerState,
    ArrivalsState,
    DeleteState,
    ListState,
    PostAction,
    PostState,
    ThreadState,
)
from bot.views.limits import LABEL, URL, clip
from bot.web.addresses import safe_url as fit_for_links

__all__ = [
    "answer_button",
    "arrivals_button",
    "button_url",
    "delete_button",
    "link_button",
    "list_button",
    "post_button",
    "thread_button",
]

_STYLES = {AnswerAction.SHARE: ButtonStyle.success}
_EMOJI = {AnswerAction.HELPFUL: "👍", AnswerAction.UNHELPFUL: "👎"}
_BIN = "🗑️"


def button_url(url: str | None) -> str | None:
    """Return an address that a link button may carry, or ``None`` where this one is unfit.

    It is http or https, names a host in ASCII and no user, and has at most 512 characters; other
    characters than an address may hold are percent-encoded in it.
    """
    return fit_for_links(url, URL)


def link_button(label: str, *urls: str | None) -> Button[Any] | None:
    """Return a link to the first of the addresses that is fit for one, or ``None``."""
    address = next(filter(None, map(button_url, urls)), None)
    return None if address is None else Button(style=ButtonStyle.link, label=clip(label, LABEL), url=address)


def answer_button(label: str, state: AnswerState | None) -> Button[Any] | None:
    """Return a button that turns, shares or judges an answer's page, or ``None`` without a state."""
    if state is None:
        return None
    style = _STYLES.get(state.action, ButtonStyle.secondary)
    emoji = _EMOJI.get(state.action)
    return Button(style=style, label=clip(label, LABEL), emoji=emoji, custom_id=state.encode())


def delete_button(label: str, owner: int) -> Button[Any]:
    """Return a button that removes its message, for whoever asked for it and for moderators."""
    custom_id = DeleteState(owner).encode()
    return Button(style=ButtonStyle.secondary, label=clip(label, LABEL), emoji=_BIN, custom_id=custom_id)


def list_button(label: str, state: ListState) -> Button[Any]:
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
