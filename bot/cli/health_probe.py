"""Whether Bobbin is at work on this machine, asked of its own health page."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any, Final

__all__ = ["ProbeResult", "probe"]

_PATIENCE: Final = 3.0
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - compared with
_MOST: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What was seen: ``state`` is ``well``, ``slow``, ``in trouble``, ``away`` or ``other``."""

    state: str
    said: str


def probe(host: str, port: int) -> ProbeResult:
    """Ask whoever listens at the address how it is; at most a few seconds."""
    where = f"{host}:{port}"
    connection = HTTPConnection(_EVERYWHERE.get(host, host), port, timeout=_PATIENCE)
    try:
        connection.request("GET", "/health", headers={"Accept": "application/json"})
        told = json.loads(connection.getresponse().read(_MOST))
        return _seen(told, where)
    except ConnectionRefusedError:
        return ProbeResult("away", f"nothing listens at {where}; `bobbin run` will")
    except TimeoutError:
        return ProbeResult(
            "other", f"what listens at {where} does not answer; is `bobbin run` still starting?"
        )
    except (OSError, HTTPException, ValueError, LookupError, TypeError):
        said = (
            f"what listens at {where} tells nothing of `bobbin run`; if it is another program, or "
            "`bobbin serve`, set BOBBIN_HTTP_PORT to a port of its own"
        )
        return ProbeResult("other", said)
    finally:
        connection.close()


def _seen(told: dict[str, Any], where: str) -> ProbeResult:
    state = str(told["state"])
    shards = ", ".join(str(shard["id"]) for shard in told["shards"]) or "none"
    said = f"at {where}, {state}: {told['servers']} servers on shard {shards} of {told['shard_count']}"
    return ProbeResult(state, " ".join([f"{said}.", *map(str, told["complaints"])]))
