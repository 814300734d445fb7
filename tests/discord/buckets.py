"""Rate limits as Discord counts them: a route and its major parameter share a bucket, told in headers."""

import hashlib
import time
from dataclasses import dataclass, field

from tests.discord.wire import Json

__all__ = ["Buckets"]

#: A channel, a server, or a webhook with its token has a bucket of its own; other ids do not.
_MAJOR = ("channel_id", "guild_id", "webhook_token", "interaction_token")


@dataclass
class _Bucket:
    name: str
    left: int
    until: float


@dataclass
class Buckets:
    """Keep the limits that were set, and what is left of each.

    ``limits`` holds how many requests a route may have in how many seconds, by method and template.
    ``refused`` counts the requests beyond.
    """

    limits: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)
    refused: int = 0
    _buckets: dict[tuple[str, ...], _Bucket] = field(default_factory=dict)

    def take(self, method: str, template: str, params: dict[str, str]) -> tuple[dict[str, str], Json | None]:
        """Count a request; return the headers of its answer, and a body where it is one too many."""
        limit = self.limits.get((method, template))
        if limit is None:
            return {}, None
        most, seconds = limit
        key = (method, template, *(params.get(name, "") for name in _MAJOR))
        now = time.time()
        bucket = self._buckets.get(key)
        if bucket is None or bucket.until <= now:
            name = hashlib.sha1(" ".join(key[:2]).encode(), usedforsecurity=False).hexdigest()
            bucket = self._buckets[key] = _Bucket(name, most, now + seconds)
        bucket.left -= 1
        wait = bucket.until - now
        headers = {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(max(bucket.left, 0)),
            "X-RateLimit-Reset": f"{bucket.until:.3f}",
            "X-RateLimit-Reset-After": f"{wait:.3f}",
            "X-RateLimit-Bucket": bucket.name,
        }
        if bucket.left >= 0:
            return headers, None
        self.refused += 1
        headers |= {"Via": "1.1 google", "Retry-After": f"{wait:.3f}", "X-RateLimit-Scope": "user"}
        return headers, {"message": "You are being rate limited.", "retry_after": wait, "global": False}
