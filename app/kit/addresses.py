"""May we call this address, which somebody else gave us? Public https addresses only, in one plain spelling.

Two questions: is the URL one that we call (before anything is stored), and is the address that its name leads to a public
one (each time before we connect)? Doubt is a no.
"""

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

MOST_CHARACTERS = 2000
PORTS = frozenset({443, 8443})
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
PRINTABLE = re.compile(
    r"[!-\[\]-~]+"
)  # ASCII without spaces and backslashes; a name in other letters comes as punycode
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
LAST_LABEL = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")  # never a number: those are IPv4 in some spelling
PRIVATE_NAMES = frozenset(
    {"localhost", "local", "internal", "intranet", "lan", "corp", "home", "private", "arpa", "onion", "invalid", "test"}
)
"""Last labels that lead into somebody's own network, or nowhere."""
DENIED = tuple(
    ipaddress.ip_network(one)
    for one in (
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # a cloud's own services, at an address that looks public
        "::/96",
        "::ffff:0:0/96",
        "64:ff9b::/96",  # NAT64: IPv4 behind it, private too; `is_global` says True
        "64:ff9b:1::/48",
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4; `is_global` says True
        "fec0::/10",
    )
)

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refusal(StrEnum):
    """Why a URL is not called."""

    MALFORMED = "malformed"
    SCHEME = "scheme"
    LOGIN = "login"
    FRAGMENT = "fragment"
    PORT = "port"
    NAME = "name"
    ADDRESS = "address"


class AddressRefused(ValueError):  # noqa: N818  an answer more than an error
    """Not an address that we call."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Target:
    """A URL taken apart once; nobody parses it a second time, and differently."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def of(cls, url: str, *, allow_loopback: bool = False) -> Self:
        """The target of a URL. Raises: AddressRefused.

        `allow_loopback`: this machine, by http and any port, may be called too (development and tests).
        """
        if len(url) > MOST_CHARACTERS or not PRINTABLE.fullmatch(url):
            raise AddressRefused(Refusal.MALFORMED)
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise AddressRefused(Refusal.MALFORMED) from None
        if "@" in parts.netloc:
            raise AddressRefused(Refusal.LOGIN)
        if "#" in url:
            raise AddressRefused(Refusal.FRAGMENT)
        is_loopback = allow_loopback and host in LOOPBACK_NAMES
        if parts.scheme != "https" and not (is_loopback and parts.scheme == "http"):
            raise AddressRefused(Refusal.SCHEME)
        port = port if port is not None else {"https": 443, "http": 80}[parts.scheme]
        if port not in PORTS and not is_loopback:
            raise AddressRefused(Refusal.PORT)
        if not is_loopback:
            check_host(host, is_bracketed="[" in parts.netloc)
        return cls(parts.scheme, host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def check_host(host: str, *, is_bracketed: bool) -> None:
    """A public literal in its one spelling, or a name of two labels or more. Raises: AddressRefused."""
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        literal = None
    if literal is not None:
        if not is_public(literal) or is_bracketed is not (literal.version == 6):  # noqa: PLR2004  IPv6 is in brackets
            raise AddressRefused(Refusal.ADDRESS)
        return
    labels = host.split(".")
    is_name = len(host) <= 253 and len(labels) > 1 and all(map(LABEL.fullmatch, labels))  # noqa: PLR2004  RFC 1035
    if is_bracketed or not is_name or not LAST_LABEL.fullmatch(labels[-1]) or labels[-1] in PRIVATE_NAMES:
        raise AddressRefused(Refusal.NAME)


def is_public(address: IPAddress) -> bool:
    """Does this address lie in the open internet? Addresses that carry another one inside do not."""
    if address.version == 6 and address.scope_id is not None:  # noqa: PLR2004  only IPv6 has scopes
        return False
    if any(address.version == network.version and address in network for network in DENIED):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
