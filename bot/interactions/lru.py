"""Bounded memories: of what was seen, so that nothing is done twice, and of what people speak."""

from collections import OrderedDict

__all__ = ["RecentIds", "RecentLocales"]


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
