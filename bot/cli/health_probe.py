"""Whether a bot is at work, asked of its health page over HTTP."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any, Final

__all__ = ["ProbeResult", "probe"]

_PROBE_TIMEOUT: Final = 3.0
_ANY_HOST: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - compared with
_MAX_REPLY: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """The outcome of a probe: ``state`` is ``well``, ``slow``, ``in trouble``, ``away`` or ``other``."""

    state: str
    message: str


def probe(host: str, port: int, token: str | None = None) -> ProbeResult:
    """Request the health page at an address; wait three seconds at most."""
    where = f"{host}:{port}"
    connection = HTTPConnection(_ANY_HOST.get(host, host), port, timeout=_PROBE_TIMEOUT)
    try:
        headers = {"Accept": "application/json"}
        connection.request(
            "GET", "/health", headers=headers | ({"Authorization": f"Bearer {token}"} if token else {})
        )
        health = json.loads(connection.getresponse().read(_MAX_REPLY))
        return _probe_result(health, where)
    except ConnectionRefusedError:
        return ProbeResult("away", f"nothing listens at {where}; `bobbin run` will")
    except TimeoutError:
        return ProbeResult(
            "other", f"what listens at {where} does not answer; is `bobbin run` still starting?"
        )
    except (OSError, HTTPException, ValueError, LookupError, TypeError):
        message = (
            f"what listens at {where} tells nothing of `bobbin run`; if it is another program, or "
            "`bobbin serve`, set BOBBIN_HTTP_PORT to a port of its own"
        )
        return ProbeResult("other", message)
    finally:
        connection.close()


def _probe_result(health: dict[str, Any], where: str) -> ProbeResult:
    state = str(health["state"])
    shards = ", ".join(str(shard["id"]) for shard in health.get("shards", [])) or "none"
    servers, count = health.get("servers", "?"), health.get("shard_count", "?")
    message = f"at {where}, {state}: {servers} servers on shard {shards} of {count}"
    return ProbeResult(state, " ".join([f"{message}.", *map(str, health["complaints"])]))
