"""``python -m tests.live``: find an account, look at its posts and walk a thread, at each real service.

It exits with 0 where every service answered as it is read here, with 1 where one did not. Where there is no
network it says so and exits with 0. What is asked for are accounts that the services themselves run.
"""

import asyncio
import socket
import sys

from bot.fetching.errors import FetchError
from bot.fetching.guard import Guard
from bot.fetching.links import fetch_thread, identify, service_named, user_agent
from bot.startup import version
from retrieval.readers.registry import read

#: An account of each service, and the host that is asked.
ACCOUNTS = {"@bsky.app": "public.api.bsky.app", "@Mastodon@mastodon.social": "mastodon.social"}


def reachable(host: str) -> str | None:
    """Return why a host cannot be reached, ``None`` where it can."""
    try:
        socket.create_connection((host, 443), timeout=5).close()
    except OSError as error:
        return f"{host} cannot be reached: {error}"
    return None


async def tried(handle: str) -> str:
    """Return what an account's service gave; raise ``FetchError`` or ``ValueError`` for what is not read."""
    async with Guard(user_agent(version(), None)) as guard:
        account = await identify(guard, handle)
        service = service_named(account.service)
        feed = await service.look(guard.get, account, since=None, etag=None)
        if not feed.threads or feed.latest is None:
            raise ValueError("no posts were read")
        longest = max(feed.threads, key=lambda thread: thread.posts)
        fetched = await fetch_thread(guard, longest.link)
        threads = tuple(read(fetched.file).threads)
        if len(threads) != 1 and fetched.posts > 1:
            raise ValueError(f"{len(threads)} threads were read of one")
        return (
            f"{account.handle}: {len(feed.threads)} threads in the feed, one of {fetched.posts} posts walked"
        )


def main() -> int:
    """Try each service; return the exit status."""
    failed = False
    for handle, host in ACCOUNTS.items():
        reason = reachable(host)
        if reason is not None:
            sys.stdout.write(f"skipped: {handle}: {reason}\n")
            continue
        try:
            sys.stdout.write(asyncio.run(tried(handle)) + "\n")
        except (FetchError, ValueError) as error:
            failed = True
            sys.stdout.write(f"failed: {handle} {error}\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
