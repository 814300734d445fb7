"""A bounded memory of what was seen, so that nothing is done twice."""

from collections import OrderedDict

__all__ = ["Recent"]


class Recent:
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
