"""From where is somebody asking, and is that one of the networks from where they may?"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

SUBSCRIBER_BITS = 64
"""The part of an IPv6 address that is one subscriber's network: whoever has one address there has them all."""


def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """An address as it is meant (an IPv4 address written in IPv6 is the IPv4 address); None when it is none."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def subscriber_of(text: str) -> str:
    """What one subscriber has: the IPv4 address, or the /64 network of the IPv6 address; other text as it is."""
    found = read_address(text)
    if isinstance(found, IPv6Address):
        return str(ip_network((int(found) >> SUBSCRIBER_BITS << SUBSCRIBER_BITS, SUBSCRIBER_BITS)))
    return text if found is None else str(found)


def network(text: str) -> str:
    """The one spelling of a network in CIDR notation. Raises: ValueError, also when bits stand beside the network."""
    return str(ip_network(text))


def is_within(text: str, networks: Iterable[str]) -> bool:
    """Does an address lie in one of the networks? What is no address lies nowhere."""
    found = read_address(text)
    return found is not None and any(found in ip_network(one) for one in networks)
