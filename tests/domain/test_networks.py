"""Is an address recognised in every spelling, and is nothing else taken for one?"""

import pytest

from app.domain.networks import is_within, network, subscriber_of


@pytest.mark.parametrize(
    ("address", "networks", "is_inside"),
    [
        ("192.0.2.7", ["192.0.2.0/24"], True),
        ("192.0.3.7", ["192.0.2.0/24"], False),
        ("192.0.3.7", ["192.0.2.0/24", "192.0.3.7/32"], True),
        ("::ffff:192.0.2.7", ["192.0.2.0/24"], True),
        ("::ffff:192.0.3.7", ["192.0.2.0/24"], False),
        ("2001:db8::1", ["2001:db8::/32"], True),
        ("2001:DB8:0:0::1", ["2001:db8::/64"], True),
        ("2001:db9::1", ["2001:db8::/32"], False),
        ("192.0.2.7", ["2001:db8::/32"], False),
        ("192.0.2.7", [], False),
        ("unknown", ["0.0.0.0/0", "::/0"], False),
        ("", ["0.0.0.0/0"], False),
        ("192.0.2.07", ["192.0.2.0/24"], False),
        ("fe80::1%eth0", ["fe80::/10"], True),
    ],
)
def test_inside_or_outside(address: str, networks: list[str], is_inside: object) -> None:
    assert is_within(address, networks) is is_inside


@pytest.mark.parametrize(
    ("text", "kept"),
    [("192.0.2.0/24", "192.0.2.0/24"), ("192.0.2.7", "192.0.2.7/32"), ("2001:DB8::/32", "2001:db8::/32")],
)
def test_a_network_has_one_spelling(text: str, kept: str) -> None:
    assert network(text) == kept


@pytest.mark.parametrize("text", ["192.0.2.7/24", "2001:db8::1/32", "nacka.se", "", "192.0.2.0/33", "*"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the library's own words
        network(text)


@pytest.mark.parametrize(
    ("address", "subscriber"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("2001:db8:0:0:5::1", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("unknown", "unknown"),
    ],
)
def test_one_subscriber_is_one_network(address: str, subscriber: str) -> None:
    assert subscriber_of(address) == subscriber
