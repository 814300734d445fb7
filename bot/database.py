"""The SQLite file of what Bobbin keeps about servers, in tables that each family of the bot adds.

It is a file beside the archive's, so that an archive may be replaced, taken from a backup or copied to
another machine without a server's settings going with it or a digest being posted twice.
"""

from retrieval.storage.connections import Connections

__all__ = ["ServerFile"]


class ServerFile(Connections):
    """The open file; safe to call from any thread, and never from an event loop.

    It is opened without tables: each part of the bot calls :meth:`bring_up` with its own migrations.
    """
