"""Which addresses may be fetched at all: what a link says, and what a name leads to.

A resolver never sees an address that is written out in numbers, and a redirect may lead to one. So each
address is checked by itself first, then what its name leads to, and each redirect anew.
"""

import ipaddress
import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

from yarl import URL

from bot.fetching.errors import RefusedAddressError

__all__ = ["check", "is_link", "is_public"]

_PORT: Final = 443
_LONGEST: Final = 2_000
_LINK: Final = re.compile(r"https?://", re.IGNORECASE)
#: What some programs take for an address in numbers: its last part is decimal, octal or hexadecimal.
_NUMERIC: Final = re.compile(r"(?:^|\.)(?:0[xX][0-9a-fA-F]*|[0-9]+)\.?$")
#: Networks of version 6 whose addresses stand for one of version 4, by the place of its bytes.
_EMBEDDED: Final = (
    (ipaddress.IPv6Network("::/96"), 0),
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),
    (ipaddress.IPv6Network("::ffff:0:0:0/96"), 0),
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),
    (ipaddress.IPv6Network("2002::/16"), 80),
)


def is_link(text: str) -> bool:
    """Return whether a text is meant as an address of the web and not as a path."""
    return _LINK.match(text) is not None


def is_public(address: str) -> bool:
    """Return whether an address in numbers is one of the public internet, whatever form it has.

    Raises ``ValueError`` for what is no address.
    """
    held = ipaddress.ip_address(address)
    if isinstance(held, ipaddress.IPv6Address):
        if held.scope_id:
            return False
        for network, shift in _EMBEDDED:
            if held in network:
                return is_public(str(ipaddress.IPv4Address(int(held) >> shift & 0xFFFF_FFFF)))
    return held.is_global and not (held.is_multicast or held.is_reserved or held.is_unspecified)


def check(link: str) -> URL:
    """Return the address that a link names, where it may be fetched.

    Raises :class:`~bot.fetching.errors.RefusedAddressError` with the reason: no https, another port, a
    name or password in it, a host that is not public or is written in characters that stand for others.
    """
    if len(link) > _LONGEST or any(not sign.isprintable() or sign in ' \\"<>' for sign in link):
        raise RefusedAddressError("is no address; copy it anew from the browser")
    try:
        parts = urlsplit(link)
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise RefusedAddressError("is no address; copy it anew from the browser") from error
    if not parts.scheme or not parts.netloc:
        raise RefusedAddressError("is no address; copy it anew from the browser")
    if parts.scheme != "https":
        raise RefusedAddressError("is fetched by https only; write https:// in front of it")
    if port not in {None, _PORT}:
        raise RefusedAddressError(f"names port {port}; only the usual one, 443, is fetched from")
    if "@" in parts.netloc:
        raise RefusedAddressError("has a user name or password in it; leave that out")
    _check_host(host, bracketed="[" in parts.netloc)
    try:
        url = URL(link)
    except ValueError as error:
        raise RefusedAddressError("is no address; copy it anew from the browser") from error
    # What the library makes of the name is what is asked for: it is to be the same as what was checked.
    _check_host(url.raw_host or "", bracketed=":" in (url.raw_host or ""))
    return url


def _check_host(host: str, *, bracketed: bool) -> None:
    if unicodedata.normalize("NFKC", host) != host or "%" in host:
        raise RefusedAddressError("has a host in characters that stand for others; write it plainly")
    if bracketed or _NUMERIC.search(host):
        try:
            public = is_public(host)
        except ValueError:
            public = False
        if not public:
            raise RefusedAddressError("leads into a private network; only public addresses are fetched")
    elif "." not in host.strip("."):
        raise RefusedAddressError("names no public host; copy it anew from the browser")
