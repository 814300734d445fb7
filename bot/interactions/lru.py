"""Bounded memories: of what was seen, so that nothing is done twice, and of what people speak."""

from collections import OrderedDict

__all__ = ["RecentIds", "RecentLocales", "RecentReplies"]


class RecentIds:
    """Remember the latest ``room`` ids."""

    def __init__(self, room: int = 4096) -> None:
        if room < 1:
            raise ValueError("a memory needs room for at least one id")
        self._room = room
        self._ids: OrderedDict[int, None] = OrderedDict()

    def is_new(self, one: int) -> bool:
        """Take note of an id; return whether it was not among those remembered."""
        if one in self._ids:
            return False
        self._ids[one] = None
        if len(self._ids) > self._room:
            self._ids.popitem(last=False)
        return True

    def forget(self, one: int) -> None:
        """Let an id count as new again."""
        self._ids.pop(one, None)


class RecentReplies:
    """The replies to the latest messages: by a message's id the reply's id and a hash of what was asked."""

    def __init__(self, room: int = 4096) -> None:
        self._room = room
        self._replies: OrderedDict[int, tuple[int, int]] = OrderedDict()

    def note(self, message_id: int, reply_id: int, question: str) -> None:
        """Remember the reply to a message; of the question nothing but a hash."""
        self._replies[message_id] = reply_id, hash(question)
        self._replies.move_to_end(message_id)
        if len(self._replies) > self._room:
            self._replies.popitem(last=False)

    def of(self, message_id: int) -> int | None:
        """Return the id of the reply to a message while it is remembered."""
        known = self._replies.get(message_id)
        return known and known[0]

    def answers(self, message_id: int, question: str) -> bool:
        """Return whether the remembered reply to a message is that to this question."""
        known = self._replies.get(message_id)
        return known is not None and known[1] == hash(question)


class RecentLocales:
    """The locales of the latest people, in memory only: Discord tells them of commands, not of messages."""

    def __init__(self, room: int = 4096) -> None:
        self._room = room
        self._known: OrderedDict[int, str] = OrderedDict()

    def note(self, user_id: int, locale: str) -> None:
        """Remember a person's locale."""
        self._known[user_id] = locale
        self._known.move_to_end(user_id)
        if len(self._known) > self._room:
            self._known.popitem(last=False)

    def of(self, user_id: int) -> str | None:
        """Return a person's locale while it is remembered."""
        return self._known.get(user_id)

    def forget(self, user_id: int) -> None:
        """Forget a person's locale."""
        self._known.pop(user_id, None)
