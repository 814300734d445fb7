"""Break a promise on purpose, so that its proof is seen to fail.

A plugin of pytest: ``-p tests.promises.sabotage`` with the promise's name in the environment. Processes that
tests start by themselves call :func:`apply` as well.
"""

import itertools
import logging
import os
import signal
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from importlib import import_module
from typing import Any, Final

import pytest

__all__ = ["SABOTAGES", "VARIABLE", "apply"]

VARIABLE: Final = "TESTS_SABOTAGE"
Wrapper = Callable[[Any], Any]
_calls: Final = itertools.count(1)


def apply() -> None:
    """Break the promise that the environment names; without one, nothing."""
    if name := os.environ.get(VARIABLE):
        for target, wrap in SABOTAGES[name]:
            holder, attribute = resolve(target)
            setattr(holder, attribute, wrap(getattr(holder, attribute)))


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Break it before anything of the project is imported, so that all of it meets what is broken."""
    apply()


def resolve(target: str) -> tuple[Any, str]:
    """Return what holds a dotted name, and the last part of the name."""
    module, _, names = target.partition(":")
    holder: Any = import_module(module)
    *path, attribute = names.split(".")
    for name in path:
        holder = getattr(holder, name)
    return holder, attribute


def _instead(result: Callable[..., Any]) -> Wrapper:
    return lambda _: result


def _value(value: Any) -> Wrapper:
    return lambda _: value


def _raising_later(read: Callable[..., Any]) -> Callable[..., Any]:
    def broken(file: Any) -> Any:
        if next(_calls) > 100:
            raise KeyError("a sabotage")
        return read(file)

    return broken


def _every_fifth_is_passed_over(found: Callable[..., Any]) -> Callable[..., Any]:
    def broken(*given: Any) -> Any:
        files = found(*given)
        return replace(files, files=[]) if next(_calls) % 5 == 0 else files

    return broken


def _every_second_day(due: Callable[..., Any]) -> Callable[..., Any]:
    def broken(*given: Any) -> Any:
        day = due(*given)
        return day.fromordinal(day.toordinal() // 2 * 2)

    return broken


def _never_again(claim: Callable[..., Any]) -> Callable[..., Any]:
    def broken(self: Any, *given: Any) -> Any:
        from bot.digest.model import DigestState  # noqa: PLC0415 - only once all is broken

        claimed = claim(self, *given)
        if claimed is not None and claimed.again:
            self._ledger.finish(claimed.entry, DigestState.QUIET)
            return None
        return claimed

    return broken


def _twice(post: Callable[..., Any]) -> Callable[..., Any]:
    async def broken(self: Any, claim: Any) -> Any:
        result = await post(self, claim)
        entry, options = claim.entry, claim.subscription.options
        channel = self._client.get_partial_messageable(options.channel_id, guild_id=entry.server_id)
        await channel.send("Once more.")
        return result

    return broken


def _given_up(_: Callable[..., Any]) -> Callable[..., Any]:
    async def broken(self: Any, claim: Any, _error: Exception) -> Any:
        from bot.digest.model import DigestState  # noqa: PLC0415 - only once all is broken
        from bot.posting.poster import PostOutcome, PostResult  # noqa: PLC0415 - as above

        self._ledger.finish(claim.entry, DigestState.QUIET)
        return PostResult(PostOutcome.QUIET)

    return broken


def _some_ignored(admits: Callable[..., Any]) -> Callable[..., Any]:
    async def broken(self: Any, *given: Any) -> bool:
        return next(_calls) % 20 != 0 and bool(await admits(self, *given))

    return broken


def _everything(_: Callable[..., Any]) -> Callable[..., Any]:
    from retrieval.model import Scope  # noqa: PLC0415 - as above

    return lambda *_given: Scope(frozenset(range(1, 200)))


def _a_bit_more(scores: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given, **named: scores(*given, **named) * (1 + 2**-50)


def _killed(send: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, _number: send(self, signal.SIGKILL)


def _telling(start: Callable[..., Any]) -> Callable[..., Any]:
    async def broken(self: Any, token: str, **named: Any) -> None:
        logging.getLogger("bot").warning("starting with %s", token)
        await start(self, token, **named)

    return broken


def _rehearsed(forget: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given, **named: forget(*given, **named | {"rehearse": True})


def _seeking_all(_: Callable[..., Any]) -> Callable[..., Any]:
    holder, attribute = resolve("retrieval.linkage.matching:match_keys")
    keys: Callable[..., Any] = getattr(holder, attribute)
    return keys


def _later(connect: Callable[..., Any]) -> Callable[..., Any]:
    def broken(*given: Any, **named: Any) -> Any:
        time.sleep(0.05)
        return connect(*given, **named)

    return broken


def _quadratic(pattern: Callable[..., Any]) -> Callable[..., Any]:
    def broken(expression: str | bytes, flags: int = 0) -> Any:
        # An expression as there was: it crosses lines, from the beginning of each.
        known = isinstance(expression, bytes) and expression.startswith(rb"^[^\S\n]*+[\[{]")
        return pattern(rb"^\s*[\[{]" if known else expression, flags)

    return broken


def _no_word_of_memory(explain: Callable[..., Any]) -> Callable[..., Any]:
    return lambda error: None if isinstance(error, MemoryError) else explain(error)


SABOTAGES: Final[dict[str, tuple[tuple[str, Wrapper], ...]]] = {
    "saved-files": (("retrieval.readers.html.unrolled_html:read", _raising_later),),
    "killed-imports": (("bot.inbox.input_files:find_files", _every_fifth_is_passed_over),),
    "import-order": (("bot.inbox.input_files:find_files", _every_fifth_is_passed_over),),
    "one-digest-a-day": (("bot.digest.due:due_date", _every_second_day),),
    "digest-crashes": (("bot.posting.poster:Poster._claim", _never_again),),
    "digest-outages": (("bot.posting.poster:Poster._post", _twice),),
    "questions": (("bot.interactions.access_check:AccessCheck.admits_message", _some_ignored),),
    "storms": (("bot.posting.poster:Poster._put_off", _given_up),),
    "quotes": (("bot.views.escape:_PUNCTUATION", _value(frozenset())),),
    "limits": (("bot.views.limits:units", _instead(lambda _text: 1)),),
    "servers": (("retrieval.storage.catalog:Catalog.scope", _everything),),
    "ranking": (("retrieval.index.bm25:PostingScorer.get_scores", _a_bit_more),),
    "refusals": (("retrieval.storage.database:StoreError", _value(RuntimeError)),),
    "sigterm": (("asyncio.subprocess:Process.send_signal", _killed),),
    "secrets": (("discord:Client.start", _telling), ("discord:AutoShardedClient.start", _telling)),
    "erasure": (("retrieval.archive:Archive.forget_author", _rehearsed),),
    "upgrades": (("retrieval.storage.catalog:Catalog.threads", _instead(lambda *_, **__: [])),),
    "health": (("bot.monitoring.self_test:SelfTest._read_pages", _instead(lambda _: [])),),
    "backups": (
        ("retrieval.storage.backup:_locked", _value(nullcontext)),
        ("retrieval.storage.backup:connect_to_read", _later),
    ),
    "descriptors": (("bot.descriptors:ReservingSocket.reserve", _instead(lambda _: None)),),
    "erasure-restore": (("retrieval.storage.tombstones:read_tombstones", _instead(lambda _: [])),),
    "distinct-threads": (
        ("retrieval.linkage.matching:seeks", _seeking_all),
        ("retrieval.linkage.matching:_holds", _instead(lambda *_: True)),
    ),
    "no-threads": (("retrieval.readers.text.recognition:sureness", _instead(lambda *_: 1.0)),),
    "linear-reading": (("retrieval.patterns:pattern", _quadratic),),
    "memory": (("bot.cli.errors:explain", _no_word_of_memory),),
    "leftovers": (("retrieval.ingest.sandbox:remove_abandoned_folders", _instead(lambda: None)),),
    "one-traceback": (("bot.log:_Formatter._is_repetition", _instead(lambda *_: False)),),
    "one-writer": (("retrieval.storage.write_claim:WriteClaim.take", _instead(lambda _: None)),),
    "guard": (("bot.fetching.addresses:_check_host", _instead(lambda *_, **__: None)),),
    "fair-share": (("bot.web.rate_limit:RateLimiter.take", _instead(lambda *_: 0.0)),),
}
"""What each promise is broken by: dotted names, and what takes the place of each."""
