"""Which answer a message follows up on, read from the buttons of the message it replies to.

So a follow-up needs no memory of what was asked: it works after a restart and on any shard.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import discord

from bot.views.custom_id import AnswerAction, AnswerState
from bot.views.layout import ASIDE

__all__ = ["followed_answer", "heading_above", "is_shareable"]


def followed_answer(message: discord.Message, own_id: int) -> AnswerState | None:
    """Return what is remembered of the answer that a message replies to, ``None`` where it is no answer."""
    replied = message.reference.resolved if message.reference else None
    if not isinstance(replied, discord.Message) or replied.author.id != own_id:
        return None
    states = list(_states(replied))
    # The button that judges names the page that is shown; the others name those they lead to.
    return next((state for state in states if state.action is AnswerAction.HELPFUL), next(iter(states), None))


def heading_above(message: discord.Message | None) -> str:
    """Return the markup above the quotes of one of Bobbin's answers: the question, what was searched.

    It is Bobbin's own, so it may stand above another page as it is; "" where there is none.
    """
    first = next(iter(_parts(message.components if message else ())), None)
    above = next(iter(getattr(first, "children", ())), None)
    markup = getattr(above, "content", None) or ""
    return markup if markup and all(line.startswith(ASIDE) for line in markup.splitlines()) else ""


def is_shareable(message: discord.Message) -> bool:
    """Return whether a message of Bobbin's offers to share it."""
    return any(state.action is AnswerAction.SHARE for state in _states(message))


def _states(message: discord.Message) -> Iterator[AnswerState]:
    """Yield what the buttons of one of Bobbin's messages remember of an answer."""
    for part in _parts(message.components):
        # What is no such button, or a damaged one, remembers nothing.
        with contextlib.suppress(ValueError):
            yield AnswerState.decode(getattr(part, "custom_id", None) or "")


def _parts(components: Any) -> Iterator[Any]:
    """Yield components with those inside them."""
    for part in components:
        yield part
        yield from _parts(getattr(part, "children", ()))
