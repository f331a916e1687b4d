"""Can somebody else's address lead us into our own network, hold us up, or fill our memory? It cannot."""

import resource
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from app.kit.addresses import AddressRefused, Refusal, Target, is_public
from app.kit.outbound import MOST_BYTES, CallFailed, Failure, Outbound, resolve
from tests.features.webhooks.receiver import Receiver, drip, drip_body, flood, nonsense, receiving, silence
from tests.kit.certificates import certified

PUBLIC = "93.184.215.14"
HOSTILE = [
    # this machine, in every spelling
    "http://127.0.0.1/", "https://127.0.0.1/", "https://127.1/", "https://127.0.1/", "https://2130706433/",
    "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://017700000001/", "https://0/",
    "https://0.0.0.0/", "https://127.0.0.1./", "https://127.000.000.001/", "https://[::1]/", "https://[::]/",
    "https://[0:0:0:0:0:0:0:1]/", "https://localhost/", "https://LOCALHOST/", "https://localhost./", "https://a.localhost/",
    # IPv4 inside IPv6
    "http://[::ffff:127.0.0.1]", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/", "https://[64:ff9b::a9fe:a9fe]/", "https://[64:ff9b:1::7f00:1]/", "https://[2002:7f00:1::]/",
    "https://[2002:a9fe:a9fe::]/", "https://[2001:0:7f00:1::]/", "https://[fec0::1]/", "https://[fe80::1%25lo]/",
    # clouds' own services
    "http://169.254.169.254", "https://169.254.169.254/latest/meta-data/", "https://[fd00:ec2::254]/", "https://168.63.129.16/",
    "https://100.100.100.200/", "https://metadata.google.internal/", "https://instance-data/", "https://0xa9fea9fe/",
    # private, shared, reserved, multicast, broadcast
    "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/", "https://100.64.0.1/", "https://192.0.0.1/",
    "https://192.0.2.1/", "https://198.18.0.1/", "https://203.0.113.7/", "https://224.0.0.1/", "https://240.0.0.1/",
    "https://255.255.255.255/", "https://[fc00::1]/", "https://[ff02::1]/", "https://[2001:db8::1]/", "https://192.88.99.1/",
    # another host than it seems
    "https://example.org@127.0.0.1/", "https://127.0.0.1@example.org/", "https://user:word@example.org/", "https://example.org\\@127.0.0.1/",
    "https://example.org#@127.0.0.1/", "https:///127.0.0.1/", "https://example.org/\r\nHost: 127.0.0.1", "https://exa mple.org/",
    "https://exa\u200bmple.org/", "https://example\u3002org/", "https://\uff11\uff12\uff17.0.0.1/", "https://①②⑦.⓪.⓪.①/", "https://exämple.org/",
    # names that are none, or that lead inwards
    "https://db/", "https://printer.local/", "https://nas.lan/", "https://1.0.0.127.in-addr.arpa/", "https://a..example/",
    "https://-a.example/", "https://a_b.example/", f"https://{'a' * 64}.example/", f"https://{'a.' * 130}example/", "https://[example.org]/",
    "https://[127.0.0.1]/", "https://[::1", "https://",
    # other ports, other schemes
    "https://example.org:22/", "https://example.org:5432/", "https://example.org:0/", "https://example.org:99999/", "http://example.org/",
    "ftp://example.org/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_x", "//example.org/", "javascript:alert(1)", "", "example.org",
    f"https://example.org/{'a' * 2000}",
]  # fmt: skip


class Lookup:
    """A resolver under the control of somebody else: each lookup gives the next answer."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, _port: int) -> list[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that a connection was begun to."""
    found: list[str] = []
    real = socket.create_connection

    def dial(address: tuple[str, int], *args: object, **kwargs: object) -> socket.socket:
        found.append(address[0])
        return real(("127.0.0.1", 9), 0.2) if address[0] != "127.0.0.1" else real(address, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "create_connection", dial)
    return found


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as listening:
        yield listening


def failure(outbound: Outbound, url: str) -> Failure:
    with pytest.raises(CallFailed) as failed:
        outbound.post(url, b"{}", {})
    return failed.value.failure


def test_the_corpus_is_large_enough() -> None:
    assert len(HOSTILE) == len(set(HOSTILE)) >= 90


@pytest.mark.parametrize("url", HOSTILE)
def test_nothing_of_the_corpus_is_reached(dialled: list[str], url: str) -> None:
    lookup = Lookup(["127.0.0.1"])
    with pytest.raises(AddressRefused):
        Outbound(lookup=lookup).check(url)
    assert failure(Outbound(lookup=lookup), url) is Failure.ADDRESS_REFUSED
    assert (dialled, lookup.asked) == ([], [])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1",
        "64:ff9b::808:808", "64:ff9b:1::1", "2002:808:808::", "2001:0:808:808::", "fe80::1%eth0", "0.0.0.1", "224.0.0.251",
        "100.64.1.1", "192.168.0.1", "fd12::1", "168.63.129.16",
    ],
)  # fmt: skip
def test_a_name_that_leads_inwards_is_not_followed(dialled: list[str], address: str) -> None:
    assert failure(Outbound(lookup=Lookup([address])), "https://example.org/") is Failure.NAME_UNKNOWN
    assert failure(Outbound(lookup=Lookup([PUBLIC, address])), "https://example.org/") is Failure.NAME_UNKNOWN
    assert dialled == [], "one bad address among good ones is enough"


def test_a_rebinding_name_is_asked_once(dialled: list[str]) -> None:
    lookup = Lookup([PUBLIC], ["127.0.0.1"])
    assert failure(Outbound(lookup=lookup), "https://rebind.example.org/") is Failure.CONNECTION_FAILED
    assert lookup.asked == ["rebind.example.org"]
    assert dialled == [PUBLIC], "the address that was looked at is the one that is called"


def test_every_address_is_tried_in_turn(dialled: list[str]) -> None:
    lookup = Lookup([PUBLIC, "2606:4700:4700::1111"])
    assert failure(Outbound(lookup=lookup), "https://example.org/") is Failure.CONNECTION_FAILED
    assert dialled == [PUBLIC, "2606:4700:4700::1111"]


def test_public_addresses_are_public() -> None:
    for one in ("1.1.1.1", PUBLIC, "2606:4700:4700::1111", "2a00:801::1"):
        assert Target.of(f"https://[{one}]/" if ":" in one else f"https://{one}/").host == one
    assert Target.of("https://Hook.Example.ORG:8443/a/b?c=d") == Target("https", "hook.example.org", 8443, "/a/b?c=d")
    assert Target.of("https://xn--exmple-cua.org") == Target("https", "xn--exmple-cua.org", 443, "/")


def test_loopback_is_opened_by_the_setting_alone(receiver: Receiver) -> None:
    with pytest.raises(AddressRefused) as refused:
        Outbound().check(receiver.url)
    assert refused.value.why is Refusal.SCHEME
    assert Outbound(allow_loopback=True).post(receiver.url, b"{}", {"a": "b"}) == 204
    (got,) = receiver.got
    assert (got.path, got.headers["a"], got.body) == ("/hook?key=1", "b", b"{}")
    assert got.headers["host"] == receiver.url.split("/")[2]
    assert failure(Outbound(allow_loopback=True), "http://169.254.169.254/") is Failure.ADDRESS_REFUSED
    assert (
        failure(Outbound(allow_loopback=True, lookup=Lookup(["10.0.0.1"])), "http://localhost:80/")
        is Failure.NAME_UNKNOWN
    )


def test_a_redirect_is_an_answer_and_not_a_way(receiver: Receiver, dialled: list[str]) -> None:
    receiver.status, receiver.headers = 302, {"Location": "http://169.254.169.254/latest/meta-data/"}
    assert Outbound(allow_loopback=True).post(receiver.url, b"{}", {}) == 302
    assert dialled == ["127.0.0.1"]


@pytest.mark.parametrize("behaviour", [silence, drip, drip_body])
def test_one_deadline_for_everything(receiver: Receiver, behaviour: object) -> None:
    receiver.instead = behaviour  # type: ignore[assignment]
    began = time.monotonic()
    assert failure(Outbound(allow_loopback=True, deadline=1.0), receiver.url) is Failure.TIMEOUT
    assert time.monotonic() - began < 3


def test_a_gigabyte_is_not_read(receiver: Receiver) -> None:
    receiver.instead = flood
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    assert Outbound(allow_loopback=True).post(receiver.url, b"{}", {}) == 200
    assert time.monotonic() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # KiB
    assert MOST_BYTES == 65_536


def test_a_document_is_read_whole_or_not_at_all(receiver: Receiver, dialled: list[str]) -> None:
    outbound = Outbound(allow_loopback=True, deadline=1.0)
    receiver.status, receiver.content = 200, b'{"keys": []}'
    assert outbound.get(receiver.url, 12) == b'{"keys": []}'
    assert receiver.got[0].headers["accept"] == "application/json"

    def failed(url: str, most_bytes: int = 12) -> Failure:
        with pytest.raises(CallFailed) as why:
            outbound.get(url, most_bytes)
        return why.value.failure

    assert failed(receiver.url, 11) is Failure.ANSWER_BROKEN
    receiver.status, receiver.headers = 302, {"Location": "http://169.254.169.254/"}
    assert failed(receiver.url) is Failure.ANSWER_BROKEN
    receiver.instead = flood
    assert failed(receiver.url, 262_144) is Failure.ANSWER_BROKEN
    receiver.instead = drip_body
    assert failed(receiver.url) is Failure.TIMEOUT
    assert failed("https://169.254.169.254/") is Failure.ADDRESS_REFUSED
    assert set(dialled) == {"127.0.0.1"}


def test_nonsense_and_nobody_have_their_own_words(receiver: Receiver) -> None:
    outbound = Outbound(allow_loopback=True)
    receiver.instead = nonsense
    assert failure(outbound, receiver.url) is Failure.ANSWER_BROKEN
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        assert failure(outbound, nobody) is Failure.CONNECTION_FAILED
    assert failure(Outbound(lookup=Lookup([])), "https://example.org/") is Failure.NAME_UNKNOWN


def test_a_resolver_that_fails_or_hangs_holds_nobody_up() -> None:
    released = threading.Event()

    def hang(_host: str, _port: int) -> list[str]:
        released.wait(30)
        return []

    def fail(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    assert failure(Outbound(lookup=fail), "https://example.org/") is Failure.NAME_UNKNOWN
    began = time.monotonic()
    assert failure(Outbound(lookup=hang, deadline=0.3), "https://example.org/") is Failure.TIMEOUT
    assert time.monotonic() - began < 3
    released.set()


def test_the_system_resolver_is_asked_for_every_address() -> None:
    assert resolve("127.0.0.1", 80) == ["127.0.0.1"]


def test_tls_checks_the_name_and_not_the_address(dialled: list[str]) -> None:
    """The connection goes to an address, the certificate must be for the name: of another, or unknown, it is refused."""
    with certified("localhost") as (port, trusted):
        url = f"https://localhost:{port}/"
        assert Outbound(allow_loopback=True, lookup=Lookup(["127.0.0.1"]), tls=trusted).post(url, b"{}", {}) == 200
        by_address = f"https://127.0.0.1:{port}/"
        assert failure(Outbound(allow_loopback=True, tls=trusted), by_address) is Failure.TLS_FAILED
        untrusting = ssl.create_default_context()
        outbound = Outbound(allow_loopback=True, lookup=Lookup(["127.0.0.1"]), tls=untrusting)
        assert failure(outbound, url) is Failure.TLS_FAILED
    assert dialled == ["127.0.0.1"] * 3


def test_the_environment_sends_us_nowhere(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert Outbound(allow_loopback=True).post(receiver.url, b"{}", {}) == 204


def test_scoped_addresses_are_not_public() -> None:
    assert not is_public(ip_address("2606:4700::1%eth0"))
    assert is_public(ip_address("2606:4700::1"))
