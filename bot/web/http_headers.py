"""The headers that every reply carries, whatever is in it."""

from collections.abc import Mapping
from typing import Final

__all__ = ["NO_INDEX", "security_headers"]

#: Nothing runs, nothing is fetched but our own stylesheet and pictures, nobody frames a page.
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # An address of a server's own thread must not travel on with a click.
    "Referrer-Policy": "no-referrer",
    # aiohttp would tell its version.
    "Server": "Bobbin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
NO_INDEX: Final[Mapping[str, str]] = {"X-Robots-Tag": "noindex, nofollow, noarchive"}
_A_YEAR: Final = "max-age=31536000"


def security_headers(public_url: str | None) -> dict[str, str]:
    """Return the headers of every reply; an https address is said to stay one."""
    secure = (public_url or "").startswith("https://")
    return dict(_HEADERS) | ({"Strict-Transport-Security": _A_YEAR} if secure else {})
